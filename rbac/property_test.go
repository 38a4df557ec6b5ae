package rbac_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/storage/filter"
)

// world is a random organisation with random groups and records, small enough
// that they often meet.
type world struct {
	parent  map[string]string // department → the one above
	subject rbac.Subject
	groups  []schema.GroupDef
	docs    []map[string]any
}

var (
	somePaths  = []string{"amount", "secret", "manager", "lines", "lines.qty", "lines.price"}
	someUsers  = []string{"u0", "u1", "u2"}
	someDepts  = []string{"d0", "d1", "d2", "d3", "d4"}
	someRoles  = []string{"cost.pm", "cost.gm", "base.pm"}
	someStates = []string{"draft", "running", "approved"}
	someOps    = []string{schema.OpView, schema.OpCreate, schema.OpEdit, schema.OpDelete, schema.OpExport}
)

func drawWorld(t *rapid.T) *world {
	w := &world{parent: map[string]string{}}
	for i, d := range someDepts[1:] {
		w.parent[d] = rapid.SampledFrom(someDepts[:i+1]).Draw(t, "parent")
	}
	w.subject = w.drawSubject(t)
	for i := range rapid.IntRange(0, 5).Draw(t, "groups") {
		w.groups = append(w.groups, drawGroup(t, i))
	}
	for range rapid.IntRange(1, 6).Draw(t, "docs") {
		w.docs = append(w.docs, drawDoc(t))
	}
	return w
}

func (w *world) drawSubject(t *rapid.T) rbac.Subject {
	s := rbac.Subject{Tenant: "t", User: "u0", Login: "zero", Depts: subset(t, someDepts), Roles: subset(t, someRoles)}
	for _, d := range someDepts {
		if slices.ContainsFunc(s.Depts, func(own string) bool { return w.below(d, own) }) {
			s.DeptsBelow = append(s.DeptsBelow, d)
		}
		if slices.ContainsFunc(s.Depts, func(own string) bool { return w.below(own, d) }) {
			s.DeptsAbove = append(s.DeptsAbove, d)
		}
	}
	s.Headed = subset(t, someDepts)
	s.DeptNames = map[string]string{"部门四": "d4"}
	return s
}

// below reports whether a is b or below it.
func (w *world) below(a, b string) bool {
	for a != b && a != "" {
		a = w.parent[a]
	}
	return a == b
}

func drawGroup(t *rapid.T, i int) schema.GroupDef {
	member := rapid.Custom(func(t *rapid.T) schema.MemberDef {
		switch rapid.IntRange(0, 4).Draw(t, "kind") {
		case 0:
			return schema.MemberDef{Role: rapid.SampledFrom(someRoles).Draw(t, "role")}
		case 1:
			return schema.MemberDef{Dept: rapid.SampledFrom(append(someDepts, "部门四")).Draw(t, "dept"), Children: rapid.Bool().Draw(t, "children")}
		case 2:
			return schema.MemberDef{User: rapid.SampledFrom(append(someUsers, "zero")).Draw(t, "user")}
		case 3:
			return schema.MemberDef{Field: "manager"}
		}
		return schema.MemberDef{Everyone: true}
	})
	g := schema.GroupDef{Key: fmt.Sprint("g", i), Form: "contract",
		Members: rapid.SliceOfN(member, 1, 2).Draw(t, "members"), Can: subset(t, someOps),
		Rows: rapid.SampledFrom([]string{"", "all", "mine", "my_dept", "my_depts", "headed", "took_part", "depts:d1,部门四"}).Draw(t, "rows")}
	if rapid.IntRange(0, 2).Draw(t, "limited") == 0 {
		g.When = subset(t, someStates)
	}
	g.Fields = schema.GroupFields{Hide: few(t, somePaths), Mask: few(t, somePaths), Readonly: few(t, somePaths)}
	if rapid.Bool().Draw(t, "rows_of") {
		g.RowsOf = map[string][]string{"lines": append([]string{}, few(t, schema.RowOperations())...)}
	}
	return g
}

func subset(t *rapid.T, from []string) []string {
	return slices.DeleteFunc(slices.Clone(from), func(string) bool { return rapid.Bool().Draw(t, "leave out") })
}

func few(t *rapid.T, from []string) []string {
	return slices.DeleteFunc(slices.Clone(from), func(string) bool { return rapid.IntRange(0, 4).Draw(t, "leave out") > 0 })
}

