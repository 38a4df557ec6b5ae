package engine

import (
	"slices"
	"strings"
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
	if err := mayWithdraw(r.f.Def.Settings, r.c); err != nil {
		return err
	}
	r.stop(ReasonWithdrawn, EventWithdrawn, Withdrawn)
	return nil
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
	handlers := slices.DeleteFunc(r.c.Handlers(), func(u string) bool { return u == r.cmd.By || u == r.c.Initiator })
	r.cancelTasks(0, reason)
	r.end(s)
	r.notify(event, 0, "", handlers...)
}

// terminate ends the case by an administrator's right.
func terminate(r *run) error {
	if !r.cmd.Admin {
		return fault.New(fault.Forbidden, "case.admin_only", "only an administrator may do this")
	}
	if err := r.allowIn(Running, Returned, Suspended, Failed); err != nil {
		return err
	}
	r.stop(ReasonEnded, EventTerminated, Terminated)
	return nil
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

// comment adds a line to the log and tells the others who have a part in the case.
func comment(r *run) error {
	if r.c.State == Draft {
		return stateAllows(Draft)
	}
	if !r.cmd.Admin && !takesPart(r.c, r.cmd.By) {
		return fault.New(fault.Forbidden, "case.not_yours", "only who takes part in the case may comment")
	}
	if strings.TrimSpace(r.cmd.Comment) == "" {
		return fault.New(fault.Invalid, "comment.required", "a comment needs a text").
			At(fault.Field{Path: "/comment", Code: "required", Message: "a comment needs a text"})
	}
	to := r.c.Handlers()
	if !slices.Contains(to, r.c.Initiator) {
		to = append(to, r.c.Initiator)
	}
	to = slices.DeleteFunc(to, func(u string) bool { return u == r.cmd.By })
	r.notify(EventCommented, 0, "", to...)
	return nil
}

// takesPart reports whether a user is the initiator or was ever asked or copied.
func takesPart(c Case, user string) bool {
	asked := func(t Task) bool { return t.of(user) && t.State != TaskWaiting }
	return user != "" && (c.Initiator == user || slices.ContainsFunc(c.Tasks, asked))
}
