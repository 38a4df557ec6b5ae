package transfer

import (
	"context"
	"encoding/json"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
)

// RowError is what is wrong with a row.
type RowError struct {
	Path    string         `json:"path"` // "amount", "lines/0/qty", "" = the row
	Column  string         `json:"column,omitempty"`
	Code    string         `json:"code"`
	Message string         `json:"message"`
	Params  map[string]any `json:"params,omitempty"`
}

func wrong(code, message string) *RowError { return &RowError{Code: code, Message: message} }

// parser reads the texts of cells as values of fields, in wire form. It remembers
// what names mean; it is of one reader and one piece of work.
type parser struct {
	s        *Service
	a        *tenant.Actor
	zone     *time.Location
	date1904 bool
	known    map[string]found
}

// found is what a name means: an id, or why there is none.
type found struct {
	id  string
	err *RowError
}

func (s *Service) newParser(a *tenant.Actor, date1904 bool) *parser {
	return &parser{s: s, a: a, zone: s.t.Settings().Zone, date1904: date1904, known: map[string]found{}}
}

// value reads a cell; a blank one is nil.
func (p *parser) value(ctx context.Context, f *schema.Field, cell string) (any, *RowError, error) {
	cell = strings.TrimSpace(cell)
	if cell == "" {
		return nil, nil, nil
	}
	switch f.Type {
	case schema.TypeMember, schema.TypeDepartment, schema.TypeRole, schema.TypeRelation:
		return p.named(ctx, f, cell)
	}
	v, bad := p.plain(f, cell)
	return v, bad, nil
}

// plain reads what needs no look-up.
func (p *parser) plain(f *schema.Field, cell string) (any, *RowError) {
	switch f.Type {
	case schema.TypeNumber, schema.TypeMoney, schema.TypeRating, schema.TypeSlider:
		return parseNumber(cell, false)
	case schema.TypePercent:
		return parseNumber(cell, true)
	case schema.TypeSwitch:
		return parseSwitch(cell)
	case schema.TypeDate:
		return p.date(f.Precision, cell)
	case schema.TypeDateRange:
		return p.dates(f.Precision, cell)
	case schema.TypeTime:
		return parseTime(cell)
	case schema.TypeRadio, schema.TypeSelect:
		return optionValue(f.Options, cell), nil
	case schema.TypeCheckbox, schema.TypeMultiSelect:
		return parseOptions(f.Options, cell), nil
	case schema.TypeCascade:
		return parseLevels(f.Options, cell), nil
	case schema.TypeRegion:
		return parseLevels(nil, cell), nil
	case schema.TypeAddress:
		return map[string]any{"detail": cell}, nil
	case schema.TypeJSON:
		if json.Valid([]byte(cell)) {
			return json.RawMessage(cell), nil
		}
	case schema.TypePhone, schema.TypeIDCard, schema.TypeBarcode:
		return wholeNumber(cell), nil
	}
	return cell, nil
}

// wide maps the digits and marks of Chinese input to those of numbers.
var wide = strings.NewReplacer("０", "0", "１", "1", "２", "2", "３", "3", "４", "4", "５", "5", "６", "6", "７", "7", "８", "8", "９", "9",
	"．", ".", "，", ",", "－", "-", "—", "-", "％", "%", "（", "(", "）", ")", "：", ":", "／", "/", "　", " ", "～", "~")

var (
	grouped  = regexp.MustCompile(`^-?\d{1,3}(,\d{3})+(\.\d+)?$`)
	floating = regexp.MustCompile(`^-?\d+(\.\d+)?([eE][+-]?\d{1,3})?$`)
)

// parseNumber reads 1,234.50, ¥5, (12) as -12, 12%, and what Excel stores of a number.
func parseNumber(cell string, percent bool) (any, *RowError) {
	s := strings.TrimSpace(strings.Trim(wide.Replace(cell), "¥￥$€£ "))
	bad := wrong("type", "a number is needed")
	if inner, ok := strings.CutPrefix(s, "("); ok && strings.HasSuffix(inner, ")") {
		s = "-" + strings.TrimSuffix(inner, ")")
	}
	s, hundredth := strings.CutSuffix(s, "%")
	if s = strings.TrimSpace(s); hundredth && !percent {
		return nil, bad
	}
	if grouped.MatchString(s) {
		s = strings.ReplaceAll(s, ",", "")
	}
	s = strings.TrimPrefix(s, "+")
	if !floating.MatchString(s) || len(s) > 60 {
		return nil, bad
	}
	if s = asTyped(s); strings.ContainsAny(s, "eE") {
		return nil, bad // beyond what is counted
	}
	if !hundredth {
		return s, nil
	}
	d, err := decimal.Parse(s)
	if err != nil {
		return nil, bad
	}
	return d.Mul(decimal.FromScaled(1, 2)).String(), nil
}

