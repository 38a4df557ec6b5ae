package transfer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// rowPage is how many bad rows one page has.
const rowPage = 50

// Translate gives the words of what is wrong with a row in its reader's language,
// "" where its message serves.
type Translate func(code string, params map[string]any) string

// ownImport reads an import of the actor's.
func (s *Service) ownImport(ctx context.Context, a *tenant.Actor, id string) (*Job, error) {
	j, err := s.Get(ctx, a, id)
	if err != nil {
		return nil, err
	}
	if j.Kind != KindImport {
		return nil, notFound()
	}
	return j, nil
}

// BadRows lists the rows of an import that were refused, in the order of the file.
func (s *Service) BadRows(ctx context.Context, a *tenant.Actor, id, cursor string, words Translate) ([]*Row, string, error) {
	j, err := s.ownImport(ctx, a, id)
	if err != nil {
		return nil, "", err
	}
	return s.badPage(ctx, j, cursor, words)
}

func (s *Service) badPage(ctx context.Context, j *Job, cursor string, words Translate) ([]*Row, string, error) {
	page, err := s.rowDocs().Find(ctx, storage.Query{Where: ofState(j.ID, rowBad), Sort: []filter.Sort{{Path: "n"}}, Limit: rowPage, Cursor: cursor})
	if errors.Is(err, storage.ErrInvalid) {
		return nil, "", fault.New(fault.Malformed, "list.cursor", "this cursor belongs to another list").Because(err)
	}
	if err != nil {
		return nil, "", err
	}
	out := make([]*Row, 0, len(page.Docs))
	for _, d := range page.Docs {
		r, err := s.rowOf(d)
		if err != nil {
			return nil, "", err
		}
		out = append(out, r.said(words))
	}
	return out, page.Next, nil
}

// said puts what is wrong into the words of its reader.
func (r *Row) said(words Translate) *Row {
	for i, e := range r.Errors {
		if w := words(e.Code, e.Params); w != "" {
			r.Errors[i].Message = w
		}
	}
	return r
}

// Repair changes cells of a refused row ("" empties one) and tries it again.
func (s *Service) Repair(ctx context.Context, a *tenant.Actor, id string, n int, set map[string]string, words Translate) (*Row, error) {
	j, err := s.ownImport(ctx, a, id)
	if err != nil {
		return nil, err
	}
	if j.State != Done && j.State != Failed {
		return nil, fault.New(fault.Refused, "import.running", "wait until the import has come to its end")
	}
	r, err := s.loadRow(ctx, j.ID, n)
	if err != nil {
		return nil, err
	}
	if r == nil {
		return nil, fault.New(fault.NotFound, "import.row_not_found", "the import has no such row")
	}
	if r.State != rowBad {
		return r.said(words), nil // it was repaired already
	}
	x, err := s.newImporter(a, j)
	if err != nil {
		return nil, err
	}
	if x.plan.DryRun {
		return nil, fault.New(fault.Refused, "import.dry_run", "this import only checks")
	}
	for path, cell := range set {
		r.Cells[path] = cell
		if strings.TrimSpace(cell) == "" {
			delete(r.Cells, path)
		}
	}
	r.State = ""
	if err := x.try(ctx, r); err != nil {
		return nil, err
	}
	return r.said(words), s.report(ctx, j, x.plan)
}

// ErrorsFile is a spreadsheet of the refused rows, as they were in the file, with
// what is wrong with each in its last column: corrected, it can be imported.
func (s *Service) ErrorsFile(ctx context.Context, a *tenant.Actor, id string, words Translate) (name string, content []byte, err error) {
	j, err := s.ownImport(ctx, a, id)
	if err != nil {
		return "", nil, err
	}
	var p importPlan
	if err := json.Unmarshal(j.params, &p); err != nil {
		return "", nil, err
	}
	f := excelize.NewFile()
	defer func() { _ = f.Close() }() // its temporary files
	w := &errorBook{file: f, cells: newCells(f, a.Lang, s.t.Settings().Zone), src: p.Source, tables: map[string]*sheet{}}
	if err := w.begin(); err != nil {
		return "", nil, err
	}
	for cursor := ""; ; {
		rows, next, err := s.badPage(ctx, j, cursor, words)
		if err != nil {
			return "", nil, err
		}
		for _, r := range rows {
			if err := w.row(r); err != nil {
				return "", nil, err
			}
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	var b bytes.Buffer
	if err := errors.Join(w.end(), f.Write(&b)); err != nil {
		return "", nil, err
	}
	return fileName(word(a.Lang, "errors") + ".xlsx"), b.Bytes(), nil
}
