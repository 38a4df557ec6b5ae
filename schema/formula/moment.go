package formula

import (
	"strings"
	"time"
)

const dayLayout = "2006-01-02"

// precision tells what a moment was written as.
type precision uint8

const (
	exact precision = iota // an instant
	toYear
	toMonth
	toDay
	clock // a time of day
)

var layouts = [...]string{exact: dayLayout, toYear: "2006", toMonth: "2006-01", toDay: dayLayout, clock: "15:04:05"}

// moment is an argument of a date function: the wall clock (carried in UTC)
// and, for an instant, the instant.
type moment struct {
	wall time.Time
	inst time.Time
	prec precision
}

// moment reads an instant or a Date text, with times also a Time text; a text that is none is blank.
func (r *run) moment(v any, times bool) (any, bool) {
	switch x := v.(type) {
	case time.Time:
		return moment{wall: wallOf(x, r.zone), inst: x}, true
	case string:
		if m, ok := parseDate(x); ok {
			return m, true
		}
		if wall, ok := parseTime(x); ok && times {
			return moment{wall: wall, prec: clock}, true
		}
		return nil, false
	}
	r.fail("type", "a date is wanted, not %s", kindOf(v))
	return nil, false
}

func wallOf(t time.Time, zone *time.Location) time.Time {
	l := t.In(zone)
	return time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), l.Second(), l.Nanosecond(), time.UTC)
}

// instant is the moment as an instant: its first one if it is a day, a month or a year.
func (r *run) instant(m moment) time.Time {
	if m.prec == exact {
		return m.inst
	}
	return r.fromWall(m.wall)
}

// fromWall finds the instant of a local time: of a repeated hour the earlier
// one; a skipped hour moves forward.
func (r *run) fromWall(wall time.Time) time.Time {
	sec := wall.Unix()
	before, after := r.offset(sec-86400), r.offset(sec+86400)
	at := sec - before
	if r.offset(at) != before && r.offset(sec-after) == after {
		at = sec - after
	}
	return time.Unix(at, int64(wall.Nanosecond())).UTC()
}

func (r *run) offset(sec int64) int64 {
	_, o := time.Unix(sec, 0).In(r.zone).Zone()
	return int64(o)
}

// date writes a wall clock as a Date text; years beyond 1…9999 are blank.
func dateText(wall time.Time, p precision) any {
	if wall.Year() < 1 || wall.Year() > 9999 {
		return nil
	}
	return wall.Format(layouts[p])
}

func dayOf(wall time.Time) time.Time { return wall.Truncate(24 * time.Hour) }

// days counts calendar days from a to b.
func days(a, b time.Time) int64 { return (dayOf(b).Unix() - dayOf(a).Unix()) / 86400 }

func ymd(year, month, day int) time.Time {
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
}

func lastDay(year, month int) int { return ymd(year, month+1, 0).Day() }

// addMonths keeps the day or takes the last one of the month; ok is false beyond the years 1…9999.
func addMonths(wall time.Time, n int64) (time.Time, bool) {
	total := int64(wall.Year())*12 + int64(wall.Month()) - 1 + n
	if total < 12 || total >= 10000*12 {
		return wall, false
	}
	year, month := int(total/12), int(total%12)+1
	day := min(wall.Day(), lastDay(year, month))
	return ymd(year, month, day).Add(wall.Sub(dayOf(wall))), true
}

// parseDate reads 2024, 2024-03 and 2024-03-05, nothing else.
func parseDate(s string) (moment, bool) {
	p := toYear
	switch len(s) {
	case 4:
	case 7:
		p = toMonth
	case 10:
		p = toDay
	default:
		return moment{}, false
	}
	for i := range len(s) {
		if i == 4 || i == 7 {
			if s[i] != '-' {
				return moment{}, false
			}
		} else if s[i] < '0' || s[i] > '9' {
			return moment{}, false
		}
	}
	year, month, day := atoi(s[:4]), 1, 1
	if p >= toMonth {
		month = atoi(s[5:7])
	}
	if p == toDay {
		day = atoi(s[8:10])
	}
	if year < 1 || month < 1 || month > 12 || day < 1 || day > lastDay(year, month) {
		return moment{}, false
	}
	return moment{wall: ymd(year, month, day), prec: p}, true
}

func validDate(s string) bool {
	_, ok := parseDate(s)
	return ok
}

// parseTime reads 15:04 and 15:04:05.
func parseTime(s string) (time.Time, bool) {
	if (len(s) != 5 && len(s) != 8) || s[2] != ':' {
		return time.Time{}, false
	}
	layout := "15:04"
	if len(s) == 8 {
		layout = "15:04:05"
	}
	t, err := time.Parse(layout, s)
	if err != nil {
		return time.Time{}, false
	}
	return time.Date(1, 1, 1, t.Hour(), t.Minute(), t.Second(), 0, time.UTC), true
}

func validTime(s string) bool {
	_, ok := parseTime(s)
	return ok
}

// atoi reads digits; anything else ends it.
func atoi(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' || n > 1e8 {
			break
		}
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// unit is a date unit by any of its names.
func unit(name string) (string, bool) {
	n := strings.ToLower(name)
	if len(n) > 3 {
		n = strings.TrimSuffix(n, "s")
	}
	u, ok := units[n]
	return u, ok
}

var units = map[string]string{
	"year": "year", "y": "year", "年": "year", "quarter": "quarter", "q": "quarter", "季": "quarter", "季度": "quarter",
	"month": "month", "m": "month", "月": "month", "week": "week", "w": "week", "周": "week",
	"day": "day", "d": "day", "日": "day", "天": "day", "hour": "hour", "h": "hour", "时": "hour", "小时": "hour",
	"minute": "minute", "min": "minute", "分": "minute", "分钟": "minute", "second": "second", "s": "second", "秒": "second",
}

var unitMonths = map[string]int64{"month": 1, "quarter": 3, "year": 12}

var unitSeconds = map[string]int64{"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 7 * 86400}

// add is DATEADD: the result has the kind and precision of m.
func (r *run) add(m moment, u string, n int64) any {
	if months := unitMonths[u]; months > 0 {
		wall, ok := addMonths(m.wall, n*months)
		if !ok {
			return nil
		}
		return r.at(m, wall)
	}
	secs := unitSeconds[u] * n
	if m.prec == exact && unitSeconds[u] < 86400 {
		return inYears(time.Unix(m.inst.Unix()+secs, int64(m.inst.Nanosecond())).UTC())
	}
	return r.at(m, time.Unix(m.wall.Unix()+secs, int64(m.wall.Nanosecond())).UTC())
}

// at gives a wall clock the kind and precision of m.
func (r *run) at(m moment, wall time.Time) any {
	if wall.Year() < 1 || wall.Year() > 9999 {
		return nil
	}
	if m.prec == exact {
		return r.fromWall(wall)
	}
	return dateText(wall, m.prec)
}

func inYears(t time.Time) any {
	if t.Year() < 1 || t.Year() > 9999 {
		return nil
	}
	return t
}
