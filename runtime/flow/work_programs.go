package flow

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/catalog"
	"github.com/formwork-run/formwork/schema/formula"
)

// target is the form that a node works on; nil for a call.
func (s *Service) target(form *catalog.Form, n *schema.Node) (*catalog.Form, error) {
	ref := catalog.WorkForm(n)
	if ref == "" {
		return nil, nil
	}
	return s.t.Form(fullRef(form, ref))
}

// fullRef is a reference of a flow as "app.form".
func fullRef(form *catalog.Form, ref string) string {
	if strings.Contains(ref, ".") {
		return ref
	}
	return form.App.Def.Key + "." + ref
}

// programsKey is what compiled formulas depend on: the node, and the version of
// the form it works on.
type programsKey struct {
	node   *schema.Node
	target *catalog.Form
}

// programsOf compiles the formulas of a node, once for each version of the form
// it works on. A formula that does not fit that form any more is an error.
func (s *Service) programsOf(form *catalog.Form, n *schema.Node) (*catalog.WorkPrograms, error) {
	t, err := s.target(form, n)
	if err != nil {
		return nil, err
	}
	key := programsKey{n, t}
	if p, ok := s.compiled.Load(key); ok {
		return p.(*catalog.WorkPrograms), nil
	}
	p, err := compileWork(form, t, n)
	if err != nil {
		return nil, err
	}
	s.compiled.Store(key, p)
	return p, nil
}

func compileWork(form, t *catalog.Form, n *schema.Node) (*catalog.WorkPrograms, error) {
	var def *schema.Form
	var env formula.Type
	if t != nil {
		def, env = t.Def, t.Env
	}
	p, problems := catalog.CompileWork(form.Form, n, def, env)
	if len(problems) > 0 {
		return nil, fault.Newf(fault.Refused, "work.formula", "node %s does not fit any more: %s at %s", n.ID, problems[0].Message, problems[0].Path)
	}
	return p, nil
}

// values evaluates formulas; blank ones give nil. What a formula cannot reach is an error.
func (w *piece) values(progs map[string]*formula.Program) (map[string]any, error) {
	vars := w.vars()
	out := make(map[string]any, len(progs))
	for name, p := range progs {
		v, err := p.Eval(w.look.Context(), vars)
		if err != nil {
			return nil, fault.Newf(fault.Refused, "work.formula", "the formula of %s failed", name).Because(err)
		}
		out[name] = v
	}
	return out, w.look.Failed()
}

// vars are what formulas over the record see: the row first, where there is one.
func (w *piece) vars() formula.Vars {
	all := w.look.Vars()
	if w.row == nil {
		return all
	}
	out := formula.Vars{"form": all, "sys": all["sys"], "case": all["case"]}
	for k, v := range w.row {
		if k != "id" {
			out[k] = v
		}
	}
	return out
}

// wire makes a value that a formula gave ready for a field: as a client would
// send it. Numbers are rounded to the field's places. f may be nil.
func wire(v any, f *schema.Field) any {
	switch x := v.(type) {
	case decimal.Decimal:
		if f != nil && f.Scale >= 0 {
			x = x.Round(f.Scale)
		}
		return x.String()
	case int64:
		return decimal.FromInt(x).String()
	case time.Time:
		return x.UTC().Format(time.RFC3339Nano)
	case []any:
		out := make([]any, len(x))
		for i := range x {
			out[i] = wire(x[i], nil)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(x))
		for k, e := range x {
			out[k] = wire(e, nil)
		}
		return out
	}
	return v
}

// body is a new record's data as a client would send it: without what is blank.
func body(form *schema.Form, values map[string]any) (json.RawMessage, error) {
	out := map[string]any{}
	for k, v := range values {
		if !schema.IsBlank(v) {
			out[k] = wire(v, form.Field(k))
		}
	}
	return json.Marshal(out)
}
