package engine

import (
	"strconv"
	"strings"
	"time"

	"github.com/formwork-run/formwork/schema"
)

// The events of timers; a reminder before a deadline has its hours behind it.
const (
	timerDeadline = "deadline"
	timerBefore   = "before:"
	timerEvery    = "every"
	timerDelay    = "delay"
)

// arm asks for a timer command; one of the same event takes the place of the former.
func (r *run) arm(visit int, event string, at time.Time) {
	v := r.visit(visit)
	v.Timers = append(without(v.Timers, event), Timer{Event: event, At: at})
	r.effect(Effect{Kind: EffectTimer, Visit: visit, Node: v.Node, Event: event, At: at, State: r.c.State})
}

// without copies timers but those of an event; the lists of older cases are never changed.
func without(timers []Timer, event string) []Timer {
	var out []Timer
	for _, t := range timers {
		if t.Event != event {
			out = append(out, t)
		}
	}
	return out
}

// timer does what was to be done at this time. A timer that comes early, twice,
// for a visit that has ended, or while the case stands, does nothing.
func timer(r *run) error {
	v, ok := r.named()
	if !ok || !v.Open || r.c.State != Running || !rings(*v, r.cmd.Event, r.cmd.At) {
		return r.nothing()
	}
	r.entry.Node = v.Node
	v.Timers = without(v.Timers, r.cmd.Event)
	d := r.placeOf(v.N).node.Deadline
	switch event := r.cmd.Event; {
	case event == timerDelay:
		r.leave(v.N, ResultDone)
	case strings.HasPrefix(event, timerBefore):
		r.remind(v.N, EventDueSoon)
	case event == timerEvery:
		r.remind(v.N, EventOverdue)
		r.again(v.N, d)
	case d != nil:
		r.overdue(v.N, d)
	}
	return nil
}

// rings reports that the time of a visit's timer has come.
func rings(v Visit, event string, now time.Time) bool {
	for _, t := range v.Timers {
		if t.Event == event {
			return !t.At.After(now)
		}
	}
	return false
}

// startDeadline begins to count when a visit's people have been asked.
func (r *run) startDeadline(visit int) {
	d := r.placeOf(visit).node.Deadline
	if d == nil || !r.visit(visit).Open || r.stopped() || r.dry != nil {
		return
	}
	if d.Field != "" {
		if _, due := r.dateOf(d.Field); !due.IsZero() {
			r.setDue(visit, d, due)
		}
		return
	}
	if due, ok := r.due(r.cmd.At, d.Hours*60, d.Days, d.Calendar); ok && !due.IsZero() {
		r.setDue(visit, d, due)
	}
}

// setDue sets when a visit should be decided, and asks for its timers. Reminders whose time is over already are left out.
func (r *run) setDue(visit int, d *schema.Deadline, due time.Time) {
	v := r.visit(visit)
	v.Due, v.Left, v.Timers = due, 0, nil
	for _, h := range d.Before {
		at, ok := r.due(due, -h*60, 0, d.Calendar)
		if ok && at.After(r.cmd.At) {
			r.arm(visit, timerBefore+strconv.Itoa(h), at)
		}
	}
	r.arm(visit, timerDeadline, due)
}

// again asks for the next reminder after the deadline.
func (r *run) again(visit int, d *schema.Deadline) {
	if d == nil || d.Every == 0 || !r.visit(visit).Open || r.stopped() {
		return
	}
	if at, ok := r.due(r.cmd.At, d.Every*60, 0, d.Calendar); ok && at.After(r.cmd.At) {
		r.arm(visit, timerEvery, at)
	}
}

// pauseDeadlines stops the clock of everything open.
func (r *run) pauseDeadlines() {
	for i := range r.c.Visits {
		if r.c.Visits[i].Open {
			r.pauseDeadline(i + 1)
		}
	}
}

// pauseDeadline stops the clock of an open visit: what is left of its deadline
// is kept. One that hangs on a date is read anew later.
func (r *run) pauseDeadline(visit int) {
	v, d := r.visit(visit), r.placeOf(visit).node.Deadline
	v.Timers = nil
	if d == nil || v.Due.IsZero() {
		return
	}
	if d.Field == "" {
		v.Left, _ = r.left(r.cmd.At, v.Due, d.Calendar)
	}
	v.Due = zeroTime
}

// resumeDeadline lets the clock of an open visit go on with what was left. Who
// had nothing left gets the whole time again.
func (r *run) resumeDeadline(visit int) {
	v, d := r.visit(visit), r.placeOf(visit).node.Deadline
	if d == nil || !v.Open || r.stopped() {
		return
	}
	if v.Left == 0 {
		r.startDeadline(visit)
		return
	}
	if due, ok := r.due(r.cmd.At, v.Left, 0, d.Calendar); ok && !due.IsZero() {
		r.setDue(visit, d, due)
	}
}
