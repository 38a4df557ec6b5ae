package eval

import (
	"sync"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/schema/internal/ordjson"
	"github.com/formwork-run/formwork/schema/jsonschema"
)

// step computes one field, or gives it its default.
type step struct {
	slot      *slot
	prog      *formula.Program
	byDefault bool
	pointer   string // place of the formula
}

// compiler is one run of Compile.
type compiler struct {
	form     *Form
	forms    schema.Forms
	resolves bool // a resolver was given
	problems []schema.Problem
}

// Compile compiles all formulas, rules, checks, the JSON Schema and the
// dependency order. Every problem is returned; the Form is usable only when
// none of them is an error. Without a resolver (nil) references to other forms
// are not checked and what they reach is unknown.
func Compile(def *schema.Form, r Resolver) (*Form, []schema.Problem) {
	f := &Form{Def: def, byPath: map[string]*slot{}, filters: map[string]*formula.Program{}, rowEnvs: map[string]formula.Type{}, spare: &sync.Pool{}}
	c := &compiler{form: f, resolves: r != nil, forms: func(ref string) *schema.Form {
		if r == nil {
			return nil
		}
		return r.Form(ref)
	}}
	f.decoder = schema.NewDecoder(def.Fields)
	f.Env = Env(def, c.forms)
	c.slots()
	c.steps()
	c.order()
	c.rules()
	c.checks()
	c.references()
	if def.TitleFormula != "" {
		f.title = c.program("/titleFormula", def.TitleFormula, f.Env, kind(formula.Any))
	}
	c.sensitive()
	f.titleDeps = f.findTitleDeps()
	f.blank.steady = f.steady()
	v, ps := jsonschema.Compile(def, f.decoder)
	f.validator = v
	c.problems = append(c.problems, ps...)
	return f, c.problems
}

func (c *compiler) slots() {
	for _, codec := range c.form.decoder.Codecs() {
		s := c.slot(codec, nil)
		rows := codec.Rows()
		if rows == nil {
			continue
		}
		for _, col := range rows.Codecs() {
			s.cols = append(s.cols, c.slot(col, s))
		}
		c.form.rowEnvs[s.path] = rowEnv(codec.Field.Columns, c.form.Env, c.forms)
	}
}

func (c *compiler) slot(codec *schema.Codec, parent *slot) *slot {
	s := &slot{index: len(c.form.slots), path: codec.Field.Key, field: codec.Field, codec: codec, parent: parent}
	s.live, s.fixed = schema.KindOf(s.field.Type).Info().Live, !s.field.Writable()
	if parent != nil {
		s.path = parent.path + "." + s.path
	}
	c.form.slots = append(c.form.slots, s)
	c.form.byPath[s.path] = s
	return s
}

// env is what formulas of a field see.
func (c *compiler) env(s *slot) formula.Type {
	if s.parent != nil {
		return c.form.rowEnvs[s.parent.path]
	}
	return c.form.Env
}

// pointer is the place of a field in the definition.
func (s *slot) pointer() string {
	p := "/schema/properties/"
	if s.parent != nil {
		return p + s.parent.field.Key + "/items/properties/" + s.field.Key
	}
	return p + s.field.Key
}

func (c *compiler) steps() {
	for _, s := range c.form.slots {
		text, part := s.field.Formula, "/x-field/formula"
		if text == "" {
			text, part = s.field.DefaultExpr, "/x-field/default"
		}
		if text == "" {
			continue
		}
		at := s.pointer() + part
		want := schema.FormulaType(s.field, c.forms)
		if prog := c.program(at, text, c.env(s), want); prog != nil {
			c.form.steps = append(c.form.steps, &step{slot: s, prog: prog, byDefault: s.field.Formula == "", pointer: at})
		}
	}
}

// program compiles one formula; its errors become problems.
func (c *compiler) program(at, src string, env, want formula.Type) *formula.Program {
	prog, errs := formula.Compile(src, env, want)
	for _, e := range errs {
		c.problems = append(c.problems, schema.Problem{
			Path: c.path(at), Code: "formula." + e.Code, Message: e.Message, Params: e.Params,
			Line: e.Line, Column: e.Column, From: e.From, To: e.To,
		})
	}
	if len(errs) > 0 {
		return nil
	}
	return prog
}

func (c *compiler) path(pointer string) string { return "forms/" + c.form.Def.Key + "#" + pointer }

// problem reports an error at a pointer.
func (c *compiler) problem(at, code, msg string, params map[string]any) {
	c.problems = append(c.problems, schema.Problem{Path: c.path(at), Code: code, Message: msg, Params: params})
}

func (c *compiler) warn(at, code, msg string, params map[string]any) {
	c.problem(at, code, msg, params)
	c.problems[len(c.problems)-1].Warning = true
}

// fieldError is one error at a field of the record.
func fieldError(path, code, msg string, params map[string]any) fault.Field {
	return fault.Field{Path: path, Code: code, Message: msg, Params: params}
}

// escape makes a name a segment of a JSON pointer.
func escape(name string) string { return "/" + ordjson.Escape(name) }
