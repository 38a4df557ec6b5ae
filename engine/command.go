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
)

// Command is what somebody wants done. IDs and time come in with it.
type Command struct {
	// Kind: submit, approve, handle, reject, return, transfer, resubmit, withdraw, urge, comment, terminate.
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
)

// Need is a question only the service can answer; it answers and calls Apply again.
type Need struct {
	Key  string     // deterministic; the same question has the same key throughout a command
	Who  schema.Who // people to resolve, relative to Initiator and Dept and Record
	Kind string     // who, admins, manager
	User string     // manager: of whom
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
	// State is the state of the case after the command, for effects about the case.
	State State
	// Detail of log_archived: entries, a list of log lines in stored form.
	Detail map[string]any
}
