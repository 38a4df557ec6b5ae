// Package filter is the AST of conditions and orders over documents. Access
// scopes, user filters and relation filters all compile to it; each store
// renders it; Match evaluates it in Go and is the reference.
//
// Semantics, the same in every renderer:
//
//   - missing, null and "" are three different things; Exists tells missing from the rest.
//   - Eq nil holds for null and for missing.
//   - Ne and Not are two-valued: a missing or null value satisfies Ne x.
//   - Lt Le Gt Ge match only values of the same type as Value (decimal and int64 are one type, number).
//   - strings compare by code point, case-sensitive; decimals exactly; times as instants.
//   - a path that meets a list matches if any element matches; Ne and Not negate that whole.
package filter

// Expr is a condition.
type Expr interface{ expr() }

// And holds when all hold; empty And is always true.
type And []Expr

// Or holds when one holds; empty Or is always false.
type Or []Expr

// Not holds when X does not.
type Not struct{ X Expr }

// Cmp compares the value at Path (dotted) with Value.
type Cmp struct {
	Path  string
	Op    Op
	Value any
}

// ElemMatch holds when one element of the list at Path satisfies X, whose
// paths are relative to the element ("" is the element itself).
type ElemMatch struct {
	Path string
	X    Expr
}

func (And) expr()       {}
func (Or) expr()        {}
func (Not) expr()       {}
func (Cmp) expr()       {}
func (ElemMatch) expr() {}

// Op is a comparison operator.
type Op string

// The operators. Value is a storage value; In takes []any; the text operators
// take a string; Exists takes a bool; All holds when a list contains every one of []any.
const (
	Eq       Op = "eq"
	Ne       Op = "ne"
	Lt       Op = "lt"
	Le       Op = "le"
	Gt       Op = "gt"
	Ge       Op = "ge"
	In       Op = "in"
	Contains Op = "contains" // substring, case-sensitive
	Prefix   Op = "prefix"
	Suffix   Op = "suffix"
	Exists   Op = "exists"
	All      Op = "all"
)

// Sort is one key of an order. null and missing sort first (last when Desc).
// A path that meets a list is refused with ErrInvalid.
type Sort struct {
	Path string
	Desc bool
}

// Limits of a filter that came from outside.
const (
	MaxDepth  = 12
	MaxNodes  = 500
	MaxValues = 10_000 // values of one In or All
	MaxText   = 1_000  // bytes of one text value
)

// True always holds; False never does.
var (
	True  Expr = And{}
	False Expr = Or{}
)
