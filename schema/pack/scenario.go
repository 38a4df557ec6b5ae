package pack

import "encoding/json"

// Scenario is a test that travels with a pack: a small world, and steps of
// which each says what must come of it. It is played on an empty tenant with
// the pack and those it requires.
type Scenario struct {
	Title string
	// File and Line say where it stands.
	File string
	Line int
	// At is the time the clock shows at the start; zero = now.
	At    When
	Given Given
	Steps []Step
}

// Given is the world a scenario starts in.
type Given struct {
	// Depts and Users by alias. The alias is the user's login name and the
	// department's key; "@li" in data means the user li.
	Depts map[string]GivenDept
	Users map[string]GivenUser
	// Records are made before the steps, in order.
	Records []Record
}

// GivenDept is a department of a scenario.
type GivenDept struct {
	Title  string
	Parent string // alias, "" = at the top
	Head   string // user alias, "" = none
}

// GivenUser is a person of a scenario.
type GivenUser struct {
	Name  string   // "" = the alias
	Roles []string // full references, "base.pm"
	Depts []string // department aliases, the main one first
	Admin bool
	// Manager is the direct manager's alias, "" = the head of the department.
	Manager string
}

// Step is one action of a scenario, or of the history of a sample record.
// Which members are set depends on Kind; stepKeys is the table.
type Step struct {
	// Kind: submit, save, get, list, approve, reject, return, handle, transfer,
	// resubmit, withdraw, urge, delete.
	Kind string
	// Line is where the step stands in its file.
	Line int
	ptr  string
	// At moves the clock before the step; zero = the clock stays, or moves on as the player likes.
	At When
	// By is the alias of whoever acts.
	By string
	// Form is "app.form"; of submit and save (when they make a record) and list.
	Form string
	// Record is the alias of the record or case acted on: "c1", or "base.p1" for
	// a sample record of another pack. Files may write case: or record:.
	// submit and save with a Record continue that record.
	Record string
	// As names the record a submit or save makes.
	As string
	// Data is an object in wire form with aliases, see Bind. For submit and save
	// of a new record its data; else the fields set before the action.
	Data json.RawMessage
	// Unset are fields emptied, Rows changes of subtables: name → {add, change, remove, order}.
	Unset []string
	Rows  json.RawMessage
	// Comment of an action of a flow.
	Comment string
	// To is the alias of the user a transfer goes to, or the node a return goes to.
	To string
	// Node picks the task when the acting person has several open ones; "" = the only one.
	Node string
	// Back asks a resubmit to go straight back to whoever returned it.
	Back bool
	// Filter (a formula), Sort, Query and View of a list.
	Filter, Query, View string
	Sort                []string
	Expect              Expect
}

// Expect is what must come of a step. Nothing given means: it must succeed.
type Expect struct {
	// Error says how the step must fail; "" = it must succeed. It is the code of
	// the error ("withdraw.too_late"), its kind ("forbidden", "duplicate",
	// "not_found"), or the code of one of its fields ("required", "min", "check").
	Error string
	// Field is the JSON pointer one of the error's fields must have,
	// "/lines/0/qty"; with Error being a field's code, that field.
	Field string
	// Case is the state of the case afterwards.
	Case string
	// At are the ids of the nodes the case stands at afterwards, in any order; nil = not checked.
	At []string
	// Tasks are the open tasks of this case by user alias; users not named are not checked, 0 = none.
	Tasks map[string]int
	// Data are values of the record afterwards, as the acting person sees them: wire
	// form with aliases. Numbers compare by value; a list of objects compares by
	// position, and only the columns that are given.
	Data json.RawMessage
	// Absent are fields the acting person must not get.
	Absent []string
	// Title is the record's title afterwards.
	Title string
	// Visible false: the acting person must be told there is no such record. nil = not checked.
	Visible *bool
	// Count is the number of records a list gives; -1 = not checked.
	Count int
	// Records are the aliases a list must give, in any order; nil = not checked.
	Records []string
	// Warnings are codes of the warnings that must come with it; nil = not checked.
	Warnings []string
}

// DataFile is a file of sample records.
type DataFile struct {
	File    string
	Records []Record
}

// Record is a sample record and how it came to where it is.
type Record struct {
	// File and Line say where it stands.
	File string
	Line int
	ptr  string
	// Form is "app.form".
	Form string
	// As is the alias by which other records of the pack name it, "$as"; records of other packs write "$app.as".
	As string
	// By is the alias of its creator; "" = the administrator.
	By string
	// At is when it was created; zero = at import.
	At When
	// Data is an object in wire form with aliases, see Bind.
	Data json.RawMessage
	// State is where it ends: "" for a form without a flow or wherever Steps
	// lead; draft = saved and not submitted; running, approved, rejected,
	// returned, withdrawn. For approved the player lets every person with an open
	// task approve (or handle), in the order of the tasks and an hour after one
	// another, until the case is approved; the other states must be reached by Steps.
	State string
	// Steps happen after the submit, each on this record.
	Steps []Step
	// Fill are fields set by whoever approves or handles at a node on the way
	// to approved: node id → object in wire form with aliases.
	Fill map[string]json.RawMessage
}

// stepKeys is what may stand in a step of each kind, beside at and by.
var stepKeys = map[string][]string{
	"submit":   {"form", "as", "case", "record", "data", "unset", "rows"},
	"save":     {"form", "as", "case", "record", "data", "unset", "rows"},
	"get":      {"case", "record"},
	"list":     {"form", "filter", "sort", "q", "view"},
	"delete":   {"case", "record"},
	"approve":  {"case", "record", "comment", "data", "unset", "rows", "node"},
	"handle":   {"case", "record", "comment", "data", "unset", "rows", "node"},
	"reject":   {"case", "record", "comment", "node"},
	"return":   {"case", "record", "comment", "to", "node"},
	"transfer": {"case", "record", "comment", "to", "node"},
	"resubmit": {"case", "record", "comment", "data", "unset", "rows", "back"},
	"withdraw": {"case", "record", "comment"},
	"urge":     {"case", "record", "comment"},
}

// historyKinds are the steps a sample record's history may have.
var historyKinds = []string{"approve", "handle", "reject", "return", "transfer", "resubmit", "withdraw", "urge", "save"}

// caseStates are the states a step may expect.
var caseStates = []string{"draft", "running", "returned", "approved", "rejected", "withdrawn", "terminated"}
