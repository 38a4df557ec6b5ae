package formula_test

import (
	"encoding/json"
	"sort"
	"testing"
	"time"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/schema/formula"
)

var kinds = map[string]formula.Kind{
	"any": formula.Any, "number": formula.Number, "string": formula.String, "bool": formula.Bool, "date": formula.Date,
	"datetime": formula.DateTime, "time": formula.Time, "person": formula.Person, "dept": formula.Dept, "record": formula.Record,
}

func readEnv(t testing.TB, raw map[string]json.RawMessage) formula.Type {
	t.Helper()
	env := formula.Type{Kind: formula.Row, Fields: map[string]formula.Type{}}
	for name, r := range raw {
		env.Fields[name] = readType(t, r)
	}
	return env
}

func readType(t testing.TB, raw json.RawMessage) formula.Type {
	t.Helper()
	var name string
	if json.Unmarshal(raw, &name) == nil {
		k, ok := kinds[name]
		if !ok {
			t.Fatalf("there is no type %s", name)
		}
		return formula.Type{Kind: k}
	}
	var shape struct {
		List   json.RawMessage
		Row    map[string]json.RawMessage
		Record map[string]json.RawMessage
		Form   string
	}
	if err := json.Unmarshal(raw, &shape); err != nil {
		t.Fatal(err)
	}
	switch {
	case shape.List != nil:
		e := readType(t, shape.List)
		return formula.Type{Kind: formula.List, Elem: &e}
	case shape.Record != nil:
		r := readEnv(t, shape.Record)
		r.Kind, r.Form = formula.Record, shape.Form
		return r
	}
	return readEnv(t, shape.Row)
}

func writeType(t formula.Type) json.RawMessage {
	raw, err := json.Marshal(typeShape(t))
	if err != nil {
		panic(err)
	}
	return raw
}

func typeShape(t formula.Type) any {
	if t.Kind == formula.List {
		e := formula.Type{}
		if t.Elem != nil {
			e = *t.Elem
		}
		return map[string]any{"list": typeShape(e)}
	}
	if t.Kind == formula.Row || t.Kind == formula.Record && t.Fields != nil {
		fields := map[string]any{}
		for n, f := range t.Fields {
			fields[n] = typeShape(f)
		}
		if t.Kind == formula.Row {
			return map[string]any{"row": fields}
		}
		return map[string]any{"record": fields}
	}
	names := make([]string, 0, len(kinds))
	for n := range kinds {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		if kinds[n] == t.Kind {
			return n
		}
	}
	return "any"
}

func readVars(t testing.TB, v *vector, env formula.Type) formula.Vars {
	t.Helper()
	vars := formula.Vars{}
	for name, raw := range v.Vars {
		vars[name] = fromWire(t, decode(t, raw), env.Fields[name])
	}
	return vars
}

// fromWire brings a wire value into stored form.
func fromWire(t testing.TB, v any, typ formula.Type) any {
	t.Helper()
	switch x := v.(type) {
	case []any:
		out := make([]any, len(x))
		for i := range x {
			e := formula.Type{}
			if typ.Elem != nil {
				e = *typ.Elem
			}
			out[i] = fromWire(t, x[i], e)
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for k := range x {
			out[k] = fromWire(t, x[k], typ.Fields[k])
		}
		return out
	case json.Number:
		return decimal.MustParse(x.String())
	case string:
		switch typ.Kind {
		case formula.Number:
			return decimal.MustParse(x)
		case formula.DateTime:
			at, err := time.Parse(time.RFC3339Nano, x)
			if err != nil {
				t.Fatal(err)
			}
			return at.UTC()
		}
	}
	return v
}
