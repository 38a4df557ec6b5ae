package engine

import (
	"slices"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
)

// UrgeEvery is how long a case cannot be urged again.
const UrgeEvery = 10 * time.Minute

var zeroTime time.Time

// withdraw takes the case back for good, as far as the flow lets the initiator.
func withdraw(r *run) error {
	if err := r.allowIn(Running, Returned); err != nil {
		return err
	}
	if err := r.byInitiator(); err != nil {
		return err
	}
	toStart := r.f.Def.Settings.WithdrawTo == schema.WithdrawToStart
	if toStart && r.c.State == Returned {
		return stateAllows(Returned, Running)
	}
	if err := mayWithdraw(r.f.Def.Settings, r.c); err != nil {
		return err
	}
	if toStart {
		r.recall()
	} else {
		r.stop(ReasonWithdrawn, EventWithdrawn, Withdrawn)
	}
	return nil
}

// recall brings the case back to its initiator by his own will. He goes on from the start of the way, or cancels it.
func (r *run) recall() {
	handlers := r.tellOthers()
	r.cutOff(ReasonWithdrawn)
	r.c.State, r.c.ReturnTo = Returned, 0
	r.effect(Effect{Kind: EffectReturned, State: Returned})
	r.reopenStart(ReasonWithdrawn, "")
	r.notify(EventWithdrawn, 0, "", handlers...)
}

// cancel ends a case that is back with its initiator, where a withdrawal only brings it back to him.
func cancel(r *run) error {
	if err := r.allowIn(Returned); err != nil {
		return err
	}
	if err := r.byInitiator(); err != nil {
		return err
	}
	if err := mayCancel(r.f.Def.Settings, r.c); err != nil {
		return err
	}
	r.stop(ReasonWithdrawn, EventWithdrawn, Withdrawn)
	return nil
}

// mayCancel leaves one way to end a returned case: cancel, or withdraw.
func mayCancel(s schema.FlowSettings, c Case) error {
	if s.WithdrawTo != schema.WithdrawToStart {
		return fault.New(fault.Refused, "cancel.withdraw", "a withdrawal ends cases of this flow")
	}
	return mayWithdraw(s, c)
}

// cutOff closes everything that is open; nothing of it is parked.
func (r *run) cutOff(reason string) {
	r.cancelTasks(0, reason)
	for i := range r.c.Visits {
		if r.c.Visits[i].Open {
			r.shut(i+1, ResultCancelled)
		}
	}
	r.forgetParked()
}

// tellOthers lists whoever is at work on the case, without the initiator and who gives the command.
func (r *run) tellOthers() []string {
	return slices.DeleteFunc(r.c.Handlers(), func(u string) bool { return u == r.cmd.By || u == r.c.Initiator })
}

// mayWithdraw applies the flow's policy. While the case is with its initiator
// only "never" holds him.
func mayWithdraw(s schema.FlowSettings, c Case) error {
	switch {
	case s.Withdraw == schema.WithdrawNever:
		return fault.New(fault.Refused, "withdraw.never", "cases of this flow cannot be withdrawn")
	case s.Withdraw == schema.WithdrawAnyTime || c.State == Returned:
		return nil
	case slices.ContainsFunc(c.Tasks, func(t Task) bool { return t.standsDone(c) }):
		return fault.New(fault.Refused, "withdraw.too_late", "somebody has already approved")
	}
	return nil
}

// standsDone reports a decision in favour that a person took and no return has undone.
func (t Task) standsDone(c Case) bool {
	return t.State == TaskDone && t.agreed() && t.For == 0 && !t.Void && !c.Visits[t.Visit-1].Void
}

// stop ends the case from outside and tells whoever was at work on it.
func (r *run) stop(reason, event string, s State) {
	handlers := r.tellOthers()
	r.cancelTasks(0, reason)
	r.end(s)
	r.notify(event, 0, "", handlers...)
}

// urge reminds whoever has an open task.
func urge(r *run) error {
	if err := r.allowIn(Running); err != nil {
		return err
	}
	if err := r.byInitiator(); err != nil {
		return err
	}
	if last := lastUrge(r.c); !last.IsZero() && r.cmd.At.Before(last.Add(UrgeEvery)) {
		return fault.New(fault.RateLimited, "urge.too_soon", "the case has just been urged").
			With("minutes", int64(UrgeEvery/time.Minute)).With("next", last.Add(UrgeEvery))
	}
	to := urged(r.c)
	if len(to) == 0 {
		return fault.New(fault.Refused, "urge.nobody", "the case waits for nobody else")
	}
	for i := range r.c.Tasks {
		if t := &r.c.Tasks[i]; t.State == TaskOpen && t.Assignee != r.cmd.By {
			t.UrgedAt = r.cmd.At
		}
	}
	r.entry.To = to
	r.notify(EventUrged, 0, "", to...)
	return nil
}

// urged lists whom an urge would reach: everybody asked but the initiator himself.
func urged(c Case) []string {
	return slices.DeleteFunc(c.Handlers(), func(u string) bool { return u == c.Initiator })
}

func lastUrge(c Case) time.Time {
	var last time.Time
	for _, t := range c.Tasks {
		if t.UrgedAt.After(last) {
			last = t.UrgedAt
		}
	}
	return last
}

// takesPart reports whether a user is the initiator or was ever asked or copied.
func takesPart(c Case, user string) bool {
	asked := func(t Task) bool { return t.of(user) && t.State != TaskWaiting }
	return user != "" && (c.Initiator == user || slices.ContainsFunc(c.Tasks, asked))
}
