package eval

import (
	"slices"
)

// cell is a place in the record: a field, or a column of one row.
type cell struct {
	slot *slot
	row  int // -1 = the record
}

// applyRules runs the rules until nothing changes, and derives the states.
func (r *runner) applyRules() error {
	for pass := 0; ; pass++ {
		touched := map[cell]any{}
		if err := r.pass(touched); err != nil {
			return err
		}
		r.deriveStates()
		changed := r.clear(touched)
		for c, old := range touched {
			changed = changed || !same(r.value(c), old)
		}
		if !changed {
			return nil
		}
		if pass+1 == maxPasses {
			r.at = ""
			r.warnings = append(r.warnings, fieldError("", "rules_unstable", "the rules of the form do not come to rest", nil))
			return nil
		}
		if err := r.computeAll(false); err != nil {
			return err
		}
	}
}

// pass decides every rule in order, and assigns what it sets.
func (r *runner) pass(touched map[cell]any) error {
	r.holds = r.holds[:0]
	for _, rule := range r.form.rules {
		r.at = ""
		ok, err := rule.when.EvalBool(&r.ctx, r.vars)
		if err != nil {
			return r.failed(err)
		}
		b := rule.els
		if ok {
			b = rule.then
		}
		if b == nil {
			continue
		}
		r.holds = append(r.holds, b)
		for _, a := range b.sets {
			if err := r.set(a, touched); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *runner) set(a assign, touched map[cell]any) error {
	if r.in.Frozen && a.prog.Volatile() {
		return nil
	}
	if a.slot.parent == nil {
		touch(touched, cell{a.slot, -1}, r.vars[a.slot.path])
		return r.assign(a.slot, a.prog, nil)
	}
	for i, x := range r.rows(a.slot.parent) {
		row := x.(map[string]any)
		touch(touched, cell{a.slot, i}, row[a.slot.field.Key])
		if err := r.assign(a.slot, a.prog, row); err != nil {
			return err
		}
	}
	return nil
}

// touch remembers the value a cell had at the start of the pass.
func touch(touched map[cell]any, c cell, old any) {
	if _, seen := touched[c]; !seen {
		touched[c] = old
	}
}

func (r *runner) value(c cell) any {
	if c.row < 0 {
		return r.vars[c.slot.path]
	}
	list, _ := r.vars[c.slot.parent.path].([]any)
	if c.row >= len(list) {
		return nil
	}
	return list[c.row].(map[string]any)[c.slot.field.Key]
}

// deriveStates tells how every field stands, from the branches that hold.
func (r *runner) deriveStates() {
	marks := r.marks()
	for i, s := range r.form.slots {
		m := marks[i]
		st := State{
			Visible:  !m.hide && (m.show || !s.shown && !s.field.Hidden),
			Required: m.require || s.field.Required && !m.optional || slices.Contains(r.in.Require, s.path),
			Readonly: s.fixed || m.lock || s.field.Readonly && !m.unlock || r.in.Editable != nil && !r.in.Editable(s.path),
		}
		if s.parent != nil { // its subtable stands before it
			up := r.states[s.parent.index]
			st.Visible = st.Visible && up.Visible
			st.Readonly = st.Readonly || r.ruledReadonly(s.parent, marks)
		}
		st.Required = st.Required && st.Visible && !st.Readonly
		r.states[i] = st
	}
}

// ruledReadonly reports whether the definition makes a subtable read-only. Whether
// the person may edit a column is asked for the column itself.
func (r *runner) ruledReadonly(s *slot, marks []mark) bool {
	m := marks[s.index]
	return m.lock || s.field.Readonly && !m.unlock
}

// mark is what the branches that hold say about a field.
type mark struct{ show, hide, require, optional, lock, unlock bool }

func (r *runner) marks() []mark {
	out := make([]mark, len(r.form.slots))
	for _, b := range r.holds {
		each(b.show, func(i int) { out[i].show = true })
		each(b.hide, func(i int) { out[i].hide = true })
		each(b.require, func(i int) { out[i].require = true })
		each(b.optional, func(i int) { out[i].optional = true })
		each(b.lock, func(i int) { out[i].lock = true })
		each(b.unlock, func(i int) { out[i].unlock = true })
	}
	return out
}

func each(slots []*slot, do func(i int)) {
	for _, s := range slots {
		do(s.index)
	}
}

func (r *runner) isCleared(s *slot) bool { return r.cleared != nil && r.cleared[s.index] }

// clear empties the fields that rules hide and that say whenHidden: clear. It
// reports whether the set of such fields changed.
func (r *runner) clear(touched map[cell]any) bool {
	changed := false
	for _, s := range r.form.slots {
		if !s.field.ClearHidden {
			continue
		}
		now := !r.states[s.index].Visible && (s.ruled || s.parent != nil && s.parent.ruled)
		if now != r.isCleared(s) {
			changed = true
			if r.cleared == nil {
				r.cleared = make([]bool, len(r.form.slots))
			}
			r.cleared[s.index] = now
		}
		if now {
			r.empty(s, touched)
		}
	}
	return changed
}

func (r *runner) empty(s *slot, touched map[cell]any) {
	if s.parent == nil {
		touch(touched, cell{s, -1}, r.vars[s.path])
		delete(r.vars, s.path)
		delete(r.copied, s.path)
		return
	}
	for i, x := range r.rows(s.parent) {
		row := x.(map[string]any)
		touch(touched, cell{s, i}, row[s.field.Key])
		delete(row, s.field.Key)
	}
}
