package schema

import (
	"slices"
	"strconv"
)

// deadline checks when a node should be decided, and what happens then.
func (c *flowCheck) deadline(d *Deadline, at string) {
	c.oneTime(at, "deadline_one", d.Hours, d.Days, d.Field != "")
	c.calendar(d.Calendar, at)
	if d.Then == "" {
		c.add(at+"/then", "required", "say what happens then")
	}
	c.word(at+"/then", d.Then, DeadlineRemind, DeadlineEscalate, DeadlineTransfer, DeadlineApprove, DeadlineReturn)
	c.people(d.To, at+"/to")
	if len(d.To) > 0 && d.Then != DeadlineEscalate && d.Then != DeadlineTransfer {
		c.add(at+"/to", "not_here", "people are named only with then: escalate or transfer")
	}
	c.reminders(d, at)
}

// reminders checks the reminders before the deadline and after it.
func (c *flowCheck) reminders(d *Deadline, at string) {
	if len(d.Before) > MaxReminders {
		c.add(at+"/before", "too_many", "at most "+strconv.Itoa(MaxReminders)+" reminders", "max", MaxReminders)
	}
	for i, h := range d.Before {
		place := at + "/before/" + strconv.Itoa(i)
		switch {
		case h < 1 || h > MaxDeadlineHours || d.Hours > 0 && h >= d.Hours:
			c.add(place, "range", "hours before the deadline, after the arrival", "min", 1, "max", max(d.Hours-1, 1))
		case slices.Index(d.Before, h) < i:
			c.add(place, "duplicate", strconv.Itoa(h)+" is listed twice")
		}
	}
	switch {
	case d.Every < 0 || d.Every > MaxDeadlineHours:
		c.add(at+"/every", "range", "from 0 to "+strconv.Itoa(MaxDeadlineHours)+" hours", "min", 0, "max", MaxDeadlineHours)
	case d.Every > 0 && (d.Then == DeadlineTransfer || d.Then == DeadlineReturn):
		c.add(at+"/every", "not_here", "then: "+d.Then+" leaves nobody to be reminded")
	}
}

// oneTime checks that exactly one way to name a time is used, within its range.
func (c *flowCheck) oneTime(at, code string, hours, days int, others ...bool) {
	set := 0
	for _, is := range append(others, hours != 0, days != 0) {
		if is {
			set++
		}
	}
	switch {
	case set != 1:
		c.add(at, code, "name exactly one of the ways to give a time: hours, days, field"+map[bool]string{true: ", until"}[len(others) > 1])
	case hours < 0 || hours > MaxDeadlineHours:
		c.add(at+"/hours", "range", "from 1 to "+strconv.Itoa(MaxDeadlineHours)+" hours", "min", 1, "max", MaxDeadlineHours)
	case days < 0 || days > MaxDeadlineDays:
		c.add(at+"/days", "range", "from 1 to "+strconv.Itoa(MaxDeadlineDays)+" days", "min", 1, "max", MaxDeadlineDays)
	}
}

func (c *flowCheck) calendar(key, at string) {
	if key != "" && !keyPattern.MatchString(key) {
		c.add(at+"/calendar", "key", strconv.Quote(key)+" is not the key of a calendar", "key", key)
	}
}
