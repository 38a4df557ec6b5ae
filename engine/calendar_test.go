package engine_test

import (
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // the tests name zones, whatever the machine knows

	"github.com/formwork-run/formwork/engine"
)

// alarm is a timer as the service keeps it.
type alarm struct {
	visit int
	event string
	at    time.Time
}

// keep takes the timers a command asked for.
func (p *play) keep(effects []engine.Effect) {
	for _, e := range effects {
		if e.Kind == engine.EffectTimer {
			p.clock = append(p.clock, alarm{e.Visit, e.Event, e.At})
		}
	}
}

// ring lets time pass until now: every timer that is due rings, in the order of
// their times, and so do those that they ask for in turn.
func (p *play) ring() (all []engine.Effect) {
	p.t.Helper()
	until := p.now
	for {
		next := -1
		for i, a := range p.clock {
			if !a.at.After(until) && (next < 0 || a.at.Before(p.clock[next].at)) {
				next = i
			}
		}
		if next < 0 {
			p.now = until
			return all
		}
		a := p.clock[next]
		p.clock = slices.Delete(p.clock, next, next+1)
		p.now = a.at
		effects, err := p.do(engine.Command{Kind: engine.CmdTimer, Visit: a.visit, Event: a.event})
		if err != nil {
			p.t.Fatalf("timer %s: %v", a.event, err)
		}
		all = append(all, effects...)
	}
}

// The fake calendar: Monday to Friday, 9 to 17 o'clock, in the zone of the
// play; days may be turned round. "always" counts every hour.

func (p *play) works(t time.Time) bool {
	if works, ok := p.days[t.Format(time.DateOnly)]; ok {
		return works
	}
	return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday
}

// hours are the working hours of the day of a moment; from equals to on a day off.
func (p *play) hours(t time.Time) (from, to time.Time) {
	y, m, d := t.Date()
	from = time.Date(y, m, d, 9, 0, 0, 0, p.zone)
	if !p.works(t) {
		return from, from
	}
	return from, time.Date(y, m, d, 17, 0, 0, 0, p.zone)
}

func (p *play) due(n engine.Need) time.Time {
	t := n.From.In(p.zone)
	switch {
	case n.Calendar == "always":
		return t.AddDate(0, 0, n.Days).Add(time.Duration(n.Minutes) * time.Minute).UTC()
	case n.Days > 0:
		for left := n.Days; left > 0; {
			t = t.AddDate(0, 0, 1)
			if p.works(t) {
				left--
			}
		}
		_, to := p.hours(t)
		return to.UTC()
	case n.Minutes < 0:
		return p.backward(t, time.Duration(-n.Minutes)*time.Minute).UTC()
	}
	return p.forward(t, time.Duration(n.Minutes)*time.Minute).UTC()
}

func (p *play) forward(t time.Time, left time.Duration) time.Time {
	for {
		from, to := p.hours(t)
		if t.Before(from) {
			t = from
		}
		if room := to.Sub(t); room >= left {
			return t.Add(left)
		} else if room > 0 {
			left -= room
		}
		y, m, d := t.Date()
		t = time.Date(y, m, d+1, 0, 0, 0, 0, p.zone)
	}
}

func (p *play) backward(t time.Time, left time.Duration) time.Time {
	for {
		from, to := p.hours(t)
		if t.After(to) {
			t = to
		}
		if room := t.Sub(from); room >= left {
			return t.Add(-left)
		} else if room > 0 {
			left -= room
		}
		y, m, d := t.Date()
		t = time.Date(y, m, d, 0, 0, 0, 0, p.zone).Add(-time.Minute)
	}
}

func (p *play) left(n engine.Need) int {
	t, sum := n.From.In(p.zone), time.Duration(0)
	if n.Calendar == "always" {
		return int(n.Until.Sub(t) / time.Minute)
	}
	for t.Before(n.Until) {
		from, to := p.hours(t)
		from, to = later(from, t), earlier(to, n.Until)
		sum += max(to.Sub(from), 0)
		y, m, d := t.Date()
		t = time.Date(y, m, d+1, 0, 0, 0, 0, p.zone)
	}
	return int(sum / time.Minute)
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// dateOf gives the first moment of what a date field holds.
func (p *play) dateOf(field string) (time.Time, bool) {
	s, _ := p.data[field].(string)
	for _, layout := range []string{time.RFC3339, time.DateOnly, "2006-01", "2006"} {
		if t, err := time.ParseInLocation(layout, s, p.zone); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

func (p *play) rows(subtable string) int {
	rows, _ := p.data[subtable].([]any)
	return len(rows)
}

// stateOfWork writes the pieces of work of a visit as "state" or "state:result", in order.
func stateOfWork(w *engine.Work) string {
	var out []string
	for _, i := range w.Items {
		out = append(out, strings.TrimSuffix(i.State+":"+i.Result, ":"))
	}
	return strings.Join(out, " ")
}
