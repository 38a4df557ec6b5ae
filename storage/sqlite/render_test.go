package sqlite

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

var update = flag.Bool("update", false, "write the golden files anew")

// renderColl has a column of each kind.
func renderColl() *coll {
	cl := &coll{name: "t", table: tableOf("t"), columns: []*column{
		{name: "k1", path: "state", scale: -1}, {name: "k2", path: "amount", scale: 2}, {name: "k3", path: "due", scale: -1, present: true},
		{name: "k4", path: "odd", scale: 2, marks: markOdd}, {name: "k5", path: "multi", scale: -1, marks: markMulti}}}
	cl.addIndex(storage.Index{Fields: []storage.IndexField{{Path: "who", Scale: -1, List: true}, {Path: "amount", Scale: 2, Desc: true}}}, "x_t_1", make([]mark, 2))
	cl.finish()
	return cl
}

// The golden file pairs filters with their SQL; "exact" means that Go need not look again.
func TestRenderGolden(t *testing.T) {
	t.Parallel()
	is := func(path string, op filter.Op, v any) filter.Expr { return filter.Cmp{Path: path, Op: op, Value: v} }
	cases := []filter.Expr{
		is("state", filter.Eq, "x"), is("state", filter.Eq, nil), is("state", filter.Ne, "x"), is("state", filter.In, []any{"a", "b", "c"}),
		is("state", filter.Gt, "x"), is("state", filter.Prefix, "x"), is("state", filter.Contains, "x"), is("state", filter.Suffix, "x"),
		is("state", filter.Exists, true), is("amount", filter.Eq, decimal.MustParse("1.5")), is("amount", filter.Gt, decimal.MustParse("1.505")),
		is("amount", filter.Lt, decimal.MustParse("1e20")), is("amount", filter.Ge, "text"), is("due", filter.Le, int64(5)), is("due", filter.Exists, true),
		is("due", filter.Exists, false), is("due", filter.Eq, nil), is("odd", filter.Gt, int64(1)), is("odd", filter.Eq, decimal.MustParse("1.001")),
		is("multi", filter.Eq, "x"), is("none", filter.Eq, "x"), is("who", filter.Eq, "x"), is("who", filter.Ne, "x"), is("who", filter.All, []any{"x", "y"}),
		is("_id", filter.In, []any{"a"}), is("_id", filter.Suffix, "é"), is("_rev", filter.Gt, int64(3)),
		filter.ElemMatch{Path: "who", X: is("", filter.Gt, "x")},
		filter.And{is("state", filter.Eq, "x"), is("none", filter.Eq, "y")}, filter.Or{is("state", filter.Eq, "x"), is("none", filter.Eq, "y")},
		filter.Not{X: filter.And{is("state", filter.Eq, "x"), is("amount", filter.Gt, int64(1))}}, filter.Not{X: is("due", filter.Gt, int64(1))},
		filter.True, filter.False,
	}
	var out strings.Builder
	r := renderer{cl: renderColl()}
	for _, e := range cases {
		c := r.expr(e)
		text, err := filter.Format(e)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "%s\n\t%s\n\t%s exact=%v\n", text, cmp.Or(c.sql, "(nothing)"), printArgs(c.args), c.exact)
	}
	const file = "testdata/render.golden"
	if *update {
		if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != out.String() {
		t.Errorf("rendering differs from %s (run with -update and read the difference):\n%s", file, out.String())
	}
}

func printArgs(args []any) string {
	var list []string
	for _, a := range args {
		if b, ok := a.([]byte); ok {
			list = append(list, fmt.Sprintf("x'%x'", b))
			continue
		}
		list = append(list, fmt.Sprintf("%#v", a))
	}
	return "[" + strings.Join(list, " ") + "]"
}
