package formula

import (
	"strings"
	"time"

	"github.com/formwork-run/formwork/internal/decimal"
)

var dateFunctions = []entry{
	{sig: "NOW() datetime", also: "SYSTIME", zh: "现在的日期时间", en: "The present date and time", example: `YEAR(NOW())`, result: `"2024"`, volatile: true, run: func(r *run, _ []any) any { return r.now() }},
	{sig: "TODAY() date", zh: "今天", en: "Today", example: `TODAY()`, result: `"2024-03-15"`, volatile: true, run: func(r *run, _ []any) any { return dateText(wallOf(r.now(), r.zone), toDay) }},
	{sig: "DATE(x any, month int?, day int?) date", zh: "由年、月、日得到日期；只给一个值时取它的日期", en: "A date from year, month and day, or the day of one value", example: `DATE(2024, 2, 29)`, result: `"2024-02-29"`, run: dateOf},
	{sig: "STRINGTODATE(t text) date", zh: "把文本读成日期", en: "Reads a date out of a text", example: `STRINGTODATE("2024年1月5日")`, result: `"2024-01-05"`, run: func(_ *run, a []any) any { return readDate(str(a, 0)) }},
	{sig: "DATETIME(d date, t time?) datetime", zh: "由日期和时间得到日期时间", en: "The instant of a day at a time", example: `DATETIME(day, "09:30")`, result: `"2024-01-31T01:30:00Z"`, run: dateTime},
	{sig: "TIME(h int, m int, s int) time", zh: "由时、分、秒得到时间", en: "A time of day", example: `TIME(9, 5, 0)`, result: `"09:05:00"`, run: timeOf},
	{sig: "TIMESTAMP(d date) number", zh: "自 1970 年起的毫秒数", en: "Milliseconds since 1970", example: `TIMESTAMP(day)`, result: `"1706630400000"`, run: func(r *run, a []any) any { return decimal.FromInt(r.instant(day(a, 0)).UnixMilli()) }},
	{sig: "FROMUNIXTIME(n number) datetime", zh: "由自 1970 年起的秒数得到日期时间", en: "The instant of seconds since 1970", example: `FROMUNIXTIME(0)`, result: `"1970-01-01T00:00:00Z"`, run: fromUnix},
	{sig: "YEAR(d date) number", zh: "年", en: "Year", example: `YEAR(day)`, result: `"2024"`, run: part(func(t time.Time) int { return t.Year() })},
	{sig: "MONTH(d date) number", zh: "月", en: "Month", example: `MONTH(day)`, result: `"1"`, run: part(func(t time.Time) int { return int(t.Month()) })},
	{sig: "DAY(d date) number", zh: "日", en: "Day of the month", example: `DAY(day)`, result: `"31"`, run: part(func(t time.Time) int { return t.Day() })},
	{sig: "HOUR(d moment) number", zh: "时", en: "Hour", example: `HOUR("09:30")`, result: `"9"`, run: part(func(t time.Time) int { return t.Hour() })},
	{sig: "MINUTE(d moment) number", zh: "分", en: "Minute", example: `MINUTE("09:30")`, result: `"30"`, run: part(func(t time.Time) int { return t.Minute() })},
	{sig: "SECOND(d moment) number", zh: "秒", en: "Second", example: `SECOND("09:30:15")`, result: `"15"`, run: part(func(t time.Time) int { return t.Second() })},
	{sig: "QUARTER(d date, start int?) number", zh: "季度，可给财年的首月", en: "Quarter, of a fiscal year that begins in a month", example: `QUARTER(day)`, result: `"1"`, run: quarter},
	{sig: "WEEKDAY(d date, type int?) number", zh: "星期几：1 从周日起，2 从周一起，3 周一为 0", en: "Day of the week: 1 from Sunday, 2 from Monday, 3 Monday is 0", example: `WEEKDAY(day, 2)`, result: `"3"`, run: weekday},
	{sig: "WEEKNUM(d date, type int?) number", zh: "一年中的第几周", en: "Week of the year", example: `WEEKNUM(day)`, result: `"5"`, run: weekNum},
	{sig: "ISOWEEKNUM(d date) number", zh: "ISO 周数", en: "ISO week", example: `ISOWEEKNUM(day)`, result: `"5"`, run: part(func(t time.Time) int { _, w := t.ISOWeek(); return w })},
	{sig: "DATEADD(d date, unit text, n int) same", zh: "加上若干年、季、月、周、天、时、分、秒", en: "Adds years, quarters, months, weeks, days, hours, minutes or seconds", example: `DATEADD(day, "month", 1)`, result: `"2024-02-29"`, run: dateAdd},
	{sig: "DATEDELTA(d date, n int) same", zh: "加上若干天", en: "Adds days", example: `DATEDELTA(day, 1)`, result: `"2024-02-01"`, run: func(r *run, a []any) any { return r.add(day(a, 0), "day", int64(a[1].(int))) }},
	{sig: "EDATE(d date, n int) same", zh: "加上若干月", en: "Adds months", example: `EDATE(day, 1)`, result: `"2024-02-29"`, run: func(r *run, a []any) any { return r.add(day(a, 0), "month", int64(a[1].(int))) }},
	{sig: "EOMONTH(d date, n int?) date", zh: "若干月之后的月末", en: "The last day of the month n months later", example: `EOMONTH(day, 1)`, result: `"2024-02-29"`, run: endOfMonth},
	{sig: "MONTHBEGIN(d date) date", zh: "月初", en: "First day of the month", example: `MONTHBEGIN(day)`, result: `"2024-01-01"`, run: border(func(t time.Time) time.Time { return ymd(t.Year(), int(t.Month()), 1) })},
	{sig: "MONTHEND(d date) date", zh: "月末", en: "Last day of the month", example: `MONTHEND(day)`, result: `"2024-01-31"`, run: border(func(t time.Time) time.Time { return ymd(t.Year(), int(t.Month())+1, 0) })},
	{sig: "YEARBEGIN(d date) date", zh: "年初", en: "First day of the year", example: `YEARBEGIN(day)`, result: `"2024-01-01"`, run: border(func(t time.Time) time.Time { return ymd(t.Year(), 1, 1) })},
	{sig: "YEAREND(d date) date", zh: "年末", en: "Last day of the year", example: `YEAREND(day)`, result: `"2024-12-31"`, run: border(func(t time.Time) time.Time { return ymd(t.Year(), 12, 31) })},
	{sig: "WEEKBEGIN(d date) date", zh: "本周一", en: "Monday of the week", example: `WEEKBEGIN(day)`, result: `"2024-01-29"`, run: border(func(t time.Time) time.Time { return dayOf(t).AddDate(0, 0, -mondayBased(t)) })},
	{sig: "WEEKEND(d date) date", zh: "本周日", en: "Sunday of the week", example: `WEEKEND(day)`, result: `"2024-02-04"`, run: border(func(t time.Time) time.Time { return dayOf(t).AddDate(0, 0, 6-mondayBased(t)) })},
	{sig: "DAYBEGIN(d date) datetime", zh: "当天 0 点", en: "The beginning of the day", example: `DAYBEGIN(day)`, result: `"2024-01-30T16:00:00Z"`, run: func(r *run, a []any) any { return r.fromWall(dayOf(day(a, 0).wall)) }},
	{sig: "DAYEND(d date) datetime", zh: "当天最后一刻", en: "The end of the day", example: `DAYEND(day)`, result: `"2024-01-31T15:59:59.999Z"`, run: func(r *run, a []any) any {
		return r.fromWall(dayOf(day(a, 0).wall).Add(24*time.Hour - time.Millisecond))
	}},
	{sig: "DAYSINMONTH(d date) number", zh: "当月的天数", en: "Days of the month", example: `DAYSINMONTH(day)`, result: `"31"`, run: part(func(t time.Time) int { return lastDay(t.Year(), int(t.Month())) })},
	{sig: "DATEFORMAT(d moment, format text?) text", zh: "按格式把日期变成文本", en: "A date as text, by a format", example: `DATEFORMAT(day, "yyyy年M月d日")`, result: `"2024年1月31日"`, run: func(r *run, a []any) any { return r.string(formatDate(day(a, 0).wall, strOr(a, 1, "yyyy-MM-dd"))) }},
}

