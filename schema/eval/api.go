// Package eval computes one record: decoding, defaults, computed fields, rules,
// required fields, checks, titles. It is pure: runtime and builder use it alike,
// and web/src/core/form does the same in the browser. docs/rules.md says how.
package eval

import (
	"encoding/json"
	"sync"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/schema/jsonschema"
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

	decoder   *schema.Decoder
	validator *jsonschema.Validator // nil: the fields check everything
	slots     []*slot
	byPath    map[string]*slot
	filters   map[string]*formula.Program // of relations, options and links, by field path
	steps     []*step                     // computed fields and formula defaults, in order
	rules     []rule
	checks    []check
	title     *formula.Program // nil: none, or one that does not compile
	rowEnvs   map[string]formula.Type
	titleDeps []string
	blank     blanks
	spare     *sync.Pool // of *runner, for runs whose values nobody keeps
}

// slot is a field or a column.
type slot struct {
	index  int
	path   string // "amount", "lines.qty"
	field  *schema.Field
	codec  *schema.Codec
	parent *slot // of a column: its subtable
	cols   []*slot
	shown  bool // some branch of a rule shows it
	ruled  bool // some branch of a rule shows or hides it
	live   bool // never stored
	fixed  bool // never writable
}

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
	// Bare leaves Result.States out, for whoever only validates and stores.
	Bare bool
}

// State is how a field stands after the rules, for whoever acts.
type State struct {
	Visible  bool
	Required bool // never true where Readonly is, or Visible is not
	Readonly bool // computed, locked, or not Editable
}

// Result is what a computation gives.
type Result struct {
	Data     map[string]any   // with computed fields, set values, cleared fields; without nils
	States   map[string]State // by field key and "subtable.column"; nil after a Bare input
	Warnings []fault.Field    // from checks of level warn, and warnings of formulas
	states   []State          // by slot
}

// Decode turns wire JSON (an object) into stored values: types, formats,
// scale, options and limits are checked; keys or original names are accepted.
// Errors carry JSON pointers. null gives an explicit nil (= unset). Unknown fields are errors.
// Rows without an id get one from newID. Values of lookup and reverse fields are ignored.
func (f *Form) Decode(raw json.RawMessage, newID func() string) (map[string]any, []fault.Field) {
	return f.decoder.Decode(raw, newID)
}

// DecodeField does the same for one dotted field ("amount", "lines.qty"). Rows keep the ids they have.
func (f *Form) DecodeField(path string, raw json.RawMessage) (any, []fault.Field) {
	return f.decoder.DecodeField(path, raw, nil)
}

// Encode turns stored values into wire values (decimals as strings, times
// RFC 3339). Names that are no fields are left out.
func (f *Form) Encode(data map[string]any) map[string]any { return f.decoder.Encode(data) }

// RowEnv is the type environment of a subtable's formulas: its columns, then
// "form", sys and case. The zero Type for a field that is no subtable.
func (f *Form) RowEnv(subtable string) formula.Type { return f.rowEnvs[subtable] }
