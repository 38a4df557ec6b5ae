package calendar_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/calendar"
)

// site is a calendar with a lunch break, a Saturday morning, National Day and
// its shift days, as they are announced each year.
func site() calendar.Def {
	d := calendar.Builtin()
	d.Title = "工地"
	d.Week["sat"] = [][2]string{{"08:00", "12:00"}}
	d.Holidays = []calendar.Holiday{{Date: "2025-01-01", Title: "元旦"}}
	for _, day := range []string{"2024-10-01", "2024-10-02", "2024-10-03", "2024-10-04", "2024-10-05", "2024-10-07"} {
		d.Holidays = append(d.Holidays, calendar.Holiday{Date: day, Title: "国庆节"})
	}
	d.Workdays = []calendar.Workday{{Date: "2024-09-29", Title: "国庆调休"}, {Date: "2024-10-12", Hours: [][2]string{{"09:00", "12:00"}}}}
	return d
}

func parse(t *testing.T, d calendar.Def, zone string) *calendar.Calendar {
	t.Helper()
	z, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	c, err := calendar.Parse(d, z)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func at(t *testing.T, zone, text string) time.Time {
	t.Helper()
	z, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	v, err := time.ParseInLocation("2006-01-02 15:04", text, z)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestDue(t *testing.T) {
	t.Parallel()
	const sh, berlin = "Asia/Shanghai", "Europe/Berlin"
	night := calendar.Builtin()
	night.Week = map[string][][2]string{"sat": {{"22:00", "24:00"}}, "sun": {{"00:00", "06:00"}}}
	cases := []struct {
		name, zone string
		def        calendar.Def
		from       string
		minutes    int
		want       string
	}{
		{"within a span", sh, site(), "2024-05-14 09:30", 60, "2024-05-14 10:30"},
		{"over lunch", sh, site(), "2024-05-14 11:30", 60, "2024-05-14 13:30"},
		{"ends with the span", sh, site(), "2024-05-14 17:00", 60, "2024-05-14 18:00"},
		{"over the night", sh, site(), "2024-05-14 17:30", 60, "2024-05-15 09:30"},
		{"eight hours are a day", sh, site(), "2024-05-14 10:00", 480, "2024-05-15 10:00"},
		{"from lunch", sh, site(), "2024-05-14 12:20", 30, "2024-05-14 13:30"},
		{"from Friday evening to Saturday", sh, site(), "2024-05-17 18:00", 30, "2024-05-18 08:30"},
		{"over holidays, with a shift Sunday before", sh, site(), "2024-09-29 17:00", 60 + 480 + 60, "2024-10-08 10:00"},
		{"a short shift day", sh, site(), "2024-10-11 17:00", 60 + 180 + 30, "2024-10-14 09:30"},
		{"over the year", sh, site(), "2024-12-31 17:30", 60, "2025-01-02 09:30"},
		{"nothing", sh, site(), "2024-12-31 23:30", 0, "2024-12-31 23:30"},
		{"back within a span", sh, site(), "2024-05-14 10:30", -60, "2024-05-14 09:30"},
		{"back over the night", sh, site(), "2024-05-15 09:30", -60, "2024-05-14 17:30"},
		{"back from the middle of the night", sh, site(), "2024-05-15 03:00", -60, "2024-05-14 17:00"},
		{"the clock is put forward at night: office hours as ever", berlin, calendar.Builtin(), "2024-03-29 17:00", 120, "2024-04-01 10:00"},
		{"the night in which an hour is left out", berlin, night, "2024-03-30 22:00", 8 * 60, "2024-04-06 23:00"},
		{"the night that has an hour twice", berlin, night, "2024-10-26 22:00", 8 * 60, "2024-10-27 05:00"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, ok := parse(t, c.def, c.zone).Due(at(t, c.zone, c.from), c.minutes)
			if want := at(t, c.zone, c.want); !ok || !got.Equal(want) {
				t.Errorf("due %s (%v), want %s", got.In(want.Location()), ok, want)
			}
		})
	}
}

func TestDueDays(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, zone, from string
		days             int
		want             string
	}{
		{"the next day at the same time", "Asia/Shanghai", "2024-05-14 10:00", 1, "2024-05-15 10:00"},
		{"Friday afternoon ends with the short Saturday", "Asia/Shanghai", "2024-05-17 15:00", 1, "2024-05-18 12:00"},
		{"Sunday counts from Monday morning", "Asia/Shanghai", "2024-05-19 15:00", 1, "2024-05-21 09:00"},
		{"over National Day", "Asia/Shanghai", "2024-09-30 10:00", 2, "2024-10-09 10:00"},
		{"over the year", "Asia/Shanghai", "2024-12-31 10:00", 1, "2025-01-02 10:00"},
		{"over the change of the clock", "Europe/Berlin", "2024-03-29 10:00", 2, "2024-04-01 10:00"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, ok := parse(t, site(), c.zone).DueDays(at(t, c.zone, c.from), c.days)
			if want := at(t, c.zone, c.want); !ok || !got.Equal(want) {
				t.Errorf("due %s (%v), want %s", got.In(want.Location()), ok, want)
			}
		})
	}
}