func drawDoc(t *rapid.T) map[string]any {
	d := map[string]any{"_id": "r", "created_by": rapid.SampledFrom(someUsers).Draw(t, "by"),
		"dept": rapid.SampledFrom(someDepts).Draw(t, "dept"), "data": map[string]any{}}
	if rapid.Bool().Draw(t, "case") {
		d["case"] = map[string]any{"state": rapid.SampledFrom(someStates).Draw(t, "state")}
	}
	var part []any
	for _, u := range subset(t, someUsers) {
		part = append(part, u)
	}
	d["acl"] = map[string]any{"part": part}
	data := d["data"].(map[string]any)
	switch rapid.IntRange(0, 2).Draw(t, "manager") {
	case 0:
		data["manager"] = rapid.SampledFrom(someUsers).Draw(t, "one")
	case 1:
		var many []any
		for _, u := range subset(t, someUsers) {
			many = append(many, u)
		}
		data["manager"] = many
	}
	return d
}

// The reference: the definition read naively, one group at a time.

func (w *world) member(g schema.GroupDef, doc map[string]any) bool {
	return slices.ContainsFunc(g.Members, func(m schema.MemberDef) bool {
		dept := strings.Replace(m.Dept, "部门四", "d4", 1)
		switch {
		case m.Everyone:
			return true
		case m.Role != "":
			return slices.Contains(w.subject.Roles, m.Role)
		case m.User != "":
			return m.User == "u0" || m.User == "zero"
		case dept != "" && m.Children:
			return slices.ContainsFunc(w.subject.Depts, func(own string) bool { return w.below(own, dept) })
		case dept != "":
			return slices.Contains(w.subject.Depts, dept)
		case doc == nil:
			return false
		}
		switch v := doc["data"].(map[string]any)["manager"].(type) {
		case string:
			return v == "u0"
		case []any:
			return slices.Contains(v, any("u0"))
		}
		return false
	})
}

func (w *world) inRows(g schema.GroupDef, doc map[string]any) bool {
	dept, s := doc["dept"].(string), w.subject
	switch g.Rows {
	case "mine":
		return doc["created_by"] == "u0"
	case "my_dept":
		return slices.Contains(s.Depts, dept)
	case "my_depts":
		return slices.ContainsFunc(s.Depts, func(own string) bool { return w.below(dept, own) })
	case "headed":
		return slices.Contains(s.Headed, dept)
	case "took_part":
		return slices.Contains(doc["acl"].(map[string]any)["part"].([]any), any("u0"))
	case "depts:d1,部门四":
		return dept == "d1" || dept == "d4"
	}
	return true
}

func (w *world) holds(g schema.GroupDef, doc map[string]any) bool {
	if !w.member(g, doc) || !w.inRows(g, doc) {
		return false
	}
	if len(g.When) == 0 {
		return true
	}
	c, _ := doc["case"].(map[string]any)
	state, _ := c["state"].(string)
	return slices.Contains(g.When, state)
}

// granting are the groups that give an operation on the record (nil: on the form).
func (w *world) granting(op string, doc map[string]any) []schema.GroupDef {
	return slices.DeleteFunc(slices.Clone(w.groups), func(g schema.GroupDef) bool {
		return !slices.Contains(g.Can, op) || (doc == nil && !w.member(g, nil)) || (doc != nil && !w.holds(g, doc))
	})
}

func (w *world) allows(op string, doc map[string]any) bool {
	if op == schema.OpCreate {
		return len(w.granting(op, nil)) > 0
	}
	return len(w.granting(op, doc)) > 0 && len(w.granting(schema.OpView, doc)) > 0
}

// right is the naive right of one field: for each group what it gives, and the widest of that.
func (w *world) right(path string, doc map[string]any) rbac.FieldRight {
	best := rbac.FieldHidden
	if doc == nil {
		for _, g := range w.granting(schema.OpCreate, nil) {
			best = max(best, limited(g, path, rbac.FieldWrite))
		}
		return best
	}
	if !w.allows(schema.OpView, doc) {
		return best
	}
	for _, g := range w.granting(schema.OpView, doc) {
		best = max(best, limited(g, path, rbac.FieldRead))
	}
	for _, g := range w.granting(schema.OpEdit, doc) {
		best = max(best, limited(g, path, rbac.FieldWrite))
	}
	return best
}

