package pack

import (
	"slices"
	"strings"

	"github.com/formwork-run/formwork/schema"
)

// parseScenarios reads a scenario file: one scenario, or a common given and a
// list of scenarios to which it is added.
func parseScenarios(doc *document, app string) ([]Scenario, []schema.Problem) {
	r := &scenarioReader{reader: reader{doc: doc}, app: app}
	if doc.root.get("scenarios") == nil {
		s := r.scenario(doc.root, Given{})
		return []Scenario{s}, r.problems
	}
	var at When
	var common Given
	var list *node
	r.object(doc.root, keys{
		"at":        r.when(&at),
		"given":     r.given(&common),
		"scenarios": func(n *node) { list = n },
	})
	var out []Scenario
	r.each(func(n *node) {
		s := r.scenario(n, common)
		if s.At.IsZero() {
			s.At = at
		}
		out = append(out, s)
	})(list)
	return out, r.problems
}

// scenarioReader knows the app whose short references it completes.
type scenarioReader struct {
	reader
	app string
}

func (r *scenarioReader) scenario(n *node, common Given) Scenario {
	s := Scenario{File: r.doc.file, Line: n.line, Given: common.clone()}
	r.object(n, keys{
		"scenario": r.text(&s.Title),
		"at":       r.when(&s.At),
		"given":    r.given(&s.Given),
		"steps": r.each(func(n *node) {
			s.Steps = append(s.Steps, r.step(n, true))
		}),
	})
	r.required(n, "scenario", "steps")
	if steps := n.get("steps"); steps != nil && steps.kind == kindList && len(steps.items) == 0 {
		r.fail(steps, "scenario.no_steps", "a scenario needs at least one step")
	}
	return s
}

func (g Given) clone() Given {
	c := Given{Depts: map[string]GivenDept{}, Users: map[string]GivenUser{}, Records: slices.Clone(g.Records)}
	for k, v := range g.Depts {
		c.Depts[k] = v
	}
	for k, v := range g.Users {
		c.Users[k] = v
	}
	return c
}

// given adds to what is there already.
func (r *scenarioReader) given(to *Given) func(*node) {
	return func(n *node) {
		if to.Users == nil {
			*to = to.clone()
		}
		r.object(n, keys{
			"depts": r.pairs(func(alias string, n *node) { to.Depts[alias] = r.givenDept(alias, n) }),
			"users": r.pairs(func(alias string, n *node) { to.Users[alias] = r.givenUser(alias, n) }),
			"records": r.each(func(n *node) {
				to.Records = append(to.Records, r.record(n))
			}),
		})
	}
}

func (r *scenarioReader) givenDept(alias string, n *node) GivenDept {
	d := GivenDept{Title: alias}
	r.alias(n, alias)
	r.object(n, keys{"title": r.text(&d.Title), "parent": r.text(&d.Parent), "head": r.text(&d.Head)})
	return d
}

func (r *scenarioReader) givenUser(alias string, n *node) GivenUser {
	u := GivenUser{Name: alias}
	r.alias(n, alias)
	r.object(n, keys{
		"name":    r.text(&u.Name),
		"roles":   r.texts(&u.Roles),
		"depts":   r.texts(&u.Depts),
		"dept":    func(n *node) { u.Depts = []string{""}; r.text(&u.Depts[0])(n) },
		"admin":   r.flag(&u.Admin),
		"manager": r.text(&u.Manager),
	})
	for i, role := range u.Roles {
		u.Roles[i] = fullRef(r.app, role)
	}
	return u
}

// fullRef completes "form" to "app.form".
func fullRef(app, ref string) string {
	if ref == "" || strings.Contains(ref, ".") {
		return ref
	}
	return app + "." + ref
}
