package formula_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/schema/formula"
)

// FuzzFormula compiles and runs anything: no panic, no hang, every error with a place within the text.
func FuzzFormula(f *testing.F) {
	for _, v := range readVectors(f).Vectors {
		f.Add(v.Expr)
	}
	for _, s := range []string{"((((", "let x = let y = 1; y; x", "a ? b : c ? 1 : 2", "any(lines, any(lines, any(lines, any(lines, true))))", "`", "'\\u{1F600}'", "1..", "?.", "#", "a?.b?.c", "$env.x", "{", "filter(lines, {.qty > 1})", "not in", "x not x", "1e+"} {
		f.Add(s)
	}
	env, vars := formula.ExampleEnv()
	env.Fields["amount"] = kind(formula.Number)
	vars["amount"] = decimal.MustParse("12.5")
	f.Fuzz(func(t *testing.T, src string) {
		start := time.Now()
		p, errs := formula.Compile(src, env, formula.Type{})
		runes := len([]rune(src))
		for _, e := range errs {
			if e.Code == "" || e.From < 0 || e.To < e.From || e.To > runes || e.Line < 1 || e.Column < 1 {
				t.Fatalf("%q: bad error %+v", src, e)
			}
		}
		if len(errs) > 0 {
			return
		}
		if !json.Valid(p.Tree()) {
			t.Fatalf("%q: bad tree %s", src, p.Tree())
		}
		_, err := p.Eval(demoContext(t, "", ""), vars)
		var re *formula.RunError
		if err != nil && !errors.As(err, &re) {
			t.Fatalf("%q: %v", src, err)
		}
		if _, err := p.Filter(options(t)); err != nil && err.Error() == "" {
			t.Fatalf("%q: an error without text", src)
		}
		if d := time.Since(start); d > 5*time.Second {
			t.Fatalf("%q took %s", src, d)
		}
	})
}

// TestBombs runs formulas made to hang or to eat memory.
func TestBombs(t *testing.T) {
	t.Parallel()
	rows := make([]any, 2000)
	for i := range rows {
		rows[i] = map[string]any{"qty": decimal.FromInt(int64(i)), "item": strings.Repeat("中", 1000)}
	}
	env, vars := formula.ExampleEnv()
	vars["lines"] = rows
	for _, src := range []string{
		`any(lines, any(lines, any(lines, any(lines, false))))`,
		`map(lines, map(lines, .item + .item))`,
		`LEN(JOIN(map(lines, JOIN(lines.item, "")), ""))`,
		`map(lines, REPT(.item, 100))`,
		`SUBSTITUTE(REPT("a", 90000), "a", REPT("b", 90000))`,
		`SUM(map(lines, POWER(1.0000000001, 1900)))`,
		`map(lines, COMBIN(1000, 500))`,
		`ARRAYCAT(lines, lines, lines, lines, lines, lines)`,
		`let a = REPT("x", 100000); let b = [a, a, a, a, a, a, a, a]; let c = JOIN(b, ""); c + c`,
		`map(lines, NETWORKDAYS_INTL("0001-01-01", "9999-12-31"))`,
		`map(lines, SORT(lines.qty))`,
		`9 ^ 9 ^ 9 ^ 9`,
		`FACT(40) ^ 400`,
	} {
		p, errs := formula.Compile(src, env, formula.Type{})
		if len(errs) > 0 {
			t.Errorf("%s: %v", src, errs)
			continue
		}
		start := time.Now()
		_, err := p.Eval(demoContext(t, "", ""), vars)
		var re *formula.RunError
		if !errors.As(err, &re) || re.Code != "limit" {
			t.Errorf("%s: %v, want a limit", src, err)
		}
		if d := time.Since(start); d > 10*time.Second {
			t.Errorf("%s took %s", src, d)
		}
	}
	nested := "SUMIF(lines, qty > 1, " + strings.Repeat("SUMIF(lines, qty > 1, ", 60) + "qty" + strings.Repeat(")", 61)
	deep := strings.Repeat("SUMIF(", 90) + "lines" + strings.Repeat(", 1)", 90)
	for _, src := range []string{nested, deep, strings.Repeat("-", 9000) + "1", strings.Repeat("not ", 2400) + "true", strings.Repeat("(", 9999), strings.Repeat("a", 20000), strings.Repeat("[", 5000), strings.Repeat("1 ? ", 2000) + "1"} {
		start := time.Now()
		formula.Compile(src, env, formula.Type{})
		if d := time.Since(start); d > 5*time.Second {
			t.Errorf("%.40s… took %s to compile", src, d)
		}
	}
}

func BenchmarkEval(b *testing.B) {
	env := row(map[string]formula.Type{"qty": kind(formula.Number), "price": kind(formula.Number), "rate": kind(formula.Number), "fee": kind(formula.Number)})
	p, errs := formula.Compile("ROUND(qty * price * (1 + rate) - fee, 2) > 100 and fee < 10", env, kind(formula.Bool))
	if len(errs) > 0 {
		b.Fatal(errs)
	}
	n := decimal.MustParse
	vars := formula.Vars{"qty": n("12.5"), "price": n("99.99"), "rate": n("0.13"), "fee": n("5")}
	c := &formula.Context{}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Eval(c, vars); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	env, _ := formula.ExampleEnv()
	b.ReportAllocs()
	for b.Loop() {
		formula.Compile(`SUMIF(lines, kind == "人工" and qty > 1, amount) + ROUND(qty * price, 2)`, env, formula.Type{})
	}
}