func part(f func(time.Time) int) func(r *run, a []any) any {
	return func(_ *run, a []any) any { return decimal.FromInt(int64(f(day(a, 0).wall))) }
}

func border(f func(time.Time) time.Time) func(r *run, a []any) any {
	return func(_ *run, a []any) any { return dateText(f(day(a, 0).wall), toDay) }
}

func mondayBased(t time.Time) int { return (int(t.Weekday()) + 6) % 7 }

func dateOf(r *run, a []any) any {
	if a[1] == nil && a[2] == nil {
		return r.dayOfValue(a[0])
	}
	year, ok := r.convert(a[0], "int")
	if !ok {
		return nil
	}
	y := year.(int)
	m, d := intOr(a, 1, 1), intOr(a, 2, 1)
	if y < 0 || y > 9999 || m < -120000 || m > 120000 || d < -4000000 || d > 4000000 {
		return nil
	}
	return dateText(ymd(y, m, d), toDay)
}

func (r *run) dayOfValue(v any) any {
	switch x := v.(type) {
	case time.Time:
		return dateText(wallOf(x, r.zone), toDay)
	case decimal.Decimal:
		ms, ok := whole64(x)
		if !ok || ms > 3e14 || ms < -3e14 {
			return nil
		}
		return dateText(wallOf(time.UnixMilli(ms), r.zone), toDay)
	case string:
		if m, ok := parseDate(x); ok {
			return dateText(m.wall, toDay)
		}
		return readDate(x)
	}
	return r.fail("type", "DATE wants a date, a number or a text, not %s", kindOf(v))
}

