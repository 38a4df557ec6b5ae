package transfer

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/runtime/audit"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// Modes of an import.
const (
	ModeCreate = "create"
	ModeUpdate = "update" // the records that the key finds
	ModeUpsert = "upsert" // those, and new ones for the others
)

// One slice of an import does so much; then other jobs have their turn.
const (
	sliceRows = 2000
	sliceTime = time.Minute
	tellEvery = 50 // rows, after which a job says how far it is
)

// ImportInput says what to import and how.
type ImportInput struct {
	File    string            `json:"file"`
	Mapping map[string]string `json:"mapping,omitempty"` // column → field, "" = not read; nil = as last time, or guessed
	Key     string            `json:"key,omitempty"`     // field that finds records, or sys.id
	Mode    string            `json:"mode,omitempty"`    // "" = ModeCreate
	Submit  bool              `json:"submit"`            // false keeps new records as drafts
	DryRun  bool              `json:"dry_run,omitempty"` // only checks
}

// importPlan is an import as its job keeps it.
type importPlan struct {
	ImportInput
	Source *source `json:"source"`
}

// Import starts an import of an uploaded file of the actor's. Its columns are
// bound now; what is wrong with rows is found by the job.
func (s *Service) Import(ctx context.Context, a *tenant.Actor, ref string, in ImportInput) (*Job, error) {
	form, err := s.mayImport(a, ref)
	if err != nil {
		return nil, err
	}
	if in.Mode == "" {
		in.Mode = ModeCreate
	}
	if !slices.Contains([]string{ModeCreate, ModeUpdate, ModeUpsert}, in.Mode) {
		return nil, fault.New(fault.Malformed, "import.mode", "mode is create, update or upsert").
			At(fault.Field{Path: "/mode", Code: "option", Message: "mode is create, update or upsert"})
	}
	all := targets(a, form)
	b, err := s.openBook(ctx, a, in.File)
	if err != nil {
		return nil, err
	}
	defer func() { _ = b.close() }() // its temporary files
	src, total, err := s.bind(ctx, a, ref, b, all, in.Mapping)
	if err != nil {
		return nil, err
	}
	if err := src.keyed(&in); err != nil {
		return nil, err
	}
	j, err := s.start(ctx, a, KindImport, ref, s.t.IDs.New(), total, importPlan{in, src})
	if err != nil {
		return nil, err
	}
	return j, s.report(ctx, j, &importPlan{in, src})
}

// bind reads the headings, binds the columns, and counts the rows.
func (s *Service) bind(ctx context.Context, a *tenant.Actor, ref string, b *book, all []target, mapping map[string]string) (*source, int, error) {
	src, err := sourceOf(b, all)
	if err != nil {
		return nil, 0, err
	}
	id := ids.Derive("transfermap", ref, a.User, src.heads())
	if mapping != nil {
		if err := src.apply(mapping, all); err != nil {
			return nil, 0, err
		}
	} else if err := s.recall(ctx, id, src, all); err != nil {
		return nil, 0, err
	}
	if !slices.ContainsFunc(src.Cols, func(c Bound) bool { return c.Field != "" && c.Sheet == src.Main }) {
		return nil, 0, fault.New(fault.Invalid, "import.mapping", "no column of the file fills a field; the first row must hold the headings").
			At(fault.Field{Path: "/mapping", Code: "required", Message: "no column fills a field"})
	}
	total, err := b.count(src.Main)
	if err != nil {
		return nil, 0, err
	}
	for _, sheet := range src.Tables {
		if _, err := b.count(sheet); err != nil {
			return nil, 0, err
		}
	}
	if mapping != nil {
		err = s.remember(ctx, id, mapping)
	}
	return src, total, err
}

// remember keeps what somebody chose for files with these headings.
func (s *Service) remember(ctx context.Context, id string, mapping map[string]string) error {
	raw, err := json.Marshal(mapping)
	if err != nil {
		return err
	}
	col := s.t.Store.Collection(mappingCollection)
	err = col.Insert(ctx, storage.Doc{storage.ID: id, "mapping": string(raw)})
	if errors.Is(err, storage.ErrDuplicate) {
		_, err = col.Patch(ctx, id, storage.Guard{}, storage.Patch{Set: map[string]any{"mapping": string(raw)}})
	}
	return err
}

// recall applies what was chosen for such a file before; one that fits no more is forgotten.
func (s *Service) recall(ctx context.Context, id string, src *source, all []target) error {
	d, err := s.t.Store.Collection(mappingCollection).Get(ctx, id)
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	var mapping map[string]string
	if err := json.Unmarshal([]byte(text(d, "mapping")), &mapping); err != nil {
		return err
	}
	guessed := slices.Clone(src.Cols)
	if src.apply(mapping, all) != nil {
		src.Cols = guessed
	}
	return nil
}

// keyed refuses an update without a key, and a key that no column says.
func (s *source) keyed(in *ImportInput) error {
	if in.Mode == ModeCreate {
		in.Key = ""
		return nil
	}
	if in.Key == "" || strings.Contains(in.Key, ".") && in.Key != recordID || s.column(in.Key) == "" {
		return fault.New(fault.Malformed, "import.key", "name the field that finds the records; a column must say it").
			At(fault.Field{Path: "/key", Code: "required", Message: "a column must say the key"})
	}
	return nil
}

// importer works on one slice of an import.
type importer struct {
	s      *Service
	a      *tenant.Actor
	job    *Job
	plan   *importPlan
	fields map[string]*schema.Field // by path
	parser *parser
	rows   map[int][]map[string]string // rows of subtables by the row of their record: path → cell
}

