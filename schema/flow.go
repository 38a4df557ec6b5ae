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
	NodeParallel  NodeType = "parallel"
	NodeEnd       NodeType = "end"
)

// Node is a step of a flow.
type Node struct {
	ID       string     `json:"id"`
	Type     NodeType   `json:"type"`
	Title    Text       `json:"title,omitempty"`
	Who      []Who      `json:"who,omitempty"`      // approve, handle, cc; several add up
	Mode     string     `json:"mode,omitempty"`     // any (default), all, sequence
	Branches []Branch   `json:"branches,omitempty"` // condition, parallel
	Fields   NodeFields `json:"fields,omitzero"`
	// Actions lists what an approver may do here; nil = approve reject return transfer.
	Actions  []string        `json:"actions,omitempty"`
	Comment  string          `json:"comment,omitempty"`  // "" optional; required; required_on_reject
	ReturnTo string          `json:"returnTo,omitempty"` // where return may go: start (default), previous, any
	Always   bool            `json:"always,omitempty"`   // never auto-passed by dedupe
	Empty    *EmptyWho       `json:"empty,omitempty"`    // overrides the flow's policy
	Deadline *Deadline       `json:"deadline,omitempty"`
	Buttons  map[string]Text `json:"buttons,omitempty"` // action → renamed label
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

// Deadline is how long a task may wait. (Acting on it comes with the complete flow engine; it is stored and shown.)
type Deadline struct {
	Hours int    `json:"hours"`
	Then  string `json:"then"` // remind
}

// EmptyWho says what happens when nobody is found: skip, admin, user (with User), stop.
type EmptyWho struct {
	Then string `json:"then"`
	User string `json:"user,omitempty"`
}

// FlowSettings are the policies of a flow.
type FlowSettings struct {
	Withdraw string   `json:"withdraw,omitempty"` // never, before_first_approval (default), any_time
	Dedupe   string   `json:"dedupe,omitempty"`   // none (default), adjacent, any
	Empty    EmptyWho `json:"empty"`              // default {then: admin}
	Self     string   `json:"self,omitempty"`     // act (default), skip, manager
	Resubmit string   `json:"resubmit,omitempty"` // start (default), back, choose
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
