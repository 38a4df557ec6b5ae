package transfer

import (
	"errors"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// errorBook writes the refused rows of an import.
type errorBook struct {
	file   *excelize.File
	cells  *cells
	src    *source
	main   *sheet
	tables map[string]*sheet
}

func (w *errorBook) begin() (err error) {
	taken := map[string]bool{}
	if w.main, err = addSheet(w.file, sheetName(w.src.Main, taken), true); err != nil {
		return err
	}
	heads := w.heads(w.src.Main)
	if err := w.main.head(w.cells, append(heads, word(w.cells.lang, "row.error"))); err != nil {
		return err
	}
	for table, name := range w.src.Tables {
		sh, err := addSheet(w.file, sheetName(name, taken), false)
		if err != nil {
			return err
		}
		w.tables[table] = sh
		if err := sh.head(w.cells, w.heads(name)); err != nil {
			return err
		}
	}
	return nil
}

func (w *errorBook) heads(sheet string) []string {
	var out []string
	for _, c := range w.src.Cols {
		if c.Sheet == sheet {
			out = append(out, c.Title)
		}
	}
	return out
}

// row writes a refused row. Cells are written as the text that was read: what
// Excel counted as a day stays that number, which an import reads as the day again.
func (w *errorBook) row(r *Row) error {
	var out []any
	for _, c := range w.src.Cols {
		if c.Sheet == w.src.Main {
			out = append(out, w.cells.text(r.Cells[c.Field]))
		}
	}
	var said []string
	for _, e := range r.Errors {
		where := e.Path
		if e.Column != "" {
			where = w.title(e)
		}
		said = append(said, strings.TrimPrefix(where+": "+e.Message, ": "))
	}
	if err := w.main.add(append(out, w.cells.text(strings.Join(said, "\n")))); err != nil {
		return err
	}
	return w.rows(r)
}

// title names the place of an error as the file does.
func (w *errorBook) title(e RowError) string {
	for _, c := range w.src.Cols {
		if c.Column == e.Column {
			if table, i, _, ok := rowPath(e.Path); ok {
				return w.src.Tables[table] + " " + strconv.Itoa(i+1) + " " + c.Title
			}
			return c.Title
		}
	}
	return e.Path
}

// rows writes the rows of subtables, linked to the row just written.
func (w *errorBook) rows(r *Row) error {
	for table, sh := range w.tables {
		for i := 0; ; i++ {
			row, any := w.tableRow(r, table, i)
			if !any {
				break
			}
			if err := sh.add(row); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *errorBook) tableRow(r *Row, table string, i int) (row []any, has bool) {
	for _, c := range w.src.Cols {
		if c.Sheet != w.src.Tables[table] {
			continue
		}
		if c.Index == 0 {
			row = append(row, w.main.row)
			continue
		}
		cell, ok := r.Cells[table+"/"+strconv.Itoa(i)+"/"+strings.TrimPrefix(c.Field, table+".")]
		has = has || ok
		row = append(row, w.cells.text(cell))
	}
	return row, has
}

func (w *errorBook) end() error {
	failed := []error{w.cells.failed, w.main.w.Flush()}
	for _, t := range w.tables {
		failed = append(failed, t.w.Flush())
	}
	return errors.Join(failed...)
}
