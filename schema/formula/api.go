// Package formula compiles and runs Formwork formulas. It is the only importer
// of expr-lang/expr. Amounts never pass through a binary float.
package formula

import (
	"time"
)

// Kind is the kind of a formula type.
type Kind uint8

// The kinds. Person, Dept and Record are id texts with a meaning.
const (
	Any      Kind = iota
	Number        // decimal.Decimal
	String        // string
	Bool          // bool
	Date          // calendar day; stored "2006-01-02" (a month "2006-01", a year "2006")
	DateTime      // instant; stored time.Time UTC
	Time          // time of day; stored "15:04" or "15:04:05"
	Person        // user id
	Dept          // department id
	Record        // record id; Fields, where known, lists what a dot reaches (contract.amount)
	List          // Elem
	Row           // Fields
)

// Type is the static type of a formula or a name.
type Type struct {
	Kind   Kind
	Elem   *Type           // of List
	Fields map[string]Type // of Row (and Record): names reachable by a dot
	Form   string          // of Record, where known: the form it belongs to, "app.form"
}

// Vars are the values a formula runs over, by top-level name, in the stored
// form of their types; rows are map[string]any, subtables []any of rows.
// Absent and nil are both blank.
type Vars = map[string]any

// Context is what a run needs beside its values. The zero value works (UTC, time zero).
type Context struct {
	Now  time.Time
	Zone *time.Location
	Lang string
	User User // whoever acts
	// Lookup answers LOOKUP and ROLLUP; nil makes them an error "server_only".
	Lookup func(form, match string, key any, field, fn string) (any, error)
	// Person and Dept answer USERFIELD, GETUSERNAME, DEPTNAME, DIRECTOR; nil gives blank.
	Person func(id, attr string) any
	Dept   func(id, attr string) any
	// Record answers contract.amount where the value of contract is an id and
	// not a row; form is the Form of its type. nil gives blank.
	Record func(form, id, field string) any
	// Holiday tells the calendar's opinion about a day: work reports a working day, known whether the calendar says anything.
	Holiday func(day string) (work, known bool)
	Random  func() float64 // RAND; nil = error server_only
	NewID   func() string  // UUID
	// Warn, when set, is told of warnings (code), such as "division_by_zero".
	Warn func(code string)
}

// User is the acting person as formulas see it (USER.id, USER.name, USER.dept, USER.depts, USER.roles).
type User struct {
	ID, Name, Dept string
	Depts, Roles   []string
}

// Error is one finding in a formula's text. Codes: syntax, unknown_name,
// unknown_function, type, args, forbidden, too_complex, and filter from Program.Filter.
type Error struct {
	Code    string         `json:"code"`
	Message string         `json:"message"`
	From    int            `json:"from"` // rune offset, inclusive
	To      int            `json:"to"`   // rune offset, exclusive
	Line    int            `json:"line"` // 1-based
	Column  int            `json:"column"`
	Params  map[string]any `json:"params,omitempty"`
}

// RunError is a failure of a run: code "limit", "type", "server_only" ….
// Blank operands, division by zero and the like are no errors.
type RunError struct {
	Code    string
	Message string
}

// Error implements error.
func (e *RunError) Error() string { return "formula: " + e.Code + ": " + e.Message }

// FilterOptions bind a formula to stored documents.
type FilterOptions struct {
	// Path maps a record name ("amount", "lines.qty", "sys.created_by", "case.state")
	// to a document path; names it does not know are constants taken from Vars.
	Path func(name string) (path string, ok bool)
	// Vars give the constants: "form" (the record being filled) and the like.
	Vars    Vars
	Context *Context
	// My resolves MY(form, path) to a bounded set of record ids.
	My func(form, path string) ([]string, error)
}
