package transfer

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/schema"
)

// maxCell is how many characters a cell holds.
const maxCell = excelize.TotalCellChars

// exactDigits are the significant digits that a spreadsheet keeps of a number.
const exactDigits = 15

// sheetYears: what lies before is no date to a spreadsheet, whose calendar has a 29 February 1900.
var firstDay = time.Date(1900, 3, 1, 0, 0, 0, 0, time.UTC)

// cells renders values for one reader into cells of one file.
type cells struct {
	file    *excelize.File
	lang    string
	zone    *time.Location
	display *record.Display
	styles  map[string]int
	options map[*schema.Field]map[string]string
	failed  error
}

func newCells(f *excelize.File, lang string, zone *time.Location) *cells {
	return &cells{file: f, lang: lang, zone: zone, styles: map[string]int{}, options: map[*schema.Field]map[string]string{}}
}

// style gives the id of a style that shows numbers in a format; "@" is text.
func (c *cells) style(format string) int {
	id, ok := c.styles[format]
	if !ok {
		s := &excelize.Style{CustomNumFmt: &format, Alignment: &excelize.Alignment{Vertical: "top"}}
		if format == "@" {
			s.Alignment.WrapText = true
		}
		var err error
		if id, err = c.file.NewStyle(s); err != nil {
			c.failed = err
		}
		c.styles[format] = id
	}
	return id
}

func (c *cells) header(required bool) int {
	key, font := "header", &excelize.Font{Bold: true}
	if required {
		key, font = "header required", &excelize.Font{Bold: true, Color: "C93500"}
	}
	id, ok := c.styles[key]
	if !ok {
		var err error
		id, err = c.file.NewStyle(&excelize.Style{Font: font, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"F2F2F6"}},
			Alignment: &excelize.Alignment{Vertical: "center", WrapText: true}})
		if err != nil {
			c.failed = err
		}
		c.styles[key] = id
	}
	return id
}

// text makes a cell of text. It is stored as a string and styled as text, so
// that one beginning with = + - @ is never taken for a formula, neither now nor
// when somebody edits the cell.
func (c *cells) text(s string) any {
	if s == "" {
		return nil
	}
	s = strings.ToValidUTF8(s, "\uFFFD")
	if utf8.RuneCountInString(s) > maxCell {
		s = string([]rune(s)[:maxCell-1]) + word(c.lang, "cut")
	}
	return excelize.Cell{StyleID: c.style("@"), Value: s}
}

// number makes an exact cell: a number where a spreadsheet keeps it exactly, the text of it otherwise.
func (c *cells) number(s, format string) any {
	if !plainNumber(s) || digitsOf(s) > exactDigits {
		return c.text(s)
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return c.text(s)
	}
	return excelize.Cell{StyleID: c.style(format), Value: f}
}

// plainNumber: an optional sign, digits and one point.
func plainNumber(s string) bool {
	s = strings.TrimPrefix(s, "-")
	whole, rest, point := strings.Cut(s, ".")
	digits := func(s string) bool {
		return s != "" && strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
	}
	return digits(whole) && (!point || digits(rest))
}

// digitsOf counts significant digits.
func digitsOf(s string) int {
	s = strings.TrimLeft(strings.ReplaceAll(strings.TrimPrefix(s, "-"), ".", ""), "0")
	return len(s)
}

// numberFormat shows a number of a field.
func numberFormat(f *schema.Field) string {
	scale := f.Scale
	point := func(n int) string {
		if n <= 0 {
			return ""
		}
		return "." + strings.Repeat("0", min(n, 10))
	}
	switch f.Type {
	case schema.TypeMoney:
		if scale < 0 {
			scale = 2
		}
		return "#,##0" + point(scale)
	case schema.TypePercent:
		return "0" + point(scale-2) + "%"
	}
	if scale < 0 {
		return "General"
	}
	return "0" + point(scale)
}

// value renders the wire value of a field.
func (c *cells) value(f *schema.Field, v any) any {
	switch x := v.(type) {
	case nil:
		return nil
	case json.Number:
		return c.number(x.String(), numberFormat(f))
	case bool:
		if x {
			return c.text(word(c.lang, "yes"))
		}
		return c.text(word(c.lang, "no"))
	case string:
		return c.single(f, x)
	}
	return c.text(c.words(f, v))
}

// single renders a value that is one text on the wire.
func (c *cells) single(f *schema.Field, s string) any {
	switch f.Type {
	case schema.TypeNumber, schema.TypeMoney, schema.TypePercent, schema.TypeRating, schema.TypeSlider, schema.TypeRollup:
		return c.number(s, numberFormat(f))
	case schema.TypeDate:
		return c.date(f.Precision, s)
	case schema.TypeRichText:
		return c.text(plainText(s))
	}
	return c.text(c.words(f, s))
}

