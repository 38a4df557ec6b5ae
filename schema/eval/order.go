package eval

import (
	"slices"
	"strings"
)

// order sorts the steps so that each comes after what it reads; steps that do
// not depend on each other keep their order. A cycle is a problem.
func (c *compiler) order() {
	o := &orderer{c: c, of: map[string]*step{}, state: map[*step]int{}}
	for _, s := range c.form.steps {
		o.of[s.slot.path] = s
	}
	for _, s := range c.form.steps {
		o.visit(s)
	}
	c.form.steps = o.out
}

type orderer struct {
	c     *compiler
	of    map[string]*step
	state map[*step]int // 1 = on the way, 2 = placed
	way   []*step
	out   []*step
}

func (o *orderer) visit(s *step) {
	switch o.state[s] {
	case 1:
		o.cycle(s)
		return
	case 2:
		return
	}
	o.state[s] = 1
	o.way = append(o.way, s)
	for _, path := range o.c.reads(s) {
		if before := o.of[path]; before != nil {
			o.visit(before)
		}
	}
	o.way = o.way[:len(o.way)-1]
	o.state[s] = 2
	o.out = append(o.out, s)
}

// cycle names the way round from s back to s.
func (o *orderer) cycle(s *step) {
	from := slices.Index(o.way, s)
	names := make([]string, 0, len(o.way)-from+1)
	for _, x := range o.way[from:] {
		names = append(names, x.slot.path)
	}
	names = append(names, s.slot.path)
	o.c.problem(s.pointer, "cycle", "the formula depends on itself: "+strings.Join(names, " → "), map[string]any{"path": names})
}

// reads lists the fields and columns a step's formula reads, by path.
func (c *compiler) reads(s *step) []string {
	var out []string
	for _, dep := range s.prog.Deps() {
		if s.slot.parent == nil {
			out = append(out, c.reach(dep)...)
			continue
		}
		if rest, outer := strings.CutPrefix(dep, "form."); outer {
			out = append(out, c.reach(rest)...)
			continue
		}
		column, _, _ := strings.Cut(dep, ".")
		out = append(out, s.slot.parent.path+"."+column)
	}
	return out
}

// reach turns a name over the record into paths: a subtable read as a whole is all its columns.
func (c *compiler) reach(dep string) []string {
	segs := strings.SplitN(dep, ".", 3)
	s := c.form.byPath[segs[0]]
	if s == nil || s.cols == nil {
		return segs[:1]
	}
	if len(segs) > 1 {
		if col := c.form.byPath[segs[0]+"."+segs[1]]; col != nil {
			return []string{col.path}
		}
	}
	var out []string
	for _, col := range s.cols {
		out = append(out, col.path)
	}
	return out
}
