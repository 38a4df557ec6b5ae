// Package rbac answers who may do what, and why. It is the only importer of
// casbin: each tenant and app has a small enforcer, whose answers are compiled
// into one immutable Plan per subject; every path of the product asks the plan.
package rbac

import (
	"time"

	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/storage/filter"
)

// Subject is whoever acts, with what the organisation says about him.
type Subject struct {
	Tenant string
	User   string
	Name   string
	Lang   string
	Zone   *time.Location
	// Depts are the departments he is in, the main one first.
	Depts []string
	// DeptsBelow are those and all departments below them; Headed the departments he heads and all below.
	DeptsBelow []string
	Headed     []string
	// DeptsAbove are his departments and all above them (for members given by a department with children).
	DeptsAbove []string
	Roles      []string // "app.role"
	Admin      bool     // platform administrator
}

// FormSource is what access compilation needs of a published form.
type FormSource struct {
	Form *schema.Form
	Env  formula.Type
}

// AppSource is what access compilation needs of a published app.
type AppSource struct {
	App    string
	Access schema.Access
	Forms  map[string]FormSource // by form key
	// Takers of part may read: a record's participants see it as their node shows it (handled by runtime).
}

// Engine holds the enforcers of one tenant's published apps; immutable. A change makes a new Engine.
type Engine struct{}

// NewEngine builds one enforcer per app. Problems are those of the access definitions.
func NewEngine(apps []AppSource) (*Engine, []schema.Problem) { panic("stub") }

// MyResolver answers MY(form, path) for a subject: ids of the records of the form in whose path he is named.
// More than 10 000 ids is an error naming the group.
type MyResolver func(form, path string) ([]string, error)

// Plan compiles everything the subject may do. It asks the enforcer; nothing is granted besides.
func (e *Engine) Plan(s Subject, my MyResolver) (*Plan, error) { panic("stub") }

// Plan is what one subject may do, on every form of every app; immutable.
type Plan struct {
	Subject Subject
}

// Form returns the plan of a form by "app.form". A form without any right gives a plan that denies all; never nil.
func (p *Plan) Form(ref string) *FormPlan { panic("stub") }

// FormPlan is what the subject may do on one form.
type FormPlan struct{}

// Can reports whether some group grants the operation, on whatever rows.
func (f *FormPlan) Can(op string) bool { panic("stub") }

// Scope is the filter of the records on which the operation is granted, over
// stored record documents (data.*, created_by, case.state …). filter.False when never.
func (f *FormPlan) Scope(op string) filter.Expr { panic("stub") }

// Allows decides the operation on one stored record document.
func (f *FormPlan) Allows(op string, doc map[string]any) bool { panic("stub") }

// FieldRight is the right over one field.
type FieldRight uint8

// Field rights, from least to most.
const (
	FieldHidden FieldRight = iota
	FieldMasked
	FieldRead
	FieldWrite
)

// Fields gives the rights over all fields ("amount", "lines.qty") and subtable row
// operations for one record: the union of the groups whose view (or op) rows hold it.
// doc nil = a record being created.
func (f *FormPlan) Fields(doc map[string]any) Fields { panic("stub") }

// Fields are field rights for one record.
type Fields struct {
	Default FieldRight            // of a field not listed
	By      map[string]FieldRight // exceptions
	Rows    map[string][]string   // subtable → add, edit, delete; absent = all, when the subtable is writable
}

// Of returns the right over a field; a column has at most its subtable's right.
func (f Fields) Of(path string) FieldRight { panic("stub") }

// FieldScope is the filter of the records in which the field may be read: F op v must be
// asked as And{F op v, FieldScope(F)}. filter.True when readable wherever the record is visible.
func (f *FormPlan) FieldScope(path string) filter.Expr { panic("stub") }

// CanSort reports whether every group of the subject lets the field be read.
func (f *FormPlan) CanSort(path string) bool { panic("stub") }

// Menu reports whether a menu entry (form or page key) is shown.
func (p *Plan) Menu(app, page string) bool { panic("stub") }

// Reason is one line of an explanation.
type Reason struct {
	Allowed bool   `json:"allowed"`
	Code    string `json:"code"` // group_grants, no_group, rows_do_not_match, state_does_not_match, …
	Group   string `json:"group,omitempty"`
	Member  string `json:"member,omitempty"` // role, department or user that makes him a member
	Detail  string `json:"detail,omitempty"`
}

// Explain says why an operation is or is not allowed on a record (doc nil: on the form).
func (f *FormPlan) Explain(op string, doc map[string]any) []Reason { panic("stub") }
