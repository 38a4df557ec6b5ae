package engine

import (
	"slices"

	"github.com/formwork-run/formwork/internal/fault"
)

// actions maps a command's kind to what it does. Each action checks everything
// before it changes anything.
var actions = map[string]func(*run) error{
	CmdSubmit:    submit,
	CmdApprove:   approve,
	CmdHandle:    handle,
	CmdReject:    reject,
	CmdReturn:    sendBack,
	CmdTransfer:  transfer,
	CmdResubmit:  resubmit,
	CmdWithdraw:  withdraw,
	CmdUrge:      urge,
	CmdComment:   comment,
	CmdTerminate: terminate,

	CmdTimer:  timer,
	CmdResult: result,
	CmdLeaver: leaver,

	CmdDelegate:     delegate,
	CmdAddSigner:    addSigner,
	CmdRemoveSigner: removeSigner,
	CmdTakeBack:     takeBack,
	CmdSave:         save,
	CmdCancel:       cancel,

	CmdReassign: reassign,
	CmdJump:     jump,
	CmdSuspend:  suspend,
	CmdResume:   resume,
	CmdRetry:    retry,
	CmdSkip:     skip,
	CmdMigrate:  migrate,
}

// allowIn refuses a command unless the case is in one of the states.
func (r *run) allowIn(states ...State) error { return stateAllows(r.c.State, states...) }

func stateAllows(s State, states ...State) error {
	if slices.Contains(states, s) {
		return nil
	}
	code, text := "case.ended", "the case has ended"
	switch s {
	case Draft:
		code, text = "case.not_started", "the case has not been submitted yet"
	case Running:
		code, text = "case.running", "the case is running"
	case Returned:
		code, text = "case.returned", "the case is with its initiator"
	case Suspended:
		code, text = "case.suspended", "the case is suspended"
	case Failed:
		code, text = "case.failed", "the case has stopped on an error"
	}
	return fault.New(fault.Refused, code, text).With("state", string(s))
}

// byInitiator refuses a command of anybody but the initiator, or who has taken over from him.
func (r *run) byInitiator() error {
	if !r.c.standsFor(r.cmd.By) {
		return fault.New(fault.Forbidden, "case.not_yours", "only the initiator may do this")
	}
	return nil
}

// roomForMore refuses what would let a case grow without end.
func (r *run) roomForMore() error {
	if len(r.c.Tasks) < MaxTasks {
		return nil
	}
	return r.tooLong()
}

func (r *run) tooLong() error {
	return fault.Newf(fault.Refused, "case.too_long", "the case has %d tasks; it can only be decided, withdrawn or terminated", len(r.c.Tasks))
}
