package formula_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/storage/filter"
)

func list(t formula.Type) formula.Type { return formula.Type{Kind: formula.List, Elem: &t} }

func row(fields map[string]formula.Type) formula.Type {
	return formula.Type{Kind: formula.Row, Fields: fields}
}

func kind(k formula.Kind) formula.Type { return formula.Type{Kind: k} }

var recordEnv = row(map[string]formula.Type{
	"amount": kind(formula.Number), "name": kind(formula.String), "kind": kind(formula.String), "open": kind(formula.Bool),
	"day": kind(formula.Date), "at": kind(formula.DateTime), "who": kind(formula.Person), "tags": list(kind(formula.String)),
	"project": {Kind: formula.Record, Form: "base.project", Fields: map[string]formula.Type{"name": kind(formula.String)}},
	"period":  row(map[string]formula.Type{"start": kind(formula.Date), "end": kind(formula.Date)}),
	"lines": list(row(map[string]formula.Type{
		"id": kind(formula.String), "qty": kind(formula.Number), "member": kind(formula.Person), "marks": list(kind(formula.String)),
	})),
	"sys":  row(map[string]formula.Type{"created_by": kind(formula.Person), "dept": kind(formula.Dept), "created_at": kind(formula.DateTime)}),
	"case": row(map[string]formula.Type{"state": kind(formula.String)}),
	"form": row(map[string]formula.Type{"x": kind(formula.String), "n": kind(formula.Number), "blank": kind(formula.String), "day": kind(formula.Date), "list": list(kind(formula.String))}),
})

func docPath(name string) (string, bool) {
	switch {
	case strings.HasPrefix(name, "sys."):
		return strings.TrimPrefix(name, "sys."), true
	case strings.HasPrefix(name, "case."):
		return name, true
	}
	return "data." + name, true
}

func options(t testing.TB) formula.FilterOptions {
	return formula.FilterOptions{
		Path:    docPath,
		Vars:    formula.Vars{"form": map[string]any{"x": "甲", "n": decimal.MustParse("2"), "day": "2024-03-15", "list": []any{"甲", "乙"}}},
		Context: demoContext(t, "", ""),
		My: func(form, path string) ([]string, error) {
			if form != "base.project" {
				return nil, fmt.Errorf("there is no form %s", form)
			}
			return []string{"p1", "p3"}, nil
		},
	}
}

func compileRecord(t testing.TB, src string) *formula.Program {
	t.Helper()
	p, errs := formula.Compile(src, recordEnv, kind(formula.Bool))
	if len(errs) > 0 {
		t.Fatalf("%s: %v", src, errs)
	}
	return p
}

func TestFilterShapes(t *testing.T) {
	t.Parallel()
	eq := func(path string, v any) filter.Expr { return filter.Cmp{Path: path, Op: filter.Eq, Value: v} }
	for src, want := range map[string]filter.Expr{
		`project in MY("base.project", "members.member")`: filter.Cmp{Path: "data.project", Op: filter.In, Value: []any{"p1", "p3"}},
		`sys.dept in USER.depts`:                          filter.Cmp{Path: "dept", Op: filter.In, Value: []any{"d1", "d2"}},
		`USER.id in lines.member`:                         eq("data.lines.member", "u1"),
		`name == form.x`:                                  eq("data.name", "甲"),
		`name == form.blank`:                              filter.False,
		`open`:                                            eq("data.open", true),
		`not open`:                                        filter.Not{X: eq("data.open", true)},
		`true`:                                            filter.True,
		`1 > 2 or sys.created_by == USER.id`:              eq("created_by", "u1"),
		`amount >= 10 * 2`:                                filter.Cmp{Path: "data.amount", Op: filter.Ge, Value: decimal.MustParse("20")},
		`3 < amount`:                                      filter.Cmp{Path: "data.amount", Op: filter.Gt, Value: decimal.MustParse("3")},
		`STARTSWITH(name, "合同")`:                          filter.Cmp{Path: "data.name", Op: filter.Prefix, Value: "合同"},
		`CONTAINS(name, "a")`:                             filter.Cmp{Path: "data.name", Op: filter.Contains, Value: "a"},
		`CONTAINS(tags, "a")`:                             eq("data.tags", "a"),
		`ISEMPTY(name)`:                                   eq("data.name", nil),
		`any(lines, .qty > form.n)`:                       filter.ElemMatch{Path: "data.lines", X: filter.Cmp{Path: "qty", Op: filter.Gt, Value: decimal.MustParse("2")}},
		`case.state == "approved"`:                        eq("case.state", "approved"),
		`project.id == "p1"`:                              eq("data.project", "p1"),
	} {
		got, err := compileRecord(t, src).Filter(options(t))
		if err != nil {
			t.Errorf("%s: %v", src, err)
			continue
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", src, d)
		}
	}
}

