package transfer

import (
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/formwork-run/formwork/internal/fault"
)

// maxSheetRows are the rows of a sheet, the header among them.
const maxSheetRows = excelize.TotalRows

// maxName is the longest name of a sheet.
const maxName = 31

// sheetName makes a name that a sheet may have and that no other has.
func sheetName(want string, taken map[string]bool) string {
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) || r < ' ' {
			return ' '
		}
		return r
	}, want)
	name = strings.Trim(strings.TrimSpace(name), "'")
	if name == "" {
		name = "Sheet"
	}
	cut := func(s string, n int) string {
		if r := []rune(s); len(r) > n {
			return string(r[:n])
		}
		return s
	}
	out := cut(name, maxName)
	for n := 2; taken[strings.ToLower(out)]; n++ {
		tail := " " + string(rune('0'+n%10))
		if n > 9 {
			tail = " " + string(rune('0'+n/10)) + string(rune('0'+n%10))
		}
		out = cut(name, maxName-utf8.RuneCountInString(tail)) + tail
	}
	taken[strings.ToLower(out)] = true
	return out
}

// sheet is one sheet being streamed.
type sheet struct {
	w   *excelize.StreamWriter
	row int // written last
}

// addSheet adds a sheet; the first takes the place of the one that a new file has.
func addSheet(f *excelize.File, name string, first bool) (*sheet, error) {
	if first {
		if err := f.SetSheetName(f.GetSheetName(0), name); err != nil {
			return nil, err
		}
	} else if _, err := f.NewSheet(name); err != nil {
		return nil, err
	}
	w, err := f.NewStreamWriter(name)
	return &sheet{w: w}, err
}

// head writes the first row, which stays in sight.
func (s *sheet) head(c *cells, titles []string) error {
	for i, t := range titles {
		width := min(max(float64(2*utf8.RuneCountInString(t)+4), 12), 40)
		if err := s.w.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	err := s.w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
	if err != nil {
		return err
	}
	row := make([]any, len(titles))
	for i, t := range titles {
		row[i] = excelize.Cell{StyleID: c.header(false), Value: t}
	}
	return s.add(row)
}

// add writes the next row.
func (s *sheet) add(row []any) error {
	if s.row >= maxSheetRows {
		return fault.Newf(fault.Refused, "export.too_many", "a sheet has at most %d rows; narrow the filter or leave out subtables", maxSheetRows).With("max", maxSheetRows)
	}
	s.row++
	at, err := excelize.CoordinatesToCellName(1, s.row)
	if err != nil {
		return err
	}
	return s.w.SetRow(at, row)
}

// merge joins the cells of a column over rows.
func (s *sheet) merge(col, from, to int) error {
	a, err := excelize.CoordinatesToCellName(col, from)
	if err != nil {
		return err
	}
	b, err := excelize.CoordinatesToCellName(col, to)
	if err != nil {
		return err
	}
	return s.w.MergeCell(a, b)
}
