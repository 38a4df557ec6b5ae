package pack

import (
	"fmt"
	"slices"
	"strings"

	"github.com/formwork-run/formwork/schema"
)

// checkAll checks what only the whole pack, with those it stands on, can tell.
func (a *assembly) checkAll(p *Pack) {
	a.checkRequires()
	a.take(a.docs["pack.yaml"], schema.CheckApp(a.app))
	for _, f := range a.app.Forms {
		a.checkForm(f)
	}
	for _, f := range a.app.Flows {
		a.checkFlow(f)
	}
	a.checkAccess()
	for _, v := range a.app.Views {
		a.checkView(v)
	}
	a.checkData(p)
	for _, s := range p.Scenarios {
		a.checkScenario(s)
	}
}

// at reports a problem at a JSON pointer of a file.
func (a *assembly) at(doc *document, ptr, code, format string, args ...any) {
	a.problems = append(a.problems, doc.locate(schema.Problem{Path: "#" + ptr, Code: code, Message: fmt.Sprintf(format, args...)}))
}

func (a *assembly) checkRequires() {
	for i, key := range a.meta.Requires {
		if a.other(key) == nil {
			a.at(a.docs["pack.yaml"], index("/requires", i), "requires.missing", "pack %q must be installed first", key)
		}
	}
}

// other finds an installed app this pack may refer to.
func (a *assembly) other(key string) *schema.App {
	for _, x := range a.installed {
		if x.Key == key {
			return x
		}
	}
	return nil
}

// reach finds the app a reference leads to and says why there is none.
func (a *assembly) reach(key string) (*schema.App, string) {
	if key == a.app.Key {
		return a.app, ""
	}
	named := slices.Contains(a.meta.Requires, key) || slices.Contains(a.meta.Optional, key)
	switch x := a.other(key); {
	case !named:
		return nil, fmt.Sprintf("pack %q is neither in requires nor in optional of pack.yaml", key)
	case x == nil:
		return nil, fmt.Sprintf("pack %q is not installed", key)
	default:
		return x, ""
	}
}

// absent reports whether a reference leads to a pack that is optional, and not
// there: what needs it degrades, see schema.Form.Without.
func (a *assembly) absent(ref string) bool {
	app, _, _ := strings.Cut(fullRef(a.app.Key, ref), ".")
	return slices.Contains(a.meta.Optional, app) && a.other(app) == nil
}

// form finds the form a reference leads to and says why there is none.
func (a *assembly) form(ref string) (*schema.Form, string) {
	app, key, _ := strings.Cut(fullRef(a.app.Key, ref), ".")
	x, why := a.reach(app)
	if x == nil {
		return nil, why
	}
	if f := x.Form(key); f != nil {
		return f, ""
	}
	return nil, fmt.Sprintf("there is no form %q", ref)
}

// find is form for callers that report nothing.
func (a *assembly) find(ref string) *schema.Form {
	f, _ := a.form(ref)
	return f
}

func (a *assembly) role(doc *document, ptr, ref string) {
	app, key, _ := strings.Cut(fullRef(a.app.Key, ref), ".")
	x, why := a.reach(app)
	if x == nil {
		if !a.absent(ref) {
			a.at(doc, ptr, "reference.role", "%s", why)
		}
		return
	}
	for _, r := range x.Access.Roles {
		if r.Key == key {
			return
		}
	}
	a.at(doc, ptr, "reference.role", "there is no role %q", ref)
}

// checkForm checks what the fields of a form refer to, and its flow.
func (a *assembly) checkForm(f *schema.Form) {
	doc := a.docs["forms/"+f.Key+".yaml"]
	a.checkFields(doc, f, f.Fields, "/schema/properties")
	if f.Flow == "" {
		return
	}
	switch flow := a.app.Flow(f.Flow); {
	case flow == nil:
		a.at(doc, "/flow", "reference.flow", "there is no flow %q", f.Flow)
	case flow.Form != f.Key:
		a.at(doc, "/flow", "reference.flow", "flow %q is for form %q", f.Flow, flow.Form)
	}
}

func (a *assembly) checkFields(doc *document, form *schema.Form, fields []*schema.Field, base string) {
	for _, f := range fields {
		name := f.Key
		if f.Name != "" {
			name = f.Name
		}
		ptr := pointer(base, name)
		a.checkRelation(doc, fields, f, ptr+"/x-field")
		a.checkLink(doc, form, f, ptr+"/x-field")
		if o := f.OptionsFrom; o != nil {
			if target := a.targetForm(doc, ptr+"/x-field/options/form", o.Form); target != nil {
				a.targetField(doc, ptr+"/x-field/options/field", target, o.Field)
			}
		}
		a.checkFields(doc, form, f.Columns, ptr+"/items/properties")
	}
}

