package engine

import (
	"slices"
	"time"
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
	TaskSkipped     TaskState = "skipped"   // decided automatically; Reason says why
	TaskDelegated   TaskState = "delegated" // with somebody else, comes back
	TaskExpired     TaskState = "expired"   // its deadline passed and took it away; Reason says how
)

// The kinds of a task. A start task asks the initiator of a returned case to
// resubmit or withdraw it.
const (
	KindApprove = "approve"
	KindHandle  = "handle"
	KindCC      = "cc"
	KindStart   = "start"
	KindConfirm = "confirm" // a delegate's or an added signer's opinion is in: decide
)

// Results of tasks and visits.
const (
	ResultApprove   = "approve"
	ResultReject    = "reject"
	ResultReturn    = "return"
	ResultHandle    = "handle"
	ResultResubmit  = "resubmit"
	ResultDone      = "done"      // of a visit that decides nothing: start, cc, condition, parallel, handle
	ResultSkipped   = "skipped"   // of a visit passed automatically
	ResultCancelled = "cancelled" // of a visit cut off by a decision elsewhere
)

// Reasons of automatic decisions.
const (
	ReasonEmpty     = "empty"      // nobody was found
	ReasonSelf      = "self"       // the initiator would have approved himself
	ReasonManager   = "manager"    // asked in place of the initiator
	ReasonDedupe    = "dedupe"     // this person has approved already
	ReasonDecided   = "decided"    // another one decided first
	ReasonReturned  = "returned"   // the case was returned
	ReasonRejected  = "rejected"   // the case was rejected
	ReasonWithdrawn = "withdrawn"  // the initiator withdrew the case
	ReasonEnded     = "ended"      // an administrator terminated the case
	ReasonBack      = "back"       // asked again after a return straight back
	ReasonAdmin     = "admin"      // decided by an administrator in the assignee's place
	ReasonDelegated = "delegated"  // the assignee has this delegate at this time
	ReasonLeaver    = "leaver"     // the assignee has left the company
	ReasonDeadline  = "deadline"   // the deadline passed
	ReasonAdded     = "added"      // an approver added this signer
	ReasonRemoved   = "removed"    // whoever added the signer removed him
	ReasonTakenBack = "taken_back" // the one before took his decision back
	ReasonJump      = "jump"       // an administrator moved the case
	ReasonMigrated  = "migrated"   // the case moved to another version
	ReasonOutvoted  = "outvoted"   // the vote was decided without this one
)

// Task is one person's piece of work.
type Task struct {
	N        int    // number within the case, from 1; with the record it makes the task id
	Visit    int    // the node visit it belongs to
	Node     string // node id
	Kind     string // approve, handle, cc, start
	Assignee string // user id; "" only for a skipped task of a node where nobody was found
	State    TaskState
	Rev      int64  // bumped by every change of the task but an urge; what clients send
	Result   string // approve, reject, return, handle, resubmit; "" while open
	Reason   string // of an automatic decision: empty, self, dedupe, …
	Comment  string
	// From is the number of the task this one came from, 0 = none: it was transferred, delegated,
	// added or taken back, it was parked by a return, or (reason back) it is the last opinion that came in.
	From int
	// Principal is whom the assignee stands in for by a delegation of a period; he may decide himself too. "" = nobody.
	Principal string
	// Added says how the signer was added: before, after, beside; "" = he was not.
	Added string
	// For is the task whose assignee waits for this one's opinion, by delegation or as a signer
	// added before: an answer to it decides nothing by itself. 0 = it is a vote.
	For int
	// Void marks a decision that was taken back: it is history and counts for nothing.
	Void bool
	// Files and Signature of the decision: ids of attachments.
	Files     []string
	Signature string
	OpenedAt  time.Time
	DoneAt    time.Time // zero while open
	UrgedAt   time.Time
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
	Reason   string // of a branch choice: which formula held; of a people node: empty, when nobody was found
	// Void marks a visit that a return has undone: it is history, counts for
	// nothing, and its node may be visited again. Of all visits of a node at most one is not void.
	Void bool
	// Due is when the visit should be decided, zero = never. Left is what was left of it in
	// working minutes when the case was parked by a return or suspended.
	Due  time.Time
	Left int
	// Behind is the visit after which this one, parked by a return to a node, is opened again, 0 = none.
	Behind int
	// Timers are the timer effects still to come; a timer command that names none of them does nothing.
	Timers []Timer
	// Work is what a subflow, data, call or delay visit waits for; nil otherwise.
	Work *Work
}

// Timer is a timer effect that was asked for and has not come back yet.
type Timer struct {
	Event string // deadline, before:<hours>, every, delay
	At    time.Time
}

