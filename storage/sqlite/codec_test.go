package sqlite

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/storage"
)

func sampleDoc() storage.Doc {
	return storage.Doc{"_id": "0190c7d4b0f07a3b8e6d1f2a3b4c5d6e", "_rev": int64(3), "form": "cost.claim", "version": int64(4), "state": "active",
		"title": "Travel \"Shanghai\" 上海", "created_at": time.UnixMilli(1700000000123).UTC(),
		"data": map[string]any{"amount": decimal.MustParse("1234.50"), "paid": false, "note": nil, "reason": strings.Repeat("reason ", 40),
			"tags": []any{"a", "b"}, "lines": []any{map[string]any{"id": "r1", "qty": decimal.MustParse("2"), "price": decimal.MustParse("617.25")}}},
		"acl": map[string]any{"part": []any{"u1", "u2"}}}
}

func TestEncodedIsJSON(t *testing.T) {
	t.Parallel()
	text, err := encode(sampleDoc())
	if err != nil {
		t.Fatal(err)
	}
	var v map[string]any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	if v["_id"] != nil || v["_rev"] != nil {
		t.Error("the store's own keys are in the text")
	}
}

func TestDecodeOnlyWhatIsWanted(t *testing.T) {
	t.Parallel()
	text, err := encode(sampleDoc())
	if err != nil {
		t.Fatal(err)
	}
	got, err := decode(text, wanted("data.amount", "data.lines.qty", "data.note.x", "acl", "title.x", "none"))
	if err != nil {
		t.Fatal(err)
	}
	want := storage.Doc{"data": map[string]any{"amount": decimal.MustParse("1234.50"), "lines": []any{map[string]any{"qty": decimal.MustParse("2")}}},
		"acl": map[string]any{"part": []any{"u1", "u2"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestEncodeNamesThePlace(t *testing.T) {
	t.Parallel()
	for want, doc := range map[string]storage.Doc{
		"/a/1/b":  {"a": []any{"x", map[string]any{"b": 1.5}}},
		`"x.y"`:   {"x.y": 1},
		"/a/m":    {"a": map[string]any{"m": map[string]any{"$d": "1"}}},
		"/text: ": {"text": "\xff"},
	} {
		_, err := encode(doc)
		if !errors.Is(err, storage.ErrInvalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want the place %s", err, want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	text, err := encode(sampleDoc())
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{text, `{}`, `{"a":{"$d":"x"}}`, `{"a":{"$t":}}`, `{"a":"\u12`, `[`, `{"a":[1,,2]}`, `{"a" : [ 1 , "x" ] }`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		doc, err := decode(s, nil)
		if err != nil {
			return
		}
		if _, err := decode(s, wanted("a.b", "data.lines.qty")); err != nil {
			t.Fatalf("%q is read as a whole, but not in part: %v", s, err)
		}
		text, err := encode(doc)
		if err != nil {
			return // keys that only damaged documents have
		}
		again, err := decode(text, nil)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(doc, again); diff != "" {
			t.Fatalf("%s: -want +got\n%s", text, diff)
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	doc := sampleDoc()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := encode(doc); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	text, err := encode(sampleDoc())
	if err != nil {
		b.Fatal(err)
	}
	b.Run("whole", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := decode(text, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("two fields", func(b *testing.B) {
		want := wanted("data.amount", "state")
		for b.Loop() {
			if _, err := decode(text, want); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding/json", func(b *testing.B) {
		for b.Loop() {
			var v map[string]any
			if err := json.Unmarshal([]byte(text), &v); err != nil {
				b.Fatal(err)
			}
		}
	})
}