// asTyped undoes what binary numbers do: Excel stores 0.3 as 0.30000000000000004
// and 100000 as 1E5. A number that 15 digits say much shorter was typed so; any
// other, such as a long amount kept as text, stays as it is.
func asTyped(s string) string {
	exponent := strings.ContainsAny(s, "eE")
	if n := digitsOf(s); !exponent && (n <= exactDigits || n > 17) {
		return s
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(f, 0) {
		return s
	}
	short, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', exactDigits, 64), 64)
	if err != nil {
		return s
	}
	out := strconv.FormatFloat(short, 'f', -1, 64)
	if exponent || digitsOf(out) <= exactDigits-3 {
		return out
	}
	return s
}

// wholeNumber gives back the digits of a telephone number that Excel took for a number.
func wholeNumber(s string) string {
	if floating.MatchString(s) && strings.ContainsAny(s, "eE") {
		return asTyped(s)
	}
	return strings.TrimSuffix(s, ".0")
}

func parseSwitch(cell string) (any, *RowError) {
	switch strings.ToLower(cell) {
	case "是", "yes", "y", "true", "1", "√", "✓", "对", "开", "on":
		return true, nil
	case "否", "no", "n", "false", "0", "×", "✗", "错", "关", "off":
		return false, nil
	}
	return nil, wrong("type", "yes or no is needed")
}

// optionValue is the value of an option that is meant by its text, in any
// language, or by its value. What is neither stays: the form then says it is none.
func optionValue(options []schema.Option, cell string) string {
	for _, o := range options {
		if o.Value == cell {
			return cell
		}
	}
	for _, o := range options {
		for _, t := range o.Text {
			if strings.EqualFold(t, cell) {
				return o.Value
			}
		}
	}
	return cell
}

func isOption(options []schema.Option, value string) bool {
	for _, o := range options {
		if o.Value == value {
			return true
		}
	}
	return false
}

// parseOptions reads several choices; a text that is one choice as a whole is not parted.
func parseOptions(options []schema.Option, cell string) any {
	if v := optionValue(options, cell); isOption(options, v) {
		return []any{v}
	}
	var out []any
	for _, part := range parts(cell) {
		out = append(out, optionValue(options, part))
	}
	return out
}

// parts parts several values.
func parts(cell string) []string {
	var out []string
	for _, x := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune("、,，;；|\n", r) }) {
		if x = strings.TrimSpace(x); x != "" {
			out = append(out, x)
		}
	}
	return out
}

// parseLevels reads a way down: 广东 / 深圳.
func parseLevels(options []schema.Option, cell string) any {
	var out []any
	for _, part := range strings.FieldsFunc(cell, func(r rune) bool { return r == '/' || r == '／' || r == '>' }) {
		v := optionValue(options, strings.TrimSpace(part))
		out = append(out, v)
		var next []schema.Option
		for _, o := range options {
			if o.Value == v {
				next = o.Children
			}
		}
		options = next
	}
	return out
}

// serial reads a day as Excel counts it; text that is a date is no such number.
func (p *parser) serial(cell string) (time.Time, bool) {
	if !floating.MatchString(cell) || strings.HasPrefix(cell, "-") {
		return time.Time{}, false
	}
	n, err := strconv.ParseFloat(cell, 64)
	if err != nil || n >= 2958466 || n < 1 {
		return time.Time{}, false
	}
	t, err := excelize.ExcelDateToTime(n, p.date1904)
	return t.Round(time.Second), err == nil
}

// dateMarks are the ways of parting a date.
var dateMarks = strings.NewReplacer("年", "-", "月", "-", "日", " ", "/", "-", "T", " ", "时", ":", "分", ":", "秒", "")

// dateLayouts are tried in turn; the year comes first, as it must to be understood by all.
var dateLayouts = []string{"2006-1-2 15:4:5", "2006-1-2 15:4", "2006-1-2", "20060102", "2006-1"}

// moment reads a date in one of its usual forms, as a clock in the tenant's zone shows it.
func (p *parser) moment(precision, cell string) (time.Time, bool) {
	if t, err := time.Parse(time.RFC3339Nano, cell); err == nil {
		return t.In(p.zone), true
	}
	if y, err := strconv.Atoi(cell); err == nil && precision == "year" && y >= 1000 && y <= 9999 {
		return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC), true
	}
	if t, ok := p.serial(cell); ok {
		return t, true
	}
	s := wide.Replace(cell)
	if !strings.ContainsAny(s, "-/年") && strings.Count(s, ".") == 2 {
		s = strings.ReplaceAll(s, ".", "-")
	}
	s = strings.Trim(strings.Join(strings.Fields(dateMarks.Replace(s)), " "), "-: ")
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func (p *parser) date(precision, cell string) (any, *RowError) {
	t, ok := p.moment(precision, cell)
	if !ok {
		return nil, wrong("format", "a date such as 2026-11-22 is needed")
	}
	form := dateForms[precision][0]
	if form == time.RFC3339Nano {
		t = time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, p.zone)
		return t.UTC().Format(time.RFC3339), nil
	}
	if form == "" {
		form = "2006-01-02"
	}
	return t.Format(form), nil
}

func (p *parser) dates(precision, cell string) (any, *RowError) {
	s := wide.Replace(cell)
	for _, mark := range []string{"~", "至", "到", " - ", " to "} {
		from, until, ok := strings.Cut(s, mark)
		if !ok {
			continue
		}
		out := map[string]any{}
		for key, part := range map[string]string{"start": from, "end": until} {
			if part = strings.TrimSpace(part); part == "" {
				continue
			}
			v, bad := p.date(precision, part)
			if bad != nil {
				return nil, bad
			}
			out[key] = v
		}
		return out, nil
	}
	return nil, wrong("format", "two dates parted by ~ are needed")
}

// parseTime reads 9:30, 09:30:15, and the part of a day that Excel stores.
func parseTime(cell string) (any, *RowError) {
	s := wide.Replace(cell)
	if n, err := strconv.ParseFloat(s, 64); err == nil && n >= 0 && n < 1 {
		t := time.Time{}.Add(time.Duration(math.Round(n*86400)) * time.Second)
		if t.Second() == 0 {
			return t.Format("15:04"), nil
		}
		return t.Format("15:04:05"), nil
	}
	for layout, out := range map[string]string{"15:4": "15:04", "15:4:5": "15:04:05"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.Format(out), nil
		}
	}
	return nil, wrong("format", "a time such as 09:30 is needed")
}
