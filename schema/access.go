package schema

import "strings"

// Access is the access part of an app.
type Access struct {
	Roles  []RoleDef  `json:"roles,omitempty"`
	Menus  []MenuRule `json:"menus,omitempty"`
	Groups []GroupDef `json:"groups,omitempty"`
}

// RoleDef is a role of an app; its reference is "app.role". Who holds it is organisation data.
type RoleDef struct {
	Key   string `json:"key"`
	Title Text   `json:"title"`
}

// MenuRule limits who sees a menu entry (a form or page key); no rule = whoever may view.
type MenuRule struct {
	Page  string   `json:"page"`
	Roles []string `json:"roles"`
}

// GroupDef is an access group: members × operations × fields × rows on a form.
type GroupDef struct {
	Key     string      `json:"key"`
	Form    string      `json:"form"` // key in the same app
	Title   Text        `json:"title,omitempty"`
	Members []MemberDef `json:"members"`
	Can     []string    `json:"can"`
	// When limits to case states; empty = any.
	When []string `json:"when,omitempty"`
	// Rows is "all", "mine", "my_dept", "my_depts" (and below), "headed", "took_part",
	// "depts:a,b", or a formula over the record and USER. "" = all.
	Rows   string              `json:"rows,omitempty"`
	Fields GroupFields         `json:"fields"`
	RowsOf map[string][]string `json:"rows_of,omitempty"` // subtable → add, edit, delete; absent = all
}

// MemberDef names members. Exactly one of Role, Dept, User, Everyone, Field is set.
type MemberDef struct {
	Role     string `json:"role,omitempty"` // role key of this app, or "app.role"
	Dept     string `json:"dept,omitempty"` // department id or name
	Children bool   `json:"children,omitempty"`
	User     string `json:"user,omitempty"`
	Everyone bool   `json:"everyone,omitempty"`
	// Field is a member field of the record ("manager", "lines.owner"), or of the
	// record that a relation points to ("project.pm", "project.members.member").
	Field string `json:"field,omitempty"`
}

// GroupFields are the field rights of a group: a name is a field key or "subtable.column".
type GroupFields struct {
	Hide     []string `json:"hide,omitempty"`
	Readonly []string `json:"readonly,omitempty"`
	Mask     []string `json:"mask,omitempty"`
}

// Operations of an access group.
const (
	OpView      = "view"
	OpCreate    = "create"
	OpEdit      = "edit"
	OpDelete    = "delete"
	OpRestore   = "restore"
	OpImport    = "import"
	OpExport    = "export"
	OpPrint     = "print"
	OpBatchEdit = "batch_edit"
	OpComment   = "comment"
	OpShare     = "share"
	OpHistory   = "history"
	OpApprove   = "approve"
	OpTransfer  = "transfer"
	OpReveal    = "reveal" // sees a masked value in the clear, one at a time and audited
)

// Operations lists the operations an access group may grant on every form, in the
// order in which people are shown them. Form.Operations adds the form's own.
func Operations() []string {
	return []string{OpView, OpCreate, OpEdit, OpDelete, OpRestore, OpImport, OpExport, OpPrint,
		OpBatchEdit, OpComment, OpShare, OpHistory, OpApprove, OpTransfer, OpReveal}
}

// Row ranges of an access group. Anything else in GroupDef.Rows is a formula.
const (
	RowsAll      = "all"
	RowsMine     = "mine"      // created by the subject
	RowsMyDept   = "my_dept"   // created in a department the subject is in
	RowsMyDepts  = "my_depts"  // the same, or in a department below
	RowsHeaded   = "headed"    // created in a department the subject heads, or below it
	RowsTookPart = "took_part" // the subject took part in the record's flow
	RowsDepts    = "depts:"    // followed by department ids or names, separated by commas
)

// NamedRange reports whether a row range is one of the named ones, and not a formula.
func NamedRange(rows string) bool {
	switch rows {
	case "", RowsAll, RowsMine, RowsMyDept, RowsMyDepts, RowsHeaded, RowsTookPart:
		return true
	}
	return strings.HasPrefix(rows, RowsDepts)
}

// RowOperations are what may be allowed on the rows of a subtable.
func RowOperations() []string { return []string{"add", "edit", "delete"} }

// CaseStates are the states a case may be in.
func CaseStates() []string {
	return []string{"draft", "running", "returned", "suspended", "approved", "rejected", "withdrawn", "terminated", "error"}
}
