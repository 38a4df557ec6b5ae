package engine

import (
	"strconv"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
)

// due asks when so much working time from a moment is over; minutes below zero count backwards.
// Without an answer it is never.
func (r *run) due(from time.Time, minutes, days int, calendar string) (time.Time, bool) {
	amount := strconv.Itoa(minutes) + "m"
	if days != 0 {
		amount = strconv.Itoa(days) + "d"
	}
	n := Need{Kind: NeedDue, From: from, Minutes: minutes, Days: days, Calendar: calendar,
		Key: NeedDue + ":" + calendar + ":" + from.Format(time.RFC3339Nano) + ":" + amount}
	given, ok := r.answer(n)
	if !ok || len(given) == 0 {
		return zeroTime, ok
	}
	t, err := time.Parse(time.RFC3339, given[0])
	if err != nil {
		r.fail(fault.Newf(fault.Internal, "need.answer", "the answer %q to %q is no time", given[0], n.Key))
	}
	return t.UTC().Truncate(time.Millisecond), true
}

// left asks how many minutes of working time lie between two moments.
func (r *run) left(from, until time.Time, calendar string) (int, bool) {
	if !until.After(from) {
		return 0, true
	}
	n := Need{Kind: NeedLeft, From: from, Until: until, Calendar: calendar,
		Key: NeedLeft + ":" + calendar + ":" + from.Format(time.RFC3339Nano) + ":" + until.Format(time.RFC3339Nano)}
	given, ok := r.answer(n)
	if !ok || len(given) == 0 {
		return 0, ok
	}
	minutes, err := strconv.Atoi(given[0])
	if err != nil || minutes < 0 {
		r.fail(fault.Newf(fault.Internal, "need.answer", "the answer %q to %q is no number of minutes", given[0], n.Key))
	}
	return minutes, true
}

// note gives a fact that the record or the clock tells, and keeps it in the log for a replay.
func (r *run) note(key string, tell func() string) string {
	if r.replay {
		a := r.cmd.Answers[key]
		r.use(key, a)
		if len(a) == 0 {
			return ""
		}
		return a[0]
	}
	fact := tell()
	if r.err != nil {
		return ""
	}
	if fact == "" {
		r.use(key, nil)
	} else {
		r.use(key, []string{fact})
	}
	return fact
}

// timeFact is note for a moment; zero = there is none.
func (r *run) timeFact(key string, tell func() (time.Time, bool)) time.Time {
	text := r.note(key, func() string {
		if t, ok := tell(); ok {
			return t.UTC().Truncate(time.Millisecond).Format(time.RFC3339Nano)
		}
		return ""
	})
	t, _ := time.Parse(time.RFC3339Nano, text)
	return t
}

// dateOf gives the first moment of what a date field of the record holds, and
// the first one after it: of a day its midnights in the zone of the tenant.
func (r *run) dateOf(field string) (from, until time.Time) {
	read := func() (time.Time, bool) {
		if r.cmd.DateOf == nil {
			return zeroTime, false
		}
		return r.cmd.DateOf(field)
	}
	from = r.timeFact(factDate+field, read)
	until = r.timeFact(factEnd+field, func() (time.Time, bool) {
		t, ok := read()
		p := r.f.dates[field]
		return t.In(r.zone()).AddDate(p.years, p.months, p.days), ok
	})
	return from, until
}

// rows tells how many rows a subtable has, when a node works through them.
func (r *run) rows(node, subtable string) int {
	text := r.note(factRows+node, func() string {
		if r.cmd.Rows == nil {
			return "0"
		}
		return strconv.Itoa(r.cmd.Rows(subtable))
	})
	n, _ := strconv.Atoi(text)
	if n > MaxWorkItems {
		r.fail(fault.Newf(fault.Refused, "work.too_many", "node %q would work through %d rows, at most %d are possible", node, n, MaxWorkItems).
			With("node", node).With("rows", n).With("max", MaxWorkItems))
		return 0
	}
	return max(n, 0)
}
