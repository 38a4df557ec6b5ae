package catalog

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/eval"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/storage"
)

// App is one compiled version of an app; immutable.
type App struct {
	Def         *schema.App
	Version     int64
	PublishedAt time.Time
	PublishedBy string
	Note        string
	Forms       map[string]*Form // by key
}

// Form is one compiled version of a form with what belongs to it; immutable.
type Form struct {
	*eval.Form
	App   *App
	Flow  *engine.Flow // nil = plain form
	Views []*View
}

// View is a compiled view.
type View struct {
	Def    *schema.View
	Filter *formula.Program   // nil = all
	Colors []*formula.Program // one per Def.Colors
}

// Ref is the form's reference, "app.form".
func (f *Form) Ref() string { return f.Def.Ref() }

// View returns the view with the key, nil when there is none.
func (f *Form) View(key string) *View {
	for _, v := range f.Views {
		if v.Def.Key == key {
			return v
		}
	}
	return nil
}

// resolver finds forms of other apps while compiling.
type resolver func(ref string) *schema.Form

// Form implements eval.Resolver.
func (r resolver) Form(ref string) *schema.Form { return r(ref) }

// compile builds an app; find resolves forms of other apps. The result is
// usable only when no problem is an error.
func compile(def *schema.App, version int64, find resolver) (*App, []schema.Problem) {
	a, problems := compileForms(def, version, find)
	if schema.HasErrors(problems) {
		return a, problems
	}
	for _, fd := range def.Forms {
		f := a.Forms[fd.Key]
		problems = append(problems, f.compileFlow(def)...)
		problems = append(problems, f.checkWork(def, local(def, find))...)
		if n := len(Indexes(f)); n > storage.MaxIndexes {
			problems = append(problems, schema.Problem{Path: "forms/" + fd.Key + "#/indexes", Code: "too_many_indexes",
				Message: fmt.Sprintf("the form needs %d indexes, at most %d are possible", n, storage.MaxIndexes)})
		}
	}
	problems = append(problems, a.compileViews()...)
	return a, append(problems, a.rowRules()...)
}

// compileOld builds a version that was published once: what does not fit other
// apps any more is left out of it.
func compileOld(def *schema.App, version int64, find resolver) *App {
	a, _ := compileForms(def, version, find)
	for _, f := range a.Forms {
		f.compileFlow(def)
	}
	a.compileViews()
	return a
}

func compileForms(def *schema.App, version int64, find resolver) (*App, []schema.Problem) {
	a := &App{Def: def, Version: version, Forms: make(map[string]*Form, len(def.Forms))}
	var problems []schema.Problem
	gone := absent(def, find)
	for _, fd := range def.Forms {
		if less := fd.Without(gone); less != nil {
			fd = less
		}
		ef, ps := eval.Compile(fd, local(def, find))
		problems = append(problems, prefixed("forms/"+fd.Key+"#", ps)...)
		a.Forms[fd.Key] = &Form{Form: ef, App: a}
	}
	return a, problems
}

// absent reports whether a form is of an app that is optional to this one, and not there.
func absent(def *schema.App, find resolver) func(ref string) bool {
	return func(ref string) bool {
		app, _, _ := strings.Cut(ref, ".")
		return app != def.Key && slices.Contains(def.Optional, app) && find(ref) == nil
	}
}

// local finds the forms of an app in it, and others by find.
func local(def *schema.App, find resolver) resolver {
	return func(ref string) *schema.Form {
		for _, f := range def.Forms {
			if f.Ref() == ref {
				return f
			}
		}
		return find(ref)
	}
}

// prefixed puts the part in front of the pointers of problems that do not name one yet.
func prefixed(part string, ps []schema.Problem) []schema.Problem {
	out := make([]schema.Problem, len(ps))
	for i, p := range ps {
		if p.Path == "" || p.Path[0] == '/' {
			p.Path = part + p.Path
		}
		out[i] = p
	}
	return out
}

func (f *Form) compileFlow(def *schema.App) []schema.Problem {
	key := f.Def.Flow
	if key == "" {
		return nil
	}
	path := "forms/" + f.Def.Key + "#/flow"
	fl := def.Flow(key)
	if fl == nil {
		return []schema.Problem{{Path: path, Code: "unknown_flow", Message: "there is no flow " + key}}
	}
	if fl.Form != f.Def.Key {
		return []schema.Problem{{Path: path, Code: "flow_of_other_form",
			Message: fmt.Sprintf("flow %s belongs to form %s", key, fl.Form)}}
	}
	compiled, ps := engine.Compile(fl, f.Def, f.Env)
	f.Flow = compiled
	return prefixed("flows/"+key+"#", ps)
}

func formulaProblems(path string, errs []formula.Error) []schema.Problem {
	out := make([]schema.Problem, len(errs))
	for i, e := range errs {
		out[i] = schema.Problem{Path: path, Code: "formula." + e.Code, Message: e.Message, Params: e.Params, From: e.From, To: e.To}
	}
	return out
}