// Work is something outside that a visit waits for.
type Work struct {
	Items []WorkItem // one for each row, or one
	Until time.Time  // delay: when it goes on by itself
}

// WorkItem is one piece of it.
type WorkItem struct {
	State string // pending, done, failed, skipped
	Ref   string // of a started case: "app.form.record"; of a written record likewise
	// Result: of a started case its final state; of data and calls "".
	Result string
	Error  string // why it failed, for people
	Tries  int
}

// States of a piece of work.
const (
	WorkPending = "pending"
	WorkDone    = "done"
	WorkFailed  = "failed" // waits for an administrator: retry, skip or end
	WorkSkipped = "skipped"
)

// LogEntry is one line of a case's history, enough to replay it.
type LogEntry struct {
	Seq     int
	At      time.Time
	By      string // user id; "" for automatic lines
	Action  string // a command's kind, or auto, cc, end
	Node    string
	Task    int
	Comment string
	To      []string
	Answers map[string][]string // answers to Needs consumed by this command
	Detail  map[string]any
}

// Actions of log lines that no command asked for.
const (
	LogAuto = "auto" // a person or node was passed automatically; Detail.reason says why
	LogCC   = "cc"   // To were given a copy
	LogEnd  = "end"  // the case ended; Detail.state says how
)

// Case is one running flow of one record. It is a value: Apply never changes its argument.
type Case struct {
	Flow      string // flow key
	Version   int    // app version whose definition it runs on
	State     State
	Initiator string
	Dept      string // initiator's department then
	Visits    []Visit
	Tasks     []Task
	Log       []LogEntry // the last MaxLog lines
	ReturnTo  int        // visit that returned it and waits for "straight back", 0 = none
	// Chosen are the people chosen for nodes, by node id.
	Chosen    map[string][]string
	StartedAt time.Time
	EndedAt   time.Time
}

// Limits of one case.
const (
	MaxLog   = 200  // lines kept in the case; older ones leave by the effect log_archived
	MaxTasks = 2000 // a case with more takes no return, resubmit or transfer any more
)

// NewCase makes the case of a record that is still a draft.
func NewCase(flow string, version int, initiator, dept string) Case {
	return Case{Flow: flow, Version: version, State: Draft, Initiator: initiator, Dept: dept}
}

// OpenTasks lists the open tasks of a user in order of their numbers; user ""
// means everybody's.
// Whoever has a delegate for a time sees the delegate's tasks as his own, too.
func (c Case) OpenTasks(user string) []Task {
	var out []Task
	for _, t := range c.Tasks {
		if t.State == TaskOpen && (user == "" || t.of(user)) {
			out = append(out, t)
		}
	}
	return out
}

// of reports that a task is a user's, as its assignee or because the assignee stands in for him.
func (t Task) of(user string) bool {
	return user != "" && (t.Assignee == user || t.Principal == user)
}

// Task returns the task with the number.
func (c Case) Task(n int) (Task, bool) {
	if n < 1 || n > len(c.Tasks) {
		return Task{}, false
	}
	return c.Tasks[n-1], true
}

// OpenNodes lists the ids of the nodes where somebody is asked, or work outside is waited for, in order of arrival.
func (c Case) OpenNodes() []string {
	var out []string
	for _, v := range c.Visits {
		asked := func(t Task) bool { return t.Visit == v.N && t.State == TaskOpen }
		if v.Open && (v.Work != nil || slices.ContainsFunc(c.Tasks, asked)) {
			out = append(out, v.Node)
		}
	}
	return out
}

// Handlers lists whoever has an open task, each once, in order of task numbers.
func (c Case) Handlers() []string {
	var out []string
	for _, t := range c.Tasks {
		if t.State == TaskOpen && !slices.Contains(out, t.Assignee) {
			out = append(out, t.Assignee)
		}
	}
	return out
}

// Result is the state of a case that has ended, "" before.
func (c Case) Result() string {
	if c.State.Final() {
		return string(c.State)
	}
	return ""
}

// clone copies what Apply changes in place. What hangs below (lists and maps
// of old lines) is never written again, so it may be shared.
func (c Case) clone() Case {
	c.Visits = slices.Clone(c.Visits)
	for i, v := range c.Visits {
		if v.Work != nil {
			c.Visits[i].Work = &Work{Items: slices.Clone(v.Work.Items), Until: v.Work.Until}
		}
	}
	c.Tasks = slices.Clone(c.Tasks)
	c.Log = slices.Clone(c.Log)
	if c.State == "" {
		c.State = Draft
	}
	return c
}
