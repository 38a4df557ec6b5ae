package rbac

import "maps"

// Narrow is the plan without what permits refuses, for a credential that reaches
// less than its user: permits is asked for each form ("app.form") and operation.
// It never adds anything. What a part in a flow gives besides the plan is bound by
// it too: see FormPlan.Reaches.
func (p *Plan) Narrow(permits func(form, op string) bool) *Plan {
	out := &Plan{Subject: p.Subject, forms: make(map[string]*FormPlan, len(p.forms)), menus: p.menus, areas: p.areas}
	for ref, f := range p.forms {
		n := newFormPlan(out, f.app, f.form)
		n.permits = func(op string) bool { return permits(ref, op) }
		for _, g := range f.grants {
			less := &grant{group: g.group, ops: maps.Clone(g.ops), member: g.member, byField: g.byField, named: g.named, rows: g.rows}
			maps.DeleteFunc(less.ops, func(op string, _ bool) bool { return !permits(ref, op) })
			n.grants = append(n.grants, less)
		}
		n.finish()
		out.forms[ref] = n
	}
	return out
}

// Reaches reports whether the credential reaches an operation at all, whoever its
// user is. It is true for whoever uses no API key, and true does not mean allowed.
func (f *FormPlan) Reaches(op string) bool { return f.permits == nil || f.permits(op) }
