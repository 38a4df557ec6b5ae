package mongo

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/storage"
)

func row(id map[string]any, measures ...any) map[string]any {
	out := map[string]any{"_id": id}
	for i := 0; i < len(measures); i += 2 {
		out[measures[i].(string)] = measures[i+1]
	}
	return out
}

type m = map[string]any

// MongoDB groups by day; months, quarters and weeks are put together here.
func TestGroupsByDayBecomeGroupsByGrain(t *testing.T) {
	t.Parallel()
	g := storage.Group{By: []storage.GroupKey{{As: "g", Path: "t", Grain: "month"}}, Measures: []storage.Measure{
		{As: "n", Fn: "count"}, {As: "sum", Fn: "sum", Path: "v"}, {As: "lo", Fn: "min", Path: "v"}, {As: "hi", Fn: "max", Path: "v"}, {As: "kinds", Fn: "countDistinct", Path: "k"}}}
	groups := newGroups(g, 10)
	for _, r := range []m{
		row(m{"k0": "2026-01-31"}, "m0", int64(2), "m1", dec("0.10"), "d1", true, "m2", dec("0.05"), "m3", dec("0.05")),
		row(m{"k0": "2026-01-02"}, "m0", int64(1), "m1", dec("3"), "d1", false, "m2", int64(3), "m3", int64(3)),
		row(m{"k0": "2026-02"}, "m0", int64(1), "m1", int64(0), "d1", nil, "m2", nil, "m3", nil),
		row(m{"k0": "no date"}, "m0", int64(1), "m1", int64(0)), row(m{"k0": nil}, "m0", int64(4), "m1", dec("7"), "d1", false),
	} {
		if err := groups.take(r); err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range []m{row(m{"k0": "2026-01-31", "v": "x"}), row(m{"k0": "2026-01-02", "v": "x"}), row(m{"k0": "2026-01-02", "v": dec("1.0")}),
		row(m{"k0": "2026-01-31", "v": int64(1)}), row(m{"k0": "2026-02", "v": nil})} {
		if err := groups.takeDistinct(4, r); err != nil {
			t.Fatal(err)
		}
	}
	want := []storage.Row{
		{"g": nil, "n": int64(5), "sum": int64(7), "lo": nil, "hi": nil, "kinds": int64(0)},
		{"g": "2026-01", "n": int64(3), "sum": dec("3.10"), "lo": dec("0.05"), "hi": int64(3), "kinds": int64(2)},
		{"g": "2026-02", "n": int64(1), "sum": int64(0), "lo": nil, "hi": nil, "kinds": int64(0)},
	}
	if diff := cmp.Diff(want, groups.rows()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestGroupKeysAreFinished(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		grain string
		in    any
		want  any
	}{
		{"", dec("1.50"), dec("1.50")}, {"year", "2026-01-31", "2026"}, {"quarter", "2026-05-04", "2026-Q2"}, {"week", "2025-12-31", "2026-W01"},
		{"day", "2026-01-31", "2026-01-31"}, {"day", "2026-01", nil}, {"hour", "2026-01-31T09", "2026-01-31T09"}, {"hour", nil, nil}, {"year", nil, nil},
	} {
		got, err := key(storage.GroupKey{Grain: c.grain}, c.in)
		if err != nil || !cmp.Equal(got, c.want) {
			t.Errorf("%s of %v is %v, %v, want %v", c.grain, c.in, got, err, c.want)
		}
	}
	for _, grain := range []string{"", "day", "hour"} {
		groups := newGroups(storage.Group{By: []storage.GroupKey{{As: "g", Path: "l", Grain: grain}}}, 10)
		if err := groups.take(row(m{"k0": []any{"x"}})); !errors.Is(err, storage.ErrInvalid) {
			t.Errorf("a list as a key, grain %q: %v", grain, err)
		}
	}
}

func TestGroupsAreBounded(t *testing.T) {
	t.Parallel()
	groups := newGroups(storage.Group{By: []storage.GroupKey{{As: "g", Path: "v"}}}, 2)
	for i, want := range []error{nil, nil, storage.ErrTooLarge} {
		if err := groups.take(row(m{"k0": int64(i)})); !errors.Is(err, want) {
			t.Errorf("group %d: %v, want %v", i+1, err, want)
		}
	}
	if rows := newGroups(storage.Group{Measures: []storage.Measure{{As: "n", Fn: "count"}, {As: "s", Fn: "sum", Path: "v"}, {As: "m", Fn: "max", Path: "v"}}}, 1).rows(); !cmp.Equal(rows, []storage.Row{{"n": int64(0), "s": int64(0), "m": nil}}) {
		t.Errorf("of nothing: %v", rows)
	}
}

// Keys of an index about to be made find the duplicates as MongoDB would.
func TestKeysOfAnIndexEntry(t *testing.T) {
	t.Parallel()
	plain, present := storage.Index{Fields: []storage.IndexField{asc("a"), asc("b")}, Unique: true}, storage.Index{Fields: []storage.IndexField{asc("a")}, Unique: true, IfPresent: true}
	list := storage.Index{Fields: []storage.IndexField{{Path: "l", Scale: -1, List: true}}, Unique: true}
	same := func(ix storage.Index, x, y storage.Doc) bool {
		for _, k := range keysOf(ix, x) {
			for _, o := range keysOf(ix, y) {
				if k == o {
					return true
				}
			}
		}
		return false
	}
	for _, c := range []struct {
		ix   storage.Index
		x, y storage.Doc
		want bool
	}{
		{plain, m{"a": "x", "b": dec("1.50")}, m{"a": "x", "b": dec("1.5")}, true}, {plain, m{"a": "x"}, m{"a": "x", "b": nil}, true},
		{plain, m{"a": "xy"}, m{"a": "x", "b": "y"}, false}, {plain, m{"a": "x", "b": "1"}, m{"a": "x", "b": int64(1)}, false},
		{present, m{}, m{}, false}, {present, m{"a": nil}, m{"a": nil}, true},
		{list, m{"l": []any{"1", "2"}}, m{"l": []any{"2", "3"}}, true}, {list, m{"l": []any{"1"}}, m{"l": []any{"2"}}, false},
	} {
		if got := same(c.ix, c.x, c.y); got != c.want {
			t.Errorf("%s: %v and %v clash: %v, want %v", c.ix.Name(), c.x, c.y, got, c.want)
		}
	}
}
