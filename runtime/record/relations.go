package record

import (
	"context"
	"errors"
	"fmt"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// related are records of other forms that this one points to, read once per change.
type related map[string]storage.Doc // "app.form/id" → document

// pointer is one relation value in a record.
type pointer struct {
	at   string // JSON pointer of the value
	path string // field path, "party" or "lines.subject"
	form string
	id   string
	row  map[string]any // the row it stands in, nil at the top
	was  bool           // it is already stored so, or computed: nobody has chosen it now
}

// pointers lists the relation values of the data.
func (c *Change) pointers() []pointer {
	var out []pointer
	for _, f := range c.Form.Def.Fields {
		switch {
		case f.Relation != nil:
			out = append(out, pointersIn(f, f.Key, "/"+f.Key, c.data[f.Key], c.before[f.Key], nil)...)
		case f.Type == schema.TypeSubtable:
			out = append(out, c.rowPointers(f)...)
		}
	}
	return out
}

func (c *Change) rowPointers(f *schema.Field) []pointer {
	var cols []*schema.Field
	for _, col := range f.Columns {
		if col.Relation != nil {
			cols = append(cols, col)
		}
	}
	if len(cols) == 0 {
		return nil
	}
	was := map[string]map[string]any{}
	for _, r := range list(c.before, f.Key) {
		m := r.(map[string]any)
		was[text(m, "id")] = m
	}
	var out []pointer
	for i, r := range list(c.data, f.Key) {
		row := r.(map[string]any)
		for _, col := range cols {
			at := fmt.Sprintf("/%s/%d/%s", f.Key, i, col.Key)
			out = append(out, pointersIn(col, f.Key+"."+col.Key, at, row[col.Key], was[text(row, "id")][col.Key], row)...)
		}
	}
	return out
}

func pointersIn(f *schema.Field, path, at string, v, was any, row map[string]any) []pointer {
	computed := f.Formula != ""
	switch x := v.(type) {
	case string:
		return []pointer{{at: at, path: path, form: f.Relation.Form, id: x, row: row, was: computed || was == x}}
	case []any:
		old, _ := was.([]any)
		out := make([]pointer, 0, len(x))
		for i, e := range x {
			id, _ := e.(string)
			out = append(out, pointer{at: fmt.Sprintf("%s/%d", at, i), path: path, form: f.Relation.Form, id: id, row: row, was: computed || contains(old, id)})
		}
		return out
	}
	return nil
}

// loadRelated reads every record that the data points to, form by form, once.
func (c *Change) loadRelated(ctx context.Context) error {
	want := map[string]map[string]bool{}
	if c.stands == nil {
		c.stands = map[string]bool{}
	}
	for _, p := range c.pointers() {
		if p.was {
			c.stands[p.form+"/"+p.id] = true
		}
		if _, have := c.related[p.form+"/"+p.id]; have || p.id == "" {
			continue
		}
		if want[p.form] == nil {
			want[p.form] = map[string]bool{}
		}
		want[p.form][p.id] = true
	}
	if c.related == nil {
		c.related = related{}
	}
	for form, set := range want {
		docs, err := c.s.many(ctx, form, sortedKeys(set))
		if err != nil {
			return err
		}
		for id := range set {
			doc := docs[id]
			if !c.stands[form+"/"+id] && !mayChoose(c.Actor, form, doc) {
				doc = nil // what he may not see is not there
			}
			c.related[form+"/"+id] = doc // nil = there is none: not asked again
		}
	}
	c.ctx.Record = func(form, id, field string) any { return relatedValue(c.relatedDoc(ctx, form, id), field) }
	return nil
}

// relatedDoc gives a record for a formula. One that no value of the record
// named before it was computed is what a formula found itself: it is read now,
// with the access of the app.
func (c *Change) relatedDoc(ctx context.Context, form, id string) storage.Doc {
	doc, have := c.related[form+"/"+id]
	if have || id == "" {
		return doc
	}
	docs, err := c.s.many(ctx, form, []string{id})
	if err != nil {
		c.failed = errors.Join(c.failed, err)
		return nil
	}
	c.related[form+"/"+id], c.stands[form+"/"+id] = docs[id], true
	return docs[id]
}

// relatedValue reads a field of a related record for a formula such as contract.amount.
func relatedValue(doc storage.Doc, field string) any {
	if doc == nil {
		return nil
	}
	if p, ok := schema.DocPath(field); ok && p != "data."+field {
		return doc[p]
	}
	return object(doc, "data")[field]
}

// many reads documents by id in pages the store allows.
func (s *Service) many(ctx context.Context, form string, ids []string) (map[string]storage.Doc, error) {
	col := s.t.Records(form)
	out := make(map[string]storage.Doc, len(ids))
	for len(ids) > 0 {
		n := min(len(ids), storage.MaxFindLimit)
		docs, err := col.GetMany(ctx, ids[:n])
		if err != nil {
			return nil, err
		}
		for id, d := range docs {
			out[id] = d
		}
		ids = ids[n:]
	}
	return out, nil
}

// checkRelations holds every relation value that is new against its form: the
// record exists, the actor may see it, and it passes the relation's filter.
// Options taken from another form's field are checked alike.
func (c *Change) checkRelations(ctx context.Context) ([]fault.Field, error) {
	if err := c.loadRelated(ctx); err != nil { // what the rules have set
		return nil, err
	}
	var found []fault.Field
	for _, p := range c.pointers() {
		if p.was {
			continue
		}
		f, err := c.checkPointer(p)
		if err != nil {
			return nil, err
		}
		if f != nil {
			found = append(found, *f)
		}
	}
	found = append(found, c.checkPeople()...)
	options, err := c.checkOptions(ctx)
	return append(found, options...), err
}

func (c *Change) checkPointer(p pointer) (*fault.Field, error) {
	doc := c.related[p.form+"/"+p.id]
	if !mayChoose(c.Actor, p.form, doc) {
		return &fault.Field{Path: p.at, Code: "relation_missing", Message: "the chosen record does not exist"}, nil
	}
	prog := c.Form.Filter(p.path)
	if prog == nil {
		return nil, nil
	}
	ok, err := c.passes(prog, doc, p.row)
	if err != nil || ok {
		return nil, err
	}
	return &fault.Field{Path: p.at, Code: "relation_filter", Message: "the chosen record cannot be chosen here"}, nil
}

// checkPointers finds the new relation values whose record is not there for the actor.
func (c *Change) checkPointers(ctx context.Context) ([]fault.Field, error) {
	if err := c.loadRelated(ctx); err != nil { // what the rules have set
		return nil, err
	}
	var found []fault.Field
	for _, p := range c.pointers() {
		if !p.was && !mayChoose(c.Actor, p.form, c.related[p.form+"/"+p.id]) {
			found = append(found, fault.Field{Path: p.at, Code: "relation_missing", Message: "the chosen record does not exist"})
		}
	}
	return found, nil
}

// mayChoose reports whether an actor may point to a stored record: it counts,
// and he sees it — by his groups, or because he has a part in its flow.
func mayChoose(a *tenant.Actor, form string, doc storage.Doc) bool {
	if doc == nil || text(doc, "state") != StateActive {
		return false
	}
	plan := a.Plan.Form(form)
	if plan.Allows(schema.OpView, doc) {
		return true
	}
	return plan.Reaches(schema.OpView) &&
		(contains(list(object(doc, "acl"), "part"), a.User) || doc["case"] != nil && text(doc, "created_by") == a.User)
}

// passes evaluates a relation's filter over the other record; "form" is the
// record being filled, with the row's columns first for a column's filter.
func (c *Change) passes(prog *formula.Program, doc storage.Doc, row map[string]any) (bool, error) {
	vars := formula.Vars{}
	for k, v := range object(doc, "data") {
		vars[k] = v
	}
	vars["sys"], vars["case"], vars["form"] = sysVars(doc), doc["case"], c.formVars(row)
	ok, err := prog.EvalBool(c.ctx, vars)
	if err != nil {
		return false, runError(err)
	}
	return ok, nil
}

func (c *Change) formVars(row map[string]any) formula.Vars {
	v := c.Vars()
	for k, x := range row {
		v[k] = x
	}
	return v
}

// checkPeople holds newly chosen members and departments against the organisation.
func (c *Change) checkPeople() []fault.Field {
	var found []fault.Field
	check := func(f *schema.Field, at string, v, was any) {
		if same(v, was) {
			return
		}
		kind := map[schema.FieldType]string{schema.TypeMember: "users", schema.TypeDepartment: "depts"}[f.Type]
		if kind == "" {
			return
		}
		for _, id := range texts(v) {
			if c.s.t.Org.Name(kind, id) == "" {
				found = append(found, fault.Field{Path: at, Code: "unknown_" + string(f.Type), Message: "there is no such " + string(f.Type)})
			}
		}
	}
	for _, f := range c.Form.Def.Fields {
		check(f, "/"+f.Key, c.data[f.Key], c.before[f.Key])
		if f.Type != schema.TypeSubtable {
			continue
		}
		was := rowIndex(list(c.before, f.Key))
		for i, r := range list(c.data, f.Key) {
			row := r.(map[string]any)
			old := map[string]any{}
			if j, ok := was[text(row, "id")]; ok {
				old = list(c.before, f.Key)[j].(map[string]any)
			}
			for _, col := range f.Columns {
				check(col, fmt.Sprintf("/%s/%d/%s", f.Key, i, col.Key), row[col.Key], old[col.Key])
			}
		}
	}
	return found
}

// checkOptions holds choices whose options come from another form against those of
// its records that the actor is offered: a guess must not tell what others hold.
func (c *Change) checkOptions(ctx context.Context) ([]fault.Field, error) {
	var found []fault.Field
	for _, f := range c.Form.Def.Fields {
		if f.OptionsFrom == nil || same(c.data[f.Key], c.before[f.Key]) {
			continue
		}
		offered := c.offered(f.OptionsFrom)
		for _, v := range texts(c.data[f.Key]) {
			if contains(asList(c.before[f.Key]), v) {
				continue
			}
			where := filter.Simplify(filter.And{offered, filter.Cmp{Path: "data." + f.OptionsFrom.Field, Op: filter.Eq, Value: v}})
			n, err := c.s.t.Records(f.OptionsFrom.Form).Count(ctx, where, 1)
			if err != nil {
				return nil, err
			}
			if n == 0 {
				found = append(found, fault.Field{Path: "/" + f.Key, Code: "option", Message: "this is none of the options"})
			}
		}
	}
	return found, nil
}

// offered are the records whose values the actor may choose; none where the form
// of an optional app is not there.
func (c *Change) offered(from *schema.OptionSource) filter.Expr {
	other, err := c.s.t.Form(from.Form)
	if err != nil {
		return filter.False
	}
	scope := sees(c.Actor, other, false).scope(from.Field)
	if scope == nil {
		return filter.False
	}
	return filter.And{c.s.visible(c.Actor, other, false), scope}
}

// texts are the texts of a value that is one text or a list of them.
func texts(v any) []string {
	switch x := v.(type) {
	case string:
		return []string{x}
	case []any:
		out := make([]string, 0, len(x))
		for _, e := range x {
			if s, ok := e.(string); ok {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}
