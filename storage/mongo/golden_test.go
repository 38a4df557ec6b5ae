package mongo

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

var updateGolden = flag.Bool("update", false, "write the golden files anew")

// golden compares pairs of a title and a BSON value with a file.
func golden(t *testing.T, file string, out *strings.Builder) {
	t.Helper()
	file = "testdata/" + file
	if *updateGolden {
		if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != out.String() {
		t.Errorf("differs from %s (run with -update and read the difference):\n%s", file, out.String())
	}
}

func text(t *testing.T, d any) string {
	t.Helper()
	raw, err := bson.MarshalExtJSON(d, false, false)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func is(path string, o filter.Op, v any) filter.Expr { return filter.Cmp{Path: path, Op: o, Value: v} }

func dec(s string) decimal.Decimal { return decimal.MustParse(s) }

var noon = time.Date(2026, 1, 2, 12, 0, 0, 123_456_789, time.FixedZone("east", 8*3600))

func TestFilterGolden(t *testing.T) {
	t.Parallel()
	cases := []filter.Expr{
		is("s", filter.Eq, "x"), is("s", filter.Eq, nil), is("s", filter.Eq, ""), is("s", filter.Ne, "x"), is("s", filter.Ne, nil),
		is("n", filter.Lt, int64(5)), is("n", filter.Le, dec("1.50")), is("n", filter.Gt, dec("-0.05")), is("n", filter.Ge, dec("12345678901234567890.5")),
		is("t", filter.Ge, noon), is("b", filter.Gt, false), is("s", filter.In, []any{"a", nil, int64(1)}), is("s", filter.In, []any{}),
		is("s", filter.Contains, ".*"), is("s", filter.Prefix, "50% (off)"), is("s", filter.Suffix, "now\n"), is("s", filter.Contains, "a\x00b"), is("s", filter.Contains, ""),
		is("s", filter.Exists, true), is("s", filter.Exists, false), is("l", filter.All, []any{"a", "b"}), is("l", filter.All, []any{"a"}), is("l", filter.All, []any{}),
		filter.Not{X: is("n", filter.Gt, int64(1))}, filter.Not{X: filter.Or{is("a", filter.Eq, "x"), is("b", filter.Eq, nil)}},
		filter.And{is("a", filter.Eq, "x"), filter.Or{is("b", filter.Eq, "y"), is("c", filter.Lt, int64(3))}},
		filter.ElemMatch{Path: "lines", X: filter.And{is("item", filter.Eq, "b"), is("qty", filter.Ge, int64(5))}},
		filter.ElemMatch{Path: "lines", X: is("item", filter.Ne, "a")},
		filter.Not{X: filter.ElemMatch{Path: "lines", X: filter.Or{is("item", filter.Eq, "b"), is("sub", filter.All, []any{})}}},
		filter.ElemMatch{Path: "l", X: filter.And{is("", filter.Gt, int64(2)), is("", filter.Lt, int64(8))}},
		filter.ElemMatch{Path: "l", X: filter.Or{is("", filter.Eq, "a"), filter.And{is("", filter.Prefix, "b"), filter.Not{X: is("", filter.Suffix, "z")}}}},
		filter.ElemMatch{Path: "l", X: filter.Not{X: filter.Or{is("", filter.Eq, "a"), is("", filter.Eq, "b")}}},
		filter.ElemMatch{Path: "l", X: filter.Not{X: filter.And{is("", filter.Gt, int64(1)), is("", filter.Lt, int64(2))}}},
		filter.ElemMatch{Path: "l", X: is("", filter.Exists, true)}, filter.ElemMatch{Path: "l", X: is("", filter.Exists, false)},
		is("m", filter.Eq, map[string]any{"b": int64(1), "a": []any{dec("1.0"), noon}}),
		filter.True, filter.False, nil,
	}
	var out strings.Builder
	for _, e := range cases {
		d, err := render(e)
		if err != nil {
			t.Fatalf("%#v: %v", e, err)
		}
		title, err := filter.Format(e)
		if err != nil {
			title = fmt.Appendf(nil, "%v", e)
		}
		fmt.Fprintf(&out, "%s\n\t%s\n", title, text(t, d))
	}
	golden(t, "filter.golden", &out)
}

// The pages of an order: what comes behind a position.
func TestAfterGolden(t *testing.T) {
	t.Parallel()
	up, down := filter.Sort{Path: "a"}, filter.Sort{Path: "b", Desc: true}
	cases := []struct {
		by     []filter.Sort
		values []any
	}{
		{nil, nil}, {[]filter.Sort{up}, []any{nil}}, {[]filter.Sort{down}, []any{nil}}, {[]filter.Sort{up}, []any{dec("1.50")}},
		{[]filter.Sort{down}, []any{"x"}}, {[]filter.Sort{up, down}, []any{noon, true}}, {[]filter.Sort{{Path: "_id", Desc: true}, up}, []any{"i", "x"}},
	}
	var out strings.Builder
	for _, c := range cases {
		d, err := after(c.by, &position{values: c.values, id: "i"})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "%s behind %v\n\t%s\n", text(t, order(c.by)), c.values, text(t, d))
	}
	golden(t, "after.golden", &out)
}

func TestUpdateGolden(t *testing.T) {
	t.Parallel()
	cases := []storage.Patch{
		{}, {Unset: []string{"due", "outbox"}, Blind: true}, {Set: map[string]any{"b.c": dec("1.50"), "a": nil}, Unset: []string{"x.y"}},
		{Inc: map[string]any{"n": 2, "d": dec("0.10")}},
		{Push: map[string][]any{"l": {"x", map[string]any{"k": int64(1)}}}, Pull: map[string][]any{"m": {"y"}}},
	}
	var out strings.Builder
	for _, p := range cases {
		d, err := update(p)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "set %v unset %v inc %v push %v pull %v\n\t%s\n", p.Set, p.Unset, p.Inc, p.Push, p.Pull, text(t, d))
	}
	golden(t, "update.golden", &out)
}

func TestGroupGolden(t *testing.T) {
	t.Parallel()
	g := storage.Group{
		By: []storage.GroupKey{{As: "who", Path: "who"}, {As: "month", Path: "t", Grain: "month", Zone: "Asia/Shanghai"},
			{As: "hour", Path: "t", Grain: "hour"}, {As: "first", Path: "lines.0.item"}},
		Measures: []storage.Measure{{As: "n", Fn: "count"}, {As: "with", Fn: "count", Path: "amount"}, {As: "total", Fn: "sum", Path: "amount"},
			{As: "lo", Fn: "min", Path: "amount"}, {As: "hi", Fn: "max", Path: "amount"}, {As: "kinds", Fn: "countDistinct", Path: "kind"}},
	}
	var out strings.Builder
	fmt.Fprintf(&out, "group\n\t%s\ndistinct\n\t%s\nwithout keys\n\t%s\n", text(t, groupStage(g)), text(t, distinctStage(g, g.Measures[5])),
		text(t, groupStage(storage.Group{Measures: g.Measures[:1]})))
	golden(t, "group.golden", &out)
}
