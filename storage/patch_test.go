package storage_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/storage"
)

type m = map[string]any

func dec(s string) decimal.Decimal { return decimal.MustParse(s) }

func TestPatchApply(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before storage.Doc
		patch  storage.Patch
		want   storage.Doc
	}{
		"set makes maps":          {m{}, storage.Patch{Set: m{"a.b.c": 1}}, m{"a": m{"b": m{"c": int64(1)}}}},
		"set in a list":           {m{"l": []any{m{"v": "1"}}}, storage.Patch{Set: m{"l.0.v": "2"}}, m{"l": []any{m{"v": "2"}}}},
		"set at the end":          {m{"l": []any{"x"}}, storage.Patch{Set: m{"l.1": "y"}}, m{"l": []any{"x", "y"}}},
		"set beyond fills":        {m{"l": []any{}}, storage.Patch{Set: m{"l.2.v": "y"}}, m{"l": []any{nil, nil, m{"v": "y"}}}},
		"unset":                   {m{"a": m{"b": "1", "c": "2"}}, storage.Patch{Unset: []string{"a.b", "x.y", "a.c.d"}}, m{"a": m{"c": "2"}}},
		"unset keeps places":      {m{"l": []any{"x", "y"}}, storage.Patch{Unset: []string{"l.0"}}, m{"l": []any{nil, "y"}}},
		"unset crosses no list":   {m{"l": []any{m{"v": "1"}}}, storage.Patch{Unset: []string{"l.v", "l.v.0"}[:1]}, m{"l": []any{m{"v": "1"}}}},
		"inc of integers":         {m{"n": int64(1)}, storage.Patch{Inc: m{"n": 2, "new": int64(-1)}}, m{"n": int64(3), "new": int64(-1)}},
		"inc makes a decimal":     {m{"n": int64(1)}, storage.Patch{Inc: m{"n": dec("0.5")}}, m{"n": dec("1.5")}},
		"inc keeps a decimal":     {m{"n": dec("1.50")}, storage.Patch{Inc: m{"n": int64(1)}}, m{"n": dec("2.50")}},
		"push":                    {m{"l": []any{"x"}}, storage.Patch{Push: map[string][]any{"l": {"y", 1}, "n.l": {"z"}}}, m{"l": []any{"x", "y", int64(1)}, "n": m{"l": []any{"z"}}}},
		"pull by value":           {m{"l": []any{dec("1.0"), "x", int64(1), m{"a": "b"}}}, storage.Patch{Pull: map[string][]any{"l": {1, m{"a": "b"}}}}, m{"l": []any{"x"}}},
		"neighbours do not clash": {m{}, storage.Patch{Set: m{"a.b": "1", "a.bc": "2", "ab": "3"}}, m{"a": m{"b": "1", "bc": "2"}, "ab": "3"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := c.patch.Apply(c.before); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, c.before); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPatchRefuses(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]storage.Patch{
		"one path twice":     {Set: m{"s": "1"}, Unset: []string{"s"}},
		"a path and a part":  {Set: m{"a": m{}}, Push: map[string][]any{"a.b": {"1"}}},
		"_id":                {Set: m{"_id": "x"}},
		"_rev":               {Inc: m{"_rev": 1}},
		"no path":            {Set: m{"": "x"}},
		"an operator":        {Set: m{"a.$b": "x"}},
		"a type":             {Set: m{"a": 1.5}},
		"a type deep down":   {Set: m{"a": []any{m{"b": float32(1)}}}},
		"inc by a text":      {Inc: m{"n": "1"}},
		"inc of a text":      {Inc: m{"s": 1}},
		"inc of null":        {Inc: m{"null": 1}},
		"inc beyond int64":   {Inc: m{"max": int64(1)}},
		"push on a text":     {Push: map[string][]any{"s": {"x"}}},
		"pull from a number": {Pull: map[string][]any{"n": {"x"}}},
		"through a text":     {Set: m{"s.x": "1"}},
		"through null":       {Set: m{"null.x": "1"}},
		"across a list":      {Set: m{"l.x": "1"}},
		"far beyond a list":  {Set: m{"l.99999": "1"}},
		"inc across a list":  {Inc: m{"l.x": 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc := m{"s": "text", "n": int64(1), "null": nil, "l": []any{m{"x": int64(1)}}, "max": int64(1<<63 - 1)}
			if err := p.Apply(doc); !errors.Is(err, storage.ErrInvalid) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// What is put in does not stay shared with the caller.
func TestPatchCopies(t *testing.T) {
	t.Parallel()
	shared := m{"k": "v"}
	list := make([]any, 1, 8)
	doc := m{"l": list}
	p := storage.Patch{Set: m{"a": shared}, Push: map[string][]any{"l": {shared}}}
	if err := p.Apply(doc); err != nil {
		t.Fatal(err)
	}
	shared["k"] = "changed"
	if diff := cmp.Diff(m{"a": m{"k": "v"}, "l": []any{nil, m{"k": "v"}}}, doc); diff != "" {
		t.Error(diff)
	}
	if list[:2][1] != nil {
		t.Error("push wrote into the caller's list")
	}
}