func TestFilterRefuses(t *testing.T) {
	t.Parallel()
	for src, part := range map[string]string{
		`amount * 2 > 10`:                        "amount * 2",
		`open and name == kind`:                  "name == kind",
		`project.name == "x"`:                    "project.name",
		`SUM(lines.qty) > 1`:                     "lines.qty",
		`LEN(name) > 1`:                          "LEN(name",
		`any(lines, .qty > amount)`:              ".qty > amount",
		`any(lines, any(.marks, # == #)) `:       "# == #",
		`any(form.list, # == name)`:              "form.list",
		`one(lines, .qty > 1)`:                   "lines, .qty > 1",
		`project in MY("x.y", "a")`:              "MY",
		`CONTAINS(form.x, name)`:                 "form.x, name",
		`amount > POWER(10, 1000)`:               "10, 1000",
		`any(lines, any(.marks, amount > 1))`:    "amount",
		`any(lines, ISEMPTY(amount))`:            "amount",
		`name in tags`:                           "name in tags",
		`let x = name; x == "a"`:                 "name; x == \"a\"",
		`IF(open, amount > 1, LEN(name) > 0)`:    "LEN(name",
		`NOW() > at and at > DATEADD(at,"d",1) `: "at > DATEADD(at,\"d\",1",
	} {
		_, err := compileRecord(t, src).Filter(options(t))
		var e *formula.Error
		if !errors.As(err, &e) || e.Code != "filter" {
			t.Errorf("%s: %v, want a filter error", src, err)
			continue
		}
		if got := string([]rune(src)[e.From:e.To]); !strings.Contains(got, strings.TrimLeft(part, " ")) && !strings.Contains(part, got) {
			t.Errorf("%s: the error marks %q, want %q", src, got, part)
		}
	}
}

// atoms are conditions that can be rendered; they are combined at random.
var atoms = []string{
	`amount > 2`, `amount >= 2`, `amount < 2`, `amount <= 2`, `amount == 2`, `amount != 2`, `2 > amount`, `amount in [1, 2.0, 9]`, `amount not in [1, 2]`,
	`name == form.blank`, `project.id == "p1"`, `amount == nil`, `amount != nil`, `ISEMPTY(amount)`, `name == "甲"`, `name != "甲"`, `name < "甲"`, `name >= form.x`, `name in form.list`,
	`name contains "同"`, `STARTSWITH(name, "合")`, `ENDSWITH(name, "同")`, `CONTAINS(name, form.blank)`, `name == ""`, `name != ""`, `open`, `not open`, `open == true`, `open != true`, `open == false`,
	`day == "2024-03-15"`, `day < form.day`, `day >= TODAY()`, `day != TODAY()`, `at > NOW()`, `at <= NOW()`, `at == TODAY()`, `at != TODAY()`, `at < TODAY()`, `at <= TODAY()`, `at > TODAY()`, `at >= TODAY()`,
	`TODAY() < at`, `at >= "2024-03-14"`, `day < NOW()`, `who == USER.id`, `who != USER.id`, `who in ["u1", "u2"]`, `"急" in tags`, `"急" not in tags`, `ISEMPTY(tags)`, `tags != nil`, `tags contains "大"`,
	`project in MY("base.project", "m")`, `project == "p1"`, `project != "p1"`, `period.start <= "2024-03-15"`, `ISEMPTY(period)`, `ISEMPTY(period.end)`, `any(lines, .qty > 2)`, `all(lines, .qty > 2)`, `none(lines, .qty > 2)`, `any(lines, .qty != 2)`,
	`any(lines, .qty == nil)`, `all(lines, not (.qty == 2))`, `any(lines, any(.marks, # == "x"))`, `any(lines, ISEMPTY(.marks))`, `none(lines, "x" in .marks)`, `any(tags, # != "急")`, `USER.id in lines.member`, `ISEMPTY(lines)`, `ISEMPTY(lines.qty)`,
	`ISEMPTY(FILTER(lines, qty > 2))`, `sys.created_by == USER.id`, `sys.dept in USER.depts`, `sys.created_at < NOW()`, `case.state == "running"`, `case.state in ["running", "approved"]`, `IF(open, amount > 2, name == "甲")`, `XOR(true, false)`, `1 > 2`, `nil`,
}

