package transfer

import (
	"slices"
	"strings"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/catalog"
)

// column is one column of an export: a field, a column of a subtable, or a system value.
type column struct {
	name  string // "amount", "lines.qty", "sys.created_by"
	title string
	shown *schema.Field // how the value is rendered; nil for a system value
}

// block is a subtable with its columns.
type block struct {
	key, title string
	cols       []column
}

// layout is what an export shows: the columns of the record, and its subtables.
type layout struct {
	main   []column
	tables []block
}

// systemTail are the system columns that an export without a choice ends with.
var systemTail = []string{"sys.created_by", "sys.created_at"}

// systemNames are the system values that may be exported.
var systemNames = []string{"sys.id", "sys.title", "sys.created_by", "sys.created_at", "sys.dept", "sys.updated_by", "sys.updated_at", "sys.version",
	"case.state", "case.nodes", "case.handlers", "case.result"}

// layoutOf lays out an export: the columns asked for, or those of the view, or
// all that the actor may see. A name asked for that is not there for him is refused.
func (s *Service) layoutOf(a *tenant.Actor, form *catalog.Form, in ExportInput) (layout, error) {
	p := planner{s: s, a: a, form: form}
	names := in.Columns
	strict := len(names) > 0
	if v := form.View(in.View); v != nil && !strict {
		names = v.Def.Columns
	}
	if len(names) == 0 {
		names = p.all()
	}
	if len(names) > MaxColumns {
		return layout{}, tooWide()
	}
	for _, n := range names {
		if !p.add(n) && strict {
			return layout{}, fault.Newf(fault.Malformed, "list.field", "there is no field %s", n).
				At(fault.Field{Path: "/columns", Code: "unknown_field", Message: "there is no field " + n, Params: map[string]any{"field": n}})
		}
	}
	if in.Subtables == SubtablesNone {
		p.out.tables = nil
	}
	return p.out, p.fits()
}

func tooWide() error {
	return fault.Newf(fault.Malformed, "export.columns", "at most %d columns", MaxColumns).With("max", MaxColumns)
}

// planner collects columns.
type planner struct {
	s    *Service
	a    *tenant.Actor
	form *catalog.Form
	out  layout
}

func (p *planner) fits() error {
	n := len(p.out.main)
	for _, t := range p.out.tables {
		n += len(t.cols)
	}
	if n > MaxColumns {
		return tooWide()
	}
	return nil
}

// all are the names of everything there is to see, in the order of the form.
func (p *planner) all() []string {
	var out []string
	for _, f := range p.form.Def.Fields {
		out = append(out, f.Key)
	}
	if p.form.Flow != nil {
		out = append(out, "case.state")
	}
	return append(out, systemTail...)
}

// add adds a column, or a subtable with all its columns; false when it is not there for the actor.
func (p *planner) add(name string) bool {
	if strings.HasPrefix(name, "sys.") || strings.HasPrefix(name, "case.") {
		return p.system(name)
	}
	table, col, nested := strings.Cut(name, ".")
	f := p.form.Def.Field(table)
	if f == nil || f.Type == schema.TypeReverse || !record.Shows(p.a, p.form, table) {
		return false
	}
	if f.Type == schema.TypeSubtable {
		return p.table(f, col)
	}
	if nested {
		return false
	}
	p.out.main = append(p.out.main, column{f.Key, titleOf(f, p.a.Lang), p.s.shownAs(p.form, f)})
	return true
}

func (p *planner) system(name string) bool {
	if !slices.Contains(systemNames, name) || strings.HasPrefix(name, "case.") && p.form.Flow == nil {
		return false
	}
	p.out.main = append(p.out.main, column{name: name, title: word(p.a.Lang, name)})
	return true
}

// table adds one column of a subtable, or all of them.
func (p *planner) table(f *schema.Field, only string) bool {
	var cols []column
	for _, c := range f.Columns {
		path := f.Key + "." + c.Key
		if (only == "" || only == c.Key) && c.Type != schema.TypeReverse && record.Shows(p.a, p.form, path) {
			cols = append(cols, column{path, titleOf(c, p.a.Lang), p.s.shownAs(p.form, c)})
		}
	}
	if len(cols) == 0 {
		return false
	}
	for i := range p.out.tables {
		if p.out.tables[i].key == f.Key {
			p.out.tables[i].cols = append(p.out.tables[i].cols, cols...)
			return true
		}
	}
	p.out.tables = append(p.out.tables, block{f.Key, titleOf(f, p.a.Lang), cols})
	return true
}

func titleOf(f *schema.Field, lang string) string {
	if t := f.Title.In(lang); t != "" {
		return t
	}
	return f.Key
}

// shownAs is the field whose type renders a value: that of a formula's result,
// and for a lookup the field it looks up.
func (s *Service) shownAs(form *catalog.Form, f *schema.Field) *schema.Field {
	switch {
	case f.Type == schema.TypeFormula:
		as := *f
		as.Type = f.ResultType
		if as.Type == "" {
			as.Type = schema.TypeNumber
		}
		return &as
	case f.Type == schema.TypeLookup && f.Link != nil:
		via := form.Def.Field(f.Link.Via)
		if via == nil || via.Relation == nil {
			return f
		}
		target, err := s.t.Form(via.Relation.Form)
		if err != nil {
			return f // an optional app that is not installed
		}
		if other := target.Def.Field(f.Link.Field); other != nil && other.Type != schema.TypeLookup {
			return s.shownAs(target, other)
		}
	}
	return f
}
