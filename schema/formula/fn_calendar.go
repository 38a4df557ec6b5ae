package formula

import (
	"strings"
	"time"

	"github.com/formwork-run/formwork/internal/decimal"
)

var calendarFunctions = []entry{
	{sig: "DAYS(end date, start date) number", zh: "两个日期相差的天数", en: "Calendar days from start to end", example: `DAYS("2024-03-01", day)`, result: `"30"`, run: func(_ *run, a []any) any { return decimal.FromInt(days(day(a, 1).wall, day(a, 0).wall)) }},
	{sig: "DAYS360(start date, end date, european bool?) number", zh: "按每月 30 天计算的天数", en: "Days of a year of 360 days", example: `DAYS360("2024-01-31", "2024-03-31")`, result: `"60"`, run: days360},
	{sig: "DATEDIF(start date, end date, unit text?) number", zh: "两个日期之间的整年 Y、整月 M、天 D（MD、YM、YD 为余数）", en: "Complete years Y, months M or days D; MD, YM and YD are remainders", example: `DATEDIF("2022-05-20", day, "Y")`, result: `"1"`, run: dateDif},
	{sig: "DATEDIFF(start date, end date, unit text?) number", zh: "两个时间之间的完整单位数，可为负", en: "Complete units between two moments, negative when the end is earlier", example: `DATEDIFF(day, "2024-02-14", "week")`, result: `"2"`, run: dateDiff},
	{sig: "DATEIF(start date, end date, mode int?, unit text?) number", zh: "两个日期之间的单位数；mode 为 2 时计入结束日", en: "Units between two days; mode 2 counts the end day", example: `DATEIF(day, "2024-02-01", 2)`, result: `"2"`, run: dateIf},
	{sig: "CASCADEDATEINTERVAL(range row) number", zh: "日期区间相差的天数", en: "Days between the ends of a range", example: `CASCADEDATEINTERVAL(period)`, result: `"9"`, run: func(r *run, a []any) any { return r.interval(a, 0) }},
	{sig: "CASCADEDATEINTERVALV2(range row) number", zh: "日期区间的天数，首尾都计", en: "Days of a range, both ends counted", example: `CASCADEDATEINTERVALV2(period)`, result: `"10"`, run: func(r *run, a []any) any { return r.interval(a, 1) }},
	{sig: "NETWORKDAYS(a date, b date, holidays list?) number", zh: "两个日期之间的工作日数（按公司日历）", en: "Working days between two days, by the company calendar", example: `NETWORKDAYS("2024-03-11", "2024-03-17")`, result: `"5"`, server: true, volatile: true, run: func(r *run, a []any) any { return r.netWorkdays(a, "0000011", 2, r.companyDay) }},
	{sig: "WORKDAY(d date, n int, holidays list?) date", also: "WORKDAYSHIFT", zh: "若干个工作日之后的日期（按公司日历）", en: "The n-th working day after, by the company calendar", example: `WORKDAY("2024-03-15", 1)`, result: `"2024-03-18"`, server: true, volatile: true, run: func(r *run, a []any) any { return r.workday(a, "0000011", 2, r.companyDay) }},
	{sig: "NETWORKDAYS_INTL(a date, b date, weekend any?, holidays list?) number", zh: "两个日期之间的工作日数，自定休息日", en: "Working days between two days, with given days off", example: `NETWORKDAYS_INTL("2024-03-11", "2024-03-17", 11)`, result: `"6"`, run: func(r *run, a []any) any { return r.intl(a, r.netWorkdays) }},
	{sig: "WORKDAY_INTL(d date, n int, weekend any?, holidays list?) date", zh: "若干个工作日之后的日期，自定休息日", en: "The n-th working day after, with given days off", example: `WORKDAY_INTL("2024-03-15", 1, 11)`, result: `"2024-03-16"`, run: func(r *run, a []any) any { return r.intl(a, r.workday) }},
	{sig: "TIMECOMPARE(a moment, b moment) number", zh: "比较两个时间：1、0、-1", en: "Compares two moments: 1, 0, -1", example: `TIMECOMPARE(day, "2024-02-01")`, result: `"-1"`, run: timeCompare},
}

