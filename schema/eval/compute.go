package eval

import (
	"errors"
	"maps"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/formula"
)

// maxPasses bounds the passes of the rules.
const maxPasses = 10

// runner is one computation. vars holds the values of the record beside sys
// and case, so that formulas run over it as it is.
type runner struct {
	form     *Form
	in       Input
	ctx      formula.Context
	vars     map[string]any
	copied   map[string]bool // subtables whose rows are own copies
	cleared  []bool          // by slot: hidden, and says whenHidden: clear
	holds    []*branch       // branches that hold, in the last pass
	states   []State         // by slot
	at       string          // pointer of the field being computed
	warnings []fault.Field
}

// Compute runs defaults (when Before is nil, for absent fields; for new rows
// always), rules and computed fields in dependency order, as docs/rules.md
// says. The error is a formula that failed (a limit, a missing server
// function); it names the field.
func (f *Form) Compute(in Input) (Result, error) {
	r := f.newRunner(in)
	if err := r.start(); err != nil {
		return Result{}, err
	}
	if err := r.applyRules(); err != nil {
		return Result{}, err
	}
	warnings, err := r.runChecks("warn")
	if err != nil {
		return Result{}, err
	}
	res := Result{Warnings: append(r.warnings, warnings...), states: r.states}
	if !in.Bare {
		res.States = make(map[string]State, len(f.slots))
		for i, s := range f.slots {
			res.States[s.path] = r.states[i]
		}
	}
	res.Data = r.data()
	return res, nil
}

func (f *Form) newRunner(in Input) *runner {
	r := &runner{form: f, vars: make(map[string]any, len(f.slots)+4), states: make([]State, len(f.slots))}
	r.begin(in)
	return r
}

// borrow is newRunner for a run whose values nobody keeps; give ends it.
func (f *Form) borrow(in Input) *runner {
	r, _ := f.spare.Get().(*runner)
	if r == nil {
		return f.newRunner(in)
	}
	r.begin(in)
	return r
}

func (f *Form) give(r *runner) {
	clear(r.vars)
	*r = runner{form: f, vars: r.vars, states: r.states}
	f.spare.Put(r)
}

// begin takes the values and the context of a computation.
func (r *runner) begin(in Input) {
	r.in = in
	if in.Ctx != nil {
		r.ctx = *in.Ctx
	}
	tell := r.ctx.Warn
	r.ctx.Warn = func(code string) {
		if tell != nil {
			tell(code)
		}
		r.warn(code)
	}
	for k, v := range in.Data {
		if v != nil {
			r.vars[k] = v
		}
	}
	r.vars["sys"], r.vars["case"] = in.Sys, in.Case
}

// warn notes a warning at the field being computed, once.
func (r *runner) warn(code string) {
	for _, w := range r.warnings {
		if w.Path == r.at && w.Code == code {
			return
		}
	}
	r.warnings = append(r.warnings, fieldError(r.at, code, warningText(code), nil))
}

func warningText(code string) string {
	if code == "division_by_zero" {
		return "a division by zero gives no value"
	}
	return code
}

// data takes the record out of the values formulas run over.
func (r *runner) data() map[string]any {
	delete(r.vars, "sys")
	delete(r.vars, "case")
	for _, s := range r.form.slots {
		if s.live && s.parent == nil {
			delete(r.vars, s.path)
		}
	}
	r.stripRows()
	return r.vars
}

// stripRows takes explicit nils out of rows.
func (r *runner) stripRows() {
	for _, s := range r.form.slots {
		if s.cols == nil || !hasNil(r.vars[s.path]) {
			continue
		}
		for _, x := range r.rows(s) {
			row := x.(map[string]any)
			maps.DeleteFunc(row, func(_ string, v any) bool { return v == nil })
		}
	}
}

func hasNil(v any) bool {
	rows, _ := v.([]any)
	for _, x := range rows {
		row, _ := x.(map[string]any)
		for _, v := range row {
			if v == nil {
				return true
			}
		}
	}
	return false
}

// rows gives the rows of a subtable as copies that may be changed.
func (r *runner) rows(s *slot) []any {
	list, _ := r.vars[s.path].([]any)
	if len(list) == 0 || r.copied[s.path] {
		return list
	}
	own := make([]any, 0, len(list))
	for _, x := range list {
		if row, ok := x.(map[string]any); ok {
			own = append(own, maps.Clone(row))
		}
	}
	if r.copied == nil {
		r.copied = map[string]bool{}
	}
	r.copied[s.path] = true
	r.vars[s.path] = own
	return own
}

