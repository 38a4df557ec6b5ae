package storage_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/storage"
)

func TestNormalize(t *testing.T) {
	t.Parallel()
	east := time.FixedZone("east", 8*3600)
	in := m{"i": 1, "t": time.Date(2026, 1, 1, 8, 0, 0, 1_999_999, east), "l": []any{2, nil, m{"d": dec("1.50")}}}
	got, err := storage.Normalize(in)
	if err != nil {
		t.Fatal(err)
	}
	want := m{"i": int64(1), "t": time.Date(2026, 1, 1, 0, 0, 0, 1_000_000, time.UTC), "l": []any{int64(2), nil, m{"d": dec("1.50")}}}
	if diff := cmp.Diff(any(want), got); diff != "" {
		t.Error(diff)
	}
	for at, v := range map[string]any{"/l/1": m{"l": []any{"x", 1.5}}, "/m/k": m{"m": m{"k": uint8(1)}}, `"a.b"`: m{"a.b": "x"}, "/s": m{"s": "\xff"}} {
		if _, err := storage.Normalize(v); !errors.Is(err, storage.ErrInvalid) || !strings.Contains(err.Error(), at) {
			t.Errorf("got %v, want the place %s", err, at)
		}
	}
}

func TestIndexNames(t *testing.T) {
	t.Parallel()
	f := func(path string, scale int) storage.IndexField {
		return storage.IndexField{Path: path, Scale: scale}
	}
	for want, ix := range map[string]storage.Index{
		"state,-created_at":    {Fields: []storage.IndexField{f("state", -1), {Path: "created_at", Scale: -1, Desc: true}}},
		"data.amount#2":        {Fields: []storage.IndexField{f("data.amount", 2)}},
		"acl.part[]":           {Fields: []storage.IndexField{{Path: "acl.part", Scale: -1, List: true}}},
		"code(unique,present)": {Fields: []storage.IndexField{f("code", -1)}, Unique: true, IfPresent: true},
		"due(sparse)":          {Fields: []storage.IndexField{f("due", -1)}, Sparse: true},
		"until(expire)":        {Fields: []storage.IndexField{f("until", -1)}, Expire: true},
	} {
		if got := ix.Name(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestGrain(t *testing.T) {
	t.Parallel()
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2025, 12, 31, 16, 30, 0, 0, time.UTC) // 2026-01-01 00:30 in Shanghai
	for _, c := range []struct {
		v     any
		grain string
		want  any
	}{
		{at, "year", "2026"}, {at, "quarter", "2026-Q1"}, {at, "month", "2026-01"}, {at, "week", "2026-W01"}, {at, "day", "2026-01-01"}, {at, "hour", "2026-01-01T00"},
		{"2024-12-30", "week", "2025-W01"}, {"2026-06-30", "quarter", "2026-Q2"}, {"2026-06", "quarter", "2026-Q2"}, {"2026-06", "day", nil},
		{"2026", "year", "2026"}, {"2026", "month", nil}, {"2026-06-30", "hour", nil}, {"2026-13-01", "year", nil}, {"soon", "year", nil}, {"", "year", nil},
		{nil, "year", nil}, {int64(2026), "year", nil}, {[]any{"2026"}, "year", nil},
	} {
		if got := storage.Grain(c.v, c.grain, shanghai); got != c.want {
			t.Errorf("%v by %s: got %v, want %v", c.v, c.grain, got, c.want)
		}
	}
}
