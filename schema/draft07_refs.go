package schema

import (
	"strconv"

	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// inPlace are the keywords whose schemas apply to the same value.
var inPlace = []string{"allOf", "anyOf", "oneOf", "not", "if", "then", "else"}

// refCycles refuses references that come back to themselves without going
// into the value: validation would never end.
func (w *schemaWalk) refCycles(p problems) {
	c := &cycleSearch{root: w.root, state: map[string]int{}}
	c.everywhere(p, w.root, "#")
}

type cycleSearch struct {
	root  ordjson.Value
	state map[string]int // 1 = on the way, 2 = done
}

// everywhere starts a search at every reference of the document.
func (c *cycleSearch) everywhere(p problems, v ordjson.Value, at string) {
	if ref, ok := v.Get("$ref"); ok && ref.Kind == ordjson.String && v.Kind == ordjson.Object {
		if c.loops(v, at) {
			p.at("$ref").add("ref_cycle", "the reference leads back to itself: "+ref.Text, "ref", ref.Text)
		}
	}
	for i, x := range v.Items {
		seg := strconv.Itoa(i)
		if v.Kind == ordjson.Object {
			seg = v.Keys[i]
		}
		c.everywhere(p.at(seg), x, at+"/"+ordjson.Escape(seg))
	}
}

func (c *cycleSearch) loops(v ordjson.Value, at string) bool {
	switch c.state[at] {
	case 1:
		return true
	case 2:
		return false
	}
	c.state[at] = 1
	defer func() { c.state[at] = 2 }()
	if ref, ok := v.Get("$ref"); ok {
		target, ok := resolvePointer(c.root, ref.Text)
		return ok && c.loops(target, ref.Text)
	}
	for _, k := range inPlace {
		x, ok := v.Get(k)
		if !ok {
			continue
		}
		if x.Kind != ordjson.Array {
			if c.loops(x, at+"/"+k) {
				return true
			}
			continue
		}
		for i, e := range x.Items {
			if c.loops(e, at+"/"+k+"/"+strconv.Itoa(i)) {
				return true
			}
		}
	}
	deps, _ := v.Get("dependencies")
	for i, e := range deps.Items {
		if e.Kind == ordjson.Object && c.loops(e, at+"/dependencies/"+ordjson.Escape(deps.Keys[i])) {
			return true
		}
	}
	return false
}
