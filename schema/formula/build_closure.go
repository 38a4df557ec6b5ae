package formula

import "github.com/formwork-run/formwork/internal/decimal"

// buildClosure builds filter, map, find, count, any, all, none and one.
func buildClosure(n *node) eval {
	list, body, cost := build(n.kids[0]), build(n.kids[1]), size(n.kids[1])
	loop := func(r *run, visit func(e, v any) (goOn bool)) {
		r.each(r.elements(list(r)), cost, body, visit)
	}
	switch n.op {
	case "map":
		return func(r *run) any {
			out := []any{}
			loop(r, func(_, v any) bool { out = append(out, v); return true })
			return r.list(out)
		}
	case "filter":
		return func(r *run) any {
			out := []any{}
			loop(r, func(e, v any) bool {
				if r.truth(v) {
					out = append(out, e)
				}
				return true
			})
			return r.list(out)
		}
	case "find":
		return func(r *run) any {
			var found any
			loop(r, func(e, v any) bool {
				hit := r.truth(v)
				if hit {
					found = r.outside(e)
				}
				return !hit
			})
			return found
		}
	}
	return buildQuantifier(n.op, loop)
}

func buildQuantifier(op string, loop func(r *run, visit func(e, v any) bool)) eval {
	// how many hits settle the answer; all is "no miss".
	enough := map[string]int{"any": 1, "none": 1, "all": 1, "one": 2}[op]
	return func(r *run) any {
		hits := 0
		loop(r, func(_, v any) bool {
			if r.truth(v) != (op == "all") {
				hits++
			}
			return enough == 0 || hits < enough
		})
		switch op {
		case "count":
			return decimal.FromInt(int64(hits))
		case "any":
			return hits > 0
		case "one":
			return hits == 1
		}
		return hits == 0
	}
}

// each runs the body over the elements, until visit says stop or the run is over.
func (r *run) each(list []any, cost int, body eval, visit func(e, v any) bool) {
	at := len(r.elems)
	r.elems = append(r.elems, element{})
	for i, e := range list {
		if !r.spend(cost) {
			break
		}
		r.elems[at] = element{e, i}
		v := body(r)
		if r.err != nil || !visit(e, v) {
			break
		}
	}
	r.elems = r.elems[:at]
}

// size counts the nodes of a tree.
func size(n *node) int {
	total := 0
	n.walk(func(*node) { total++ })
	return total
}
