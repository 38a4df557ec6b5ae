package formula

import (
	"encoding/json"

	"github.com/formwork-run/formwork/storage/filter"
)

// Program is a compiled formula; it is immutable and safe for concurrent use.
type Program struct{ src string }

// Compile parses and type-checks src against env (a Row type) and the wanted result (Any accepts all).
func Compile(src string, env Type, want Type) (*Program, []Error) { panic("stub") }

// Source returns the text it was compiled from.
func (p *Program) Source() string { return p.src }

// Type is the static result type.
func (p *Program) Type() Type { panic("stub") }

// Deps lists the dotted names read, sorted.
func (p *Program) Deps() []string { panic("stub") }

// ServerOnly reports whether the browser must ask the server.
func (p *Program) ServerOnly() bool { panic("stub") }

// Volatile reports whether the result depends on more than the values.
func (p *Program) Volatile() bool { panic("stub") }

// Tree is the checked tree for the browser.
func (p *Program) Tree() json.RawMessage { panic("stub") }

// Eval runs the formula; the result is in stored form, nil = blank.
func (p *Program) Eval(c *Context, v Vars) (any, error) { panic("stub") }

// EvalBool runs a condition; blank is false.
func (p *Program) EvalBool(c *Context, v Vars) (bool, error) { panic("stub") }

// Filter renders a condition as a filter over stored documents.
func (p *Program) Filter(o FilterOptions) (filter.Expr, error) { panic("stub") }
