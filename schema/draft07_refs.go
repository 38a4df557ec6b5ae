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
	c := &cycleSearch{root: w.root, cost: map[string]int{}}
	c.everywhere(p, w.root, "#")
}

// maxSchemaCost bounds the schemas that apply to one value, references followed.
const maxSchemaCost = 10_000

type cycleSearch struct {
	root  ordjson.Value
	cost  map[string]int // schemas that apply in place of one; -1 = on the way
	heavy bool           // reported already
}

// everywhere starts a search at every reference of the document.
func (c *cycleSearch) everywhere(p problems, v ordjson.Value, at string) {
	if ref, ok := v.Get("$ref"); ok && ref.Kind == ordjson.String && v.Kind == ordjson.Object {
		cost, loops := c.weigh(v, at)
		switch {
		case loops:
			p.at("$ref").add("ref_cycle", "the reference leads back to itself: "+ref.Text, "ref", ref.Text)
		case cost > maxSchemaCost && !c.heavy:
			c.heavy = true
			p.at("$ref").add("too_complex", "the reference stands for too many schemas", "max", maxSchemaCost)
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

// weigh counts the schemas that a value is tested against because of this one,
// and reports whether the way comes back to where it began.
func (c *cycleSearch) weigh(v ordjson.Value, at string) (cost int, loops bool) {
	if known, seen := c.cost[at]; seen {
		return known, known < 0
	}
	c.cost[at] = -1
	cost = 1
	for _, next := range c.next(v, at) {
		n, back := c.weigh(next.schema, next.name)
		if back {
			loops = true
			break
		}
		cost = min(cost+n, 2*maxSchemaCost)
	}
	c.cost[at] = cost
	return cost, loops
}

// next lists the schemas that apply to the same value, with their places.
func (c *cycleSearch) next(v ordjson.Value, at string) []namedSchema {
	if ref, ok := v.Get("$ref"); ok {
		target, _ := resolvePointer(c.root, ref.Text)
		return []namedSchema{{ref.Text, target}}
	}
	var out []namedSchema
	for _, k := range inPlace {
		x, ok := v.Get(k)
		if ok && x.Kind != ordjson.Array {
			out = append(out, namedSchema{at + "/" + k, x})
			continue
		}
		for i, e := range x.Items {
			out = append(out, namedSchema{at + "/" + k + "/" + strconv.Itoa(i), e})
		}
	}
	deps, _ := v.Get("dependencies")
	for i, e := range deps.Items {
		if e.Kind == ordjson.Object {
			out = append(out, namedSchema{at + "/dependencies/" + ordjson.Escape(deps.Keys[i]), e})
		}
	}
	return out
}