// start gives defaults and computes everything once.
func (r *runner) start() error {
	r.fixedDefaults()
	return r.computeAll(true)
}

func (r *runner) computeAll(first bool) error {
	for _, s := range r.form.steps {
		if s.byDefault && !first {
			continue
		}
		if err := r.step(s); err != nil {
			return err
		}
	}
	return nil
}

func (r *runner) step(s *step) error {
	switch {
	case s.byDefault && s.slot.parent == nil:
		if !r.absent(s.slot) {
			return nil
		}
	case !s.byDefault && r.in.Frozen && s.prog.Volatile():
		r.restore(s.slot)
		return nil
	case !s.byDefault && r.isCleared(s.slot):
		return nil
	}
	if s.slot.parent != nil {
		return r.rowStep(s)
	}
	return r.assign(s.slot, s.prog, nil)
}

// absent reports whether a field of a new record was not given.
func (r *runner) absent(s *slot) bool {
	_, given := r.in.Data[s.path]
	return r.in.Before == nil && !given && r.vars[s.path] == nil
}

// restore gives a frozen field the value it was saved with.
func (r *runner) restore(s *slot) {
	if s.parent == nil {
		if v, ok := r.in.Before[s.path]; ok && v != nil {
			r.vars[s.path] = v
		} else if r.in.Before != nil {
			delete(r.vars, s.path)
		}
		return
	}
	saved := rowsByID(r.in.Before[s.parent.path])
	for _, x := range r.rows(s.parent) {
		row := x.(map[string]any)
		id, _ := row["id"].(string)
		if old, ok := saved[id]; ok {
			row[s.field.Key] = old[s.field.Key]
		}
	}
}

func (r *runner) rowStep(s *step) error {
	var saved map[string]map[string]any
	if s.byDefault {
		saved = rowsByID(r.in.Before[s.slot.parent.path])
	}
	for _, x := range r.rows(s.slot.parent) {
		row := x.(map[string]any)
		if s.byDefault && !newAndAbsent(row, s.slot.field.Key, saved) {
			continue
		}
		if err := r.assign(s.slot, s.prog, row); err != nil {
			return err
		}
	}
	return nil
}

func newAndAbsent(row map[string]any, key string, saved map[string]map[string]any) bool {
	if _, given := row[key]; given {
		return false
	}
	id, _ := row["id"].(string)
	_, old := saved[id]
	return !old
}

// assign runs a formula and puts its result into the record, or into a row.
func (r *runner) assign(s *slot, prog *formula.Program, row map[string]any) error {
	vars, to := r.vars, r.vars
	r.at = escape(s.field.Key)
	if row != nil {
		r.at = escape(s.parent.path)
		vars, to = row, row
		row["form"], row["sys"], row["case"] = r.vars, r.in.Sys, r.in.Case
	}
	v, err := prog.Eval(&r.ctx, vars)
	if row != nil {
		delete(row, "form")
		delete(row, "sys")
		delete(row, "case")
	}
	if err != nil {
		return r.failed(err)
	}
	if v = settle(s.field, v, r.ctx.Zone); v == nil {
		delete(to, s.field.Key)
		return nil
	}
	to[s.field.Key] = v
	return nil
}

// failed makes a failure of a formula an error at the field.
func (r *runner) failed(err error) error {
	code := "failed"
	var run *formula.RunError
	if errors.As(err, &run) {
		code = run.Code
	}
	return fault.New(fault.Invalid, "formula."+code, "a formula of the form failed: "+err.Error()).
		At(fieldError(r.at, "formula", err.Error(), map[string]any{"code": code})).Because(err)
}

// fixedDefaults gives absent fields of a new record, and of new rows, their values.
func (r *runner) fixedDefaults() {
	for _, s := range r.form.slots {
		d := s.field.Default
		if d == nil || s.field.Computed() {
			continue
		}
		if s.parent == nil {
			if r.absent(s) {
				r.vars[s.path] = d
			}
			continue
		}
		saved := rowsByID(r.in.Before[s.parent.path])
		for _, x := range r.rows(s.parent) {
			if row := x.(map[string]any); newAndAbsent(row, s.field.Key, saved) {
				row[s.field.Key] = d
			}
		}
	}
}

func rowsByID(v any) map[string]map[string]any {
	list, _ := v.([]any)
	out := make(map[string]map[string]any, len(list))
	for _, x := range list {
		if row, ok := x.(map[string]any); ok {
			id, _ := row["id"].(string)
			out[id] = row
		}
	}
	return out
}
