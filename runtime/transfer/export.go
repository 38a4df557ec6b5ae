package transfer

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/audit"
	"github.com/formwork-run/formwork/runtime/files"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
)

// How subtables are exported.
const (
	// SubtablesRows puts the rows of subtables beneath one another beside their
	// record, whose own cells are merged over them: as people lay out such tables by hand.
	SubtablesRows = "rows"
	// SubtablesSheets gives each subtable a sheet, whose first column says the row of
	// the record in the first sheet. It can be filtered and imported again.
	SubtablesSheets = "sheets"
	// SubtablesNone leaves them out.
	SubtablesNone = "none"
)

// maxMerged bounds the merged cells of a file: beyond it the record's cells are
// repeated in each of its rows. More of them make spreadsheets crawl.
const maxMerged = 100_000

// ExportInput selects what is exported.
type ExportInput struct {
	Filter    json.RawMessage `json:"filter,omitempty"`
	Sort      string          `json:"sort,omitempty"`
	Columns   []string        `json:"columns,omitempty"` // fields, subtables, columns of them, system names; none = those of the view, or all
	View      string          `json:"view,omitempty"`
	Query     string          `json:"q,omitempty"`
	Subtables string          `json:"subtables,omitempty"` // "" = SubtablesRows
}

func (in ExportInput) list() record.ListInput {
	return record.ListInput{Filter: in.Filter, Sort: in.Sort, View: in.View, Query: in.Query}
}

// Export starts the export of a list: what the actor may export of what he asks
// for, at most MaxRows records (export.too_many). The job's file is his for files.KeepLoose.
func (s *Service) Export(ctx context.Context, a *tenant.Actor, ref string, in ExportInput) (*Job, error) {
	if err := s.records.MayExport(a, ref); err != nil {
		return nil, err
	}
	form, err := s.t.Form(ref)
	if err != nil {
		return nil, err
	}
	if in.Subtables == "" {
		in.Subtables = SubtablesRows
	}
	if !slices.Contains([]string{SubtablesRows, SubtablesSheets, SubtablesNone}, in.Subtables) {
		return nil, fault.New(fault.Malformed, "export.subtables", "subtables is rows, sheets or none").
			At(fault.Field{Path: "/subtables", Code: "option", Message: "subtables is rows, sheets or none"})
	}
	if _, err := s.layoutOf(a, form, in); err != nil {
		return nil, err
	}
	n, err := s.records.CountExport(ctx, a, ref, in.list(), MaxRows+1)
	if err != nil {
		return nil, err
	}
	if n > MaxRows {
		return nil, tooMany()
	}
	return s.start(ctx, a, KindExport, ref, s.t.IDs.New(), n, in)
}

func tooMany() error {
	return fault.Newf(fault.Refused, "export.too_many", "at most %d rows; narrow the filter", MaxRows).With("max", MaxRows)
}

// runExport writes the file. It begins anew when it died: nothing of it was to be seen.
func (s *Service) runExport(ctx context.Context, a *tenant.Actor, j *Job) (more bool, err error) {
	var in ExportInput
	if err := json.Unmarshal(j.params, &in); err != nil {
		return false, err
	}
	form, err := s.t.Form(j.Form)
	if err != nil {
		return false, err
	}
	lay, err := s.layoutOf(a, form, in)
	if err != nil {
		return false, err
	}
	x := &exporter{s: s, a: a, job: j, in: in, lay: lay, file: excelize.NewFile()}
	defer func() { _ = x.file.Close() }() // its temporary files
	if err := x.write(ctx, form.Def.Title.In(a.Lang)); err != nil {
		return false, err
	}
	f, err := s.keep(ctx, a, x.file, form.Def.Title.In(a.Lang)+"-"+s.today("20060102-1504")+".xlsx")
	if err != nil {
		return false, err
	}
	entry := audit.About{By: a.User, Action: "export", IP: a.IP, Request: a.RequestID, Form: j.Form,
		Detail: map[string]any{"job": j.ID, "file": f.ID, "records": int64(x.done), "columns": anyList(x.names())}}
	if err := s.audit.NoteAbout(ctx, entry); err != nil {
		return false, err
	}
	return false, s.set(ctx, j.ID, map[string]any{"done": int64(x.done), "total": int64(x.done),
		"file": map[string]any{"id": f.ID, "name": f.Name, "type": f.Type, "size": f.Size}})
}

func (s *Service) today(form string) string {
	return s.t.Clock.Now().In(s.t.Settings().Zone).Format(form)
}

func anyList(l []string) []any {
	out := make([]any, len(l))
	for i, x := range l {
		out[i] = x
	}
	return out
}

// MIME is the type of the files.
const MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// keep streams a workbook into a file of the actor's.
func (s *Service) keep(ctx context.Context, a *tenant.Actor, book *excelize.File, name string) (files.File, error) {
	r, w := io.Pipe()
	go func() { w.CloseWithError(book.Write(w)) }()
	f, err := s.files.Store(ctx, a, fileName(name), MIME, r)
	return f, errors.Join(err, r.CloseWithError(err))
}

