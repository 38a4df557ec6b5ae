package pack

import "time"

// When is a moment as data and scenario files write it; the zero value is "now".
type When struct {
	day   time.Time
	isDay bool
}

// IsZero reports whether nothing was written.
func (w When) IsZero() bool { return w.day.IsZero() }

// In gives the moment. A day alone means nine in the morning in the zone.
func (w When) In(zone *time.Location) time.Time {
	if !w.isDay {
		return w.day
	}
	y, m, d := w.day.Date()
	return time.Date(y, m, d, 9, 0, 0, 0, zone)
}
