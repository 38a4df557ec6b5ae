package calendar

import "time"

// Span is a part of a day in minutes after midnight, wall time; To may be 1440,
// the midnight that ends the day. Where the clock is put forward within a span
// it is as much shorter, where it is put back as much longer.
type Span struct{ From, To int }

// Calendar says when people work. The zero Calendar has no working time; one
// from Parse or Always has. It is immutable and safe for concurrent use.
type Calendar struct {
	zone     *time.Location
	week     [7][]Span         // by time.Weekday
	holidays map[string]bool   // free days, "2006-01-02"
	workdays map[string][]Span // shift days; they win over holidays and the week
}

// maxDays bounds how far a count walks: thirty years.
const maxDays = 30 * 366

// Always is the calendar in which every hour counts; its days are those of a zone.
func Always(zone *time.Location) *Calendar {
	c := &Calendar{zone: zone}
	for i := range c.week {
		c.week[i] = []Span{{0, 24 * 60}}
	}
	return c
}

// Zone is the zone its days are in.
func (c *Calendar) Zone() *time.Location { return c.zone }

// Works reports whether a day, "2006-01-02", has working time. known is false
// when only the week pattern says so.
func (c *Calendar) Works(day string) (work, known bool) {
	if spans, ok := c.workdays[day]; ok {
		return len(spans) > 0, true
	}
	if c.holidays[day] {
		return false, true
	}
	t, err := time.Parse(time.DateOnly, day)
	return err == nil && len(c.week[t.Weekday()]) > 0, false
}

// period is a stretch of working time between two instants; to is not part of it.
type period struct{ from, to time.Time }

// on lists the working time of the day that begins at a midnight.
func (c *Calendar) on(day time.Time) []period {
	key := day.Format(time.DateOnly)
	spans, shift := c.workdays[key]
	if !shift {
		if c.holidays[key] {
			return nil
		}
		spans = c.week[day.Weekday()]
	}
	out := make([]period, 0, len(spans))
	y, m, d := day.Date()
	for _, s := range spans {
		p := period{time.Date(y, m, d, 0, s.From, 0, 0, c.zone), time.Date(y, m, d, 0, s.To, 0, 0, c.zone)}
		if p.from.Before(p.to) { // a span within the hour that is left out is none
			out = append(out, p)
		}
	}
	return out
}

func (c *Calendar) dayOf(t time.Time) time.Time { return c.day(t, 0) }

// day is the midnight n days after the day of an instant. (It is counted by
// date: a day may have 23 or 25 hours.)
func (c *Calendar) day(t time.Time, n int) time.Time {
	y, m, d := t.In(c.zone).Date()
	return time.Date(y, m, d+n, 0, 0, 0, 0, c.zone)
}

// Due is the first instant at which so many minutes of working time lie
// between it and from. With negative minutes it is the last instant before
// from at which that many lay between it and from; with none it is from. ok is
// false when the calendar has not that much time within thirty years.
func (c *Calendar) Due(from time.Time, minutes int) (due time.Time, ok bool) {
	switch {
	case minutes > 0:
		return c.forward(from, time.Duration(minutes)*time.Minute)
	case minutes < 0:
		return c.backward(from, -time.Duration(minutes)*time.Minute)
	}
	return from.UTC(), true
}

func (c *Calendar) forward(from time.Time, left time.Duration) (time.Time, bool) {
	for i := range maxDays {
		for _, p := range c.on(c.day(from, i)) {
			if p.from.Before(from) {
				p.from = from
			}
			if have := p.to.Sub(p.from); have >= left {
				return p.from.Add(left).UTC(), true
			} else if have > 0 {
				left -= have
			}
		}
	}
	return time.Time{}, false
}

func (c *Calendar) backward(from time.Time, left time.Duration) (time.Time, bool) {
	for i := range maxDays {
		periods := c.on(c.day(from, -i))
		for j := len(periods) - 1; j >= 0; j-- {
			p := periods[j]
			if p.to.After(from) {
				p.to = from
			}
			if have := p.to.Sub(p.from); have >= left {
				return p.to.Add(-left).UTC(), true
			} else if have > 0 {
				left -= have
			}
		}
	}
	return time.Time{}, false
}

// DueDays is when so many working days from an instant are over: the same time
// of day on the n-th working day after it, moved into that day's working time.
// What comes outside of working time counts as come when work next begins. ok
// as for Due.
func (c *Calendar) DueDays(from time.Time, days int) (due time.Time, ok bool) {
	if days <= 0 {
		return from.UTC(), true
	}
	start, ok := c.next(from)
	if !ok {
		return time.Time{}, false
	}
	h, m, s := start.In(c.zone).Clock()
	for i := 1; i < maxDays; i++ {
		day := c.day(start, i)
		periods := c.on(day)
		if len(periods) == 0 {
			continue
		}
		if days--; days == 0 {
			y, mo, d := day.Date()
			return within(periods, time.Date(y, mo, d, h, m, s, start.Nanosecond(), c.zone)).UTC(), true
		}
	}
	return time.Time{}, false
}

// next is the instant itself when it is in working time, else the next one that is.
func (c *Calendar) next(from time.Time) (time.Time, bool) {
	for i := range maxDays {
		for _, p := range c.on(c.day(from, i)) {
			if from.Before(p.from) {
				return p.from, true
			}
			if from.Before(p.to) {
				return from, true
			}
		}
	}
	return time.Time{}, false
}

// within moves an instant of a day into its working time: forward to the next
// span, or back to the end of the last.
func within(periods []period, t time.Time) time.Time {
	for _, p := range periods {
		if t.Before(p.from) {
			return p.from
		}
		if !t.After(p.to) {
			return t
		}
	}
	return periods[len(periods)-1].to
}

// Left is how many whole minutes of working time lie between two instants, 0
// when until is not after from.
func (c *Calendar) Left(from, until time.Time) int {
	var sum time.Duration
	last := c.dayOf(until)
	for i := 0; i < maxDays && from.Before(until); i++ {
		day := c.day(from, i)
		if day.After(last) {
			break
		}
		for _, p := range c.on(day) {
			sum += overlap(p, from, until)
		}
	}
	return int(sum / time.Minute)
}

func overlap(p period, from, until time.Time) time.Duration {
	if p.from.Before(from) {
		p.from = from
	}
	if p.to.After(until) {
		p.to = until
	}
	return max(0, p.to.Sub(p.from))
}

// EndOf is the end of the day of a date, "2006-01-02": the midnight that follows.
func (c *Calendar) EndOf(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day+1, 0, 0, 0, 0, c.zone).UTC()
}
