package transfer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"strconv"
	"strings"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/storage"
)

// States of a row of an import.
const (
	rowPending   = "pending" // about to be written
	rowCreated   = "created"
	rowUpdated   = "updated"
	rowUnchanged = "unchanged"
	rowBad       = "bad"
)

// maxRaces bounds how often an update is applied to a newer record.
const maxRaces = 5

// Row is a row of an import: n is its number in Excel.
type Row struct {
	N      int               `json:"n"`
	State  string            `json:"state,omitempty"`
	Record string            `json:"record,omitempty"`
	Cells  map[string]string `json:"cells,omitempty"` // by path
	Errors []RowError        `json:"errors,omitempty"`

	rev    int64
	before *before
}

// before are the values of a record that an update changed.
type before struct {
	Set   map[string]json.RawMessage `json:"set"`
	Unset []string                   `json:"unset"`
}

// rowData is what is kept of a row as one text, which is sealed where the form
// has sensitive fields.
type rowData struct {
	Cells  map[string]string `json:"cells,omitempty"`
	Errors []RowError        `json:"errors,omitempty"`
	Before *before           `json:"before,omitempty"`
}

func (s *Service) rowDocs() storage.Collection { return s.t.Store.Collection(rowCollection) }

func rowID(job string, n int) string { return fmt.Sprintf("%s.%07d", job, n) }

// saveRow keeps a row as it stands.
func (s *Service) saveRow(ctx context.Context, j *Job, r *Row) error {
	raw, err := json.Marshal(rowData{r.Cells, r.Errors, r.before})
	if err != nil {
		return err
	}
	id := rowID(j.ID, r.N)
	set, err := s.t.Vault.SealDraft(ctx, j.Form, id, string(raw))
	if err != nil {
		return err
	}
	for k, v := range map[string]any{"form": j.Form, "job": j.ID, "n": int64(r.N), "state": r.State, "record": r.Record, "rev": r.rev} {
		set[k] = v
	}
	doc := storage.Doc{storage.ID: id}
	for k, v := range set {
		doc[k] = v
	}
	err = s.rowDocs().Insert(ctx, doc)
	if errors.Is(err, storage.ErrDuplicate) {
		_, err = s.rowDocs().Patch(ctx, id, storage.Guard{}, storage.Patch{Set: set})
	}
	return err
}