// readDate reads a day as people write it: 2024-1-5, 2024/1/5, 2024.1.5, 20240105, 2024年1月5日, 2024-1.
func readDate(s string) any {
	s = trimSpaces(s)
	if len(s) >= 8 && digitsOnly(s[:8]) && ended(s[8:]) {
		return checkedDay(atoi(s[:4]), atoi(s[4:6]), atoi(s[6:8]))
	}
	year, rest := leading(s, 4)
	if len(s)-len(rest) != 4 || rest == "" {
		return nil
	}
	sep, after := "", ""
	for _, c := range []string{"-", "/", ".", "年"} {
		if strings.HasPrefix(rest, c) {
			sep, rest = c, rest[len(c):]
		}
	}
	after = sep
	if sep == "年" {
		after = "月"
	}
	month, left := leading(rest, 2)
	if sep == "" || left == rest {
		return nil
	}
	if !strings.HasPrefix(left, after) {
		if sep != "年" && ended(left) {
			return checkedDay(year, month, 1)
		}
		return nil
	}
	return readDay(year, month, sep, left[len(after):])
}

func readDay(year, month int, sep, rest string) any {
	day, left := leading(rest, 2)
	if left == rest {
		if sep == "年" && ended(rest) {
			return checkedDay(year, month, 1)
		}
		return nil
	}
	if sep == "年" {
		left = strings.TrimPrefix(strings.TrimPrefix(left, "日"), "号")
	}
	if !ended(left) {
		return nil
	}
	return checkedDay(year, month, day)
}

func ended(s string) bool { return s == "" || s[0] == ' ' || s[0] == 'T' }

func digitsOnly(s string) bool {
	_, rest := leading(s, len(s))
	return rest == ""
}

// leading reads up to n digits.
func leading(s string, n int) (value int, rest string) {
	i := 0
	for i < len(s) && i < n && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	return atoi(s[:i]), s[i:]
}

func checkedDay(year, month, day int) any {
	if year < 1 || month < 1 || month > 12 || day < 1 || day > lastDay(year, month) {
		return nil
	}
	return dateText(ymd(year, month, day), toDay)
}

func dateTime(r *run, a []any) any {
	clock, ok := parseTime(strOr(a, 1, "00:00"))
	if !ok {
		return nil
	}
	return r.fromWall(dayOf(day(a, 0).wall).Add(clock.Sub(dayOf(clock))))
}

func timeOf(_ *run, a []any) any {
	total := (a[0].(int)*3600 + a[1].(int)*60 + a[2].(int)) % 86400
	if total < 0 {
		total += 86400
	}
	return time.Unix(int64(total), 0).UTC().Format("15:04:05")
}

func fromUnix(_ *run, a []any) any {
	ms, ok := whole64(num(a, 0).Mul(decimal.FromInt(1000)))
	if !ok || ms > 3e14 || ms < -7e13 {
		return nil
	}
	return inYears(time.UnixMilli(ms).UTC())
}

func quarter(r *run, a []any) any {
	start := intOr(a, 1, 1)
	if start < 1 || start > 12 {
		return r.fail(runArgument, "QUARTER: a fiscal year begins in month 1 to 12, not %d", start)
	}
	return decimal.FromInt(int64((int(day(a, 0).wall.Month())-start+12)%12/3 + 1))
}

func weekday(r *run, a []any) any {
	t := day(a, 0).wall
	switch kind := intOr(a, 1, 1); kind {
	case 1:
		return decimal.FromInt(int64(t.Weekday()) + 1)
	case 2:
		return decimal.FromInt(int64(mondayBased(t)) + 1)
	case 3:
		return decimal.FromInt(int64(mondayBased(t)))
	default:
		return r.fail(runArgument, "WEEKDAY: the type is 1, 2 or 3, not %d", kind)
	}
}

func weekNum(r *run, a []any) any {
	t, kind := day(a, 0).wall, intOr(a, 1, 1)
	first := ymd(t.Year(), 1, 1)
	shift := int(first.Weekday())
	switch kind {
	case 1:
	case 2:
		shift = mondayBased(first)
	default:
		return r.fail(runArgument, "WEEKNUM: the type is 1 or 2, not %d", kind)
	}
	return decimal.FromInt(int64((t.YearDay()-1+shift)/7 + 1))
}

func dateAdd(r *run, a []any) any {
	u, ok := unit(str(a, 1))
	if !ok {
		return r.fail(runArgument, "DATEADD: there is no unit %q", str(a, 1))
	}
	return r.add(day(a, 0), u, int64(a[2].(int)))
}

func endOfMonth(_ *run, a []any) any {
	t, ok := addMonths(dayOf(day(a, 0).wall), int64(intOr(a, 1, 0)))
	if !ok {
		return nil
	}
	return dateText(ymd(t.Year(), int(t.Month())+1, 0), toDay)
}
