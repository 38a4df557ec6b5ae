package engine

import (
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
)

// delayNode holds the case for working time, or until a date. An empty date does not delay.
type delayNode struct{ leaf }

func (delayNode) arrive(r *run, p *place, visit int) {
	until, ok := r.delayed(p)
	if !ok || r.err != nil {
		return
	}
	if until.IsZero() {
		r.visit(visit).Reason = ReasonEmpty
	}
	if !until.After(r.cmd.At) {
		r.leave(visit, ResultSkipped)
		return
	}
	r.visit(visit).Work = &Work{Until: until}
	r.arm(visit, timerDelay, until)
}

// delayed finds out until when a delay holds the case; zero = not at all.
func (r *run) delayed(p *place) (until time.Time, ok bool) {
	switch d := p.node.Delay; {
	case d.Field != "":
		from, _ := r.dateOf(d.Field)
		return from, true
	case d.Until != "":
		return r.untilOf(p), true
	default:
		return r.due(r.cmd.At, d.Hours*60, d.Days, d.Calendar)
	}
}

// untilOf evaluates the formula of a delay and notes the time it gave. A day is
// over for this purpose when it begins: "until 1 May" goes on at midnight.
func (r *run) untilOf(p *place) time.Time {
	return r.timeFact(factUntil+p.node.ID, func() (time.Time, bool) {
		v, err := p.until.Eval(r.cmd.Ctx, r.cmd.Record)
		if err != nil {
			r.fail(fault.Newf(fault.Refused, "delay.failed", "the time of node %q cannot be evaluated", p.node.ID).
				With("node", p.node.ID).Because(err))
			return zeroTime, false
		}
		return r.instant(v)
	})
}

// instant makes a moment of the value of a formula: a time, or the beginning of a day, month or year.
func (r *run) instant(v any) (time.Time, bool) {
	switch v := v.(type) {
	case time.Time:
		return v.UTC(), true
	case string:
		for _, layout := range []string{time.DateOnly, "2006-01", "2006"} {
			if t, err := time.ParseInLocation(layout, v, r.zone()); err == nil {
				return t.UTC(), true
			}
		}
	}
	return zeroTime, false
}

// zone is where days begin.
func (r *run) zone() *time.Location {
	if r.cmd.Ctx == nil || r.cmd.Ctx.Zone == nil {
		return time.UTC
	}
	return r.cmd.Ctx.Zone
}

// dateField says what a date field of the form holds.
type dateField struct{ years, months, days int } // one period of its precision; all 0 = a moment

// periodOf tells how long what a date field holds lasts.
func periodOf(f *schema.Field) dateField {
	switch f.Precision {
	case "year":
		return dateField{years: 1}
	case "month":
		return dateField{months: 1}
	case "", "day":
		return dateField{days: 1}
	}
	return dateField{}
}
