package rbac_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/schema"
)

// What a definition reads of other forms, by every way there is; what was there, and
// what is shown with the reader's own rights, does not count.
func TestReaches(t *testing.T) {
	t.Parallel()
	far := &schema.Form{App: "base", Key: "project", Fields: []*schema.Field{{Key: "name"}, {Key: "party", Type: schema.TypeRelation, Relation: &schema.Relation{Form: "base.party"}}}}
	forms := func(ref string) *schema.Form {
		if ref == far.Ref() {
			return far
		}
		return nil
	}
	project := &schema.Field{Key: "project", Type: schema.TypeRelation, Relation: &schema.Relation{Form: "base.project"}}
	lines := &schema.Field{Key: "lines", Type: schema.TypeSubtable, Columns: []*schema.Field{
		{Key: "of", Type: schema.TypeRelation, Relation: &schema.Relation{Form: "base.project"}}, {Key: "qty"}}}
	def := func(fields ...*schema.Field) *schema.App {
		return &schema.App{Key: "x", Forms: []*schema.Form{{App: "x", Key: "a", Flow: "f", Fields: append(fields, project, lines)}, {App: "x", Key: "b"}}}
	}
	formula := func(src string) *schema.App { return def(&schema.Field{Key: "n", Formula: src}) }
	flow := func(n *schema.Node) *schema.App {
		a := def()
		a.Flows = []*schema.Flow{{Key: "f", Form: "a", Nodes: []*schema.Node{{ID: "way", Branches: []schema.Branch{{Nodes: []*schema.Node{n}}}}}}}
		return a
	}
	rule := def()
	rule.Forms[0].Rules = []schema.Rule{{When: "project.name == \"x\"", Then: schema.RuleThen{Set: []schema.Assign{{Field: "n", Value: "ROLLUP('base.price', true, n)"}}}}}
	rule.Forms[0].Checks, rule.Forms[0].TitleFormula = []schema.Check{{Assert: "project.party.name != n"}}, "project.name"
	for name, c := range map[string]struct {
		before, after *schema.App
		want          []string
	}{
		"nothing":                  {def(), def(), nil},
		"own fields":               {def(), formula("lines.qty + n"), nil},
		"the relation itself":      {&schema.App{Key: "x"}, def(), nil},
		"its id":                   {def(), formula("project.id"), nil},
		"LOOKUP":                   {def(), formula(`LOOKUP( "base.price", item == n, price)`), []string{"forms/a#n base.price"}},
		"LOOKUP of the own app":    {def(), formula(`LOOKUP("b", item == n, price)`), []string{"forms/a#n x.b"}},
		"LOOKUP in itself":         {def(), formula(`LOOKUP("a", item == n, price)`), nil},
		"through a relation":       {def(), formula("project.name"), []string{"forms/a#n base.project"}},
		"through two":              {def(), formula("project.party.name"), []string{"forms/a#n base.party", "forms/a#n base.project"}},
		"of a row":                 {def(), formula("any(lines, .of.name == n)"), []string{"forms/a#n base.project"}},
		"of rows":                  {def(), formula("lines.of.name"), []string{"forms/a#n base.project"}},
		"there already":            {formula("project.name"), formula("project.name"), nil},
		"changed":                  {formula("project.name"), formula("UPPER(project.name)"), []string{"forms/a#n base.project"}},
		"rules, checks and titles": {def(), rule, []string{"forms/a#checks base.party", "forms/a#checks base.project", "forms/a#rules base.price", "forms/a#rules base.project", "forms/a#titleFormula base.project"}},
		"a lookup": {def(), def(&schema.Field{Key: "l", Type: schema.TypeLookup, Link: &schema.Link{Via: "project", Field: "name"}}),
			[]string{"forms/a#l base.project"}},
		"a rollup": {def(), def(&schema.Field{Key: "r", Type: schema.TypeRollup, Link: &schema.Link{Form: "base.pay", Match: "a", Field: "sum", Fn: "sum"}}),
			[]string{"forms/a#r base.pay"}},
		"a reverse list": {def(), def(&schema.Field{Key: "r", Type: schema.TypeReverse, Link: &schema.Link{Form: "base.pay", Match: "a"}}), nil},
		"a data node":    {def(), flow(&schema.Node{ID: "d", Data: &schema.Data{Form: "base.pay", Set: map[string]string{"n": "n"}}}), []string{"flows/f#d base.pay writes"}},
		"a subflow":      {def(), flow(&schema.Node{ID: "s", Subflow: &schema.Subflow{Form: "b", Data: map[string]string{"n": "project.name"}}}), []string{"flows/f#s base.project", "flows/f#s x.b writes"}},
	} {
		seen := map[string]bool{}
		for _, r := range rbac.Reaches(c.before, c.after, forms) {
			line := r.Place + " " + r.To
			if r.Writes {
				line += " writes"
			}
			seen[line] = true
		}
		want := map[string]bool{}
		for _, w := range c.want {
			want[w] = true
		}
		if diff := cmp.Diff(want, seen); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
