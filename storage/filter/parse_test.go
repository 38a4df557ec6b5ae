package filter_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/storage/filter"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]filter.Expr{
		``: nil, `null`: nil, `{"and":[]}`: filter.True, `{"or":[]}`: filter.False,
		`{"path":"amount","op":"ge","value":"12.5"}`:                cmp1("amount", filter.Ge, "12.5"),
		` {"value": 12.50 ,"op":"eq","path":"a.b_2"} `:              cmp1("a.b_2", filter.Eq, dec("12.50")),
		`{"path":"v","op":"in","value":["x",1,null,true]}`:          cmp1("v", filter.In, []any{"x", dec("1"), nil, true}),
		`{"path":"v","op":"eq","value":null}`:                       cmp1("v", filter.Eq, nil),
		`{"path":"v","op":"exists","value":false}`:                  cmp1("v", filter.Exists, false),
		`{"not":{"or":[{"path":"_id","op":"prefix","value":"x"}]}}`: filter.Not{X: filter.Or{cmp1("_id", filter.Prefix, "x")}},
		`{"path":"lines","op":"elem","value":{"path":"qty","op":"gt","value":1}}`: filter.ElemMatch{Path: "lines",
			X: cmp1("qty", filter.Gt, dec("1"))},
		`{"path":"tags","op":"elem","value":{"path":"","op":"eq","value":"x"}}`: filter.ElemMatch{Path: "tags", X: cmp1("", filter.Eq, "x")},
	} {
		got, err := filter.Parse(json.RawMessage(text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", text, diff)
		}
	}
}

