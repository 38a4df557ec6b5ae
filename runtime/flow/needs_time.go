package flow

import (
	"context"
	"strconv"
	"time"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/calendar"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/schema/catalog"
)

// calendarField is the field by which a record, or one that it points to (its
// project), names its working calendar.
const calendarField = "calendar"

// calendarOf finds the calendar a deadline counts by: the one it names; else
// the one that the record's own field "calendar" names; else that of the first
// record it points to, in the order of the form, that has one; else the
// organisation's.
func (s *Service) calendarOf(ctx context.Context, form *catalog.Form, data map[string]any, named string) (*calendar.Calendar, error) {
	if named != "" {
		return s.t.Calendars.Get(named), nil
	}
	if key := s.namesCalendar(data); key != "" {
		return s.t.Calendars.Get(key), nil
	}
	for _, f := range form.Def.Fields {
		if f.Relation == nil || !s.hasCalendar(f.Relation.Form) {
			continue
		}
		for _, id := range idList(data[f.Key]) {
			other, err := s.records.Load(ctx, f.Relation.Form, id)
			if fault.KindOf(err) == fault.NotFound {
				continue
			}
			if err != nil {
				return nil, err
			}
			if key := s.namesCalendar(other.Data()); key != "" {
				return s.t.Calendars.Get(key), nil
			}
		}
	}
	return s.t.Calendars.Get(""), nil
}

// namesCalendar is the key of the calendar that a record's field names, "" when it names none that is there.
func (s *Service) namesCalendar(data map[string]any) string {
	key, _ := data[calendarField].(string)
	if key == "" || !s.t.Calendars.Has(key) {
		return ""
	}
	return key
}

// hasCalendar reports whether records of a form can name a calendar: else none is read for it.
func (s *Service) hasCalendar(ref string) bool {
	f, err := s.t.Form(ref)
	return err == nil && f.Def.Field(calendarField) != nil
}

func (s *Service) due(ctx context.Context, c *record.Change, n engine.Need) ([]string, error) {
	cal, err := s.calendarOf(ctx, c.Form, c.Values(), n.Calendar)
	if err != nil {
		return nil, err
	}
	at, ok := cal.Due(n.From, n.Minutes)
	if n.Days != 0 {
		at, ok = cal.DueDays(n.From, n.Days)
	}
	if !ok {
		return nil, nil // a calendar without so much time: there is no deadline
	}
	return []string{at.Truncate(time.Millisecond).Format(time.RFC3339Nano)}, nil
}

func (s *Service) left(ctx context.Context, c *record.Change, n engine.Need) ([]string, error) {
	cal, err := s.calendarOf(ctx, c.Form, c.Values(), n.Calendar)
	if err != nil {
		return nil, err
	}
	return []string{strconv.Itoa(cal.Left(n.From, n.Until))}, nil
}

// Left implements task.Clockwork: the working minutes until a visit of a node is due, 0 when it is overdue.
func (s *Service) Left(ctx context.Context, rec *record.Record, node string, due time.Time) (int, error) {
	named := ""
	if n := rec.Form.Flow.Def.Node(node); n != nil && n.Deadline != nil {
		named = n.Deadline.Calendar
	}
	cal, err := s.calendarOf(ctx, rec.Form, rec.Data(), named)
	if err != nil {
		return 0, err
	}
	return cal.Left(s.t.Clock.Now(), due), nil
}

// dates gives the first moment of what a date field of the record holds: of a
// day its midnight in the organisation's zone.
func (s *Service) dates(c *record.Change) func(string) (time.Time, bool) {
	return func(path string) (time.Time, bool) {
		switch v := c.Values()[path].(type) {
		case time.Time:
			return v, true
		case string:
			for _, layout := range []string{time.DateOnly, "2006-01", "2006"} {
				if t, err := time.ParseInLocation(layout, v, s.t.Settings().Zone); err == nil {
					return t.UTC(), true
				}
			}
		}
		return time.Time{}, false
	}
}
