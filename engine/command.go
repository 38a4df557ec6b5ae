package engine

import (
	"time"

	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/formula"
)

// The kinds of a command.
const (
	CmdSubmit    = "submit"
	CmdApprove   = "approve"
	CmdHandle    = "handle"
	CmdReject    = "reject"
	CmdReturn    = "return"
	CmdTransfer  = "transfer"
	CmdResubmit  = "resubmit"
	CmdWithdraw  = "withdraw"
	CmdUrge      = "urge"
	CmdComment   = "comment"
	CmdTerminate = "terminate"

	CmdDelegate     = "delegate"
	CmdAddSigner    = "add_signer"
	CmdRemoveSigner = "remove_signer"
	CmdTakeBack     = "take_back"
	CmdSave         = "save"
	CmdCancel       = "cancel"

	// Of administrators.
	CmdReassign = "reassign" // one open task to somebody else
	CmdJump     = "jump"     // to a node, To
	CmdSuspend  = "suspend"
	CmdResume   = "resume"
	CmdRetry    = "retry"   // failed work again
	CmdSkip     = "skip"    // goes on without the failed work
	CmdMigrate  = "migrate" // to another version; only Flow.Migrate takes it

	// Of the system; By is "".
	CmdTimer  = "timer"  // the time of a timer effect has come
	CmdResult = "result" // work outside has ended
	CmdLeaver = "leaver" // To[0] has left: his open tasks go on as the flow's policy says
)

// Where add_signer puts the new ones.
const (
	WhereBefore = "before" // they give their opinion first, then the task comes back
	WhereAfter  = "after"  // the assignee agrees with it, and then they have to agree, too
	WhereBeside = "beside" // they get a vote like the assignee
)

// Command is what somebody wants done. IDs and time come in with it.
type Command struct {
	Kind    string // one of the Cmd constants
	By      string // user id
	At      time.Time
	Task    int   // task number, for approver commands
	Rev     int64 // the task's revision it is based on; 0 = not checked
	Comment string
	// To: the users of transfer, reassign, delegate, add_signer and remove_signer; the node of return, jump and
	// migrate; who has left, of leaver.
	To    []string
	Back  bool // resubmit: straight back to the returner; return: the case comes straight back after the node
	Admin bool // by an administrator's right instead of the assignee's

	// Where is where add_signer puts the new ones: before, after, beside.
	Where string
	// Mention are the users a comment names with @; Files and Signature are ids of attachments.
	Mention   []string
	Files     []string
	Signature string
	// Choose are the people chosen for later nodes, by node id: with submit, resubmit, approve and handle.
	Choose map[string][]string
	// Visit is the visit a timer or result is about, Event the timer's event, Item the index of the work item.
	Visit int
	Event string
	Item  int
	// Result of work: its final state ("" = done) or, when Error is not "", why it failed. Ref is what it made.
	Result, Error, Ref string
	// Version of migrate: the version of the app whose flow the case goes on with.
	Version int
	// Rows is how many rows a subtable has, for nodes with each; nil = none of them has any.
	Rows func(subtable string) int
	// DateOf gives the first moment of what a date field of the record holds, in the zone of the tenant (a day:
	// its midnight; a month: that of its first day), for deadlines and delays; ok is false when it is empty.
	DateOf func(field string) (t time.Time, ok bool)

	// Record is what conditions see, after the command's own edits.
	Record formula.Vars
	Ctx    *formula.Context
	// Missing tells whether a field required at a node is empty: auto-pass never
	// skips over it, and approve and handle are refused. nil = nothing is missing.
	Missing func(node string) bool
	// Answers to the Needs of earlier calls of the same command, by Need.Key.
	// A present key with an empty list means "nobody".
	Answers map[string][]string
}

