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
	apps  map[string]*appEngine
	areas *areaEngine // who administers what
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
	forms := formsOf(apps)
	for _, src := range apps {
		groups, found := compileGroups(src, forms)
		problems = append(problems, found...)
		a, err := newAppEngine(src, groups, appRules(src, groups))
		if err != nil {
			problems = append(problems, schema.Problem{Path: "access#", Code: "access_enforcer", Message: err.Error()})
			continue
		}
		e.apps[src.App] = a
	}
	areas, err := newAreaEngine(areaRules(slices.Sorted(maps.Keys(e.apps))))
	if err != nil {
		problems = append(problems, schema.Problem{Path: "access#", Code: "access_enforcer", Message: err.Error()})
	}
	e.areas = areas
	return e, problems
}

// formsOf finds forms by "app.form".
func formsOf(apps []AppSource) map[string]*schema.Form {
	out := map[string]*schema.Form{}
	for _, src := range apps {
		for key, f := range src.Forms {
			out[src.App+"."+key] = f.Form
		}
	}
	return out
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
	for member, group := range allData(a.src.App) {
		if err := a.askAllData(member, group); err != nil {
			return err
		}
	}
	for _, g := range a.groups {
		for _, m := range g.members {
			if err := a.ask(m, g.name(), answer{group: g, form: g.def.Form}); err != nil {
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

func (a *appEngine) askAllData(member, group string) error {
	for _, form := range slices.Sorted(maps.Keys(a.src.Forms)) {
		if err := a.ask(member, group, answer{form: form}); err != nil {
			return err
		}
	}
	for _, menu := range a.src.Access.Menus {
		if err := a.askPage(member, group, menu.Page); err != nil {
			return err
		}
	}
	return nil
}

// ask keeps the operations that the enforcer grants a member through a group.
func (a *appEngine) ask(member, group string, to answer) error {
	to.ops = map[string]bool{}
	for _, op := range a.operations(to.form) {
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

// operations are all that can be asked for on a form: those it knows, and those
// the groups name.
func (a *appEngine) operations(form string) []string {
	ops := schema.Operations()
	if f := a.src.Forms[form].Form; f != nil {
		ops = f.Operations()
	}
	for _, g := range a.groups {
		if g.def.Form == form {
			ops = append(ops, g.def.Can...)
		}
	}
	slices.Sort(ops)
	return slices.Compact(ops)
}

// MyForms lists the forms, "app.form", whose records decide access: those that
// a row range asks with MY, or a member field reaches into through a relation. A
// change of such a record may change every plan.
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

// Administration is the name under which Policies and Without know the policies
// of the planes of administration: ["p", group, Administration, area, "administer"].
const Administration = "administration"

// Policies lists the policies of an app (or of Administration) as the enforcer
// holds them, for the administrator's eyes: ["p", group, app, form, operation] and
// ["g", member, group, app].
func (e *Engine) Policies(app string) [][]string {
	if app == Administration {
		return e.areas.rules.list()
	}
	if a := e.apps[app]; a != nil {
		return a.rules.list()
	}
	return nil
}

// Without returns an engine that lacks one policy, given as Policies lists it;
// the receiver is unchanged. It answers "what would he lose", and lets a test
// show that decisions come from the enforcer and from nowhere else.
func (e *Engine) Without(app string, rule ...string) (*Engine, error) {
	out := &Engine{apps: maps.Clone(e.apps), areas: e.areas}
	var err error
	switch a := e.apps[app]; {
	case app == Administration:
		var r rules
		if r, err = e.areas.rules.without(rule); err == nil {
			out.areas, err = newAreaEngine(r)
		}
	case a == nil:
		err = noPolicy(app, rule)
	default:
		var r rules
		if r, err = a.rules.without(rule); err == nil {
			out.apps[app], err = newAppEngine(a.src, a.groups, r)
		}
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

func noPolicy(app string, rule []string) error {
	return fmt.Errorf("rbac: app %q has no policy %v", app, rule)
}
