package rbac

import (
	"fmt"
	"maps"
	"slices"

	"github.com/casbin/casbin/v2"

	"github.com/formwork-run/formwork/schema"
)

// Engine holds the enforcers of one tenant's published apps; immutable. A change makes a new Engine.
type Engine struct {
	apps map[string]*appEngine
}

// appEngine is one app: its enforcer, and the enforcer's answers by member.
type appEngine struct {
	src      AppSource
	groups   []*group
	rules    rules
	enforcer *casbin.Enforcer
	// answers: member → what the enforcer grants him, in the order of the groups.
	answers map[string][]answer
	members []string // keys of answers, sorted
}

// answer is what one member may do through one group: operations on a form,
// or, for a page, that its menu entry is shown.
type answer struct {
	group *group // of the admin and menu rules: nil
	form  string
	ops   map[string]bool
	page  string
}

// NewEngine builds one enforcer per app. Problems are those of the access
// definitions; a group with a problem grants nothing. The engine is always
// usable, and nil only when the enforcer itself could not be built.
func NewEngine(apps []AppSource) (*Engine, []schema.Problem) {
	e := &Engine{apps: make(map[string]*appEngine, len(apps))}
	var problems []schema.Problem
	for _, src := range apps {
		groups, found := compileGroups(src)
		problems = append(problems, found...)
		a, err := newAppEngine(src, groups, appRules(src, groups))
		if err != nil {
			problems = append(problems, schema.Problem{Path: "access#", Code: "access_enforcer", Message: err.Error()})
			continue
		}
		e.apps[src.App] = a
	}
	return e, problems
}

func newAppEngine(src AppSource, groups []*group, r rules) (*appEngine, error) {
	enforcer, err := newEnforcer(r)
	if err != nil {
		return nil, err
	}
	a := &appEngine{src: src, groups: groups, rules: r, enforcer: enforcer}
	if err := a.askAll(); err != nil {
		return nil, err
	}
	return a, nil
}

// askAll puts every question to the enforcer that a membership rule could make
// true. The definitions only say what to ask; the answers are the enforcer's.
func (a *appEngine) askAll() error {
	a.answers = map[string][]answer{}
	forms, ops := slices.Sorted(maps.Keys(a.src.Forms)), a.operations()
	if err := a.askAdmin(forms, ops); err != nil {
		return err
	}
	for _, g := range a.groups {
		for _, m := range g.members {
			if err := a.ask(m, g.name(), answer{group: g, form: g.def.Form}, ops); err != nil {
				return err
			}
		}
	}
	for _, menu := range a.src.Access.Menus {
		for _, role := range menu.Roles {
			if err := a.askPage(memberRole+qualify(a.src.App, role), menuPrefix+menu.Page, menu.Page); err != nil {
				return err
			}
		}
	}
	a.members = slices.Sorted(maps.Keys(a.answers))
	return nil
}

func (a *appEngine) askAdmin(forms, ops []string) error {
	for _, form := range forms {
		if err := a.ask(memberAdmin, adminGroup, answer{form: form}, ops); err != nil {
			return err
		}
	}
	for _, menu := range a.src.Access.Menus {
		if err := a.askPage(memberAdmin, adminGroup, menu.Page); err != nil {
			return err
		}
	}
	return nil
}

// ask keeps the operations that the enforcer grants a member through a group.
func (a *appEngine) ask(member, group string, to answer, ops []string) error {
	to.ops = map[string]bool{}
	for _, op := range ops {
		ok, err := a.enforcer.Enforce(member, a.src.App, group, to.form, op)
		if err != nil {
			return fmt.Errorf("rbac: enforce: %w", err)
		}
		if ok {
			to.ops[op] = true
		}
	}
	if len(to.ops) > 0 {
		a.answers[member] = append(a.answers[member], to)
	}
	return nil
}

func (a *appEngine) askPage(member, group, page string) error {
	ok, err := a.enforcer.Enforce(member, a.src.App, group, pagePrefix+page, opOpen)
	if err != nil {
		return fmt.Errorf("rbac: enforce: %w", err)
	}
	if ok {
		a.answers[member] = append(a.answers[member], answer{page: page})
	}
	return nil
}

// operations are all that can be asked for: the product's and those the groups name.
func (a *appEngine) operations() []string {
	set := map[string]bool{}
	for _, op := range schema.Operations() {
		set[op] = true
	}
	for _, g := range a.groups {
		for _, op := range g.def.Can {
			set[op] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// MyForms lists the forms, "app.form", whose records decide access: those that
// a row range asks with MY. A change of such a record may change every plan.
func (e *Engine) MyForms() []string {
	forms := map[string]bool{}
	for _, a := range e.apps {
		for _, g := range a.groups {
			for _, f := range g.my {
				forms[f] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(forms))
}

// Policies lists the policies of an app as the enforcer holds them, for the
// administrator's eyes: ["p", group, app, form, operation] and ["g", member, group, app].
func (e *Engine) Policies(app string) [][]string {
	a := e.apps[app]
	if a == nil {
		return nil
	}
	var out [][]string
	for _, p := range a.rules.policies {
		out = append(out, append([]string{"p"}, p...))
	}
	for _, g := range a.rules.members {
		out = append(out, append([]string{"g"}, g...))
	}
	return out
}

// Without returns an engine that lacks one policy, given as Policies lists it;
// the receiver is unchanged. It answers "what would he lose", and lets a test
// show that decisions come from the enforcer and from nowhere else.
func (e *Engine) Without(app string, rule ...string) (*Engine, error) {
	a := e.apps[app]
	if a == nil || len(rule) < 2 {
		return nil, fmt.Errorf("rbac: app %q has no policy %v", app, rule)
	}
	drop := func(list [][]string) [][]string {
		return slices.DeleteFunc(slices.Clone(list), func(r []string) bool { return slices.Equal(r, rule[1:]) })
	}
	r := a.rules
	if rule[0] == "p" {
		r.policies = drop(r.policies)
	} else {
		r.members = drop(r.members)
	}
	if len(r.policies) == len(a.rules.policies) && len(r.members) == len(a.rules.members) {
		return nil, fmt.Errorf("rbac: app %q has no policy %v", app, rule)
	}
	less, err := newAppEngine(a.src, a.groups, r)
	if err != nil {
		return nil, err
	}
	out := &Engine{apps: maps.Clone(e.apps)}
	out.apps[app] = less
	return out, nil
}