// dateForms: precision → how it is read from the wire, and how it is shown.
var dateForms = map[string][2]string{
	"year": {"2006", "yyyy"}, "month": {"2006-01", "yyyy-mm"}, "day": {"2006-01-02", "yyyy-mm-dd"}, "": {"2006-01-02", "yyyy-mm-dd"},
	"hour": {time.RFC3339Nano, "yyyy-mm-dd hh:00"}, "minute": {time.RFC3339Nano, "yyyy-mm-dd hh:mm"}, "second": {time.RFC3339Nano, "yyyy-mm-dd hh:mm:ss"},
}

// date makes a cell that is a date: an instant in the tenant's zone.
func (c *cells) date(precision, s string) any {
	form, ok := dateForms[precision]
	if !ok {
		return c.text(s)
	}
	t, err := time.Parse(form[0], s)
	if err != nil {
		return c.text(s) // masked, or written by another version of the form
	}
	if form[0] == time.RFC3339Nano {
		t = t.In(c.zone)
	}
	wall := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
	if wall.Before(firstDay) || wall.Year() > 9999 {
		return c.text(s)
	}
	return excelize.Cell{StyleID: c.style(form[1]), Value: wall}
}

// words says a value in words.
func (c *cells) words(f *schema.Field, v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case string:
		return c.named(f, x)
	case []any:
		join := word(c.lang, "join")
		switch f.Type {
		case schema.TypeCascade, schema.TypeRegion:
			join = " / "
		case schema.TypeAttachment, schema.TypeImage:
			join = "\n"
		}
		parts := make([]string, 0, len(x))
		for _, e := range x {
			parts = append(parts, c.words(f, e))
		}
		return strings.Join(parts, join)
	case map[string]any:
		return c.composed(f, x)
	}
	return fmt.Sprint(v)
}

// named gives what an id or an option is called.
func (c *cells) named(f *schema.Field, s string) string {
	name := ""
	switch f.Type {
	case schema.TypeMember:
		name = c.display.Users[s]
	case schema.TypeDepartment:
		name = c.display.Depts[s]
	case schema.TypeRole:
		name = c.display.Roles[s]
	case schema.TypeRelation:
		name = c.display.Records[s]
	case schema.TypeRadio, schema.TypeCheckbox, schema.TypeSelect, schema.TypeMultiSelect, schema.TypeCascade:
		name = c.option(f, s)
	}
	if name == "" {
		return s
	}
	return name
}

func (c *cells) option(f *schema.Field, value string) string {
	m := c.options[f]
	if m == nil {
		m = map[string]string{}
		collectOptions(f.Options, c.lang, m)
		c.options[f] = m
	}
	return m[value]
}

func collectOptions(l []schema.Option, lang string, into map[string]string) {
	for _, o := range l {
		if _, have := into[o.Value]; !have {
			into[o.Value] = o.Text.In(lang)
		}
		collectOptions(o.Children, lang, into)
	}
}

// composed says a value that has parts.
func (c *cells) composed(f *schema.Field, m map[string]any) string {
	part := func(key string) string { return c.words(&schema.Field{}, m[key]) }
	switch f.Type {
	case schema.TypeDateRange:
		return part("start") + " ~ " + part("end")
	case schema.TypeAddress:
		region, _ := m["region"].([]any)
		return strings.TrimSpace(strings.ReplaceAll(c.words(&schema.Field{Type: schema.TypeRegion}, region), " / ", "") + " " + part("detail"))
	case schema.TypeLocation:
		return strings.TrimSpace(part("address") + " (" + part("lng") + ", " + part("lat") + ")")
	case schema.TypeAttachment, schema.TypeImage:
		return part("name")
	case schema.TypeSignature:
		return word(c.lang, "signed")
	}
	raw, err := json.Marshal(m)
	if err != nil {
		return ""
	}
	return string(raw)
}

// plainText drops the tags of rich text.
func plainText(s string) string {
	var b strings.Builder
	inside := false
	for _, r := range s {
		switch {
		case r == '<':
			inside = true
		case r == '>' && inside:
			inside = false
		case !inside:
			b.WriteRune(r)
		}
	}
	return strings.NewReplacer("&nbsp;", " ", "&lt;", "<", "&gt;", ">", "&quot;", `"`, "&amp;", "&").Replace(strings.TrimSpace(b.String()))
}
