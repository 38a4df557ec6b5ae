package catalog

import (
	"maps"
	"slices"
	"strings"

	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/eval"
	"github.com/formwork-run/formwork/schema/formula"
)

// WorkPrograms are the compiled formulas of a node that works outside of its
// record: subflow, data or call.
type WorkPrograms struct {
	Set   map[string]*formula.Program // over the record, its row first: data.set, subflow.data, call.body
	Into  map[string]*formula.Program // over the other record: data.into, subflow.back
	Where *formula.Program            // over the other record; this one is "form", its row "row"
	URL   []URLPart
}

// URLPart is a piece of a call's address: text, or a formula whose value is percent-encoded.
type URLPart struct {
	Text    string
	Program *formula.Program
}

// WorkForm is the form that a node works on, as the node names it; "" = none.
func WorkForm(n *schema.Node) string {
	switch {
	case n.Data != nil:
		return n.Data.Form
	case n.Subflow != nil:
		return n.Subflow.Form
	}
	return ""
}

// WorkEach is the subtable whose rows a node works through; "" = it works once.
func WorkEach(n *schema.Node) string {
	switch {
	case n.Data != nil:
		return n.Data.Each
	case n.Subflow != nil:
		return n.Subflow.Each
	}
	return ""
}

// CompileWork compiles the formulas of a node of form's flow against the form it
// works on (nil for a call). Problems have pointers within the node.
func CompileWork(form *eval.Form, n *schema.Node, target *schema.Form, other formula.Type) (*WorkPrograms, []schema.Problem) {
	c := &workCompiler{form: form, node: n, target: target, other: other, own: form.Env}
	if each := WorkEach(n); each != "" {
		c.own = form.RowEnv(each)
	}
	p := &WorkPrograms{}
	switch {
	case n.Data != nil:
		p.Set = c.set(n.Data.Set, "/data/set")
		p.Into = c.all(n.Data.Into, "/data/into", other, form.Env)
		p.Where = c.where(n.Data.Where, "/data/where")
	case n.Subflow != nil:
		p.Set = c.set(n.Subflow.Data, "/subflow/data")
		p.Into = c.all(n.Subflow.Back, "/subflow/back", other, form.Env)
	case n.Call != nil:
		p.Set = c.all(n.Call.Body, "/call/body", c.own, formula.Type{})
		p.URL = c.url(n.Call.URL)
	}
	return p, c.problems
}

type workCompiler struct {
	form       *eval.Form
	node       *schema.Node
	target     *schema.Form
	own, other formula.Type
	problems   []schema.Problem
}

func (c *workCompiler) add(at, code, message string, params map[string]any) {
	c.problems = append(c.problems, schema.Problem{Path: at, Code: code, Message: message, Params: params})
}

// set compiles what is written to the other form, whose fields must be there and take values.
func (c *workCompiler) set(m map[string]string, at string) map[string]*formula.Program {
	for _, key := range slices.Sorted(maps.Keys(m)) {
		f := c.target.Field(key)
		switch {
		case f == nil:
			c.add(at+"/"+key, "unknown_field", "form "+c.target.Ref()+" has no field "+key, map[string]any{"field": key, "form": c.target.Ref()})
		case f.Formula != "" || !f.Writable() || f.Type == schema.TypeSerial || f.Link != nil:
			c.add(at+"/"+key, "not_writable", key+" cannot be written to", map[string]any{"field": key})
		}
	}
	return c.all(m, at, c.own, c.other)
}

// all compiles an object field → formula. What a date field is decides what its
// formula gives; other values are held against their fields when they are written.
func (c *workCompiler) all(m map[string]string, at string, env, fields formula.Type) map[string]*formula.Program {
	out := make(map[string]*formula.Program, len(m))
	for _, name := range slices.Sorted(maps.Keys(m)) {
		want := fields.Fields[name]
		if want.Kind != formula.Date && want.Kind != formula.DateTime {
			want = formula.Type{}
		}
		out[name] = c.one(m[name], at+"/"+name, env, want)
	}
	return out
}

func (c *workCompiler) one(src, at string, env, want formula.Type) *formula.Program {
	p, errs := formula.Compile(src, env, want)
	c.problems = append(c.problems, formulaProblems(at, errs)...)
	return p
}

// where compiles the condition, which must be one that a store can be asked.
func (c *workCompiler) where(src, at string) *formula.Program {
	if src == "" {
		return nil
	}
	env := eval.FilterEnv(c.target, c.form.Env)
	vars := formula.Vars{"form": map[string]any{}, "USER": map[string]any{}}
	if each := WorkEach(c.node); each != "" {
		env.Fields["row"] = formula.Type{Kind: formula.Row, Fields: c.form.RowEnv(each).Fields}
		vars["row"] = map[string]any{}
	}
	p := c.one(src, at, env, formula.Type{Kind: formula.Bool})
	if p == nil {
		return nil
	}
	if _, err := p.Filter(formula.FilterOptions{Path: schema.DocPath, Context: &formula.Context{}, Vars: vars}); err != nil {
		c.add(at, "filter", "this cannot be asked of the store: "+err.Error(), nil)
	}
	return p
}

func (c *workCompiler) url(text string) []URLPart {
	parts, _ := schema.URLParts(text)
	out := make([]URLPart, len(parts))
	for i, x := range parts {
		out[i].Text = x.Text
		if x.Formula {
			out[i] = URLPart{Program: c.one(x.Text, "/call/url", c.own, formula.Type{})}
		}
	}
	return out
}

// checkWork checks what the nodes of the form's flow say about other forms. One
// of an optional app that is not there is left: the node fails when it is reached.
func (f *Form) checkWork(def *schema.App, find resolver) []schema.Problem {
	if f.Flow == nil {
		return nil
	}
	var problems []schema.Problem
	base := "flows/" + f.Flow.Def.Key + "#"
	f.Flow.Def.Walk(func(n *schema.Node, at string) {
		ref := WorkForm(n)
		if ref == "" && n.Call == nil {
			return
		}
		var target *schema.Form
		var env formula.Type
		if ref != "" {
			var ps []schema.Problem
			if target, ps = workTarget(def, find, ref, n); target == nil {
				problems = append(problems, prefixed(base+at, ps)...)
				return
			}
			env = eval.Env(target, schema.Forms(find))
			problems = append(problems, prefixed(base+at, ps)...)
		}
		programs, ps := CompileWork(f.Form, n, target, env)
		problems = append(problems, prefixed(base+at, append(ps, f.carriesSecrets(n, target, find, programs)...))...)
	})
	return problems
}

// workTarget finds the form a node works on; nil with the problem, or without
// one where an optional app is not there.
func workTarget(def *schema.App, find resolver, ref string, n *schema.Node) (*schema.Form, []schema.Problem) {
	app, _, dotted := strings.Cut(ref, ".")
	if !dotted {
		app, ref = def.Key, def.Key+"."+ref
	}
	kind := "/data/form"
	if n.Subflow != nil {
		kind = "/subflow/form"
	}
	target := find(ref)
	switch {
	case target != nil && n.Subflow != nil && target.Flow == "":
		return target, []schema.Problem{{Path: kind, Code: "no_flow", Message: "form " + ref + " has no flow to be started", Params: map[string]any{"form": ref}}}
	case target != nil:
		return target, nil
	case app != def.Key && slices.Contains(def.Optional, app):
		return nil, nil
	}
	return nil, []schema.Problem{{Path: kind, Code: "unknown_form", Message: "there is no form " + ref, Params: map[string]any{"form": ref}}}
}
