package schema

// Modes of an approve or handle node with several people.
const (
	ModeAny      = "any"      // 或签: the first decision counts
	ModeAll      = "all"      // 会签: everybody has to agree, the first refusal ends it
	ModeSequence = "sequence" // 依次: like all, but the next is asked only after the former agreed
	ModeVote     = "vote"     // 票签: passes when Vote.Percent of all have agreed
)

// What an assignee may do at a node.
const (
	ActionApprove      = "approve"
	ActionHandle       = "handle"
	ActionReject       = "reject"
	ActionReturn       = "return"
	ActionTransfer     = "transfer"
	ActionDelegate     = "delegate"      // 委托: comes back after the other's opinion
	ActionAddSigner    = "add_signer"    // 加签: before, after or beside
	ActionRemoveSigner = "remove_signer" // 减签
	ActionSave         = "save"          // keeps field changes without deciding
)

// When a comment is required.
const (
	CommentRequired = "required"
	CommentOnReject = "required_on_reject" // when rejecting or returning
)

// Where a return may go.
const (
	ReturnStart    = "start"
	ReturnPrevious = "previous" // the people node passed right before; the start when there is none
	ReturnAny      = "any"      // the start and every people node passed on this way
)

// What happens when nobody is found.
const (
	EmptySkip  = "skip"
	EmptyAdmin = "admin"
	EmptyUser  = "user"
	EmptyStop  = "stop"
)

// Policies of a flow.
const (
	WithdrawToEnd         = "end"
	WithdrawToStart       = "start"
	LeaverManager         = "manager"
	LeaverAdmin           = "admin"
	TakeBackAllow         = "allow"
	TakeBackNever         = "never"
	WithdrawNever         = "never"
	WithdrawBeforeFirst   = "before_first_approval"
	WithdrawAnyTime       = "any_time"
	DedupeNone            = "none"
	DedupeAdjacent        = "adjacent"
	DedupeAny             = "any"
	SelfAct               = "act"
	SelfSkip              = "skip"
	SelfManager           = "manager"
	ResubmitStart         = "start"
	ResubmitBack          = "back"
	ResubmitChoose        = "choose"
	FieldsAll             = "all" // instead of a field's name: every field
	RowAdd                = "add"
	RowEdit               = "edit"
	RowDelete             = "delete"
	MaxFlowNodes          = 200 // nodes of one flow, at any depth
	MaxFlowDepth          = 8   // blocks within blocks
	MaxFlowBranches       = 20  // branches of one block
	MaxWho                = 50  // sources of one node
	MaxDeptHeadLevels     = 10
	MaxDeadlineHours      = 24 * 366
	MaxDeadlineDays       = 3660
	MaxReminders          = 10  // reminders before one deadline
	MaxManagerLevels      = 20  // of manager and managers
	MaxDataMatches        = 200 // records that one data node changes, and rows it goes through
	MaxCallTimeout        = 60  // seconds
	MaxWorkFields         = 200 // fields that one node writes, or headers or body keys of a call
	DefaultCallTimeout    = 10  // seconds
	maxFlowDefinitionSize = 1 << 20
)

// What happens when a deadline passes.
const (
	DeadlineRemind   = "remind"
	DeadlineEscalate = "escalate" // To, or the manager, is asked beside
	DeadlineTransfer = "transfer" // To, or the manager, is asked instead
	DeadlineApprove  = "approve"  // the node passes; never over an empty required field
	DeadlineReturn   = "return"   // to the start
)

// CalendarAlways is the calendar in which every hour of every day counts.
const CalendarAlways = "always"

// Required is the value of Attachment and Signature at a node that demands one.
const Required = "required"

// Who chooses the people of a node.
const (
	ChosenByInitiator = "initiator" // with submit and resubmit
	ChosenByPrevious  = "previous"  // whoever decides right before the node
)

// What a data node does.
const (
	DataCreate = "create"
	DataUpdate = "update"
	DataUpsert = "upsert"
	DataDelete = "delete"
	DataFind   = "find"
)

// What failed work of a data or call node means for the case.
const (
	FailRetry = "retry" // tried again for a while, then it waits for an administrator
	FailSkip  = "skip"  // the case goes on without it
	FailWait  = "wait"  // waits for an administrator at once
)

// What a subflow that was not approved means for the case that waits for it.
const (
	SubRejectedReject   = "reject"
	SubRejectedContinue = "continue"
	SubRejectedWait     = "wait"
)

// KnownActions lists everything a node of the type may offer in its actions; nil for types without any.
func KnownActions(t NodeType) []string {
	switch t {
	case NodeApprove, NodeHandle:
		return append(ActionsFor(t), ActionDelegate, ActionAddSigner, ActionRemoveSigner, ActionSave)
	}
	return nil
}

// ActionsFor lists what an assignee at a node of the type may do when the node
// does not say: approve reject return transfer, or handle return transfer; nil for other types.
func ActionsFor(t NodeType) []string {
	switch t {
	case NodeApprove:
		return []string{ActionApprove, ActionReject, ActionReturn, ActionTransfer}
	case NodeHandle:
		return []string{ActionHandle, ActionReturn, ActionTransfer}
	}
	return nil
}
