package transfer

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
)

// recordID is the name under which a column says which record is meant.
const recordID = "sys.id"

// Bound is a column of the file with what it fills.
type Bound struct {
	Column string `json:"column"` // "A"; "lines!C" in the sheet of a subtable
	Title  string `json:"title"`
	Field  string `json:"field"` // "" = it is not read

	Sheet string `json:"sheet,omitempty"`
	Index int    `json:"index"`
}

// source is what an import reads of a file.
type source struct {
	Main   string            `json:"main"`
	Tables map[string]string `json:"tables,omitempty"` // subtable → sheet
	Cols   []Bound           `json:"cols"`
	// Date1904 tells that the file counts days from 1904, as old Macs did.
	Date1904 bool `json:"date1904,omitempty"`
}

// sourceOf finds the sheets of a file, and guesses by their headings what each column fills.
func sourceOf(b *book, all []target) (*source, error) {
	names := b.sheets()
	if len(names) == 0 {
		return nil, badFile("the Excel file has no sheet")
	}
	src := &source{Main: names[0], Tables: map[string]string{}, Date1904: b.date1904}
	main, tables := parted(all)
	main = append(main, target{path: recordID, field: &schema.Field{Key: recordID, Type: schema.TypeText,
		Title: schema.Text{"zh-CN": words["zh"][recordID], "en": words["en"][recordID]}}})
	if err := src.read(b, src.Main, "", main); err != nil {
		return nil, err
	}
	for _, cols := range tables {
		f := cols[0].table
		i := slices.IndexFunc(names[1:], func(n string) bool { return called(f, n) })
		if i < 0 {
			continue
		}
		src.Tables[f.Key] = names[1+i]
		if err := src.read(b, names[1+i], f.Key, cols); err != nil {
			return nil, err
		}
	}
	return src, nil
}

// called tells whether a sheet has the name of a subtable, which may have been cut.
func called(f *schema.Field, sheet string) bool {
	for _, t := range append(texts(f.Title), f.Key) {
		if strings.EqualFold(sheetName(t, map[string]bool{}), sheet) {
			return true
		}
	}
	return false
}

func texts(t schema.Text) []string {
	var out []string
	for _, s := range t {
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}

// read adds the columns of a sheet. The first of a subtable's sheet says the row of the record.
func (s *source) read(b *book, sheet, table string, all []target) error {
	heads, err := b.headings(sheet)
	if err != nil {
		return err
	}
	taken := map[string]bool{}
	for i, h := range heads {
		letter, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		c := Bound{Column: letter, Title: h, Sheet: sheet, Index: i}
		if table != "" {
			c.Column = table + "!" + letter
		}
		if table == "" || i > 0 {
			c.Field = guess(h, all, taken)
		}
		s.Cols = append(s.Cols, c)
	}
	return nil
}

// guess finds what a heading means: a key, a title in any language, or a title with its key.
func guess(heading string, all []target, taken map[string]bool) string {
	h := plainHeading(heading)
	if h == "" {
		return ""
	}
	for _, t := range all {
		if taken[t.path] {
			continue
		}
		for _, name := range append(texts(t.field.Title), t.field.Key) {
			if h == plainHeading(name) || h == plainHeading(name+" ("+t.field.Key+")") {
				taken[t.path] = true
				return t.path
			}
		}
	}
	return ""
}

// plainHeading drops what does not tell headings apart: case, spaces, the mark of what is required.
func plainHeading(s string) string {
	s = strings.TrimRight(strings.ToLower(strings.TrimSpace(s)), "*＊ ")
	return strings.Join(strings.Fields(s), " ")
}

// apply replaces the guess by what somebody chose: column → field, "" = not read.
func (s *source) apply(mapping map[string]string, all []target) error {
	refuse := func(code, text, column string) error {
		return fault.New(fault.Malformed, "import.mapping", text).
			At(fault.Field{Path: "/mapping/" + column, Code: code, Message: text})
	}
	used := map[string]bool{}
	for i := range s.Cols {
		s.Cols[i].Field = ""
	}
	for column, path := range mapping {
		i := slices.IndexFunc(s.Cols, func(c Bound) bool { return c.Column == column })
		if i < 0 {
			return refuse("unknown_column", "the file has no column "+column, column)
		}
		if path == "" {
			continue
		}
		table, _, nested := strings.Cut(path, ".")
		sheet := s.Main
		if nested && path != recordID {
			sheet = s.Tables[table]
		}
		known := path == recordID || slices.ContainsFunc(all, func(t target) bool { return t.path == path })
		if !known || s.Cols[i].Sheet != sheet || used[path] {
			return refuse("unknown_field", "this column cannot fill "+path, column)
		}
		used[path] = true
		s.Cols[i].Field = path
	}
	return nil
}

// heads are the headings by column, by which a file is known again.
func (s *source) heads() string {
	var l []string
	for _, c := range s.Cols {
		l = append(l, c.Column, c.Title)
	}
	raw, err := json.Marshal(l)
	if err != nil {
		return ""
	}
	return string(raw)
}

// column is that of a path: "lines/0/qty" is of "lines.qty".
func (s *source) column(path string) string {
	if parts := strings.Split(path, "/"); len(parts) == 3 {
		path = parts[0] + "." + parts[2]
	}
	for _, c := range s.Cols {
		if c.Field == path {
			return c.Column
		}
	}
	return ""
}