// exporter writes one export.
type exporter struct {
	s      *Service
	a      *tenant.Actor
	job    *Job
	in     ExportInput
	lay    layout
	file   *excelize.File
	cells  *cells
	main   *sheet
	tables []*sheet // one per subtable with SubtablesSheets
	done   int
	merged int
}

// names are those of all columns.
func (x *exporter) names() []string {
	var out []string
	for _, c := range x.lay.main {
		out = append(out, c.name)
	}
	for _, t := range x.lay.tables {
		for _, c := range t.cols {
			out = append(out, c.name)
		}
	}
	return out
}

func (x *exporter) write(ctx context.Context, title string) error {
	x.cells = newCells(x.file, x.a.Lang, x.s.t.Settings().Zone)
	if err := x.begin(title); err != nil {
		return err
	}
	in := x.in.list()
	in.Limit = record.MaxExportPage
	told := x.s.t.Clock.Now()
	for {
		page, err := x.s.records.Export(ctx, x.a, x.job.Form, in)
		if err != nil {
			return err
		}
		if err := x.page(page); err != nil {
			return err
		}
		if now := x.s.t.Clock.Now(); now.Sub(told) >= time.Second {
			told = now
			if err := x.s.set(ctx, x.job.ID, map[string]any{"done": int64(x.done)}); err != nil {
				return err
			}
		}
		if page.Next == "" {
			return x.end()
		}
		in.Cursor = page.Next
	}
}

// begin writes the headers.
func (x *exporter) begin(title string) (err error) {
	taken := map[string]bool{}
	if x.main, err = addSheet(x.file, sheetName(title, taken), true); err != nil {
		return err
	}
	var titles []string
	for _, c := range x.lay.main {
		titles = append(titles, c.title)
	}
	for _, t := range x.lay.tables {
		own := []string{word(x.a.Lang, "row")}
		for _, c := range t.cols {
			if x.in.Subtables == SubtablesRows {
				titles = append(titles, t.title+"."+c.title)
			}
			own = append(own, c.title)
		}
		if x.in.Subtables != SubtablesSheets {
			continue
		}
		sh, err := addSheet(x.file, sheetName(t.title, taken), false)
		if err != nil {
			return err
		}
		if err := sh.head(x.cells, own); err != nil {
			return err
		}
		x.tables = append(x.tables, sh)
	}
	return x.main.head(x.cells, titles)
}

func (x *exporter) end() error {
	failed := []error{x.cells.failed, x.main.w.Flush()}
	for _, t := range x.tables {
		failed = append(failed, t.w.Flush())
	}
	return errors.Join(failed...)
}

func (x *exporter) page(page *record.ListOut) error {
	x.cells.display = page.Display
	for _, o := range page.Items {
		if x.done++; x.done > MaxRows {
			return tooMany() // there were fewer when it began
		}
		if err := x.record(o); err != nil {
			return err
		}
	}
	return nil
}

// record writes one record with its rows.
func (x *exporter) record(o *record.Out) error {
	own := make([]any, len(x.lay.main), len(x.lay.main)+8)
	for i, c := range x.lay.main {
		own[i] = x.cells.of(c, o)
	}
	if x.in.Subtables == SubtablesSheets {
		return x.apart(own, o)
	}
	height := 1
	for _, t := range x.lay.tables {
		height = max(height, len(rowsOf(o, t.key)))
	}
	width := len(own)
	merge := height > 1 && x.merged+width <= maxMerged
	for i := range height {
		row := own[:width:width]
		if i > 0 && merge {
			row = make([]any, width)
		}
		if err := x.main.add(x.beside(row, o, i)); err != nil {
			return err
		}
	}
	if !merge {
		return nil
	}
	x.merged += width
	for col := range width {
		if err := x.main.merge(col+1, x.main.row-height+1, x.main.row); err != nil {
			return err
		}
	}
	return nil
}

// beside adds to a row the i-th rows of the subtables.
func (x *exporter) beside(row []any, o *record.Out, i int) []any {
	for _, t := range x.lay.tables {
		var m map[string]any
		if rows := rowsOf(o, t.key); i < len(rows) {
			m, _ = rows[i].(map[string]any)
		}
		for _, c := range t.cols {
			row = append(row, x.cells.value(c.shown, m[c.name[len(t.key)+1:]]))
		}
	}
	return row
}

// apart writes the rows of subtables into their own sheets.
func (x *exporter) apart(own []any, o *record.Out) error {
	if err := x.main.add(own); err != nil {
		return err
	}
	for i, t := range x.lay.tables {
		for _, r := range rowsOf(o, t.key) {
			m, _ := r.(map[string]any)
			row := []any{x.main.row}
			for _, c := range t.cols {
				row = append(row, x.cells.value(c.shown, m[c.name[len(t.key)+1:]]))
			}
			if err := x.tables[i].add(row); err != nil {
				return err
			}
		}
	}
	return nil
}

func rowsOf(o *record.Out, key string) []any { l, _ := o.Data[key].([]any); return l }