func randomCondition(t *rapid.T, depth int) string {
	if depth == 0 {
		return rapid.SampledFrom(atoms).Draw(t, "atom")
	}
	a, b := randomCondition(t, depth-1), randomCondition(t, depth-1)
	switch rapid.IntRange(0, 3).Draw(t, "op") {
	case 0:
		return "(" + a + ") and (" + b + ")"
	case 1:
		return "(" + a + ") or (" + b + ")"
	case 2:
		return "not (" + a + ")"
	}
	return a
}

func maybe(t *rapid.T, doc map[string]any, key string, values ...any) {
	if i := rapid.IntRange(-1, len(values)-1).Draw(t, key); i >= 0 {
		doc[key] = values[i]
	}
}

func randomDoc(t *rapid.T) map[string]any {
	n := func(s string) any { return decimal.MustParse(s) }
	at := func(s string) any {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	instants := []any{at("2024-03-15T08:30:45Z"), at("2024-03-14T16:00:00Z"), at("2024-03-14T15:59:59Z"), at("2024-03-15T16:00:00Z"), at("2024-03-15T15:59:59Z"), at("2020-01-01T00:00:00Z")}
	data := map[string]any{}
	maybe(t, data, "amount", n("1"), n("2"), n("2.00"), n("2.01"), n("-5"))
	maybe(t, data, "name", "甲", "合同", "乙", "a合同b")
	maybe(t, data, "open", true, false)
	maybe(t, data, "day", "2024-03-14", "2024-03-15", "2024-03-16")
	maybe(t, data, "at", instants...)
	maybe(t, data, "who", "u1", "u2", "u3")
	maybe(t, data, "tags", []any{"急"}, []any{"急", "大"}, []any{"小"})
	maybe(t, data, "project", "p1", "p2", "p3")
	maybe(t, data, "period", map[string]any{"start": "2024-03-01"}, map[string]any{"start": "2024-03-20", "end": "2024-04-01"})
	var lines []any
	for range rapid.IntRange(0, 3).Draw(t, "lines") {
		l := map[string]any{"id": "r"}
		maybe(t, l, "qty", n("1"), n("2"), n("3"))
		maybe(t, l, "member", "u1", "u2")
		maybe(t, l, "marks", []any{"x"}, []any{"y", "x"}, []any{"y"})
		lines = append(lines, l)
	}
	if lines != nil {
		data["lines"] = lines
	}
	doc := map[string]any{"data": data}
	maybe(t, doc, "created_by", "u1", "u2")
	maybe(t, doc, "dept", "d1", "d9")
	maybe(t, doc, "created_at", instants...)
	maybe(t, doc, "case", map[string]any{"state": "running"}, map[string]any{"state": "rejected"})
	return doc
}

// docVars gives the variables of the formula over the same document.
func docVars(doc map[string]any, form any) formula.Vars {
	vars := formula.Vars{"form": form, "sys": map[string]any{"created_by": doc["created_by"], "dept": doc["dept"], "created_at": doc["created_at"]}, "case": doc["case"]}
	for k, v := range doc["data"].(map[string]any) {
		vars[k] = v
	}
	return vars
}

func TestFilterAgreesWithEval(t *testing.T) {
	t.Parallel()
	base := options(t)
	rapid.Check(t, func(t *rapid.T) {
		src := randomCondition(t, rapid.IntRange(0, 3).Draw(t, "depth"))
		p, errs := formula.Compile(src, recordEnv, kind(formula.Bool))
		if len(errs) > 0 {
			t.Fatalf("%s: %v", src, errs)
		}
		e, err := p.Filter(base)
		if err != nil {
			t.Fatalf("%s: %v", src, err)
		}
		if err := filter.Valid(e); err != nil {
			t.Skip("deeper than a filter may be")
		}
		for range 5 {
			doc := randomDoc(t)
			// MY has no value outside a filter.
			if strings.Contains(src, "MY(") {
				src = strings.ReplaceAll(src, `MY("base.project", "m")`, `["p1", "p3"]`)
				p = compileDraw(t, src)
			}
			want, err := p.EvalBool(base.Context, docVars(doc, base.Vars["form"]))
			if err != nil {
				t.Fatalf("%s: %v", src, err)
			}
			if got := filter.Match(e, doc); got != want {
				t.Fatalf("%s over %v: filter %v, formula %v\n%#v", src, doc, got, want, e)
			}
		}
	})
}

func compileDraw(t *rapid.T, src string) *formula.Program {
	p, errs := formula.Compile(src, recordEnv, kind(formula.Bool))
	if len(errs) > 0 {
		t.Fatalf("%s: %v", src, errs)
	}
	return p
}
