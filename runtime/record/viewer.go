package record

import (
	"context"
	"strconv"
	"time"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
)

// Viewer renders records for one reader and collects the names of everything
// they point to, so that a whole page costs one look-up per kind.
type Viewer struct {
	Lang string
	a    *tenant.Actor
	s    *Service
	want map[string]map[string]bool // users, depts, roles, or "app.form" → ids
}

// NewViewer starts an answer for an actor, in his language.
func (s *Service) NewViewer(a *tenant.Actor) *Viewer {
	return &Viewer{Lang: a.Lang, a: a, s: s, want: map[string]map[string]bool{}}
}

func (v *Viewer) seen(kind, id string) {
	if id == "" {
		return
	}
	if v.want[kind] == nil {
		v.want[kind] = map[string]bool{}
	}
	v.want[kind][id] = true
}

// Out is a record as one reader may see it. Amounts are decimal strings.
type Out struct {
	ID      string         `json:"id"`
	Form    string         `json:"form"`
	Rev     int64          `json:"rev"`
	Version int64          `json:"version"`
	State   string         `json:"state"`
	Title   string         `json:"title"`
	Data    map[string]any `json:"data"`
	Sys     map[string]any `json:"sys"`
	Case    *OutCase       `json:"case,omitempty"`
	Rights  *OutRights     `json:"rights,omitempty"`
	Tasks   []OutTask      `json:"tasks,omitempty"`
	Display *Display       `json:"display,omitempty"`
	// Warnings are what the checks of a save found without refusing it.
	Warnings []fault.Field `json:"warnings,omitempty"`
}

// OutCase is where a record stands in its flow.
type OutCase struct {
	State    string    `json:"state"`
	Nodes    []OutNode `json:"nodes"`
	Handlers []string  `json:"handlers"`
	Result   string    `json:"result,omitempty"`
}

// OutNode names a node.
type OutNode struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// OutRights tell a client what to offer; the server decides again on every call.
type OutRights struct {
	Ops     []string            `json:"ops"`
	Default string              `json:"default"`
	Fields  map[string]string   `json:"fields"`
	Rows    map[string][]string `json:"rows"`
	Require []string            `json:"require"`
}

// OutTask is an open task of the reader on this record.
type OutTask struct {
	ID      string   `json:"id"`
	Node    string   `json:"node"`
	Rev     int64    `json:"rev"`
	Actions []string `json:"actions"`
}

// Display are the names of what the values point to, by id.
type Display struct {
	Users   map[string]string `json:"users"`
	Depts   map[string]string `json:"depts"`
	Roles   map[string]string `json:"roles"`
	Records map[string]string `json:"records"`
}

// Record renders one record. full adds rights and tasks, which a list needs not.
func (v *Viewer) Record(a *tenant.Actor, rec *Record, g Rights, full bool) *Out {
	o := &Out{ID: rec.ID(), Form: rec.Ref(), Rev: rec.Rev(), Version: number(rec.Doc, "version"), State: rec.State(),
		Title: v.title(rec, g), Data: v.data(rec, g), Sys: v.sys(rec)}
	if rec.HasCase() {
		o.Case = v.inCase(rec)
	}
	if full {
		o.Rights = g.out(rec)
		o.Tasks = v.tasks(a, rec)
		o.Warnings = rec.Warnings
	}
	return o
}

// Title is the title of a record as its reader may see it.
func (v *Viewer) Title(rec *Record) string { return v.title(rec, titleRights(v.a, rec)) }

// title hides a title that is made of fields the reader may not see.
func (v *Viewer) title(rec *Record, g Rights) string {
	for _, dep := range rec.Form.TitleDeps() {
		if g.Of(dep) < rbac.FieldRead {
			return rec.Form.Def.Title.In(v.Lang)
		}
	}
	return text(rec.Doc, "title")
}

func (v *Viewer) data(rec *Record, g Rights) map[string]any {
	out := map[string]any{}
	for _, f := range rec.Form.Def.Fields {
		if val := v.value(rec, g, f, f.Key, rec.Data()[f.Key]); val != nil {
			out[f.Key] = val
		}
	}
	return out
}

// value renders one value, nil when it is blank or hidden.
func (v *Viewer) value(rec *Record, g Rights, f *schema.Field, path string, val any) any {
	if val == nil {
		return nil
	}
	switch g.Of(path) {
	case rbac.FieldHidden:
		return nil
	case rbac.FieldMasked:
		return Mask(f, val)
	}
	if f.Type == schema.TypeSubtable {
		rows := asList(val)
		out := make([]any, 0, len(rows))
		for _, r := range rows {
			m, _ := r.(map[string]any)
			out = append(out, v.row(rec, g, f, m))
		}
		return out
	}
	v.refs(f, val)
	return rec.Form.EncodeValue(path, val)
}

func (v *Viewer) row(rec *Record, g Rights, f *schema.Field, row map[string]any) any {
	if row == nil {
		return nil
	}
	out := map[string]any{}
	if id, ok := row["id"]; ok {
		out["id"] = id
	}
	for _, c := range f.Columns {
		if val := v.value(rec, g, c, f.Key+"."+c.Key, row[c.Key]); val != nil {
			out[c.Key] = val
		}
	}
	return out
}

// refs notes the ids in a value, for their names.
func (v *Viewer) refs(f *schema.Field, val any) {
	kind := ""
	switch f.Type {
	case schema.TypeMember:
		kind = "users"
	case schema.TypeDepartment:
		kind = "depts"
	case schema.TypeRole:
		kind = "roles"
	case schema.TypeRelation:
		kind = f.Relation.Form
	default:
		return
	}
	for _, id := range texts(val) {
		v.seen(kind, id)
	}
}

