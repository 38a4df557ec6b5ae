package formula_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/schema/formula"
)

func TestDeps(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]string{
		`1 + 2`:                                    "",
		`amount`:                                   "amount",
		`amount + amount * form.n`:                 "amount form.n",
		`SUM(lines.qty)`:                           "lines.qty",
		`any(lines, .qty > amount)`:                "amount lines.qty",
		`SUMIF(lines, member == who, qty)`:         "lines.member lines.qty who",
		`count(filter(lines, .qty > 1))`:           "lines.qty",
		`LEN(lines)`:                               "lines",
		`ISEMPTY(lines)`:                           "lines",
		`filter(lines, .qty > 1)`:                  "lines lines.qty",
		`filter(lines, .qty > 1).member`:           "lines.member lines.qty",
		`count(lines, true)`:                       "lines",
		`lines[0].qty`:                             "lines.qty",
		`any(lines, any(.marks, # == name))`:       "lines.marks name",
		`map(tags, # + name)`:                      "name tags",
		`let x = amount; x + x`:                    "amount",
		`project.name`:                             "project project.name",
		`sys.created_by == USER.id`:                "sys.created_by",
		`period.start`:                             "period.start",
		`LOOKUP("a.b", code == name, price)`:       "name",
		`COUNTIF(lines, qty > 1 and marks != nil)`: "lines.marks lines.qty",
	} {
		p, errs := formula.Compile(src, recordEnv, formula.Type{})
		if len(errs) > 0 {
			t.Errorf("%s: %v", src, errs)
			continue
		}
		if got := strings.Join(p.Deps(), " "); got != want {
			t.Errorf("Deps(%s) = %q, want %q", src, got, want)
		}
	}
}

func TestFlags(t *testing.T) {
	t.Parallel()
	for src, want := range map[string][2]bool{ // server, volatile
		`amount + 1`: {false, false}, `TODAY()`: {false, true}, `NOW() > at`: {false, true}, `UUID()`: {true, true}, `USER.id`: {false, true},
		`GETUSERNAME()`: {false, true}, `USER(1)`: {true, true}, `LOOKUP("a.b", c == name, d)`: {true, true}, `project.name`: {true, true},
		`project.id`: {false, false}, `PINYINHEADCHAR(name)`: {true, false}, `DEPTNAME("d")`: {true, true}, `any(lines, .qty > RAND())`: {true, true},
	} {
		p, errs := formula.Compile(src, recordEnv, formula.Type{})
		if len(errs) > 0 {
			t.Errorf("%s: %v", src, errs)
			continue
		}
		if got := [2]bool{p.ServerOnly(), p.Volatile()}; got != want {
			t.Errorf("%s: server, volatile = %v, want %v", src, got, want)
		}
	}
}

func TestErrorPlaces(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		src, code, marked string
		line, column      int
		message           string
	}{
		{"amuont + 1", "unknown_name", "amuont", 1, 1, "did you mean amount"},
		{"amount +\n  nmae", "unknown_name", "nmae", 2, 3, "did you mean name"},
		{"LETF(name, 1)", "unknown_function", "LETF", 1, 1, "LEFT"},
		{"round(amount)", "unknown_function", "round", 1, 1, "ROUND"},
		{"名 + 1", "unknown_name", "名", 1, 1, "there is no 名"},
		{`"中文" + nope`, "unknown_name", "nope", 1, 8, "nope"},
		{"amount * name", "type", "name", 1, 10, "VALUE()"},
		{"amount + (open and true)", "type", "open and true", 1, 11, "a number is wanted"},
		{"ROUND(amount, 1, 2)", "args", "ROUND", 1, 1, "1 to 2 arguments, this has 3"},
		{"name[1:2]", "forbidden", "[", 1, 5, "LEFT, RIGHT or MID"},
		{"LEFT(amount, 1)", "type", "amount", 1, 6, "TEXT()"},
		{"lines.qyt", "unknown_name", "qyt", 1, 7, "did you mean qty"},
		{"tags == tags", "type", "tags", 1, 9, "use in, SUBSET"},
		{"day > name", "type", "name", 1, 7, "DATE()"},
		{"amount +", "syntax", "", 1, 8, "unexpected token"},
		{"1 + 1e99", "syntax", "1e99", 1, 5, "1e99"},
		{"IF(amount, 1, 2)", "type", "amount", 1, 4, "a condition is wanted"},
		{"amount(1)", "unknown_function", "amount", 1, 1, "is a field"},
		{"name.x", "type", "x", 1, 6, "has no parts"},
	} {
		_, errs := formula.Compile(c.src, recordEnv, formula.Type{})
		if len(errs) == 0 {
			t.Errorf("%s compiles", c.src)
			continue
		}
		e := errs[0]
		marked := string([]rune(c.src)[e.From:e.To])
		if e.Code != c.code || (c.marked != "" && marked != c.marked) || e.Line != c.line || e.Column != c.column || !strings.Contains(e.Message, c.message) {
			t.Errorf("%s: %s %q at %d:%d: %s; want %s %q at %d:%d: %s", c.src, e.Code, marked, e.Line, e.Column, e.Message, c.code, c.marked, c.line, c.column, c.message)
		}
	}
}

func TestSeveralErrors(t *testing.T) {
	t.Parallel()
	_, errs := formula.Compile("nope + other * LEN(name)", recordEnv, formula.Type{})
	if len(errs) != 2 || errs[0].Params["name"] != "nope" || errs[1].Params["name"] != "other" {
		t.Errorf("%v", errs)
	}
	_, errs = formula.Compile(strings.Repeat("nope + ", 90)+"1", recordEnv, formula.Type{})
	if len(errs) != 20 {
		t.Errorf("%d errors, want them cut at 20", len(errs))
	}
}