// loadRow gives nil when the import has not come to the row.
func (s *Service) loadRow(ctx context.Context, job string, n int) (*Row, error) {
	d, err := s.rowDocs().Get(ctx, rowID(job, n))
	if errors.Is(err, storage.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return s.rowOf(d)
}

func (s *Service) rowOf(d storage.Doc) (*Row, error) {
	raw, err := s.t.Vault.OpenDraft(d)
	if err != nil {
		return nil, err
	}
	var data rowData
	if err := json.Unmarshal([]byte(raw), &data); err != nil {
		return nil, err
	}
	rev, _ := d["rev"].(int64)
	return &Row{N: count(d, "n"), State: text(d, "state"), Record: text(d, "record"), rev: rev, Cells: data.Cells, Errors: data.Errors, before: data.Before}, nil
}

// row imports one row, once: what an earlier run has done stays.
func (x *importer) row(ctx context.Context, n int, cells map[string]string) error {
	r, err := x.s.loadRow(ctx, x.job.ID, n)
	if err != nil {
		return err
	}
	if r != nil && r.State != rowPending {
		return nil
	}
	if r == nil {
		r = &Row{N: n}
	}
	r.Cells = cells
	return x.try(ctx, r)
}

// try imports a row and keeps what came of it. A failure of the program is an error.
func (x *importer) try(ctx context.Context, r *Row) error {
	r.Errors = nil
	err := x.write(ctx, r)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var fe *fault.Error
	switch {
	case errors.As(err, &fe) && fe.Kind != fault.Internal:
		r.State, r.Errors = rowBad, append(r.Errors, errorsOf(fe)...)
	case err != nil:
		return err
	case len(r.Errors) > 0:
		r.State = rowBad
	default:
		r.Cells = nil // what was taken stands in the record
	}
	if r.State == "" {
		return nil // a trial that found nothing
	}
	for i := range r.Errors {
		r.Errors[i].Column = x.plan.Source.column(r.Errors[i].Path)
	}
	return x.s.saveRow(ctx, x.job, r)
}

// errorsOf are the places of a refusal, by path.
func errorsOf(e *fault.Error) []RowError {
	if len(e.Fields) == 0 {
		return []RowError{{Code: e.Code, Message: e.Message, Params: e.Params}}
	}
	out := make([]RowError, len(e.Fields))
	for i, f := range e.Fields {
		out[i] = RowError{Path: strings.TrimPrefix(f.Path, "/"), Code: f.Code, Message: f.Message, Params: f.Params}
	}
	return out
}

// write makes the record of a row, or changes it. What is wrong with cells is in r.Errors.
func (x *importer) write(ctx context.Context, r *Row) error {
	data, err := x.parse(ctx, r)
	if err != nil || len(r.Errors) > 0 {
		return err
	}
	if x.plan.Mode == ModeCreate || r.State == rowPending && r.before == nil {
		return x.create(ctx, r, data) // pending: it died while it made the record
	}
	target, err := x.found(ctx, r, data)
	switch {
	case err != nil || len(r.Errors) > 0:
		return err
	case target == nil:
		return x.create(ctx, r, data)
	}
	return x.update(ctx, r, target, data)
}

// parse reads the cells as data in wire form.
func (x *importer) parse(ctx context.Context, r *Row) (map[string]any, error) {
	data, rows := map[string]any{}, map[string][]any{}
	paths := make([]string, 0, len(r.Cells))
	for p := range r.Cells {
		paths = append(paths, p)
	}
	sort.Slice(paths, func(i, j int) bool { return pathLess(paths[i], paths[j]) })
	for _, path := range paths {
		table, i, col, nested := rowPath(path)
		name := path
		if nested {
			name = table + "." + col
		}
		if path == recordID {
			data[recordID] = strings.TrimSpace(r.Cells[path])
			continue
		}
		f := x.fields[name]
		if f == nil {
			r.Errors = append(r.Errors, RowError{Path: path, Code: "unknown_field", Message: "there is no such field"})
			continue
		}
		v, bad, err := x.parser.value(ctx, f, r.Cells[path])
		if err != nil {
			return nil, err
		}
		if bad != nil {
			e := *bad
			e.Path = path
			r.Errors = append(r.Errors, e)
		}
		switch {
		case bad != nil || v == nil:
		case nested:
			for len(rows[table]) <= i {
				rows[table] = append(rows[table], map[string]any{})
			}
			rows[table][i].(map[string]any)[col] = v
		default:
			data[path] = v
		}
	}
	for table, l := range rows {
		data[table] = l
	}
	return data, nil
}

// rowPath parts "lines/0/qty".
func rowPath(path string) (table string, i int, col string, ok bool) {
	parts := strings.Split(path, "/")
	if len(parts) != 3 {
		return "", 0, "", false
	}
	i, err := strconv.Atoi(parts[1])
	return parts[0], i, parts[2], err == nil && i >= 0 && i < 10_000
}

// pathLess orders paths so that the rows of a subtable come in their order.
func pathLess(a, b string) bool {
	t1, i1, c1, n1 := rowPath(a)
	t2, i2, c2, n2 := rowPath(b)
	if !n1 || !n2 || t1 != t2 {
		return a < b
	}
	return i1 < i2 || i1 == i2 && c1 < c2
}

// found finds the record that the key of a row means; nil when a new one is to be made.
func (x *importer) found(ctx context.Context, r *Row, data map[string]any) (*record.Out, error) {
	refuse := func(code, message string) {
		r.Errors = append(r.Errors, RowError{Path: x.plan.Key, Code: code, Message: message})
	}
	v := data[x.plan.Key]
	if v == nil || v == "" {
		if x.plan.Mode == ModeUpdate {
			refuse("required", "the key is missing")
		}
		return nil, nil
	}
	l, err := x.s.matching(ctx, x.a, x.job.Form, x.plan.Key, v)
	switch {
	case err != nil:
		return nil, err
	case len(l) > 1:
		refuse("ambiguous", "several records have this key")
	case len(l) == 1:
		return l[0], nil
	case x.plan.Mode == ModeUpdate || x.plan.Key == recordID:
		refuse("key_missing", "no record has this key, or you may not see it")
	}
	return nil, nil
}

// once is the key that makes what a row does happen once.
func (x *importer) once(r *Row) string { return "import:" + rowID(x.job.ID, r.N) }

func (x *importer) create(ctx context.Context, r *Row, data map[string]any) error {
	delete(data, recordID)
	raw, err := json.Marshal(data)
	if err != nil {
		return err
	}
	if x.plan.DryRun {
		return x.trial(ctx, r, "", raw)
	}
	if x.plan.Mode != ModeCreate {
		r.State = rowPending // the key would find the record itself, had it been made already
		if err := x.s.saveRow(ctx, x.job, r); err != nil {
			return err
		}
	}
	rec, _, err := x.s.records.Create(ctx, x.a, x.s.flow, x.job.Form, record.CreateInput{Data: raw, Submit: x.plan.Submit, Key: x.once(r)})
	if err != nil {
		return err
	}
	r.State, r.Record, r.rev = rowCreated, rec.ID(), rec.Rev()
	return nil
}

// trial checks a row without writing anything.
func (x *importer) trial(ctx context.Context, r *Row, id string, data json.RawMessage) error {
	got, err := x.s.records.Evaluate(ctx, x.a, x.job.Form, id, data)
	if err != nil {
		return err
	}
	for _, f := range got.Errors {
		r.Errors = append(r.Errors, RowError{Path: strings.TrimPrefix(f.Path, "/"), Code: f.Code, Message: f.Message, Params: f.Params})
	}
	return nil
}

// update changes what the cells of a row say; blank ones change nothing. Before it
// writes it keeps what was there, for the import to be undone.
func (x *importer) update(ctx context.Context, r *Row, target *record.Out, data map[string]any) error {
	delete(data, recordID)
	if x.plan.DryRun {
		raw, err := json.Marshal(data)
		if err != nil {
			return err
		}
		return x.trial(ctx, r, target.ID, raw)
	}
	if r.State == rowPending && r.Record == target.ID && r.before != nil {
		if err := x.save(ctx, r, target, data); err != nil {
			return err
		}
		r.State = rowUpdated // it died while it wrote: what was there before is known
		return nil
	}
	r.State, r.Record, r.before = rowPending, target.ID, &before{Set: map[string]json.RawMessage{}}
	for key := range data {
		was, ok := target.Data[key]
		if !ok {
			r.before.Unset = append(r.before.Unset, key)
			continue
		}
		raw, err := json.Marshal(was)
		if err != nil {
			return err
		}
		r.before.Set[key] = raw
	}
	if err := x.s.saveRow(ctx, x.job, r); err != nil {
		return err
	}
	return x.save(ctx, r, target, data)
}

func (x *importer) save(ctx context.Context, r *Row, target *record.Out, data map[string]any) error {
	p := record.Patch{Set: map[string]json.RawMessage{}}
	for key, v := range data {
		if key == x.plan.Key {
			continue // it is what found the record
		}
		raw, err := json.Marshal(v)
		if err != nil {
			return err
		}
		p.Set[key] = raw
	}
	rev := target.Rev
	for try := 1; ; try++ {
		rec, err := x.s.records.Save(ctx, x.a, x.s.flow, x.job.Form, target.ID, record.SaveInput{Rev: rev, Patch: p, Key: x.once(r)})
		if fault.Is(err, "record.stale") && try < maxRaces {
			now, _, again := x.s.records.Get(ctx, x.a, x.job.Form, target.ID)
			if again != nil {
				return again
			}
			rev = now.Rev()
			continue
		}
		if err != nil {
			return err
		}
		r.State, r.rev = rowUpdated, rec.Rev()
		if rec.Rev() == target.Rev && r.rev == rev {
			r.State = rowUnchanged
		}
		return nil
	}
}
