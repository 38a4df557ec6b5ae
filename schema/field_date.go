package schema

import (
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// dateField is a year, month or calendar day without a zone, or, with the
// precision hour, minute or second, an instant.
type dateField struct{}

func (dateField) Info() Info {
	return Info{Type: TypeDate, In: `"2006", "2006-01", "2006-01-02" by precision; RFC 3339 from precision hour on`,
		Out: "the same (an instant in UTC)", Stored: "string; an instant time.Time (UTC, ms)", Formula: "Date; an instant DateTime",
		Operators: opsNumber, Sortable: true, Column: true}
}

// Instant reports whether the values of a date or daterange field are
// instants rather than calendar days.
func (f *Field) Instant() bool {
	return f.Precision == "hour" || f.Precision == "minute" || f.Precision == "second"
}

func dateType(f *Field) formula.Type {
	if f.Instant() {
		return formula.Type{Kind: formula.DateTime}
	}
	return formula.Type{Kind: formula.Date}
}

func (dateField) FormulaType(f *Field, _ Forms) formula.Type { return dateType(f) }

func (dateField) settings() settings {
	return valueSettings.with(precisionChoice, daySettings, displaySetting)
}

func (dateField) finish(_ problems, f *Field) {
	if f.Precision == "" {
		f.Precision = "day"
	}
}

func dateFragment(f *Field) ordjson.Value {
	v := stringFragment(0)
	switch {
	case f.Instant():
		return v.Set("format", ordjson.Str("date-time"))
	case f.Precision == "day":
		return v.Set("format", ordjson.Str("date"))
	case f.Precision == "month":
		return v.Set("pattern", ordjson.Str("^([0-9]{4}-(0[1-9]|1[0-2]))?$"))
	}
	return v.Set("pattern", ordjson.Str("^([0-9]{4})?$"))
}

func (dateField) Fragment(f *Field) ordjson.Value { return dateFragment(f) }

func (dateField) decode(c *Codec, v ordjson.Value) (any, []fault.Field) {
	return decodeDate(c.Field, v)
}

// dayLength is the number of characters of a day text by precision.
var dayLength = map[string]int{"year": 4, "month": 7, "day": 10}

func decodeDate(f *Field, v ordjson.Value) (any, []fault.Field) {
	if v.Kind != ordjson.String {
		return nil, wrongType("string", v)
	}
	if v.Text == "" {
		return nil, nil
	}
	if !f.Instant() {
		if n := dayLength[f.Precision]; !validDay(v.Text, n) {
			example := "2006-01-02"[:max(n, 4)]
			return nil, bad("format", "not a date such as "+example, "format", "date", "example", example)
		}
		return v.Text, nil
	}
	t, err := time.Parse(time.RFC3339Nano, v.Text)
	if err != nil || t.UTC().Year() < 1 || t.UTC().Year() > 9999 {
		return nil, bad("format", "not a date and time such as 2006-01-02T15:04:05+08:00", "format", "date-time", "example", "2006-01-02T15:04:05+08:00")
	}
	return t.UTC().Truncate(time.Millisecond), nil
}

// validDay reports whether s is a real day, month or year written in n characters.
func validDay(s string, n int) bool {
	if len(s) != n || n != 4 && n != 7 && n != 10 {
		return false
	}
	for i := 0; i < n; i++ {
		if dash := i == 4 || i == 7; dash != (s[i] == '-') || !dash && (s[i] < '0' || s[i] > '9') {
			return false
		}
	}
	num := func(from, to int) (x int) {
		for ; from < to; from++ {
			x = x*10 + int(s[from]-'0')
		}
		return x
	}
	year, month, day := num(0, 4), 1, 1
	if n > 4 {
		month = num(5, 7)
	}
	if n > 7 {
		day = num(8, 10)
	}
	return year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month)
}

func daysOf(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

func (dateField) check(c *Codec, v any, zone *time.Location) []fault.Field {
	return checkDay(c.Field, v, zone)
}

// checkDay compares the day, as far as both are written, with min and max.
func checkDay(f *Field, v any, zone *time.Location) []fault.Field {
	day, ok := v.(string)
	if t, instant := v.(time.Time); instant && zone != nil {
		day, ok = t.In(zone).Format(time.DateOnly), true
	}
	if !ok {
		return nil
	}
	if n := min(len(day), len(f.Min)); day[:n] < f.Min[:n] {
		return bad("min", "before "+f.Min, "min", f.Min)
	}
	if n := min(len(day), len(f.Max)); day[:n] > f.Max[:n] {
		return bad("max", "after "+f.Max, "max", f.Max)
	}
	return nil
}

func (dateField) encode(_ *Codec, v any) any { return encodeDate(v) }

func encodeDate(v any) any {
	if t, ok := v.(time.Time); ok {
		return t.UTC().Format("2006-01-02T15:04:05.999Z")
	}
	return v
}
