package rbac_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"

	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/schema"
)

// rawModel is RBAC with domains as casbin's own documentation writes it.
const rawModel = `
[request_definition]
r = sub, dom, obj, act
[policy_definition]
p = sub, dom, obj, act
[role_definition]
g = _, _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = g(r.sub, p.sub, r.dom) && r.dom == p.dom && r.obj == p.obj && r.act == p.act
`

// rawCasbin measures one decision of casbin over the same groups, operations
// and memberships, in this run, so that the machine's noise cancels.
func rawCasbin(b *testing.B, groups []schema.GroupDef) time.Duration {
	b.Helper()
	m, err := model.NewModelFromString(rawModel)
	if err != nil {
		b.Fatal(err)
	}
	e, err := casbin.NewEnforcer(m)
	if err != nil {
		b.Fatal(err)
	}
	for _, g := range groups {
		for _, op := range g.Can {
			_, _ = e.AddPolicy(g.Key, "cost", g.Form, op)
		}
		_, _ = e.AddGroupingPolicy("cost.pm", g.Key, "cost")
	}
	_, _ = e.AddGroupingPolicy("u-wang", "cost.pm", "cost")
	const n = 500
	start := time.Now()
	for range n {
		if ok, err := e.Enforce("u-wang", "cost", "contract", "edit"); !ok || err != nil {
			b.Fatal(ok, err)
		}
	}
	return time.Since(start) / n
}

// benchGroups are 20 groups of 5 operations: 100 policies.
func benchGroups() []schema.GroupDef {
	var groups []schema.GroupDef
	for i := range 20 {
		g := group(fmt.Sprint("g", i), "view", "create", "edit", "export", "comment")
		g.Members = []schema.MemberDef{{Role: "pm"}}
		g.Rows = []string{"mine", "my_depts", "took_part", "headed"}[i%4]
		g.When = []string{"running", "approved"}
		g.Fields.Hide = []string{fmt.Sprint("f", i)}
		groups = append(groups, g)
	}
	return groups
}

func benchPlan(b *testing.B) *rbac.FormPlan {
	b.Helper()
	e, problems := rbac.NewEngine([]rbac.AppSource{app(benchGroups()...)})
	if len(problems) > 0 {
		b.Fatal(problems)
	}
	p, err := e.Plan(wang(), nil)
	if err != nil {
		b.Fatal(err)
	}
	return p.Form("cost.contract")
}

// benchDoc is a record of which only the fourth kind of group holds.
var benchDoc = map[string]any{"created_by": "u-li", "dept": "d21", "case": map[string]any{"state": "running"},
	"acl": map[string]any{"part": []any{"u-li", "u-chen"}}, "data": map[string]any{}}

func compare(b *testing.B, raw time.Duration) {
	b.Helper()
	own := b.Elapsed() / time.Duration(max(b.N, 1))
	b.ReportMetric(float64(raw)/float64(max(own, 1)), "times-faster-than-casbin")
	b.ReportMetric(float64(raw.Nanoseconds()), "casbin-ns/op")
}

func BenchmarkAllows(b *testing.B) {
	raw, f := rawCasbin(b, benchGroups()), benchPlan(b)
	b.ReportAllocs()
	for b.Loop() {
		if !f.Allows("edit", benchDoc) {
			b.Fatal("denied")
		}
	}
	compare(b, raw)
}

func BenchmarkFields(b *testing.B) {
	raw, f := rawCasbin(b, benchGroups()), benchPlan(b)
	b.ReportAllocs()
	for b.Loop() {
		if f.Fields(benchDoc).Of("amount") != rbac.FieldWrite {
			b.Fatal("not writable")
		}
	}
	compare(b, raw)
}

func BenchmarkPlan(b *testing.B) {
	raw := rawCasbin(b, benchGroups())
	e, _ := rbac.NewEngine([]rbac.AppSource{app(benchGroups()...)})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := e.Plan(wang(), nil); err != nil {
			b.Fatal(err)
		}
	}
	compare(b, raw)
}

func BenchmarkNewEngine(b *testing.B) {
	src := []rbac.AppSource{app(benchGroups()...)}
	for b.Loop() {
		if _, problems := rbac.NewEngine(src); len(problems) > 0 {
			b.Fatal(problems)
		}
	}
}