// The kinds of a need.
const (
	NeedWho     = "who"     // the active users that Who names, as user ids, in a stable order
	NeedAdmins  = "admins"  // the administrators who act where nobody was found
	NeedManager = "manager" // the direct manager of User: one id, or none
	// NeedDelegate: who stands in for User in this flow at this time, by a delegation of a period: one id, or none.
	NeedDelegate = "delegate"
	// NeedDue: when Minutes of working time (or Days working days) from From are over, by Calendar: one RFC 3339 time.
	NeedDue = "due"
	// NeedLeft: how many minutes of working time lie between From and Until, by Calendar: one whole number, not negative.
	NeedLeft = "left"
	// NeedActive: which of Users are still active, as user ids.
	NeedActive = "active"
	// NeedFormula: the users that the formula of node Node, source Who, gives.
	NeedFormula = "formula"
)

// Need is a question only the service can answer; it answers and calls Apply again.
type Need struct {
	Key  string     // deterministic; the same question has the same key throughout a command
	Who  schema.Who // people to resolve, relative to Initiator and Dept and Record
	Kind string     // who, admins, manager, …
	User string     // manager, delegate: of whom
	// Users of active; Node of formula.
	Users []string
	Node  string
	// Of due and left.
	Calendar      string
	From, Until   time.Time
	Minutes, Days int
}

// The kinds of an effect.
const (
	EffectTaskOpened  = "task_opened" // Task is new and open, or a cc task (done from the start)
	EffectTaskClosed  = "task_closed" // Task was open and is no longer
	EffectStarted     = "started"     // the case was submitted
	EffectReturned    = "returned"    // the case is back with the initiator
	EffectResumed     = "resumed"     // the initiator resubmitted it
	EffectCaseEnded   = "case_ended"  // State says how; once per case
	EffectNotify      = "notify"      // tell To about Event
	EffectLogArchived = "log_archived"
	// EffectWork: do, or do again, the Items of node Node's visit Visit, and tell the outcome of each by a result command.
	// Doing it twice under the same visit and item must do it once.
	EffectWork = "work"
	// EffectWorkCancelled: the work of Visit is no longer wanted; started cases that run are terminated.
	EffectWorkCancelled = "work_cancelled"
	// EffectTimer: give the timer command for Visit and Event at At. A timer that comes too early, late or twice does no harm.
	EffectTimer = "timer"
	// EffectVisitEnded: visit Visit has ended (for analytics): of people, of work outside, of an initiator who was asked
	// again. Once per visit, unless a decision there is taken back: then again at its next end.
	EffectVisitEnded = "visit_ended"
)

// The events of notify effects.
const (
	EventTaskArrived = "task_arrived"
	EventTransferred = "transferred"
	EventCC          = "cc"
	EventUrged       = "urged"
	EventReturned    = "returned"
	EventApproved    = "approved"
	EventRejected    = "rejected"
	EventWithdrawn   = "withdrawn"
	EventTerminated  = "terminated"
	EventCommented   = "commented"
	EventMentioned   = "mentioned"
	EventDelegated   = "delegated"
	EventOpinion     = "opinion" // a delegate or added signer has answered
	EventAdded       = "added"
	EventTakenBack   = "taken_back"
	EventDueSoon     = "due_soon"
	EventOverdue     = "overdue"
	EventEscalated   = "escalated"
	EventWorkFailed  = "work_failed" // to the administrators
	EventSuspended   = "suspended"
	EventResumedCase = "resumed_case"
)

// Effect is something the engine wants done outside. N is unique within the command.
type Effect struct {
	N    int    // from 1, without gaps
	Kind string // task_opened, task_closed, started, returned, resumed, case_ended, notify, log_archived
	// Task is the task's number for task effects, and for a notice about one task.
	Task int
	// To are user ids for notify; Event names the template: task_arrived, transferred, cc,
	// urged, returned, approved, rejected, withdrawn, terminated, commented.
	To    []string
	Event string
	Node  string
	// Visit of work, timer and visit_ended effects; Items of work: indexes to do.
	Visit int
	Items []int
	// At of a timer: when.
	At time.Time
	// State is the state of the case after the command, for effects about the case.
	State State
	// Detail of log_archived: entries, a list of log lines in stored form.
	Detail map[string]any
}
