package pack

import (
	"slices"
	"strings"

	"github.com/formwork-run/formwork/schema"
)

// scenarioCheck follows the aliases of one scenario from step to step.
type scenarioCheck struct {
	*assembly
	doc   *document
	given Given
	forms map[string]string // record alias → form
}

func (a *assembly) checkScenario(s Scenario) {
	c := scenarioCheck{assembly: a, doc: a.docs[s.File], given: s.Given, forms: map[string]string{}}
	place := c.place(s)
	c.people(place)
	for _, r := range s.Given.Records {
		c.checkRecord(r)
		c.user(r.ptr+"/by", r.By)
		for _, use := range r.aliases(a.find) {
			c.use(r.ptr+use.ptr, use)
		}
		c.forms[fullRef(a.app.Key, r.As)] = r.Form
	}
	for _, st := range s.Steps {
		c.step(st)
	}
}

// place is the pointer of the scenario in its file.
func (c *scenarioCheck) place(s Scenario) string {
	if c.doc.root.get("scenarios") == nil || len(s.Steps) == 0 {
		return ""
	}
	ptr, _, _ := strings.Cut(s.Steps[0].ptr, "/steps")
	return ptr
}

func (c *scenarioCheck) people(place string) {
	for alias, u := range c.given.Users {
		at := pointer(place+"/given/users", alias)
		for i, role := range u.Roles {
			c.role(c.doc, index(at+"/roles", i), role)
		}
		for _, d := range u.Depts {
			c.dept(at, d)
		}
		c.user(at+"/manager", u.Manager)
	}
	for alias, d := range c.given.Depts {
		at := pointer(place+"/given/depts", alias)
		c.dept(at+"/parent", d.Parent)
		c.user(at+"/head", d.Head)
	}
}

func (c *scenarioCheck) dept(ptr, alias string) {
	if _, ok := c.given.Depts[alias]; alias != "" && !ok {
		c.at(c.doc, ptr, "alias.unknown", "the scenario has no department %q", alias)
	}
}

func (c *scenarioCheck) user(ptr, alias string) {
	if _, ok := c.given.Users[alias]; alias != "" && !ok {
		c.at(c.doc, ptr, "alias.unknown", "the scenario has no user %q", alias)
	}
}

func (c *scenarioCheck) use(ptr string, use alias) {
	if use.user {
		c.user(ptr, use.name)
		return
	}
	if _, ok := c.forms[fullRef(c.app.Key, use.name)]; !ok {
		c.at(c.doc, ptr, "alias.unknown", "no record before this step has the alias %q", use.name)
	}
}

func (c *scenarioCheck) step(s Step) {
	at := s.ptr + "/" + s.Kind
	c.user(at+"/by", s.By)
	c.named(at, s)
	if slices.Contains(caseless, s.Kind) && s.Record == "" {
		c.expectation(s)
		return
	}
	ref := s.Form
	if s.Record != "" {
		known, ok := c.forms[fullRef(c.app.Key, s.Record)]
		if !ok {
			c.at(c.doc, at+"/case", "alias.unknown", "no record before this step has the alias %q", s.Record)
			return
		}
		ref = known
	}
	form, why := c.form(ref)
	if form == nil {
		c.at(c.doc, at+"/form", "reference.form", "%s", why)
		return
	}
	for _, use := range under("/data", aliasesIn(s.Data, form)) {
		c.use(at+use.ptr, use)
	}
	for _, use := range under("/rows", aliasesIn(s.Rows, form)) {
		c.use(at+use.ptr, use)
	}
	c.nodes(s, form)
	if s.As != "" {
		c.forms[fullRef(c.app.Key, s.As)] = c.made(s, form)
	}
	c.expectation(s)
}

// made is the form of the record that a step gives an alias: its own, or that of the flow which a node starts.
func (c *scenarioCheck) made(s Step, form *schema.Form) string {
	if s.Kind != "started" {
		return form.Ref()
	}
	app, _ := c.reach(form.App)
	flow := app.Flow(form.Flow)
	if flow == nil {
		return form.Ref() // said already: there is no such node
	}
	n := findNode(flow.Nodes, s.Node)
	if n == nil {
		return form.Ref()
	}
	if n.Subflow == nil {
		c.at(c.doc, s.ptr+"/started/node", "reference.node", "%s starts no other flow", s.Node)
		return form.Ref()
	}
	return fullRef(form.App, n.Subflow.Form)
}

// named checks the people a step names.
func (c *scenarioCheck) named(at string, s Step) {
	if s.Kind != "return" && s.Kind != "jump" {
		c.user(at+"/to", s.To)
	}
	c.user(at+"/from", s.From)
	for i, u := range s.Others {
		c.user(index(at+"/to", i), u)
	}
	for i, u := range s.Mention {
		c.user(index(at+"/mention", i), u)
	}
	for node, users := range s.Choose {
		for i, u := range users {
			c.user(index(pointer(at+"/choose", node), i), u)
		}
	}
}

// nodes checks that the nodes a step names are in the flow.
func (c *scenarioCheck) nodes(s Step, form *schema.Form) {
	app, _ := c.reach(form.App)
	flow := app.Flow(form.Flow)
	named := slices.Clone(s.Expect.At)
	if s.Node != "" {
		named = append(named, s.Node)
	}
	if (s.Kind == "return" || s.Kind == "jump") && s.To != "" {
		named = append(named, s.To)
	}
	for node := range s.Choose {
		named = append(named, node)
	}
	for _, id := range named {
		if flow == nil || findNode(flow.Nodes, id) == nil {
			c.at(c.doc, s.ptr, "reference.node", "the flow of %s has no node %q", form.Ref(), id)
		}
	}
}

func (c *scenarioCheck) expectation(s Step) {
	for user := range s.Expect.Tasks {
		c.user(pointer(s.ptr+"/expect/tasks", user), user)
	}
	for i, name := range s.Expect.Records {
		if _, ok := c.forms[fullRef(c.app.Key, name)]; !ok {
			c.at(c.doc, index(s.ptr+"/expect/records", i), "alias.unknown", "no record before this step has the alias %q", name)
		}
	}
}