func days360(_ *run, a []any) any {
	s, e := day(a, 0).wall, day(a, 1).wall
	d1, d2 := s.Day(), e.Day()
	if flag(a, 2) {
		d1, d2 = min(d1, 30), min(d2, 30)
	} else {
		if lastOfFebruary(s) {
			if lastOfFebruary(e) {
				d2 = 30
			}
			d1 = 30
		}
		if d2 == 31 && d1 >= 30 {
			d2 = 30
		}
		d1 = min(d1, 30)
	}
	return decimal.FromInt(int64(360*(e.Year()-s.Year()) + 30*(int(e.Month())-int(s.Month())) + d2 - d1))
}

func lastOfFebruary(t time.Time) bool {
	return t.Month() == time.February && t.Day() == lastDay(t.Year(), 2)
}

// months counts complete months from a to b, a not after b.
func months(a, b time.Time) int64 {
	n := int64(b.Year()-a.Year())*12 + int64(b.Month()) - int64(a.Month())
	if b.Day() < a.Day() {
		n--
	}
	return n
}

func dateDif(r *run, a []any) any {
	s, e := dayOf(day(a, 0).wall), dayOf(day(a, 1).wall)
	if e.Before(s) {
		return nil
	}
	n := months(s, e)
	switch u := strings.ToUpper(strOr(a, 2, "D")); u {
	case "D":
		n = days(s, e)
	case "M":
	case "Y":
		n /= 12
	case "YM":
		n %= 12
	case "MD", "YD":
		if u == "YD" {
			n = n / 12 * 12
		}
		from, _ := addMonths(s, n)
		n = days(from, e)
	default:
		return r.fail(runArgument, "DATEDIF: the unit is Y, M, D, MD, YM or YD, not %q", u)
	}
	return decimal.FromInt(n)
}

func dateDiff(r *run, a []any) any {
	u, ok := unit(strOr(a, 2, "day"))
	if !ok {
		return r.fail(runArgument, "DATEDIFF: there is no unit %q", str(a, 2))
	}
	return decimal.FromInt(r.between(day(a, 0), day(a, 1), u))
}

// between counts complete units, negative when b is before a.
func (r *run) between(a, b moment, u string) int64 {
	if secs := unitSeconds[u]; secs > 0 && secs < 86400 {
		from, to := a.wall, b.wall
		if a.prec == exact || b.prec == exact {
			from, to = r.instant(a), r.instant(b)
		}
		return (to.UnixMilli() - from.UnixMilli()) / (secs * 1000)
	}
	from, to, sign := dayOf(a.wall), dayOf(b.wall), int64(1)
	if to.Before(from) {
		from, to, sign = to, from, -1
	}
	if secs := unitSeconds[u]; secs > 0 {
		return sign * (days(from, to) / (secs / 86400))
	}
	return sign * (months(from, to) / unitMonths[u])
}

func dateIf(r *run, a []any) any {
	mode, name := intOr(a, 2, 1), strOr(a, 3, "day")
	u, ok := unit(name)
	if !ok || mode != 1 && mode != 2 {
		return r.fail(runArgument, "DATEIF: mode 1 or 2 and a unit are wanted, not %d, %q", mode, name)
	}
	from := moment{wall: dayOf(day(a, 0).wall), prec: toDay}
	to := moment{wall: dayOf(day(a, 1).wall).AddDate(0, 0, mode-1), prec: toDay}
	return decimal.FromInt(r.between(from, to, u))
}

