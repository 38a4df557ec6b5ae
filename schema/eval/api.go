// Package eval computes one record: decoding, defaults, computed fields, rules,
// required fields, checks, titles. It is pure: runtime and builder use it alike,
// and web/src/core/form does the same in the browser.
package eval

import (
	"encoding/json"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/formula"
)

// Resolver finds other forms (for relation types and references), by "app.form".
type Resolver interface {
	Form(ref string) *schema.Form
}

// Form is a compiled form version; immutable and safe for concurrent use.
type Form struct {
	Def *schema.Form
	// Env is the type environment of the form's formulas: fields by key, sys, case, USER.
	Env formula.Type
}

// Compile compiles all formulas, rules, checks, the JSON Schema and the
// dependency order. Every problem is returned; the Form is usable only when
// none of them is an error.
func Compile(def *schema.Form, r Resolver) (*Form, []schema.Problem) { panic("stub") }

// RowEnv is the type environment of a subtable's formulas: its columns, then "form".
func (f *Form) RowEnv(subtable string) formula.Type { panic("stub") }

// Decode turns wire JSON (an object) into stored values: types, formats,
// scale, options and limits are checked; keys or original names are accepted.
// Errors carry JSON pointers. null gives an explicit nil (= unset). Unknown fields are errors.
// Rows without an id get one from newID.
func (f *Form) Decode(raw json.RawMessage, newID func() string) (map[string]any, []fault.Field) {
	panic("stub")
}

// DecodeField does the same for one dotted field ("amount", "lines.qty").
func (f *Form) DecodeField(path string, raw json.RawMessage) (any, []fault.Field) { panic("stub") }

// Encode turns stored values into wire values (decimals as strings, times RFC 3339).
func (f *Form) Encode(data map[string]any) map[string]any { panic("stub") }

// Input is one computation.
type Input struct {
	Data   map[string]any // stored values; not modified
	Before map[string]any // values as last saved, nil on create
	Sys    map[string]any // id, created_by, created_at, dept …
	Case   map[string]any // state, nodes, handlers, result; nil without a flow
	Ctx    *formula.Context
	// Frozen keeps volatile computed fields as they are (final states).
	Frozen bool
	// Editable tells whether the acting subject may write a field ("amount",
	// "lines.qty"); required is enforced only there. nil = everything.
	Editable func(path string) bool
	// Require adds fields required at this node.
	Require []string
}

// State is how a field stands after the rules.
type State struct {
	Visible  bool
	Required bool
	Readonly bool
}

// Result is what a computation gives.
type Result struct {
	Data     map[string]any   // with computed fields, set values, cleared fields
	States   map[string]State // by field key and "subtable.column"
	Warnings []fault.Field    // from checks of level warn, and warnings of formulas
}

// Defaults returns the values of a new record.
func (f *Form) Defaults(ctx *formula.Context) map[string]any { panic("stub") }

// Compute runs defaults (when Before is nil, for absent fields), rules and computed fields in dependency order.
func (f *Form) Compute(in Input) (Result, error) { panic("stub") }

// Validate checks required fields, the JSON Schema and the checks on a computed
// result. It returns all errors, each with its JSON pointer.
func (f *Form) Validate(in Input, res Result) []fault.Field { panic("stub") }

// Title gives the record's title, never empty.
func (f *Form) Title(in Input) string { panic("stub") }

// Changed lists the dotted fields that differ between two sets of stored values, sorted; rows are compared by id.
func (f *Form) Changed(before, after map[string]any) []string { panic("stub") }
