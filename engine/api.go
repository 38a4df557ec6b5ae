// Package engine executes approval flows as a pure function:
//
//	Apply(flow, case, command) → (case, effects)
//
// Same inputs, same outputs, byte for byte. It does no I/O, reads no clock,
// makes no random id and starts no goroutine.
package engine

import (
	"time"

	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/formula"
)

// State is the state of a case.
type State string

// The states of a case. Approved, Rejected, Withdrawn and Terminated are final.
const (
	Draft      State = "draft"
	Running    State = "running"
	Returned   State = "returned"
	Suspended  State = "suspended"
	Approved   State = "approved"
	Rejected   State = "rejected"
	Withdrawn  State = "withdrawn"
	Terminated State = "terminated"
	Failed     State = "error"
)

// Final reports whether nothing can happen any more.
func (s State) Final() bool {
	return s == Approved || s == Rejected || s == Withdrawn || s == Terminated
}

// TaskState is the state of a task.
type TaskState string

// The states of a task.
const (
	TaskOpen        TaskState = "open"
	TaskWaiting     TaskState = "waiting" // sequence: not yet this person's turn
	TaskDone        TaskState = "done"
	TaskTransferred TaskState = "transferred"
	TaskCancelled   TaskState = "cancelled"
	TaskSkipped     TaskState = "skipped" // decided automatically; Reason says why
)

// Task is one person's piece of work.
type Task struct {
	N        int    // number within the case, from 1; with the record it makes the task id
	Visit    int    // the node visit it belongs to
	Node     string // node id
	Kind     string // approve, handle, cc
	Assignee string // user id
	State    TaskState
	Rev      int64  // bumped by every change of the task; what clients send
	Result   string // approve, reject, return, handle; "" while open
	Reason   string // of an automatic decision: empty, self, dedupe, …
	Comment  string
	From     int // number of the task it was transferred from, 0 = none
	OpenedAt time.Time
	DoneAt   time.Time // zero while open
	UrgedAt  time.Time
}

// Visit is one arrival at a node.
type Visit struct {
	N        int
	Node     string
	Parent   int // visit of the enclosing branch node, 0 = top
	Branch   int // index of the branch in the parent
	Open     bool
	Began    time.Time
	Ended    time.Time
	Result   string // approve, reject, return, done, skipped, cancelled
	Branches []int  // taken branches of a condition or parallel visit
	Reason   string // of a branch choice: which formula held
}

// LogEntry is one line of a case's history, enough to replay it.
type LogEntry struct {
	Seq     int
	At      time.Time
	By      string
	Action  string // submit, approve, …, auto
	Node    string
	Task    int
	Comment string
	To      []string
	Answers map[string][]string // answers to Needs consumed by this command
	Detail  map[string]any
}

// Case is one running flow of one record. It is a value: Apply never changes its argument.
type Case struct {
	Flow      string // flow key
	Version   int    // app version whose definition it runs on
	State     State
	Initiator string
	Dept      string // initiator's department then
	Visits    []Visit
	Tasks     []Task
	Log       []LogEntry
	ReturnTo  int // visit that returned it and waits for "straight back", 0 = none
	StartedAt time.Time
	EndedAt   time.Time
}

// Command is what somebody wants done. IDs and time come in with it.
type Command struct {
	// Kind: submit, approve, reject, return, resubmit, withdraw, transfer, urge, terminate, handle.
	Kind    string
	By      string // user id
	At      time.Time
	Task    int   // task number, for approver commands
	Rev     int64 // the task's revision it is based on; 0 = not checked
	Comment string
	To      []string // transfer: user id; return: node id
	Back    bool     // resubmit: straight back to the returner
	Admin   bool     // by an administrator's right instead of the assignee's

	// Record is what conditions see, after the command's own edits.
	Record formula.Vars
	Ctx    *formula.Context
	// Missing tells whether a field required at a node is empty: auto-pass never skips over it.
	Missing func(node string) bool
	// Answers to the Needs of earlier calls of the same command, by Need.Key.
	Answers map[string][]string
}

// Need is a question only the service can answer; it answers and calls Apply again.
type Need struct {
	Key  string     // deterministic
	Who  schema.Who // people to resolve, relative to Initiator and Dept and Record
	Kind string     // "who", "admins", "manager"
	User string     // manager: of whom
}

// Effect is something the engine wants done outside. N is unique within the command.
type Effect struct {
	N    int
	Kind string // task_opened, task_closed, case_ended, returned, notify
	// Task is the task's number for task effects.
	Task int
	// To are user ids for notify; Event names the template: task_arrived, approved, rejected, returned, cc, urged, withdrawn, transferred.
	To     []string
	Event  string
	Node   string
	State  State
	Detail map[string]any
}

// Flow is a compiled flow definition; immutable.
type Flow struct {
	Def *schema.Flow
}

// Compile checks a flow against its form's formula environment and its fields.
func Compile(def *schema.Flow, form *schema.Form, env formula.Type) (*Flow, []schema.Problem) {
	panic("stub")
}

// Apply decides a command. Exactly one of these holds: an error (a *fault.Error
// with a code that says why), needs not empty (call again with Answers), or a new case with effects.
func (f *Flow) Apply(c Case, cmd Command) (Case, []Effect, []Need, error) { panic("stub") }

// Allowed lists the actions a user may take now: on the case (task 0) and on his open tasks.
func (f *Flow) Allowed(c Case, user string) []Action { panic("stub") }

// Action is one thing a user may do now.
type Action struct {
	Kind string
	Task int // 0 = on the case
	Node string
	// ReturnTo lists the node ids a return may go to.
	ReturnTo []string
	// CommentRequired for this action.
	CommentRequired bool
	Label           schema.Text // renamed button; nil = default
}

// Rights gives the field rights of a user by his place in the flow: at his open
// tasks, else as his last task showed it. ok is false when he has no part in it.
// The initiator has the start node's rights while the case is draft or returned.
func (f *Flow) Rights(c Case, user string) (rights schema.NodeFields, node string, open, ok bool) {
	panic("stub")
}

// ToDoc and FromDoc turn a case into its stored form and back. The stored form
// has at its top: state, nodes (open node ids), handlers (open assignees), result, and the rest under "c".
func (c Case) ToDoc() map[string]any { panic("stub") }

// FromDoc reads what ToDoc wrote.
func FromDoc(d map[string]any) (Case, error) { panic("stub") }

// PathNode is one line of a flow tree as shown to people.
type PathNode struct {
	Node     string
	Type     schema.NodeType
	Title    schema.Text
	State    string // done, current, skipped, pending, not_taken
	Visit    int
	Reason   string
	Tasks    []Task
	Branches []PathBranch
}

// PathBranch is one way of a branch node.
type PathBranch struct {
	Title schema.Text
	Taken bool
	Nodes []PathNode
}

// Tree lays the case over its flow, for the flow tree of the detail page.
func (f *Flow) Tree(c Case) []PathNode { panic("stub") }

// Predict runs the flow from the start on sample data, approving everywhere,
// and returns the tree with the people each node would ask. ask answers Needs.
func (f *Flow) Predict(cmd Command, ask func(Need) ([]string, error)) ([]PathNode, error) {
	panic("stub")
}