func TestWantedType(t *testing.T) {
	t.Parallel()
	number, text, date := kind(formula.Number), kind(formula.String), kind(formula.Date)
	for _, c := range []struct {
		src  string
		want formula.Type
		ok   bool
	}{
		{"amount", number, true}, {"amount", text, false}, {"name", number, false}, {"nil", number, true}, {`""`, number, true}, {"who", text, true},
		{"name", kind(formula.Person), true}, {"day", text, true}, {"name", date, false}, {"at", date, true}, {"day", kind(formula.DateTime), false},
		{"tags", list(text), true}, {"lines.qty", list(text), false}, {"[]", list(text), true}, {"name", list(text), false}, {"open", kind(formula.Bool), true},
		{"project", kind(formula.Record), true}, {"project", text, true}, {`LOOKUP("a.b", c == name, d)`, number, true},
	} {
		_, errs := formula.Compile(c.src, recordEnv, c.want)
		if (len(errs) == 0) != c.ok {
			t.Errorf("%s as %s: %v", c.src, c.want, errs)
		}
	}
}

func TestTree(t *testing.T) {
	t.Parallel()
	p, errs := formula.Compile(`SUMIF(lines, qty > amount, qty) + 1.50`, recordEnv, formula.Type{})
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	want := `{"e":["+",["call","SUM",["map",["filter",["id","lines"],[">",[".",["#",0],"qty"],["id","amount"]]],[".",["#",0],"qty"]]],["n","1.50"]],"v":1}`
	if d := cmp.Diff(want, string(p.Tree())); d != "" {
		t.Error(d)
	}
	if !json.Valid(p.Tree()) || p.Source() == "" || p.Type().Kind != formula.Number {
		t.Errorf("%s %s", p.Source(), p.Type())
	}
}

func TestRowFormula(t *testing.T) {
	t.Parallel()
	env := row(map[string]formula.Type{"qty": kind(formula.Number), "form": row(map[string]formula.Type{"rate": kind(formula.Number)})})
	p, errs := formula.Compile("ROUND(qty * form.rate, 2)", env, kind(formula.Number))
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	got, err := p.Eval(nil, formula.Vars{"qty": decimal.MustParse("3.335"), "form": map[string]any{"rate": 3}})
	if err != nil || !sameWire(got, "10.01") {
		t.Errorf("%v, %v", got, err)
	}
}

func TestValuesFromOutside(t *testing.T) {
	t.Parallel()
	p := func(src string) *formula.Program {
		p, errs := formula.Compile(src, recordEnv, formula.Type{})
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		return p
	}
	if _, err := p("amount + 1").Eval(nil, formula.Vars{"amount": 1.5}); err == nil {
		t.Error("a binary float was taken for an amount")
	}
	if _, err := p("amount + 1").Eval(nil, formula.Vars{"amount": "x"}); err == nil {
		t.Error("a text was taken for a number")
	}
	if got, err := p("amount + 1").Eval(nil, formula.Vars{"amount": int64(4)}); err != nil || !sameWire(got, "5") {
		t.Errorf("%v, %v", got, err)
	}
	if ok, err := p("'a' in tags").EvalBool(nil, formula.Vars{"tags": []string{"a"}}); err != nil || !ok {
		t.Errorf("%v, %v", ok, err)
	}
	if got, err := p("SUM(lines.qty)").Eval(nil, formula.Vars{"lines": []map[string]any{{"qty": 1}, {"qty": 2}}}); err != nil || !sameWire(got, "3") {
		t.Errorf("%v, %v", got, err)
	}
	if ok, err := p("nil").EvalBool(nil, nil); err != nil || ok {
		t.Errorf("blank is %v, %v", ok, err)
	}
}

func TestReserved(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]bool{"in": true, "not": true, "nil": true, "let": true, "if": true, "true": true, "form": true, "sys": true, "case": true, "amount": false, "count": false, "date": false, "matches": true} {
		if formula.Reserved(key) != want {
			t.Errorf("Reserved(%q) = %v", key, !want)
		}
	}
	for _, key := range []string{"count", "map", "filter", "len", "date", "now", "type", "sum", "all", "env"} {
		env := row(map[string]formula.Type{key: kind(formula.Number)})
		if _, errs := formula.Compile(key+" + 1", env, kind(formula.Number)); len(errs) > 0 {
			t.Errorf("a field named %s cannot be read: %v", key, errs)
		}
	}
}

func TestOrder(t *testing.T) {
	t.Parallel()
	order, cycle := formula.Order(map[string][]string{"total": {"amount", "tax"}, "tax": {"amount"}, "amount": {"qty", "price"}})
	if d := cmp.Diff([]string{"amount", "tax", "total"}, order); d != "" || cycle != nil {
		t.Error(d, cycle)
	}
	order, cycle = formula.Order(map[string][]string{"x": {"a"}, "a": {"b"}, "b": {"c"}, "c": {"a"}})
	if d := cmp.Diff([]string{"a", "b", "c", "a"}, cycle); d != "" || order != nil {
		t.Error(d, order)
	}
	if _, cycle = formula.Order(map[string][]string{"a": {"a"}}); len(cycle) != 2 {
		t.Errorf("%v", cycle)
	}
}
