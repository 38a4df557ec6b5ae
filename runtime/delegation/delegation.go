// Package delegation keeps who stands in for whom, for a period and a range of
// forms. A new task of somebody who has a delegate at that time goes to him;
// the delegate's own delegate is never asked.
package delegation

import (
	"slices"
	"strings"
	"time"
)

// Collection holds one document per person who ever delegated, by his id: two
// periods of one person are held against each other by one compare-and-set.
const Collection = "delegations"

// Limits of delegations.
const (
	MaxDays  = 366 // of one period
	MaxForms = 50  // apps and forms of one
	MaxNote  = 500 // characters
	keep     = 100 // per person; the oldest ended ones are forgotten first
)

// States of a delegation.
const (
	Planned = "planned"
	Active  = "active"
	Ended   = "ended"
)

// Delegation says that Delegate stands in for User from From until Until
// (exclusive), in Forms: apps ("cost") and forms ("cost.contract"), none = everywhere.
type Delegation struct {
	ID        string     `json:"id"`
	User      string     `json:"user"`
	Delegate  string     `json:"delegate"`
	From      time.Time  `json:"from"`
	Until     time.Time  `json:"until"`
	Forms     []string   `json:"forms"`
	Note      string     `json:"note"`
	State     string     `json:"state"` // planned, active, ended: at the time it was read
	Rev       int64      `json:"rev"`
	CreatedAt time.Time  `json:"created_at"`
	CreatedBy string     `json:"created_by"`
	EndedAt   *time.Time `json:"ended_at,omitempty"` // ended before its time
}

// at tells the state at a time.
func (d *Delegation) at(now time.Time) string {
	switch {
	case d.EndedAt != nil || !now.Before(d.Until):
		return Ended
	case now.Before(d.From):
		return Planned
	}
	return Active
}

// covers reports whether it is about a form, "app.form".
func (d *Delegation) covers(ref string) bool {
	return len(d.Forms) == 0 || slices.ContainsFunc(d.Forms, func(f string) bool { return within(ref, f) })
}

// within reports whether a range, an app or a form, lies within another.
func within(inner, outer string) bool {
	return inner == outer || strings.HasPrefix(inner, outer+".")
}

// overlaps reports whether somebody would have two delegates at once for the same form.
func (d *Delegation) overlaps(o *Delegation) bool {
	if !d.From.Before(o.Until) || !o.From.Before(d.Until) {
		return false
	}
	if len(d.Forms) == 0 || len(o.Forms) == 0 {
		return true
	}
	for _, a := range d.Forms {
		for _, b := range o.Forms {
			if within(a, b) || within(b, a) {
				return true
			}
		}
	}
	return false
}