func (r *run) interval(a []any, extra int64) any {
	row := a[0].(map[string]any)
	start, ok := r.moment(zeroText(r.outside(row["start"])), false)
	end, ok2 := r.moment(zeroText(r.outside(row["end"])), false)
	if !ok || !ok2 {
		return nil
	}
	return decimal.FromInt(days(start.(moment).wall, end.(moment).wall) + extra)
}

// zeroText lets a blank pass as a text that is no date.
func zeroText(v any) any {
	if isBlank(v) {
		return ""
	}
	return v
}

// workTest tells whether the calendar knows a day as working or free.
type workTest func(day string) (work, known bool)

func (r *run) companyDay(day string) (work, known bool) {
	if r.ctx.Holiday == nil {
		return false, false
	}
	return r.ctx.Holiday(day)
}

// intl reads the weekend argument and runs f without a company calendar.
func (r *run) intl(a []any, f func(a []any, weekend string, at int, known workTest) any) any {
	weekend := "0000011"
	if a[2] != nil {
		w, ok := weekendOf(a[2])
		if !ok {
			return r.fail(runArgument, "there is no weekend %s", r.text(a[2]))
		}
		weekend = w
	}
	return f(a, weekend, 3, nil)
}

// weekendOf gives seven 0 or 1 from Monday for one of Excel's codes or texts.
func weekendOf(v any) (string, bool) {
	if s, ok := v.(string); ok {
		return s, len(s) == 7 && strings.Trim(s, "01") == "" && s != "1111111"
	}
	d, ok := v.(decimal.Decimal)
	if !ok {
		return "", false
	}
	free := []byte("0000000")
	switch n := clampInt(d); {
	case n >= 1 && n <= 7:
		free[(n+4)%7], free[(n+5)%7] = '1', '1'
	case n >= 11 && n <= 17:
		free[(n-11+6)%7] = '1'
	default:
		return "", false
	}
	return string(free), true
}

// working makes the test of a day from the weekend, the holidays at an argument and the calendar.
func (r *run) working(a []any, weekend string, at int, known workTest) func(time.Time) bool {
	free := map[string]bool{}
	for _, v := range r.values([]any{listAt(a, at)}) {
		if m, ok := r.moment(v, false); ok {
			free[m.(moment).wall.Format(dayLayout)] = true
		}
	}
	return func(t time.Time) bool {
		text := t.Format(dayLayout)
		if free[text] {
			return false
		}
		if known != nil {
			if work, ok := known(text); ok {
				return work
			}
		}
		return weekend[mondayBased(t)] == '0'
	}
}

func (r *run) netWorkdays(a []any, weekend string, at int, known workTest) any {
	from, to, sign := dayOf(day(a, 0).wall), dayOf(day(a, 1).wall), int64(1)
	if to.Before(from) {
		from, to, sign = to, from, -1
	}
	if !r.spend(int(days(from, to))) {
		return nil
	}
	n, works := int64(0), r.working(a, weekend, at, known)
	for t := from; !t.After(to); t = t.AddDate(0, 0, 1) {
		if works(t) {
			n++
		}
	}
	return decimal.FromInt(sign * n)
}

func (r *run) workday(a []any, weekend string, at int, known workTest) any {
	n, step := a[1].(int), 1
	if n < 0 {
		n, step = -n, -1
	}
	if n > 10000 {
		return r.fail(runArgument, "WORKDAY: at most 10000 working days, not %d", n)
	}
	t, works := dayOf(day(a, 0).wall), r.working(a, weekend, at, known)
	for n > 0 {
		t = t.AddDate(0, 0, step)
		if t.Year() < 1 || t.Year() > 9999 || !r.spend(1) {
			return nil
		}
		if works(t) {
			n--
		}
	}
	return dateText(t, toDay)
}

func timeCompare(r *run, a []any) any {
	x, y := day(a, 0), day(a, 1)
	if x.prec == clock || y.prec == clock {
		return decimal.FromInt(int64(x.wall.Compare(y.wall)))
	}
	return decimal.FromInt(int64(r.instant(x).Compare(r.instant(y))))
}
