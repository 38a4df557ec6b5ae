package transfer

import (
	"strings"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/catalog"
)

// target is a field, or a column of a subtable, that an import may fill.
type target struct {
	path  string // "amount", "lines.qty"
	table *schema.Field
	field *schema.Field
}

// targets lists what an actor may fill by an import, in the order of the form.
func targets(a *tenant.Actor, form *catalog.Form) []target {
	g := record.Creation(a, form)
	var out []target
	for _, f := range form.Def.Fields {
		if f.Type != schema.TypeSubtable {
			if fillable(f) && g.Of(f.Key) == rbac.FieldWrite {
				out = append(out, target{path: f.Key, field: f})
			}
			continue
		}
		for _, c := range f.Columns {
			if path := f.Key + "." + c.Key; fillable(c) && g.Of(f.Key) == rbac.FieldWrite && g.Of(path) == rbac.FieldWrite {
				out = append(out, target{path: path, table: f, field: c})
			}
		}
	}
	return out
}

// fillable tells whether a cell can say the value of a field: files, places and
// what the server computes cannot be typed.
func fillable(f *schema.Field) bool {
	switch f.Type {
	case schema.TypeAttachment, schema.TypeImage, schema.TypeSignature, schema.TypeLocation, schema.TypeSubtable:
		return false
	}
	return f.Writable()
}

// mayImport refuses whoever may not import into a form.
func (s *Service) mayImport(a *tenant.Actor, ref string) (*catalog.Form, error) {
	form, err := s.t.Form(ref)
	if err != nil {
		return nil, err
	}
	plan := a.Plan.Form(ref)
	if plan.Can(schema.OpImport) {
		return form, nil
	}
	if plan.Can(schema.OpView) || plan.Can(schema.OpCreate) {
		return nil, fault.New(fault.Forbidden, "import.forbidden", "you may not import records here")
	}
	return nil, fault.Newf(fault.NotFound, "form.unknown", "there is no form %s", ref)
}

// headings gives each target a heading of its own: the title, with the key where
// two of the same sheet share one.
func headings(l []target, lang string) []string {
	seen := map[string]int{}
	name := func(t target) string {
		if t.table != nil {
			return t.table.Key + "\x00" + titleOf(t.field, lang)
		}
		return titleOf(t.field, lang)
	}
	for _, t := range l {
		seen[name(t)]++
	}
	out := make([]string, len(l))
	for i, t := range l {
		out[i] = titleOf(t.field, lang)
		if seen[name(t)] > 1 {
			out[i] += " (" + t.field.Key + ")"
		}
	}
	return out
}

// noteOf says what a cell of a field may hold.
func noteOf(f *schema.Field, lang string) string {
	var l []string
	if f.Required {
		l = append(l, word(lang, "required"))
	}
	if n := formatNote(f, lang); n != "" {
		l = append(l, n)
	}
	if f.Multiple || f.Type == schema.TypeCheckbox || f.Type == schema.TypeMultiSelect {
		l = append(l, word(lang, "note.many"))
	}
	if texts := optionTexts(f, lang); len(texts) > 0 && len(texts) <= maxNoted {
		l = append(l, word(lang, "note.option")+strings.Join(texts, word(lang, "join")))
	}
	if h := f.Help.In(lang); h != "" {
		l = append(l, h)
	}
	return strings.Join(l, "\n")
}

// maxNoted are the options that a note lists.
const maxNoted = 50

func formatNote(f *schema.Field, lang string) string {
	switch f.Type {
	case schema.TypeNumber, schema.TypeMoney, schema.TypeRating, schema.TypeSlider:
		return word(lang, "note.number")
	case schema.TypePercent:
		return word(lang, "note.percent")
	case schema.TypeDate:
		return word(lang, "note."+precisionNote(f.Precision))
	case schema.TypeDateRange:
		return word(lang, "note.range")
	case schema.TypeTime, schema.TypeMember, schema.TypeDepartment, schema.TypeRole, schema.TypeRelation, schema.TypeSwitch:
		return word(lang, "note."+string(f.Type))
	case schema.TypeCascade, schema.TypeRegion:
		return word(lang, "note.cascade")
	}
	return ""
}

func precisionNote(p string) string {
	switch p {
	case "year", "month":
		return p
	case "hour", "minute", "second":
		return "instant"
	}
	return "date"
}

// optionTexts are the texts of fixed options that may be chosen; those of a
// cascade stand in its levels.
func optionTexts(f *schema.Field, lang string) []string {
	if f.Type == schema.TypeCascade {
		return nil
	}
	var out []string
	for _, o := range f.Options {
		t := o.Text.In(lang)
		if t == "" {
			t = o.Value
		}
		if !o.Disabled {
			out = append(out, t)
		}
	}
	return out
}
