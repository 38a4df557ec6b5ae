package formula_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/formwork-run/formwork/schema/formula"
)

// TestExamples runs every example of the catalogue.
func TestExamples(t *testing.T) {
	t.Parallel()
	env, vars := formula.ExampleEnv()
	for _, f := range formula.Functions() {
		if f.Doc["zh-CN"] == "" || f.Doc["en"] == "" || f.Example == "" {
			t.Errorf("%s lacks its documentation", f.Name)
		}
		p, errs := formula.Compile(f.Example, env, formula.Type{})
		if len(errs) > 0 {
			t.Errorf("%s: %s: %v", f.Name, f.Example, errs)
			continue
		}
		if f.ExampleResult == "" {
			continue
		}
		got, err := p.Eval(demoContext(t, "", ""), vars)
		if err != nil || !sameWire(got, decode(t, []byte(f.ExampleResult))) {
			t.Errorf("%s: %s = %v, %v; want %s", f.Name, f.Example, got, err, f.ExampleResult)
		}
	}
}

// TestEveryFunctionHasVectors keeps the shared vectors complete.
func TestEveryFunctionHasVectors(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	for _, v := range readVectors(t).Vectors {
		all.WriteString(v.Expr + "\n")
	}
	for _, f := range formula.Functions() {
		if n := strings.Count(all.String(), f.Name+"("); n == 0 {
			t.Errorf("no vector uses %s", f.Name)
		}
	}
	if n := len(readVectors(t).Vectors); n < 450 {
		t.Errorf("only %d vectors", n)
	}
}

const referenceFile = "../../docs/formula.md"

var groupTitles = map[string]string{
	"text": "文本 Text", "number": "数学与统计 Numbers", "date": "日期 Dates", "logic": "逻辑 Logic", "list": "列表 Lists", "person": "人员与其他表单 People and other forms",
}

const referenceHead = `# 公式 Formulas

<!-- Generated from the catalogue in schema/formula: go test ./schema/formula -run TestReference -update -->

公式用字段名书写，函数名全大写：` + "`ROUND(qty * price, 2)`、`SUM(lines.amount)`、`IF(amount > 500000 and legal == nil, \"需法务\", \"\")`" + `。
Formulas use the names of fields, and functions in capitals.

- 运算 Operators: ` + "`+ - * / % ^`、`== != < <= > >=`、`and or not in`、`?? (为空时取后者 otherwise)`、`条件 ? 甲 : 乙`" + `；` + "`+`" + ` 也连接文本，日期 ` + "`+ 天数`" + ` 得到日期，两个日期相减得到天数。
- 空值 Blank: 与空值运算得空值；与空值比较都不成立；汇总函数跳过空值；连接文本时不占位；用 ` + "`x == nil`" + ` 或 ` + "`ISEMPTY(x)`" + ` 判断。除以零得空值并提示。
  Arithmetic with a blank is blank, a comparison with a blank is false, aggregates skip blanks.
- 子表 Sub-tables: ` + "`lines.amount`" + ` 是一列；` + "`filter(lines, .qty > 2)`、`any(lines, .qty == nil)`、`map(lines, .qty * .price)`" + `；` + "`SUMIF(lines, kind == \"人工\", amount)`" + ` 里直接写列名。子表行内的公式先认本行的列，整张表单写作 ` + "`form.x`" + `。
- 小写函数 Functions in small letters: ` + "`all any none one filter map count find sum len`" + `，条件里 ` + "`#`" + ` 是当前元素，` + "`.qty`" + ` 是当前行的列，` + "`#index`" + ` 是序号。` + "`let x = …; …`" + ` 给中间结果起名。不提供 Not offered: ` + "`matches`、`..`、切片 slices、映射 maps" + `。
- 流水号用流水号字段、当前位置用定位字段，没有 RECNO、GETPOSITION。Serial numbers and positions are fields, not functions.
- 小数精确，四舍五入；全文长度按字计。Numbers are exact decimals; ROUND rounds half away from zero; lengths count characters.
- ` + "`USER.id`、`USER.name`、`USER.dept`、`USER.depts`、`USER.roles`" + ` 是当前用户。The acting user.

标 ◆ 的函数由服务器计算；标 ↻ 的函数结果随时间或人变化，单据结束后不再重算。◆ is computed by the server; ↻ varies, and is frozen when a record is final.
`

// TestReference keeps docs/formula.md current.
func TestReference(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	b.WriteString(referenceHead)
	group := ""
	for _, f := range formula.Functions() {
		if f.Group != group {
			group = f.Group
			fmt.Fprintf(&b, "\n## %s\n\n| 函数 Function | 说明 | 例 Example |\n|---|---|---|\n", groupTitles[group])
		}
		fmt.Fprintf(&b, "| `%s`%s | %s<br>%s | %s |\n", signature(f), marks(f), f.Doc["zh-CN"], f.Doc["en"], example(f))
	}
	if *update {
		if err := os.WriteFile(referenceFile, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(referenceFile)
	if err != nil || !bytes.Equal(got, b.Bytes()) {
		t.Errorf("docs/formula.md is out of date (%v): run with -update", err)
	}
}

func signature(f formula.Function) string {
	args := []string{}
	for _, a := range f.Args {
		name := a.Name
		if a.Repeated {
			name += "…"
		}
		if a.Optional {
			name = "[" + name + "]"
		}
		args = append(args, name)
	}
	return f.Name + "(" + strings.Join(args, ", ") + ")"
}

func marks(f formula.Function) string {
	s := ""
	if f.Server {
		s += " ◆"
	}
	if f.Volatile {
		s += " ↻"
	}
	return s
}

func example(f formula.Function) string {
	s := "`" + strings.ReplaceAll(f.Example, "|", `\|`) + "`"
	if f.ExampleResult != "" {
		s += " → " + strings.Trim(f.ExampleResult, `"`)
	}
	return s
}