func (v *Viewer) sys(rec *Record) map[string]any {
	v.seen("users", text(rec.Doc, "created_by"))
	v.seen("users", text(rec.Doc, "updated_by"))
	v.seen("depts", text(rec.Doc, "dept"))
	out := map[string]any{}
	for _, k := range []string{"created_by", "updated_by", "dept"} {
		if s := text(rec.Doc, k); s != "" {
			out[k] = s
		}
	}
	for _, k := range []string{"created_at", "updated_at"} {
		out[k] = moment(rec.Doc, k).Format(time.RFC3339Nano)
	}
	return out
}

func (v *Viewer) inCase(rec *Record) *OutCase {
	d := object(rec.Doc, "case")
	c := &OutCase{State: text(d, "state"), Result: text(d, "result"), Nodes: []OutNode{}, Handlers: texts(d["handlers"])}
	if c.Handlers == nil {
		c.Handlers = []string{}
	}
	for _, id := range texts(d["nodes"]) {
		c.Nodes = append(c.Nodes, OutNode{ID: id, Title: NodeTitle(rec, id, v.Lang)})
	}
	for _, u := range c.Handlers {
		v.seen("users", u)
	}
	return c
}

// NodeTitle is the title of a node of the record's flow.
func NodeTitle(rec *Record, id, lang string) string {
	if rec.Form.Flow == nil {
		return id
	}
	if n := rec.Form.Flow.Def.Node(id); n != nil && len(n.Title) > 0 {
		return n.Title.In(lang)
	}
	return id
}

func (v *Viewer) tasks(a *tenant.Actor, rec *Record) []OutTask {
	if rec.Form.Flow == nil || !rec.HasCase() {
		return nil
	}
	acts := map[int][]string{}
	for _, x := range rec.Form.Flow.Allowed(rec.Case, a.User) {
		acts[x.Task] = append(acts[x.Task], x.Kind)
	}
	var out []OutTask
	for _, t := range rec.Case.Tasks {
		if (t.Assignee == a.User || t.Principal == a.User) && t.State == engine.TaskOpen {
			out = append(out, OutTask{ID: TaskID(rec.Ref(), rec.ID(), t.N), Node: t.Node, Rev: t.Rev, Actions: acts[t.N]})
		}
	}
	return out
}

// out tells the field rights: the default, and whatever differs from it.
func (g Rights) out(rec *Record) *OutRights {
	r := &OutRights{Ops: sortedKeys(g.Ops), Default: "read", Fields: map[string]string{}, Rows: g.RowOps(rec.Form.Def), Require: g.Require}
	if r.Require == nil {
		r.Require = []string{}
	}
	put := func(path string) {
		if n := rightNames[g.Of(path)]; n != r.Default {
			r.Fields[path] = n
		}
	}
	for _, f := range rec.Form.Def.Fields {
		put(f.Key)
		if f.Type != schema.TypeSubtable {
			continue
		}
		for _, c := range f.Columns {
			put(f.Key + "." + c.Key)
		}
	}
	return r
}

var rightNames = map[rbac.FieldRight]string{rbac.FieldHidden: "hidden", rbac.FieldMasked: "masked", rbac.FieldRead: "read", rbac.FieldWrite: "write"}

// Names resolves everything the rendered records point to.
func (v *Viewer) Names(ctx context.Context) (*Display, error) {
	d := &Display{Users: map[string]string{}, Depts: map[string]string{}, Roles: map[string]string{}, Records: map[string]string{}}
	for _, kind := range sortedKeys(v.want) {
		ids := v.want[kind]
		switch kind {
		case "users", "depts", "roles":
			into := map[string]map[string]string{"users": d.Users, "depts": d.Depts, "roles": d.Roles}[kind]
			for id := range ids {
				into[id] = v.s.t.Org.Name(kind, id)
			}
		default:
			if err := v.titles(ctx, kind, sortedKeys(ids), d.Records); err != nil {
				return nil, err
			}
		}
	}
	return d, nil
}

// veiledTitle stands for a record that the reader may not see.
const veiledTitle = "***"

// titles finds the titles of related records. One that the reader may not see,
// or whose title is made of what he may not read, is only shown to be there.
func (v *Viewer) titles(ctx context.Context, ref string, ids []string, into map[string]string) error {
	docs, err := v.s.many(ctx, ref, ids)
	if err != nil || len(docs) == 0 {
		return err
	}
	form, err := v.s.t.Form(ref)
	if err != nil {
		return nil // an optional app that is not installed any more
	}
	for id, doc := range docs {
		into[id] = veiledTitle
		if !mayChoose(v.a, ref, doc) {
			continue
		}
		rec, err := v.s.wrap(ctx, form, doc)
		if err != nil {
			return err
		}
		into[id] = v.title(rec, titleRights(v.a, rec))
	}
	return nil
}

// titleRights are the rights over a record as far as its title needs them: most
// are seen through a group, and then the rest need not be worked out.
func titleRights(a *tenant.Actor, rec *Record) Rights {
	plan := a.Plan.Form(rec.Ref())
	if plan.Allows(schema.OpView, rec.Doc) {
		g := newRights()
		g.groups = &fieldSource{fields: plan.Fields(rec.Doc)}
		return g
	}
	return RightsOn(a, rec)
}

// TaskID is the id of a task: "app.form.record.n", so that it resolves without its row.
func TaskID(ref, record string, n int) string {
	return ref + "." + record + "." + strconv.Itoa(n)
}

// User notes a user whose name the answer needs.
func (v *Viewer) User(id string) { v.seen("users", id) }