// What is due after the minutes that are left is due when it was.
func TestDueOfLeftIsTheSame(t *testing.T) {
	t.Parallel()
	zones := []string{"Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"}
	calendars := map[string][]*calendar.Calendar{}
	for _, z := range zones {
		loc, err := time.LoadLocation(z)
		if err != nil {
			t.Fatal(err)
		}
		calendars[z] = []*calendar.Calendar{parse(t, site(), z), parse(t, calendar.Builtin(), z), calendar.Always(loc)}
	}
	start := time.Date(2023, 12, 1, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(calendars[rapid.SampledFrom(zones).Draw(t, "zone")]).Draw(t, "calendar")
		a := start.Add(time.Duration(rapid.IntRange(0, 500*24*3600).Draw(t, "seconds")) * time.Second)
		m := rapid.IntRange(1, 30*480).Draw(t, "minutes")
		b, ok := c.Due(a, m)
		if !ok {
			t.Fatalf("never due: %s + %d", a, m)
		}
		if left := c.Left(a, b); left != m {
			t.Fatalf("left(%s, %s) = %d, want %d", a, b, left, m)
		}
		if again, _ := c.Due(a, c.Left(a, b)); !again.Equal(b) {
			t.Fatalf("due(left) = %s, want %s", again, b)
		}
		back, _ := c.Due(b, -m)
		if left := c.Left(back, b); left != m {
			t.Fatalf("back from %s by %d: %s, from where %d are left", b, m, back, left)
		}
	})
}

// Time left adds up: what lies before and after a moment is the whole.
func TestLeftAddsUp(t *testing.T) {
	t.Parallel()
	c := parse(t, site(), "Europe/Berlin")
	start := time.Date(2024, 9, 1, 0, 0, 0, 0, time.UTC)
	minute := func(t *rapid.T, name string) time.Time {
		return start.Add(time.Duration(rapid.IntRange(0, 120*24*60).Draw(t, name)) * time.Minute)
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b, d := minute(t, "a"), minute(t, "b"), minute(t, "d")
		if a.After(b) || b.After(d) {
			t.Skip("not in order")
		}
		if got, want := c.Left(a, b)+c.Left(b, d), c.Left(a, d); got != want {
			t.Fatalf("%d, want %d", got, want)
		}
		if a.Before(b) && c.Left(b, a) != 0 {
			t.Fatal("time is left backwards")
		}
	})
}

func TestWorks(t *testing.T) {
	t.Parallel()
	c := parse(t, site(), "Asia/Shanghai")
	for day, want := range map[string][2]bool{"2024-10-01": {false, true}, "2024-09-29": {true, true}, "2024-05-14": {true, false}, "2024-05-19": {false, false}} {
		if work, known := c.Works(day); work != want[0] || known != want[1] {
			t.Errorf("%s: work %v known %v, want %v", day, work, known, want)
		}
	}
}

func TestParseSaysWhatIsWrongWhere(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		edit func(*calendar.Def)
		want string
	}{
		{"key", func(d *calendar.Def) { d.Key = "Ä" }, "/key pattern"},
		{"reserved key", func(d *calendar.Def) { d.Key = "always" }, "/key pattern"},
		{"title", func(d *calendar.Def) { d.Title = "" }, "/title length"},
		{"zone", func(d *calendar.Def) { d.Zone = "Mars/Base" }, "/zone unknown"},
		{"day", func(d *calendar.Def) { d.Week["someday"] = nil }, "/week/someday unknown"},
		{"no time", func(d *calendar.Def) { d.Week = nil }, "/week required"},
		{"time", func(d *calendar.Def) { d.Week["mon"] = [][2]string{{"9:00", "12:00"}} }, "/week/mon/0 format"},
		{"too late", func(d *calendar.Def) { d.Week["mon"] = [][2]string{{"09:00", "24:01"}} }, "/week/mon/0 format"},
		{"backwards", func(d *calendar.Def) { d.Week["mon"] = [][2]string{{"22:00", "06:00"}} }, "/week/mon/0 order"},
		{"overlap", func(d *calendar.Def) { d.Week["mon"] = [][2]string{{"09:00", "12:00"}, {"11:00", "13:00"}} }, "/week/mon/1 overlap"},
		{"spans", func(d *calendar.Def) { d.Week["mon"] = make([][2]string, 7) }, "/week/mon max_items"},
		{"date", func(d *calendar.Def) { d.Holidays = []calendar.Holiday{{Date: "2024-02-30"}} }, "/holidays/0/date format"},
		{"twice", func(d *calendar.Def) { d.Holidays = append(d.Holidays, d.Holidays[0]) }, "/holidays/7/date duplicate"},
		{"both", func(d *calendar.Def) { d.Workdays = []calendar.Workday{{Date: "2024-10-01"}} }, "/workdays/0/date duplicate"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := site()
			d.Key = "site"
			c.edit(&d)
			_, err := calendar.Parse(d, time.UTC)
			var e *fault.Error
			if !errors.As(err, &e) || len(e.Fields) == 0 {
				t.Fatalf("got %v", err)
			}
			if diff := cmp.Diff(c.want, e.Fields[0].Path+" "+e.Fields[0].Code); diff != "" {
				t.Error(diff)
			}
		})
	}
}
