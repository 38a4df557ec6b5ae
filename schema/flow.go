package schema

// Flow is the definition of how a record is approved: a block-structured tree.
type Flow struct {
	Key      string       `json:"key"`
	App      string       `json:"-"`
	Title    Text         `json:"title,omitempty"`
	Form     string       `json:"form"` // key of the form, same app
	Nodes    []*Node      `json:"nodes"`
	Settings FlowSettings `json:"settings"`
}

// NodeType names a node type.
type NodeType string

// The node types. An implicit end follows the last node.
const (
	NodeStart     NodeType = "start"
	NodeApprove   NodeType = "approve"
	NodeHandle    NodeType = "handle"
	NodeCC        NodeType = "cc"
	NodeCondition NodeType = "condition"
	NodeInclusive NodeType = "inclusive"
	NodeParallel  NodeType = "parallel"
	NodeSubflow   NodeType = "subflow"
	NodeData      NodeType = "data"
	NodeCall      NodeType = "call"
	NodeDelay     NodeType = "delay"
	NodeEnd       NodeType = "end"
)

// Node is a step of a flow.
type Node struct {
	ID       string     `json:"id"`
	Type     NodeType   `json:"type"`
	Title    Text       `json:"title,omitempty"`
	Who      []Who      `json:"who,omitempty"`      // approve, handle, cc; several add up
	Mode     string     `json:"mode,omitempty"`     // any (default), all, sequence, vote
	Vote     *Vote      `json:"vote,omitempty"`     // mode vote: what a majority is
	Branches []Branch   `json:"branches,omitempty"` // condition, inclusive, parallel
	Fields   NodeFields `json:"fields,omitzero"`
	// Actions lists what an approver may do here; nil = ActionsFor the type.
	Actions  []string        `json:"actions,omitempty"`
	Comment  string          `json:"comment,omitempty"`  // "" optional; required; required_on_reject
	ReturnTo string          `json:"returnTo,omitempty"` // where return may go: start (default), previous, any
	Always   bool            `json:"always,omitempty"`   // never auto-passed by dedupe
	Empty    *EmptyWho       `json:"empty,omitempty"`    // overrides the flow's policy
	Deadline *Deadline       `json:"deadline,omitempty"`
	Buttons  map[string]Text `json:"buttons,omitempty"` // action → renamed label
	// Attachment and Signature: "" optional; required (to approve, handle or reject).
	Attachment string   `json:"attachment,omitempty"`
	Signature  string   `json:"signature,omitempty"`
	Subflow    *Subflow `json:"subflow,omitempty"`
	Data       *Data    `json:"data,omitempty"`
	Call       *Call    `json:"call,omitempty"`
	Delay      *Delay   `json:"delay,omitempty"`
}

// Vote is the majority of mode vote (票签): the node passes as soon as Percent of
// all its votes agree, and is refused as soon as that can no longer happen, or
// when one whom Veto names refuses.
type Vote struct {
	Percent int   `json:"percent,omitempty"` // 1 to 100, of everybody asked
	Veto    []Who `json:"veto,omitempty"`    // whose single refusal decides; "everybody" by {users: []} is mode all
}

// Subflow starts the flow of another form, once or for each row of a subtable.
type Subflow struct {
	Form string `json:"form"`           // "form" of the same app, or "app.form"
	Each string `json:"each,omitempty"` // subtable: one record for each row; formulas see the row first
	// Data: field of the new record → formula over this record (and row).
	Data map[string]string `json:"data"`
	// Initiator of the new case; nil = the initiator of this one.
	Initiator *Who `json:"initiator,omitempty"`
	// Wait holds this case until every started one has ended.
	Wait bool `json:"wait,omitempty"`
	// Rejected says what a rejected, withdrawn or terminated subflow means: "reject" (default: this
	// case is rejected), "continue", "wait" (for an administrator).
	Rejected string `json:"rejected,omitempty"`
	// Back: field of this record, or column of Each → formula over the ended record, written when it is approved.
	Back map[string]string `json:"back,omitempty"`
}

// Data writes or finds records of any form of the tenant's apps, with the access of the app.
type Data struct {
	Op    string            `json:"op"`              // create, update, upsert, delete, find
	Form  string            `json:"form"`            // "form" of the same app, or "app.form"
	Each  string            `json:"each,omitempty"`  // subtable: once for each row
	Where string            `json:"where,omitempty"` // formula over the target record; this one is "form.x", its row "row.x"
	Set   map[string]string `json:"set,omitempty"`   // field of the target → formula over this record (and row)
	Into  map[string]string `json:"into,omitempty"`  // field of this record → formula over the target (find: the first one; create: the new one)
	Many  bool              `json:"many,omitempty"`  // update, delete: every match up to MaxDataMatches; else more than one match fails
	Fail  string            `json:"fail,omitempty"`  // retry (default: then wait), skip, wait
}

// Call asks an outside system: a webhook.
type Call struct {
	URL     string            `json:"url"` // https; formulas in {braces} are percent-encoded
	Method  string            `json:"method,omitempty"`
	Headers map[string]string `json:"headers,omitempty"`
	Body    map[string]string `json:"body,omitempty"`    // key → formula
	Into    map[string]string `json:"into,omitempty"`    // field of this record → JSON pointer into the answer
	Secret  string            `json:"secret,omitempty"`  // name of a tenant secret that signs the request
	Timeout int               `json:"timeout,omitempty"` // seconds, 1 to 60; default 10
	Fail    string            `json:"fail,omitempty"`    // retry (default: then wait), skip, wait
}

