package pack

import (
	"maps"
	"slices"
	"strings"

	"github.com/formwork-run/formwork/schema"
)

// checkFlow checks the people and fields a flow names.
func (a *assembly) checkFlow(f *schema.Flow) {
	doc := a.docs["flows/"+f.Key+".yaml"]
	form := a.app.Form(f.Form)
	if form == nil {
		a.at(doc, "/form", "reference.form", "there is no form %q in this app", f.Form)
		return
	}
	if form.Flow != f.Key {
		a.at(doc, "/form", "reference.flow", "form %q does not name this flow: it would never run", f.Form)
	}
	a.checkNodes(doc, form, "/nodes", f.Nodes)
}

func (a *assembly) checkNodes(doc *document, form *schema.Form, base string, nodes []*schema.Node) {
	for i, n := range nodes {
		ptr := index(base, i)
		n.EachWho(func(w schema.Who, at string) { a.checkWho(doc, form, ptr+at, w) })
		a.checkWork(doc, ptr, n)
		fields := [][2]any{{"edit", n.Fields.Edit}, {"hide", n.Fields.Hide}, {"require", n.Fields.Require}}
		for _, x := range fields {
			for j, name := range x[1].([]string) {
				a.checkName(doc, form, index(ptr+"/fields/"+x[0].(string), j), name)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(n.Fields.Rows)) {
			at := pointer(ptr+"/fields/rows", name)
			if sub := form.Field(name); sub == nil || sub.Type != schema.TypeSubtable {
				a.at(doc, at, "reference.field", "form %q has no subtable %q", form.Key, name)
			}
		}
		for j, b := range n.Branches {
			a.checkNodes(doc, form, index(ptr+"/branches", j)+"/nodes", b.Nodes)
		}
	}
}

// checkName checks a field key, "subtable.column" or "all".
func (a *assembly) checkName(doc *document, form *schema.Form, ptr, name string) {
	if name == "all" || fieldAt(form, name) != nil {
		return
	}
	a.at(doc, ptr, "reference.field", "form %q has no field %q", form.Key, name)
}

func fieldAt(form *schema.Form, name string) *schema.Field {
	key, column, nested := strings.Cut(name, ".")
	f := form.Field(key)
	if f == nil || !nested {
		return f
	}
	for _, c := range f.Columns {
		if c.Key == column {
			return c
		}
	}
	return nil
}

func (a *assembly) checkWho(doc *document, form *schema.Form, ptr string, w schema.Who) {
	switch {
	case w.Role != "":
		a.role(doc, ptr+"/role", w.Role)
	case w.DeptHeads != nil && w.DeptHeads.Role != "":
		a.role(doc, ptr+"/dept_heads/role", w.DeptHeads.Role)
	case w.Managers != nil && w.Managers.Role != "":
		a.role(doc, ptr+"/managers/role", w.Managers.Role)
	case w.Group != "":
		if !slices.ContainsFunc(a.app.Access.Groups, func(g schema.GroupDef) bool { return g.Key == w.Group }) {
			a.at(doc, ptr+"/group", "reference.group", "there is no access group %q in this app", w.Group)
		}
	case w.Field != "":
		a.checkPerson(doc, form, ptr+"/field", w.Field)
	case w.DeptField != "":
		if f := form.Field(w.DeptField); f == nil || f.Type != schema.TypeDepartment {
			a.at(doc, ptr+"/dept_field", "reference.field", "form %q has no department field %q", form.Key, w.DeptField)
		}
	}
}

// checkWork checks the forms whose records or flows a node works with.
func (a *assembly) checkWork(doc *document, ptr string, n *schema.Node) {
	switch {
	case n.Subflow != nil && n.Subflow.Form != "":
		at := ptr + "/subflow/form"
		target := a.targetForm(doc, at, fullRef(a.app.Key, n.Subflow.Form))
		if target != nil && target.Flow == "" {
			a.at(doc, at, "reference.flow", "form %q has no flow to start", n.Subflow.Form)
		}
	case n.Data != nil && n.Data.Form != "":
		a.targetForm(doc, ptr+"/data/form", fullRef(a.app.Key, n.Data.Form))
	}
}

// checkPerson follows "manager" or "project.pm" to a member field.
func (a *assembly) checkPerson(doc *document, form *schema.Form, ptr, path string) {
	key, rest, nested := strings.Cut(path, ".")
	f := form.Field(key)
	switch {
	case f == nil:
		a.at(doc, ptr, "reference.field", "form %q has no field %q", form.Ref(), key)
	case nested && f.Relation == nil:
		a.at(doc, ptr, "reference.field", "%q of %s is no relation, so %q leads nowhere", key, form.Ref(), path)
	case nested:
		if target := a.targetForm(doc, ptr, f.Relation.Form); target != nil {
			a.checkPerson(doc, target, ptr, rest)
		}
	case f.Type != schema.TypeMember:
		a.at(doc, ptr, "reference.person", "%q of %s is no member field", key, form.Ref())
	}
}

// checkAccess checks the roles and menu pages the access part names; fields were checked by schema.ParseAccess.
func (a *assembly) checkAccess() {
	for i, m := range a.app.Access.Menus {
		doc, n := a.access.place("menus", i)
		if a.app.Form(m.Page) == nil {
			a.at(doc, n.ptr+"/page", "reference.form", "there is no form %q in this app", m.Page)
		}
		for j, role := range m.Roles {
			a.role(doc, index(n.ptr+"/roles", j), role)
		}
	}
	for i, g := range a.app.Access.Groups {
		doc, n := a.access.place("groups", i)
		for j, m := range g.Members {
			if m.Role != "" {
				a.role(doc, index(n.ptr+"/members", j)+"/role", m.Role)
			}
		}
	}
}

func (a *assembly) checkView(v *schema.View) {
	doc := a.docs["views/"+v.Key+".yaml"]
	form := a.app.Form(v.Form)
	if form == nil {
		a.at(doc, "/form", "reference.form", "there is no form %q in this app", v.Form)
		return
	}
	a.take(doc, schema.CheckView(v, form))
}