func (s *Service) newImporter(a *tenant.Actor, j *Job) (*importer, error) {
	form, err := s.mayImport(a, j.Form)
	if err != nil {
		return nil, err
	}
	x := &importer{s: s, a: a, job: j, plan: &importPlan{}, fields: map[string]*schema.Field{}, rows: map[int][]map[string]string{}}
	for _, t := range targets(a, form) {
		x.fields[t.path] = t.field
	}
	if err := json.Unmarshal(j.params, x.plan); err != nil {
		return nil, err
	}
	x.parser = s.newParser(a, x.plan.Source.Date1904)
	return x, nil
}

// runImport does one slice. Rows that an earlier run came to are left as they are.
func (s *Service) runImport(ctx context.Context, a *tenant.Actor, j *Job) (more bool, err error) {
	x, err := s.newImporter(a, j)
	if err != nil {
		return false, err
	}
	b, err := s.openBook(ctx, a, x.plan.File)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	if err := x.subtables(b); err != nil {
		return false, err
	}
	more, err = x.slice(ctx, b)
	if err != nil || more {
		return more, err
	}
	if err := s.report(ctx, j, x.plan); err != nil || x.plan.DryRun {
		return false, err
	}
	return false, s.audit.NoteAbout(ctx, audit.About{By: a.User, Action: "import", IP: a.IP, Request: a.RequestID, Form: j.Form,
		Detail: map[string]any{"job": j.ID, "file": x.plan.File, "mode": x.plan.Mode}})
}

// slice works on rows until it has done its part.
func (x *importer) slice(ctx context.Context, b *book) (more bool, err error) {
	seen, did, until := 0, 0, time.Now().Add(sliceTime)
	cols := x.columns(x.plan.Source.Main)
	err = b.each(x.plan.Source.Main, func(n int, row []string) error {
		if n == 1 {
			return nil
		}
		if seen++; seen <= x.job.Done {
			return nil
		}
		if did++; did > sliceRows || time.Now().After(until) {
			more = true
			return errEnough
		}
		if err := x.row(ctx, n, x.cells(cols, n, row)); err != nil {
			return err
		}
		if seen%tellEvery == 0 {
			return x.s.set(ctx, x.job.ID, map[string]any{"done": int64(seen)})
		}
		return ctx.Err()
	})
	if err != nil {
		return false, err
	}
	if more {
		seen--
	}
	return more, x.s.set(ctx, x.job.ID, map[string]any{"done": int64(seen)})
}

// columns are the bound ones of a sheet.
func (x *importer) columns(sheet string) []Bound {
	var out []Bound
	for _, c := range x.plan.Source.Cols {
		if c.Sheet == sheet && c.Field != "" {
			out = append(out, c)
		}
	}
	return out
}

// subtables reads the sheets of subtables, which say the row of their record first.
func (x *importer) subtables(b *book) error {
	for table, sheet := range x.plan.Source.Tables {
		cols := x.columns(sheet)
		err := b.each(sheet, func(n int, row []string) error {
			if n == 1 || len(row) == 0 {
				return nil
			}
			main, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(row[0]), ".0"))
			if err != nil || main < 2 {
				return fault.Newf(fault.Invalid, "import.row_link", "row %d of the sheet %s does not say in its first column to which row of the first sheet it belongs", n, sheet).With("row", n).With("sheet", sheet)
			}
			cells := map[string]string{"": table}
			for _, c := range cols {
				if c.Index < len(row) {
					cells[c.Field] = row[c.Index]
				}
			}
			x.rows[main] = append(x.rows[main], cells)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// cells are the texts of a record by path, with those of its rows.
func (x *importer) cells(cols []Bound, n int, row []string) map[string]string {
	out := map[string]string{}
	for _, c := range cols {
		if c.Index < len(row) && strings.TrimSpace(row[c.Index]) != "" {
			out[c.Field] = row[c.Index]
		}
	}
	next := map[string]int{}
	for _, sub := range x.rows[n] {
		table := sub[""]
		for path, cell := range sub {
			if path != "" && strings.TrimSpace(cell) != "" {
				out[table+"/"+strconv.Itoa(next[table])+"/"+strings.TrimPrefix(path, table+".")] = cell
			}
		}
		next[table]++
	}
	return out
}

// Report is what came of an import.
type Report struct {
	Columns   []Bound `json:"columns"`
	Created   int     `json:"created"`
	Updated   int     `json:"updated"`
	Unchanged int     `json:"unchanged"`
	Bad       int     `json:"bad"`
	DryRun    bool    `json:"dry_run,omitempty"`
}

// report counts the rows of an import and keeps the result with the job.
func (s *Service) report(ctx context.Context, j *Job, p *importPlan) error {
	r := Report{Columns: []Bound{}, DryRun: p.DryRun}
	for _, c := range p.Source.Cols {
		r.Columns = append(r.Columns, Bound{Column: c.Column, Title: c.Title, Field: c.Field, Index: c.Index})
	}
	for state, into := range map[string]*int{rowCreated: &r.Created, rowUpdated: &r.Updated, rowUnchanged: &r.Unchanged, rowBad: &r.Bad} {
		n, err := s.rowDocs().Count(ctx, ofState(j.ID, state), 0)
		if err != nil {
			return err
		}
		*into = n
	}
	raw, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return s.set(ctx, j.ID, map[string]any{"report": string(raw)})
}

func ofState(job string, states ...string) filter.Expr {
	return filter.And{filter.Cmp{Path: "job", Op: filter.Eq, Value: job}, filter.Cmp{Path: "state", Op: filter.In, Value: anyList(states)}}
}
