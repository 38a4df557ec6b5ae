package calendar

import (
	"fmt"
	"regexp"
	"sort"
	"time"
	"unicode/utf8"

	"github.com/formwork-run/formwork/internal/fault"
)

// Def is a calendar as it is written down and shown.
type Def struct {
	Key   string `json:"key"`
	Title string `json:"title"`
	Zone  string `json:"zone,omitempty"` // IANA name, "" = the organisation's
	// Week: day (mon … sun) → spans ["09:00", "12:00"], in order; a day that is missing is free. "24:00" is midnight.
	Week     map[string][][2]string `json:"week"`
	Holidays []Holiday              `json:"holidays"`
	Workdays []Workday              `json:"workdays"`
	Rev      int64                  `json:"rev"`
	// Builtin: nobody has saved this calendar yet.
	Builtin bool `json:"builtin,omitempty"`
}

// Holiday is a free day.
type Holiday struct {
	Date  string `json:"date"` // 2006-01-02
	Title string `json:"title,omitempty"`
}

// Workday is a day on which is worked whatever the week says: a shift day (调休).
type Workday struct {
	Date  string `json:"date"`
	Title string `json:"title,omitempty"`
	// Hours are its spans; none = those of the first working day of the week.
	Hours [][2]string `json:"hours,omitempty"`
}

// Limits of a calendar.
const (
	MaxSpans = 6    // of one day
	MaxDates = 2000 // holidays, and shift days
	maxTitle = 100
)

// DefaultKey is the calendar of the organisation, AlwaysKey the one in which every hour counts.
const (
	DefaultKey = "default"
	AlwaysKey  = "always"
)

var (
	keyPattern  = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,39}$`)
	timePattern = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$`)
	dayNames    = [7]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} // by time.Weekday
)

// Builtin is the calendar of an organisation that has saved none: Monday to
// Friday, 09:00–12:00 and 13:00–18:00.
func Builtin() Def {
	d := Def{Key: DefaultKey, Title: "标准工作日历", Week: map[string][][2]string{}, Holidays: []Holiday{}, Workdays: []Workday{}, Builtin: true}
	for _, day := range dayNames[1:6] {
		d.Week[day] = [][2]string{{"09:00", "12:00"}, {"13:00", "18:00"}}
	}
	return d
}

// Parse checks a definition and makes the calendar; zone holds where it names
// none. Everything wrong is told at once, each at its place.
func Parse(d Def, zone *time.Location) (*Calendar, error) {
	p := &parser{c: &Calendar{zone: zone, holidays: map[string]bool{}, workdays: map[string][]Span{}}}
	p.head(d)
	p.week(d.Week)
	p.dates(d)
	if len(p.found) > 0 {
		return nil, fault.New(fault.Invalid, "calendar.invalid", "this calendar cannot be used").At(p.found...)
	}
	return p.c, nil
}

type parser struct {
	c     *Calendar
	found []fault.Field
}

func (p *parser) bad(path, code, format string, args ...any) {
	p.found = append(p.found, fault.Field{Path: path, Code: code, Message: fmt.Sprintf(format, args...)})
}

func (p *parser) head(d Def) {
	if !keyPattern.MatchString(d.Key) || d.Key == AlwaysKey {
		p.bad("/key", "pattern", "a key is lower case letters, digits, - and _, and not %q", AlwaysKey)
	}
	if n := utf8.RuneCountInString(d.Title); n == 0 || n > maxTitle {
		p.bad("/title", "length", "a title has 1 to %d characters", maxTitle)
	}
	if d.Zone == "" {
		return
	}
	zone, err := time.LoadLocation(d.Zone)
	if err != nil || d.Zone == "Local" {
		p.bad("/zone", "unknown", "a time zone such as Asia/Shanghai is needed")
		return
	}
	p.c.zone = zone
}

func (p *parser) week(week map[string][][2]string) {
	known, works := map[string]int{}, false
	for i, name := range dayNames {
		known[name] = i
	}
	names := make([]string, 0, len(week))
	for name := range week {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		day, ok := known[name]
		if !ok {
			p.bad("/week/"+name, "unknown", "a day is mon, tue, wed, thu, fri, sat or sun")
			continue
		}
		p.c.week[day] = p.spans("/week/"+name, week[name])
		works = works || len(week[name]) > 0
	}
	if !works {
		p.bad("/week", "required", "a week has working time")
	}
}

// spans reads the spans of a day: in order, none overlapping.
func (p *parser) spans(path string, l [][2]string) []Span {
	if len(l) > MaxSpans {
		p.bad(path, "max_items", "a day has at most %d spans", MaxSpans)
		return nil
	}
	var out []Span
	for i, s := range l {
		at := fmt.Sprintf("%s/%d", path, i)
		if !timePattern.MatchString(s[0]) || !timePattern.MatchString(s[1]) {
			p.bad(at, "format", "a span is two times such as 09:00 and 12:00")
			continue
		}
		x := Span{minutes(s[0]), minutes(s[1])}
		switch {
		case x.To <= x.From:
			p.bad(at, "order", "a span ends after it begins; work over midnight is two spans, to 24:00 and from 00:00")
		case len(out) > 0 && x.From < out[len(out)-1].To:
			p.bad(at, "overlap", "a span begins after the one before has ended")
		default:
			out = append(out, x)
		}
	}
	return out
}

func minutes(text string) int {
	return int(text[0]-'0')*600 + int(text[1]-'0')*60 + int(text[3]-'0')*10 + int(text[4]-'0')
}

func (p *parser) dates(d Def) {
	if len(d.Holidays) > MaxDates || len(d.Workdays) > MaxDates {
		p.bad("/holidays", "max_items", "a calendar has at most %d holidays and as many shift days", MaxDates)
		return
	}
	for i, h := range d.Holidays {
		if at := fmt.Sprintf("/holidays/%d", i); p.date(at, h.Date, h.Title) {
			p.c.holidays[h.Date] = true
		}
	}
	for i, w := range d.Workdays {
		at := fmt.Sprintf("/workdays/%d", i)
		if !p.date(at, w.Date, w.Title) {
			continue
		}
		if p.c.holidays[w.Date] {
			p.bad(at+"/date", "duplicate", "%s is a holiday already", w.Date)
			continue
		}
		if p.c.workdays[w.Date] = p.spans(at+"/hours", w.Hours); len(w.Hours) == 0 {
			p.c.workdays[w.Date] = p.usual()
		}
	}
}

func (p *parser) date(at, date, title string) bool {
	_, taken := p.c.workdays[date]
	switch _, err := time.Parse(time.DateOnly, date); {
	case err != nil:
		p.bad(at+"/date", "format", "a date such as 2026-10-01 is needed")
	case p.c.holidays[date] || taken:
		p.bad(at+"/date", "duplicate", "%s is there twice", date)
	case utf8.RuneCountInString(title) > maxTitle:
		p.bad(at+"/title", "max_length", "a title has at most %d characters", maxTitle)
	default:
		return true
	}
	return false
}

// usual are the hours of the first working day of the week, from Monday.
func (p *parser) usual() []Span {
	for i := range 7 {
		if s := p.c.week[(i+1)%7]; len(s) > 0 {
			return s
		}
	}
	return nil
}