// Whatever else comes is refused, and the error tells where.
func TestParseRefuses(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"not":`, 12) + `{"and":[]}` + strings.Repeat(`}`, 12)
	wide := `{"and":[` + strings.Repeat(`{"and":[]},`, 500) + `{"and":[]}]}`
	long := `{"path":"v","op":"eq","value":"` + strings.Repeat("x", 1001) + `"}`
	many := `{"path":"v","op":"in","value":[` + strings.Repeat(`"x",`, 10_000) + `"x"]}`
	for _, c := range []struct{ text, at, code string }{
		{`{"$where":"sleep(1000)"}`, "", "filter.malformed"},
		{`{"and":[{"path":"a","op":"eq","value":1},{"$or":[]}]}`, "/and/1", "filter.malformed"},
		{`{"path":"../etc/passwd","op":"eq","value":1}`, "/path", "filter.path"},
		{`{"path":"$where","op":"eq","value":1}`, "/path", "filter.path"},
		{`{"path":"a.$ne","op":"eq","value":1}`, "/path", "filter.path"},
		{`{"path":"A","op":"eq","value":1}`, "/path", "filter.path"},
		{`{"path":"a..b","op":"eq","value":1}`, "/path", "filter.path"},
		{`{"path":"","op":"eq","value":1}`, "/path", "filter.path"},
		{`{"path":"a' or 1=1 --","op":"eq","value":1}`, "/path", "filter.path"},
		{`{"or":[{"path":"a","op":"$regex","value":"x"}]}`, "/or/0/op", "filter.op"},
		{`{"path":"a","op":"regex","value":"x"}`, "/op", "filter.op"},
		{`{"path":"a","op":"eq","value":{"$gt":""}}`, "/value", "filter.malformed"},
		{`{"path":"a","op":"eq","value":["x"]}`, "/value", "filter.value"},
		{`{"path":"a","op":"in","value":[["x"]]}`, "/value/0", "filter.value"},
		{`{"path":"a","op":"in","value":[{"and":[]}]}`, "/value/0", "filter.value"},
		{`{"path":"a","op":"in","value":"x"}`, "/value", "filter.value"},
		{`{"path":"a","op":"eq","value":{"and":[]}}`, "/value", "filter.value"},
		{`{"path":"a","op":"elem","value":"x"}`, "/value", "filter.value"},
		{`{"path":"a","op":"gt","value":null}`, "/value", "filter.value"},
		{`{"path":"a","op":"contains","value":1}`, "/value", "filter.value"},
		{`{"path":"a","op":"exists","value":"x"}`, "/value", "filter.value"},
		{`{"path":"a","op":"eq","value":1e1000000}`, "/value", "filter.value"},
		{`{"path":"a","op":"eq"}`, "", "filter.malformed"},
		{`{"path":"a","op":"eq","value":1,"and":[]}`, "", "filter.malformed"},
		{`{"path":"a","path":"b","op":"eq","value":1}`, "", "filter.malformed"},
		{`{"and":{}}`, "/and", "filter.malformed"}, {`[]`, "", "filter.malformed"}, {`{}`, "", "filter.malformed"}, {`"x"`, "", "filter.malformed"},
		{`{"and":[]} {"and":[]}`, "", "filter.malformed"}, {`{"and":[]`, "", "filter.malformed"}, {`{"and":[null]}`, "/and/0", "filter.malformed"},
		{`{"path":"l","op":"elem","value":{"and":[{"path":"","op":"eq","value":1},{"path":"a","op":"eq","value":1}]}}`, "/value/and/1/path", "filter.path"},
		{deep, strings.Repeat("/not", 12), "filter.too_deep"}, {wide, "/and/499", "filter.too_large"},
		{long, "/value", "filter.too_large"}, {many, "/value", "filter.too_large"},
	} {
		_, err := filter.Parse(json.RawMessage(c.text))
		var f *fault.Error
		if !errors.As(err, &f) || f.Kind != fault.Invalid || f.Code != c.code || len(f.Fields) != 1 || f.Fields[0].Path != c.at {
			t.Errorf("%.80s: got %v, want %s at %q", c.text, err, c.code, c.at)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`{"and":[{"path":"a","op":"in","value":["x",1.50,null]}]}`, `{"not":{"path":"l","op":"elem","value":{"path":"","op":"lt","value":true}}}`,
		`{"$where":1}`, `{"or":[]}`, `{"path":"a","op":"eq","value":"\u0000"}`, `null`, ``} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := filter.Parse(json.RawMessage(s))
		if err != nil {
			return
		}
		if err := filter.Check(e); err != nil {
			t.Fatalf("Parse lets through what Check refuses: %v", err)
		}
		text, err := filter.Format(e)
		if err != nil {
			t.Fatal(err)
		}
		again, err := filter.Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if diff := cmp.Diff(e, again); diff != "" {
			t.Fatalf("%s: -want +got\n%s", text, diff)
		}
		if filter.Match(e, sample) != filter.Match(filter.Simplify(e), sample) {
			t.Fatalf("Simplify changes %s", text)
		}
	})
}

func TestMap(t *testing.T) {
	t.Parallel()
	e := filter.And{cmp1("amount", filter.Ge, "12.5"), filter.Not{X: filter.ElemMatch{Path: "lines",
		X: filter.And{cmp1("qty", filter.Gt, "2"), filter.ElemMatch{Path: "tags", X: cmp1("", filter.Eq, "7")}}}}}
	var seen []string
	got, err := filter.Map(e, func(c filter.Cmp) (filter.Expr, error) {
		seen = append(seen, c.Path)
		c.Path = "data." + c.Path
		if s, ok := c.Value.(string); ok {
			c.Value = dec(s)
		}
		return c, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := filter.And{cmp1("data.amount", filter.Ge, dec("12.5")), filter.Not{X: filter.ElemMatch{Path: "data.lines",
		X: filter.And{cmp1("qty", filter.Gt, dec("2")), filter.ElemMatch{Path: "tags", X: cmp1("", filter.Eq, dec("7"))}}}}}
	if diff := cmp.Diff(filter.Expr(want), got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"amount", "lines", "lines.qty", "lines.tags", "lines.tags"}, seen); diff != "" {
		t.Error(diff)
	}
	_, err = filter.Map(e, func(c filter.Cmp) (filter.Expr, error) { return nil, fmt.Errorf("no field %s", c.Path) })
	if err == nil || err.Error() != "no field amount" {
		t.Errorf("got %v", err)
	}
	_, err = filter.Map(e[1], func(c filter.Cmp) (filter.Expr, error) {
		if c.Path == "lines.qty" {
			c.Path = "elsewhere"
		}
		return c, nil
	})
	if err == nil {
		t.Error("a condition left its list")
	}
}

func TestSimplify(t *testing.T) {
	t.Parallel()
	a, b := cmp1("a", filter.Eq, "1"), cmp1("b", filter.Gt, int64(1))
	for _, c := range []struct{ in, want filter.Expr }{
		{nil, filter.True}, {filter.And{a}, a}, {filter.And{a, filter.And{b, filter.True}}, filter.And{a, b}}, {filter.And{a, filter.Or{}}, filter.False},
		{filter.Or{filter.Or{a}, b}, filter.Or{a, b}}, {filter.Or{a, filter.And{}}, filter.True}, {filter.Not{X: filter.Not{X: b}}, b},
		{filter.Not{X: a}, cmp1("a", filter.Ne, "1")}, {cmp1("a", filter.In, []any{"1"}), a}, {cmp1("a", filter.In, []any{}), filter.False},
		{filter.Not{X: filter.False}, filter.True}, {filter.ElemMatch{Path: "l", X: filter.Or{}}, filter.False},
		{filter.ElemMatch{Path: "l", X: filter.And{filter.And{a}}}, filter.ElemMatch{Path: "l", X: a}},
	} {
		if diff := cmp.Diff(c.want, filter.Simplify(c.in)); diff != "" {
			t.Errorf("%v: %s", c.in, diff)
		}
	}
}

func TestValidHasNoLimitsForOutsiders(t *testing.T) {
	t.Parallel()
	long := cmp1("applied.0199-AB", filter.Eq, strings.Repeat("x", 5000))
	if err := filter.Valid(long); err != nil {
		t.Errorf("Valid: %v", err)
	}
	if err := filter.Check(long); err == nil {
		t.Error("Check lets a long text through")
	}
	for _, e := range []filter.Expr{cmp1("", filter.Eq, "x"), cmp1("a.$b", filter.Eq, "x"), filter.Not{}, filter.And{nil}, cmp1("a", filter.Eq, 1.5)} {
		if filter.Valid(e) == nil {
			t.Errorf("Valid lets %v through", e)
		}
	}
}