// Delay holds the case for a duration, or until a date. Exactly one of Hours, Days, Field and Until is set.
type Delay struct {
	Hours    int    `json:"hours,omitempty"` // of working time
	Days     int    `json:"days,omitempty"`  // working days
	Field    string `json:"field,omitempty"` // date field; an empty one does not delay
	Until    string `json:"until,omitempty"` // formula giving a date or a time
	Calendar string `json:"calendar,omitempty"`
}

// Who is one source of people. Exactly one of its members is set.
type Who struct {
	Users     []string `json:"users,omitempty"` // user ids or login names
	Role      string   `json:"role,omitempty"`  // role key of the app
	Field     string   `json:"field,omitempty"` // member field, or relation path "project.pm"
	Initiator bool     `json:"initiator,omitempty"`
	// DeptHead: head of the initiator's department, n levels up (1 = own department).
	DeptHead int `json:"dept_head,omitempty"`
	// DeptField: head of the department in this department field.
	DeptField string `json:"dept_field,omitempty"`
	Dept      string `json:"dept,omitempty"` // all members of a department
	// DeptHeads: the heads of the departments above the initiator's, level by level (逐级).
	DeptHeads *Levels `json:"dept_heads,omitempty"`
	// Manager: the direct manager of the initiator, n levels up (1 = his own).
	Manager int `json:"manager,omitempty"`
	// Managers: the managers above the initiator, level by level.
	Managers *Levels `json:"managers,omitempty"`
	// Chosen: whom the initiator, or whoever approved before, has chosen.
	Chosen *Chosen `json:"chosen,omitempty"`
	// Node: whoever decided at an earlier node.
	Node string `json:"node,omitempty"`
	// Group: the members of an access group of the app.
	Group string `json:"group,omitempty"`
	// Formula over the record that gives a member or a list of members.
	Formula string `json:"formula,omitempty"`
}

// Levels is a climb: from level From (1 = the lowest) to level To, or until a holder of Role has been asked.
type Levels struct {
	From int    `json:"from,omitempty"` // default 1
	To   int    `json:"to,omitempty"`   // 0 = to the top
	Role string `json:"role,omitempty"` // stops with the first who holds it
}

// Chosen lets somebody choose the people of a node.
type Chosen struct {
	By   string `json:"by"`             // initiator, previous
	From []Who  `json:"from,omitempty"` // within these; empty = anybody
	Min  int    `json:"min,omitempty"`  // default 1
	Max  int    `json:"max,omitempty"`  // 0 = any number up to MaxWho
}

// Branch is one way of a condition or parallel node.
type Branch struct {
	ID        string  `json:"id,omitempty"`
	Title     Text    `json:"title,omitempty"`
	When      string  `json:"when,omitempty"`
	Otherwise bool    `json:"otherwise,omitempty"`
	Nodes     []*Node `json:"nodes"`
}

// NodeFields are the rights over fields at a node. A name is a field key,
// "subtable.column" or "all". What no list names is shown and not editable. The
// most exact name wins (column over subtable over all); of equally exact ones
// Hide wins over Read over Edit. Access tells the outcome.
type NodeFields struct {
	Edit    []string            `json:"edit,omitempty"`
	Read    []string            `json:"read,omitempty"` // exceptions from "edit: all" and "hide: all"
	Hide    []string            `json:"hide,omitempty"`
	Require []string            `json:"require,omitempty"` // fields, not "all": must be filled to approve or handle
	Rows    map[string][]string `json:"rows,omitempty"`    // subtable → add, edit, delete
}

// Deadline is when a visit should be decided, and what happens then. Exactly
// one of Hours, Days and Field is set.
type Deadline struct {
	Hours int    `json:"hours,omitempty"` // of working time, from arrival
	Days  int    `json:"days,omitempty"`  // working days, from arrival
	Field string `json:"field,omitempty"` // date field of the record: the end of that day, or that time
	// Calendar is the key of a calendar of the tenant; "" = the one of the record's project, else of the tenant;
	// "always" = every hour counts.
	Calendar string `json:"calendar,omitempty"`
	Then     string `json:"then"`             // remind, escalate (To is asked beside), transfer (to To), approve, return
	To       []Who  `json:"to,omitempty"`     // escalate, transfer; nil = the assignee's manager
	Before   []int  `json:"before,omitempty"` // reminders so many hours of working time before it
	Every    int    `json:"every,omitempty"`  // reminders every so many hours after it; 0 = one
}

// EmptyWho says what happens when nobody is found: skip, admin, user (with User), stop.
type EmptyWho struct {
	Then string `json:"then"`
	User string `json:"user,omitempty"`
}

// FlowSettings are the policies of a flow.
type FlowSettings struct {
	Withdraw string `json:"withdraw,omitempty"` // never, before_first_approval (default), any_time
	// WithdrawTo: end (default) ends the case; start brings it back to the initiator, who resubmits or cancels it.
	WithdrawTo string   `json:"withdrawTo,omitempty"`
	Dedupe     string   `json:"dedupe,omitempty"`   // none (default), adjacent, any
	Empty      EmptyWho `json:"empty"`              // default {then: admin}
	Self       string   `json:"self,omitempty"`     // act (default), skip, manager
	Resubmit   string   `json:"resubmit,omitempty"` // start (default), back, choose
	Leaver     string   `json:"leaver,omitempty"`   // an assignee leaves: manager (default), admin
	TakeBack   string   `json:"takeBack,omitempty"` // an approver's own last decision: allow (default), never
}

// Node finds a node of the flow, in whatever branch, by its id; nil when there is none.
func (f *Flow) Node(id string) *Node { return findNode(f.Nodes, id) }

func findNode(l []*Node, id string) *Node {
	for _, n := range l {
		if n.ID == id {
			return n
		}
		for _, b := range n.Branches {
			if x := findNode(b.Nodes, id); x != nil {
				return x
			}
		}
	}
	return nil
}