func (a *App) compileViews() []schema.Problem {
	var problems []schema.Problem
	for _, v := range a.Def.Views {
		f := a.Forms[v.Form]
		at := "views/" + v.Key + "#"
		if f == nil {
			problems = append(problems, schema.Problem{Path: at + "/form", Code: "unknown_form", Message: "there is no form " + v.Form})
			continue
		}
		cv := &View{Def: v}
		cond := formula.Type{Kind: formula.Bool}
		if v.Filter != "" {
			p, errs := formula.Compile(v.Filter, f.Env, cond)
			problems = append(problems, formulaProblems(at+"/filter", errs)...)
			problems = append(problems, unaskable(at+"/filter", f, p)...)
			cv.Filter = p
		}
		problems = append(problems, unordered(at, f, v)...)
		for i, c := range v.Colors {
			p, errs := formula.Compile(c.When, f.Env, cond)
			problems = append(problems, formulaProblems(fmt.Sprintf("%s/colors/%d/when", at, i), errs)...)
			cv.Colors = append(cv.Colors, p)
		}
		f.Views = append(f.Views, cv)
	}
	return problems
}

// unaskable finds out at publish, not when somebody opens the view, that a
// filter cannot be put to a store.
func unaskable(path string, f *Form, p *formula.Program) []schema.Problem {
	if p == nil {
		return nil
	}
	who := map[string]any{"id": "", "name": "", "dept": "", "depts": []any{}, "roles": []any{}}
	x, err := p.Filter(formula.FilterOptions{Path: schema.DocPath, Context: &formula.Context{}, Vars: formula.Vars{"USER": who}})
	if err == nil {
		if name := f.AsksTooMuch(x); name != "" {
			return []schema.Problem{{Path: path, Code: "sensitive", Message: name + " is kept encrypted: it can only be compared for equality", Params: map[string]any{"field": name}}}
		}
		return nil
	}
	out := schema.Problem{Path: path, Code: "view_filter", Message: "this cannot be asked of the store: " + err.Error()}
	var at *formula.Error
	if errors.As(err, &at) {
		out.Message, out.From, out.To = "this cannot be asked of the store: "+at.Message, at.From, at.To
	}
	return []schema.Problem{out}
}

// Indexes gives the indexes that a form's records need: those of the system,
// those declared, and those of unique values.
func Indexes(f *Form) []storage.Index {
	one := func(path string, list bool) storage.Index {
		return storage.Index{Fields: []storage.IndexField{{Path: path, Scale: -1, List: list}}}
	}
	out := []storage.Index{
		{Fields: []storage.IndexField{{Path: "state", Scale: -1}, {Path: "created_at", Desc: true, Scale: -1}}},
		{Fields: []storage.IndexField{{Path: "created_by", Scale: -1}, {Path: "created_at", Desc: true, Scale: -1}}},
		{Fields: []storage.IndexField{{Path: "due", Scale: -1}}, Sparse: true},
		one("acl.part", true),
	}
	if f.Flow != nil {
		out = append(out, one("case.state", false))
	}
	seen := map[string]bool{}
	for _, fd := range f.Def.Fields {
		if fd.Index && !seen[fd.Key] {
			seen[fd.Key] = true
			// Lists are by default in order of creation: the index serves both.
			out = append(out, storage.Index{Fields: []storage.IndexField{f.indexField(fd.Key), {Path: "created_at", Desc: true, Scale: -1}}})
		}
	}
	for _, cols := range f.Def.Indexes {
		if len(cols) == 1 && seen[cols[0]] {
			continue
		}
		ix := storage.Index{}
		for _, c := range cols {
			ix.Fields = append(ix.Fields, f.indexField(c))
		}
		out = append(out, ix)
	}
	for i := range f.Def.Unique {
		out = append(out, storage.Index{Unique: true, IfPresent: true,
			Fields: []storage.IndexField{{Path: "uniq." + UniqueKey(f.Def, i), Scale: -1}}})
	}
	for _, fd := range f.Def.Fields {
		if fd.Type == schema.TypeSerial {
			out = append(out, storage.Index{Unique: true, IfPresent: true,
				Fields: []storage.IndexField{{Path: "uniq.serial_" + fd.Key, Scale: -1}}})
		}
	}
	return out
}

// indexField declares one key of an index from a name as written, e.g. "-created_at".
func (f *Form) indexField(name string) storage.IndexField {
	x := storage.IndexField{Scale: -1}
	if name != "" && name[0] == '-' {
		x.Desc, name = true, name[1:]
	}
	if fd := f.Def.Field(name); fd != nil {
		x.Path = "data." + name
		if fd.Sensitive {
			return x // the store holds a text in its place
		}
		x.List = fd.Multiple || fd.Type == schema.TypeMultiSelect || fd.Type == schema.TypeCheckbox
		if isNumber(fd.Type) {
			x.Scale = fd.Scale
		}
		return x
	}
	if p, ok := schema.DocPath("sys." + name); ok {
		x.Path = p
		return x
	}
	x.Path, _ = schema.DocPath(name)
	return x
}

func isNumber(t schema.FieldType) bool {
	switch t {
	case schema.TypeNumber, schema.TypeMoney, schema.TypePercent, schema.TypeRating, schema.TypeSlider:
		return true
	}
	return false
}