func limited(g schema.GroupDef, path string, right rbac.FieldRight) rbac.FieldRight {
	whole, _, _ := strings.Cut(path, ".")
	for _, name := range []string{whole, path} {
		if slices.Contains(g.Fields.Readonly, name) {
			right = min(right, rbac.FieldRead)
		}
		if slices.Contains(g.Fields.Mask, name) {
			right = min(right, rbac.FieldMasked)
		}
		if slices.Contains(g.Fields.Hide, name) {
			right = min(right, rbac.FieldHidden)
		}
	}
	return right
}

func (w *world) rowOp(op string, doc map[string]any) bool {
	groups := w.granting(schema.OpEdit, doc)
	if doc == nil {
		groups = w.granting(schema.OpCreate, nil)
	} else if !w.allows(schema.OpView, doc) {
		return false
	}
	return slices.ContainsFunc(groups, func(g schema.GroupDef) bool {
		ops, has := g.RowsOf["lines"]
		return limited(g, "lines", rbac.FieldWrite) == rbac.FieldWrite && (!has || slices.Contains(ops, op))
	})
}

func TestPlansAgreeWithTheDefinition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		e, problems := rbac.NewEngine([]rbac.AppSource{app(w.groups...)})
		if len(problems) > 0 {
			t.Fatalf("problems: %+v", problems)
		}
		p, err := e.Plan(w.subject, nil)
		if err != nil {
			t.Fatal(err)
		}
		f := p.Form("cost.contract")
		w.checkRecord(t, f, nil)
		for _, doc := range w.docs {
			w.checkRecord(t, f, doc)
			w.checkScopes(t, f, doc)
		}
	})
}

// checkRecord compares decisions, fields and rows of one record, or of a new one.
func (w *world) checkRecord(t *rapid.T, f *rbac.FormPlan, doc map[string]any) {
	for _, op := range someOps {
		if doc == nil && op != schema.OpCreate {
			continue
		}
		want := w.allows(op, doc)
		if got := f.Allows(op, doc); got != want {
			t.Fatalf("%s on %v: %v, the definition says %v", op, doc, got, want)
		}
		if got := f.Explain(op, doc)[0]; got.Allowed != want {
			t.Fatalf("%s on %v is %v and explained as %+v", op, doc, want, got)
		}
		if want && !f.Can(op) {
			t.Fatalf("%s is allowed on %v, but Can says never", op, doc)
		}
	}
	for _, path := range somePaths {
		got := f.ExplainField(path, doc)[0]
		if want := w.right(path, doc); got.Right != want && !(want == rbac.FieldHidden && got.Code == rbac.ReasonNotVisible) {
			t.Fatalf("%s of %v is %v and explained as %+v", path, doc, want, got)
		}
	}
	fields := f.Fields(doc)
	for _, path := range append(somePaths, "name", "lines.other") {
		if got, want := fields.Of(path), w.right(path, doc); got != want {
			t.Fatalf("%s of %v: %v, the definition gives %v (%+v)", path, doc, got, want, fields)
		}
	}
	for _, op := range schema.RowOperations() {
		ops, limited := fields.Rows["lines"]
		got := fields.Of("lines") == rbac.FieldWrite && (!limited || slices.Contains(ops, op))
		if want := w.rowOp(op, doc); got != want {
			t.Fatalf("%s rows of %v: %v, the definition says %v (%+v)", op, doc, got, want, fields)
		}
	}
}

// checkScopes compares what a store would be asked with what is decided per record.
func (w *world) checkScopes(t *rapid.T, f *rbac.FormPlan, doc map[string]any) {
	for _, op := range someOps {
		if op == schema.OpCreate {
			continue
		}
		if got, want := filter.Match(f.Scope(op), doc), w.allows(op, doc); got != want {
			t.Fatalf("scope of %s holds for %v: %v, allowed: %v", op, doc, got, want)
		}
	}
	if !w.allows(schema.OpView, doc) {
		return
	}
	for _, path := range somePaths {
		readable := w.right(path, doc) >= rbac.FieldRead
		if got := filter.Match(f.FieldScope(path), doc); got != readable {
			t.Fatalf("field scope of %s holds for %v: %v, readable: %v", path, doc, got, readable)
		}
		if f.CanSort(path) && !readable {
			t.Fatalf("sorting by %s would tell about %v", path, doc)
		}
	}
}
