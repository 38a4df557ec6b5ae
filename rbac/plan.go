package rbac

import (
	"slices"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/storage/filter"
)

// MyResolver answers MY(form, path) for a subject: ids of the records of the form in whose path he is named.
// More than 10 000 ids is an error naming the group.
type MyResolver func(form, path string) ([]string, error)

// Plan is what one subject may do, on every form of every app; immutable and
// safe for concurrent use.
type Plan struct {
	Subject Subject
	forms   map[string]*FormPlan // by "app.form"
	menus   map[string]bool      // "app/page" of the menu rules → shown
	areas   map[string]bool      // administered
}

// Plan compiles everything the subject may do. It asks the enforcer; nothing is
// granted besides. It fails when a row range cannot be resolved: MY over too
// many records (access.my_too_large, with the group), or the resolver's error.
func (e *Engine) Plan(s Subject, my MyResolver) (*Plan, error) {
	p := &Plan{Subject: s, forms: map[string]*FormPlan{}, menus: map[string]bool{}}
	p.areas = e.areas.of(&p.Subject)
	my = rememberMy(my)
	for name, a := range e.apps {
		for key := range a.src.Forms {
			p.forms[name+"."+key] = newFormPlan(p, a, key)
		}
		for _, menu := range a.src.Access.Menus {
			p.menus[name+"/"+menu.Page] = false
		}
		if s.User == "" {
			continue
		}
		if err := p.collect(name, a, my); err != nil {
			return nil, err
		}
	}
	for _, f := range p.forms {
		f.finish()
	}
	return p, nil
}

// collect adds up the enforcer's answers for every member that the subject is.
func (p *Plan) collect(app string, a *appEngine, my MyResolver) error {
	for _, member := range a.members {
		if !p.Subject.is(member) {
			continue
		}
		for _, ans := range a.answers[member] {
			if ans.page != "" {
				p.menus[app+"/"+ans.page] = true
				continue
			}
			if err := p.forms[app+"."+ans.form].grant(member, ans, my); err != nil {
				return err
			}
		}
	}
	return nil
}

// rememberMy asks each MY once per plan.
func rememberMy(my MyResolver) MyResolver {
	if my == nil {
		return nil
	}
	type result struct {
		ids []string
		err error
	}
	known := map[[2]string]result{}
	return func(form, path string) ([]string, error) {
		key := [2]string{form, path}
		r, ok := known[key]
		if !ok {
			r.ids, r.err = my(form, path)
			known[key] = r
		}
		return slices.Clone(r.ids), r.err
	}
}

// Form returns the plan of a form by "app.form". A form without any right gives a plan that denies all; never nil.
func (p *Plan) Form(ref string) *FormPlan {
	if f := p.forms[ref]; f != nil {
		return f
	}
	f := newFormPlan(p, nil, "")
	f.finish()
	return f
}

// Menu reports whether a menu entry (form or page key) is shown: his role is
// named by the entry's menu rule, if it has one; and, where the entry is a
// form, he may view or create on it.
func (p *Plan) Menu(app, page string) bool {
	if p.Subject.User == "" {
		return false
	}
	if shown, ruled := p.menus[app+"/"+page]; ruled && !shown {
		return false
	}
	f := p.forms[app+"."+page]
	return f == nil || f.Can(schema.OpView) || f.Can(schema.OpCreate)
}

// errNoFilter is a defect: a scope that a store would understand as "all".
var errNoFilter = fault.New(fault.Internal, "access.no_filter", "a row range gave no filter")

// bind makes the row filter of the grant: rows and states of its group, and for
// members by a field of the record, that the field names the subject.
func (g *grant) bind(s *Subject, my MyResolver) error {
	g.rows, g.named = filter.True, filter.True
	if g.group == nil {
		return nil
	}
	rows, err := g.group.rowFilter(s, my)
	if err != nil {
		return err
	}
	if rows == nil {
		return g.group.fail(errNoFilter)
	}
	g.rows = rows
	if g.member != "" {
		return nil
	}
	if g.named, err = g.group.namedIn(g.byField, s, my); err != nil {
		return err
	}
	g.rows = and(rows, g.named)
	return nil
}
