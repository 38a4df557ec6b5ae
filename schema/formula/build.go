package formula

import (
	"strings"
	"time"

	"github.com/formwork-run/formwork/internal/decimal"
)

// build turns a checked node into code.
func build(n *node) eval {
	switch n.op {
	case "nil":
		return func(*run) any { return nil }
	case "n":
		v := any(n.num)
		return func(*run) any { return v }
	case "s":
		v := any(n.str)
		return func(*run) any { return v }
	case "b":
		v := any(n.k == 1)
		return func(*run) any { return v }
	case "id":
		return buildName(n.str)
	case "user":
		return buildUser(n.str)
	case ".":
		return buildDot(n)
	case "col":
		return buildColumn(n)
	case "at":
		return buildAt(n)
	case "#":
		k := n.k
		return func(r *run) any { return r.outside(r.elems[len(r.elems)-1-k].value) }
	case "#i":
		k := n.k
		return func(r *run) any { return decimal.FromInt(int64(r.elems[len(r.elems)-1-k].index)) }
	case "let":
		return buildLet(n)
	case "var":
		k := n.k
		return func(r *run) any { return r.lets[len(r.lets)-1-k] }
	}
	return buildOperator(n)
}

func buildOperator(n *node) eval {
	switch n.op {
	case "+", "-", "*", "/", "%", "^":
		return buildArithmetic(n)
	case "neg":
		x := build(n.kids[0])
		return func(r *run) any {
			if d, ok := r.operand(x(r)); ok {
				return d.Neg()
			}
			return nil
		}
	case "&":
		return buildJoin(n)
	case "==", "!=", "<", "<=", ">", ">=":
		return buildCompare(n)
	case "and", "or", "not":
		return buildLogic(n)
	case "blank":
		x := build(n.kids[0])
		return func(r *run) any { return isBlank(x(r)) }
	case "in", "contains", "starts", "ends":
		return buildTest(n)
	case "if":
		cond, yes, no := build(n.kids[0]), build(n.kids[1]), build(n.kids[2])
		return func(r *run) any {
			if r.truth(cond(r)) {
				return yes(r)
			}
			return no(r)
		}
	case "??":
		a, b := build(n.kids[0]), build(n.kids[1])
		return func(r *run) any {
			if v := a(r); !isBlank(v) {
				return v
			}
			return b(r)
		}
	case "list":
		return buildList(n)
	case "day":
		return buildDay(n)
	case "call":
		return buildCall(n)
	}
	return buildClosure(n)
}

func buildAll(kids []*node) []eval {
	out := make([]eval, len(kids))
	for i, k := range kids {
		out[i] = build(k)
	}
	return out
}

func buildName(name string) eval {
	return func(r *run) any {
		v := r.vars[name]
		switch v.(type) {
		case decimal.Decimal, string, bool, nil:
			return v
		}
		return r.outside(v)
	}
}

func buildUser(name string) eval {
	return func(r *run) any {
		u := &r.ctx.User
		switch name {
		case "name":
			return u.Name
		case "dept":
			return u.Dept
		case "depts":
			return anyList(u.Depts)
		case "roles":
			return anyList(u.Roles)
		}
		return u.ID
	}
}

func buildDot(n *node) eval {
	x, name, form := build(n.kids[0]), n.str, n.kids[0].typ.elem().Form
	return func(r *run) any { return r.memberOf(x(r), form, name) }
}

// memberOf reads a member of a row, or of the record an id stands for.
func (r *run) memberOf(v any, form, name string) any {
	switch x := v.(type) {
	case map[string]any:
		return r.outside(x[name])
	case string:
		if name == "id" || x == "" {
			return x
		}
		if r.ctx.Record != nil {
			return r.outside(r.ctx.Record(form, x, name))
		}
	}
	return nil
}

func buildColumn(n *node) eval {
	x, name, form := build(n.kids[0]), n.str, n.kids[0].typ.elem().Form
	return func(r *run) any {
		rows := r.elements(x(r))
		out := make([]any, 0, len(rows))
		for _, row := range rows {
			v := r.memberOf(r.outside(row), form, name)
			if inner, ok := v.([]any); ok {
				out = append(out, inner...)
			} else {
				out = append(out, v)
			}
			if len(out) > maxList {
				break
			}
		}
		return r.list(out)
	}
}

func buildAt(n *node) eval {
	x, at := build(n.kids[0]), build(n.kids[1])
	return func(r *run) any {
		list := r.elements(x(r))
		d, ok := r.operand(at(r))
		if !ok {
			return nil
		}
		i, ok := whole64(d)
		if !ok {
			return nil
		}
		return r.outside(pick(list, i))
	}
}

// pick takes the element at a 0-based index, negative from the end; nil outside.
func pick(list []any, i int64) any {
	if i < 0 {
		i += int64(len(list))
	}
	if i < 0 || i >= int64(len(list)) {
		return nil
	}
	return list[i]
}

func buildLet(n *node) eval {
	value, body := build(n.kids[0]), build(n.kids[1])
	return func(r *run) any {
		r.lets = append(r.lets, value(r))
		v := body(r)
		r.lets = r.lets[:len(r.lets)-1]
		return v
	}
}

func buildList(n *node) eval {
	kids := buildAll(n.kids)
	return func(r *run) any {
		out := make([]any, len(kids))
		for i, k := range kids {
			out[i] = k(r)
		}
		return r.list(out)
	}
}

func buildJoin(n *node) eval {
	kids := buildAll(n.kids)
	return func(r *run) any {
		var b strings.Builder
		for _, k := range kids {
			b.WriteString(r.text(k(r)))
			if b.Len() > 4*maxText {
				return r.fail(runLimit, "a text is longer than %d characters", maxText)
			}
		}
		return r.string(b.String())
	}
}

func buildDay(n *node) eval {
	x := build(n.kids[0])
	return func(r *run) any {
		v := x(r)
		if t, ok := v.(time.Time); ok {
			return t.In(r.zone).Format(dayLayout)
		}
		return v
	}
}
