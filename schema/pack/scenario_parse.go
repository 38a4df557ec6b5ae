package pack

import (
	"encoding/json"
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

// step reads one step; expect is allowed in scenarios only.
func (r *scenarioReader) step(n *node, inScenario bool) Step {
	s := Step{Line: n.line, ptr: n.ptr, Expect: Expect{Count: -1}}
	known := keys{}
	for kind := range stepKeys {
		if !inScenario && !slices.Contains(historyKinds, kind) {
			continue
		}
		known[kind] = func(n *node) {
			if s.Kind != "" {
				r.fail(n, "step.two_actions", "a step has one action; this one has %s and %s", s.Kind, kind)
				return
			}
			s.Kind = kind
			r.action(&s, n, inScenario)
		}
	}
	if inScenario {
		known["expect"] = r.expect(&s.Expect)
	}
	if r.object(n, known) && s.Kind == "" {
		r.fail(n, "step.no_action", "a step has one action out of %s", stepNames(known))
	}
	return s
}

func stepNames(k keys) string {
	rest := keys{}
	for name, f := range k {
		if name != "expect" {
			rest[name] = f
		}
	}
	return known(rest)
}

// action reads what stands under approve:, submit: and so on.
func (r *scenarioReader) action(s *Step, n *node, inScenario bool) {
	all := keys{
		"form":    r.ref(&s.Form),
		"as":      r.aliasText(&s.As),
		"case":    r.text(&s.Record),
		"record":  r.text(&s.Record),
		"data":    r.wire(&s.Data),
		"unset":   r.texts(&s.Unset),
		"rows":    r.wire(&s.Rows),
		"comment": r.text(&s.Comment),
		"to":      r.text(&s.To),
		"node":    r.text(&s.Node),
		"back":    r.flag(&s.Back),
		"filter":  r.text(&s.Filter),
		"sort":    r.texts(&s.Sort),
		"q":       r.text(&s.Query),
		"view":    r.text(&s.View),
	}
	allowed := keys{"by": r.text(&s.By), "at": r.when(&s.At)}
	for _, name := range stepKeys[s.Kind] {
		if !inScenario && (name == "case" || name == "record" || name == "form" || name == "as") {
			continue
		}
		allowed[name] = all[name]
	}
	if !r.object(n, allowed) {
		return
	}
	r.required(n, "by")
	r.checkTarget(s, n, inScenario)
}

// checkTarget checks that a step says what it acts on.
func (r *scenarioReader) checkTarget(s *Step, n *node, inScenario bool) {
	switch {
	case s.Kind == "transfer" && s.To == "":
		r.required(n, "to")
	case !inScenario:
	case s.Kind == "list":
		r.required(n, "form")
	case s.Kind == "submit" || s.Kind == "save":
		if (s.Form == "") == (s.Record == "") {
			r.fail(n, "step.target", "%s names either a form (for a new record) or a record", s.Kind)
		}
	case s.Record == "":
		r.fail(n, "required", `"case" is missing: which record is this about?`)
	}
}

func (r *scenarioReader) ref(to *string) func(*node) {
	return func(n *node) {
		r.text(to)(n)
		*to = fullRef(r.app, *to)
	}
}

// wire keeps an object as JSON; its content is checked when it is played.
func (r *scenarioReader) wire(to *json.RawMessage) func(*node) {
	return func(n *node) {
		if r.want(n, kindObject) {
			*to = n.json()
		}
	}
}

func (r *scenarioReader) alias(n *node, alias string) {
	if !aliasPattern.MatchString(alias) {
		r.fail(n, "alias", "%q is not an alias: lower-case letters, digits, _ and -", alias)
	}
}

func (r *scenarioReader) aliasText(to *string) func(*node) {
	return func(n *node) {
		r.text(to)(n)
		r.alias(n, *to)
	}
}

func (r *scenarioReader) expect(e *Expect) func(*node) {
	return func(n *node) {
		var visible bool
		r.object(n, keys{
			"error": r.text(&e.Error),
			"field": r.text(&e.Field),
			"case":  r.oneOf(&e.Case, caseStates...),
			"at":    r.texts(&e.At),
			"tasks": func(n *node) {
				e.Tasks = map[string]int{}
				r.pairs(func(user string, n *node) {
					var count int
					r.int(&count)(n)
					e.Tasks[user] = count
				})(n)
			},
			"data":     r.wire(&e.Data),
			"absent":   r.texts(&e.Absent),
			"title":    r.text(&e.Title),
			"visible":  func(n *node) { r.flag(&visible)(n); e.Visible = &visible },
			"count":    r.int(&e.Count),
			"records":  r.texts(&e.Records),
			"warnings": r.texts(&e.Warnings),
		})
		if e.Field != "" && !strings.HasPrefix(e.Field, "/") {
			r.fail(n.get("field"), "pointer", "%q is not a JSON pointer such as /lines/0/qty", e.Field)
		}
	}
}