func (a *assembly) targetForm(doc *document, ptr, ref string) *schema.Form {
	f, why := a.form(ref)
	if f == nil && !a.absent(ref) {
		a.at(doc, ptr, "reference.form", "%s", why)
	}
	return f
}

func (a *assembly) targetField(doc *document, ptr string, form *schema.Form, name string) *schema.Field {
	if strings.HasPrefix(name, "sys.") || strings.HasPrefix(name, "case.") {
		if _, ok := schema.DocPath(name); ok {
			return nil
		}
	}
	f := form.Field(name)
	if f == nil {
		a.at(doc, ptr, "reference.field", "form %q has no field %q", form.Ref(), name)
	}
	return f
}

func (a *assembly) checkRelation(doc *document, siblings []*schema.Field, f *schema.Field, ptr string) {
	r := f.Relation
	if r == nil {
		return
	}
	target := a.targetForm(doc, ptr+"/form", r.Form)
	if target == nil {
		return
	}
	if r.Display != "" {
		a.targetField(doc, ptr+"/display", target, r.Display)
	}
	if r.Tree != "" {
		parent := a.targetField(doc, ptr+"/tree", target, r.Tree)
		if parent != nil && (parent.Relation == nil || parent.Relation.Form != target.Ref()) {
			a.at(doc, ptr+"/tree", "reference.tree", "%q does not point to a record of the same form", r.Tree)
		}
	}
	for own, from := range r.Fill {
		at := pointer(ptr+"/fill", own)
		source := a.targetField(doc, at, target, from)
		i := slices.IndexFunc(siblings, func(s *schema.Field) bool { return s.Key == own })
		if i < 0 {
			a.at(doc, at, "reference.field", "there is no field %q beside this one to fill", own)
		} else if source != nil && !fillable(source, siblings[i]) {
			a.at(doc, at, "relation.fill", "%q is %s and cannot be filled from %q, which is %s", own, siblings[i].Type, from, source.Type)
		}
	}
}

// fillable tells whether a value of one field can be copied into another.
func fillable(from, to *schema.Field) bool {
	group := func(f *schema.Field) string {
		switch f.Type {
		case schema.TypeNumber, schema.TypeMoney, schema.TypePercent, schema.TypeRating, schema.TypeSlider, schema.TypeRollup, schema.TypeFormula:
			return "number"
		case schema.TypeText, schema.TypeTextarea, schema.TypeSelect, schema.TypeRadio, schema.TypeSerial, schema.TypePhone,
			schema.TypeEmail, schema.TypeURL, schema.TypeIDCard, schema.TypeColor, schema.TypeBarcode, schema.TypeRichText:
			return "text"
		}
		return string(f.Type)
	}
	return group(from) == group(to) && from.Multiple == to.Multiple
}

// checkLink checks reverse, rollup and lookup fields.
func (a *assembly) checkLink(doc *document, form *schema.Form, f *schema.Field, ptr string) {
	l := f.Link
	if l == nil {
		return
	}
	if f.Type == schema.TypeLookup {
		a.checkLookup(doc, form, l, ptr)
		return
	}
	target := a.targetForm(doc, ptr+"/form", l.Form)
	if target == nil {
		return
	}
	match := a.targetField(doc, ptr+"/match", target, l.Match)
	if match != nil && (match.Relation == nil || match.Relation.Form != form.Ref()) {
		a.at(doc, ptr+"/match", "reference.match", "%q of %s does not point to %s", l.Match, target.Ref(), form.Ref())
	}
	if l.Field != "" && target.Field(strings.Split(l.Field, ".")[0]) == nil {
		a.at(doc, ptr+"/of", "reference.field", "form %q has no field %q", target.Ref(), l.Field)
	}
}

func (a *assembly) checkLookup(doc *document, form *schema.Form, l *schema.Link, ptr string) {
	via := form.Field(l.Via)
	if via == nil || via.Relation == nil {
		a.at(doc, ptr+"/via", "reference.field", "%q is not a relation field of this form", l.Via)
		return
	}
	if target := a.find(via.Relation.Form); target != nil {
		a.targetField(doc, ptr+"/of", target, l.Field)
	}
}
