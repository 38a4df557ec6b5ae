package eval

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
)

// Validate checks required fields, the limits of fields, the JSON Schema and the
// checks of level block on a computed result, as docs/rules.md says. It returns
// all errors, each with its JSON pointer; none means the record may be submitted.
func (f *Form) Validate(in Input, res Result) []fault.Field {
	v := &validation{form: f, res: res, zone: time.UTC}
	if in.Ctx != nil && in.Ctx.Zone != nil {
		v.zone = in.Ctx.Zone
	}
	for _, s := range f.slots {
		if s.parent == nil {
			v.field(s)
		}
	}
	v.schema()
	v.checks(in)
	return v.errs
}

type validation struct {
	form *Form
	res  Result
	zone *time.Location
	errs []fault.Field
}

func (v *validation) state(s *slot) State {
	if v.res.states == nil { // a Result that was put together elsewhere
		return v.res.States[s.path]
	}
	return v.res.states[s.index]
}

func (v *validation) field(s *slot) {
	st := v.state(s)
	val := v.res.Data[s.path]
	if st.Visible {
		v.value(s, st, val, "")
	}
	if s.cols == nil || !st.Visible {
		return
	}
	rows, _ := val.([]any)
	for i, x := range rows {
		row, _ := x.(map[string]any)
		for _, col := range s.cols {
			if cst := v.state(col); cst.Visible {
				v.value(col, cst, row[col.field.Key], "/"+strconv.Itoa(i))
			}
		}
	}
}

// value checks one value; row is the pointer of its row within the subtable.
func (v *validation) value(s *slot, st State, val any, row string) {
	var errs []fault.Field
	switch {
	case s.codec.Blank(val):
		if !st.Required {
			return
		}
		errs = []fault.Field{fieldError("", "required", "a value is needed here", nil)}
	default:
		errs = append(s.codec.Check(val, v.zone), s.codec.CheckMin(val)...)
	}
	if len(errs) == 0 {
		return
	}
	base := escape(s.field.Key)
	if s.parent != nil {
		base = escape(s.parent.path) + row + base
	}
	for _, e := range errs {
		e.Path = base + e.Path
		v.errs = append(v.errs, e)
	}
}

// schema adds the errors of the standard keywords, except at fields that are
// hidden, and values missing where the person cannot fill them.
func (v *validation) schema() {
	for _, e := range v.form.validator.Validate(v.res.Data) {
		s := v.form.slotAt(e.Path)
		if s != nil {
			st := v.state(s)
			if !st.Visible || e.Code == "required" && st.Readonly {
				continue
			}
		}
		if !slices.ContainsFunc(v.errs, func(o fault.Field) bool { return o.Path == e.Path && o.Code == e.Code }) {
			v.errs = append(v.errs, e)
		}
	}
}

// slotAt finds the field a JSON pointer leads to, or into.
func (f *Form) slotAt(pointer string) *slot {
	segs := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	s := f.byPath[segs[0]]
	if s != nil && s.cols != nil && len(segs) > 2 {
		if col := f.byPath[segs[0]+"."+segs[2]]; col != nil {
			return col
		}
	}
	return s
}

func (v *validation) checks(in Input) {
	if len(v.form.checks) == 0 {
		return
	}
	live := in.Data
	in.Data = v.res.Data
	r := v.form.borrow(in)
	defer v.form.give(r)
	for _, s := range v.form.slots {
		if s.live && s.parent == nil && live[s.path] != nil {
			r.vars[s.path] = live[s.path] // given for formulas, and not part of the result
		}
	}
	errs, err := r.runChecks("block")
	if err != nil {
		errs = append(errs, fieldError("", "formula", err.Error(), nil))
	}
	v.errs = append(v.errs, errs...)
}

// runChecks evaluates the checks of a level; those that do not hold are returned.
func (r *runner) runChecks(level string) ([]fault.Field, error) {
	var out []fault.Field
	for _, c := range r.form.checks {
		if c.def.Level != level {
			continue
		}
		r.at = c.pointer
		ok, err := c.prog.EvalBool(&r.ctx, r.vars)
		if err != nil {
			return out, r.failed(err)
		}
		if !ok {
			msg := c.def.Message.In(r.ctx.Lang)
			if msg == "" {
				msg = "does not hold: " + c.def.Assert
			}
			out = append(out, fieldError(c.pointer, "check", msg, map[string]any{"assert": c.def.Assert}))
		}
	}
	return out, nil
}
