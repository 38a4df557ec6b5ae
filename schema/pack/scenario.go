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
	// Kind is the action: one of stepKeys.
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
	// To is the alias of the user a transfer, delegate or reassign goes to, or the node of a return or jump.
	To string
	// Others are the aliases of several users: those add_signer adds and remove_signer removes.
	Others []string
	// Where is where add_signer puts them: before, after, beside.
	Where string
	// Mention are aliases of users a comment names; Files are names of files that
	// come with an action (made up by the player), Sign adds a signature.
	Mention, Files []string
	Sign           bool
	// Choose are aliases of users chosen for nodes.
	Choose map[string][]string
	// From is whose task a reassign gives away.
	From string
	// Hours, Minutes and Days of a wait: the clock goes on so far, and whatever is due on the way happens.
	Hours, Minutes, Days int
	// Until is the end of a delegation of a period, Forms its range.
	Until When
	Forms []string
	// Item and Result of a result: which piece of work ended how; Failed says why it failed.
	Item           int
	Result, Failed string
	// Answer is what the other system answers to a call, an object.
	Answer json.RawMessage
	// Node picks the task when the acting person has several open ones; "" = the only one.
	Node string
	// Back asks a resubmit to go straight back to whoever returned it, a return to come straight back after the node.
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
	"submit":        {"form", "as", "case", "record", "data", "unset", "rows", "choose"},
	"save":          {"form", "as", "case", "record", "data", "unset", "rows"},
	"get":           {"case", "record"},
	"list":          {"form", "filter", "sort", "q", "view"},
	"delete":        {"case", "record"},
	"approve":       {"case", "record", "comment", "data", "unset", "rows", "node", "choose", "files", "sign", "mention"},
	"handle":        {"case", "record", "comment", "data", "unset", "rows", "node", "choose", "files", "sign", "mention"},
	"reject":        {"case", "record", "comment", "node", "files", "sign", "mention"},
	"return":        {"case", "record", "comment", "to", "node", "files", "mention", "back"},
	"transfer":      {"case", "record", "comment", "to", "node"},
	"delegate":      {"case", "record", "comment", "to", "node"},
	"add_signer":    {"case", "record", "comment", "to", "where", "node", "data", "unset", "rows"},
	"remove_signer": {"case", "record", "comment", "to", "node"},
	"take_back":     {"case", "record", "comment", "node"},
	"keep":          {"case", "record", "data", "unset", "rows", "node"},
	"resubmit":      {"case", "record", "comment", "data", "unset", "rows", "back", "choose"},
	"withdraw":      {"case", "record", "comment"},
	"cancel":        {"case", "record", "comment"},
	"urge":          {"case", "record", "comment"},
	"comment":       {"case", "record", "comment", "files", "mention"},
	"terminate":     {"case", "record", "comment"},
	"suspend":       {"case", "record", "comment"},
	"resume":        {"case", "record", "comment"},
	"retry":         {"case", "record", "comment"},
	"skip":          {"case", "record", "comment"},
	"jump":          {"case", "record", "comment", "to"},
	"reassign":      {"case", "record", "comment", "to", "from", "node"},
	"delegation":    {"to", "until", "forms"},
	"leave":         {},
	"wait":          {"case", "record", "hours", "minutes", "days"},
	"timer":         {"case", "record"},
	"result":        {"case", "record", "node", "item", "result", "failed", "answer"},
	"started":       {"case", "record", "node", "item", "as"},
}

// idle are the steps that nobody does: time passes, work outside ends, or what a subflow started gets an alias.
var idle = []string{"wait", "timer", "result", "started"}

// caseless are the steps that need no record; one that a wait names is only looked at afterwards.
var caseless = []string{"delegation", "leave", "wait", "timer"}

// historyKinds are the steps a sample record's history may have.
var historyKinds = []string{"approve", "handle", "reject", "return", "transfer", "delegate", "add_signer", "remove_signer", "take_back",
	"keep", "resubmit", "withdraw", "cancel", "urge", "comment", "save"}

// caseStates are the states a step may expect.
var caseStates = []string{"draft", "running", "returned", "suspended", "approved", "rejected", "withdrawn", "terminated"}
