package mongo

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"pgregory.net/rapid"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/storage"
)

func TestDocumentsComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	deep := map[string]any{"nil": nil, "yes": true, "no": false, "text": "a\x00中", "int": int64(math.MinInt64), "dec": dec("7.00"),
		"time": time.UnixMilli(-1).UTC(), "list": []any{nil, "x", int64(1), dec("1"), []any{}, []any{[]any{}}, map[string]any{}}}
	doc := storage.Doc{"_id": "a", "deep": deep, "n": 5, "t": noon}
	id, raw, err := encode(doc, 3)
	if err != nil || id != "a" {
		t.Fatal(id, err)
	}
	got, err := decode(raw)
	if err != nil {
		t.Fatal(err)
	}
	want := storage.Doc{"_id": "a", "_rev": int64(3), "deep": deep, "n": int64(5), "t": time.Date(2026, 1, 2, 4, 0, 0, 123_000_000, time.UTC)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// A decimal keeps its value and its places, at every size it can have.
func TestDecimalsKeepTheirPlaces(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"0", "0.00", "1.50", "-1.5", "0.00000000000000000001", "1234567890123456789012345678901234", "5e20", "1234567890123456789012345678901234e20", "-9.9e20",
		"-99999999999999.99999999999999999999", "9223372036854775807", "-9223372036854775808", "-922337203685477580.8"} {
		sameNumber(t, dec(s))
	}
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.StringMatching(`-?[0-9]{1,34}`).Draw(t, "digits")
		places := rapid.IntRange(0, 20).Draw(t, "places")
		if n := len(strings.TrimPrefix(digits, "-")); places < n {
			digits = digits[:len(digits)-places] + "." + digits[len(digits)-places:]
		}
		d, err := decimal.Parse(strings.TrimSuffix(digits, "."))
		if err != nil {
			t.Skip()
		}
		sameNumber(t, d)
	})
}

func sameNumber(t interface{ Fatalf(string, ...any) }, d decimal.Decimal) {
	b := number(d)
	got, err := fromNumber(b)
	if err != nil || got.String() != d.String() {
		t.Fatalf("%s is stored as %s and comes back as %s, %v", d, b, got, err)
	}
}

func TestNumbersOfOthersAreReadOrRefused(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"1E+3": "1000", "12E-1": "1.2", "1.000000000000000000000000": "1.00000000000000000000", "0E-30": "0.00000000000000000000", "-0": "0"} {
		b := must(bson.ParseDecimal128(in))
		if got, err := fromNumber(b); err != nil || got.String() != want {
			t.Errorf("%s is read as %s, %v, want %s", in, got, err, want)
		}
	}
	for _, in := range []string{"NaN", "Infinity", "-Infinity", "1E+60", "1E-21", "1E-6176"} {
		if got, err := fromNumber(must(bson.ParseDecimal128(in))); !errors.Is(err, storage.ErrInvalid) {
			t.Errorf("%s is read as %s, %v", in, got, err)
		}
	}
}

func TestBadDocumentsNameTheirPlace(t *testing.T) {
	t.Parallel()
	for place, v := range map[string]any{"/a/b/1": map[string]any{"b": []any{"x", 1.5}}, "/a/0": []any{"bad \xff"}, "/a": uint8(1)} {
		_, _, err := encode(storage.Doc{"_id": "x", "a": v}, 1)
		if !errors.Is(err, storage.ErrInvalid) || !strings.Contains(err.Error(), place+": ") {
			t.Errorf("%v: %v does not name %s", v, err, place)
		}
	}
	_, _, err := encode(storage.Doc{"_id": "x", "a": strings.Repeat("x", storage.MaxDocBytes)}, 1)
	if !errors.Is(err, storage.ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
	raw, err := bson.Marshal(bson.D{{Key: "_id", Value: "x"}, {Key: "a", Value: bson.A{bson.NewObjectID()}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := decode(raw); err == nil || !strings.Contains(err.Error(), "/a/0: ") {
		t.Errorf("a foreign type: %v", err)
	}
}

func TestCursorsAreChecked(t *testing.T) {
	t.Parallel()
	by := sorts("v")
	cursor, err := writeCursor(by, position{values: []any{dec("1.50")}, id: "a"})
	if err != nil {
		t.Fatal(err)
	}
	p, err := readCursor(by, cursor)
	if err != nil || p.id != "a" || !cmp.Equal(p.values, []any{dec("1.50")}) {
		t.Errorf("%v, %v", p, err)
	}
	for _, bad := range []string{"x" + cursor, cursor[:len(cursor)-4], "not a cursor", "AAAA", strings.Repeat("_", 40)} {
		if _, err := readCursor(by, bad); !errors.Is(err, storage.ErrInvalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if _, err := readCursor(sorts("w"), cursor); !errors.Is(err, storage.ErrInvalid) {
		t.Errorf("of another sort: %v", err)
	}
}

func FuzzReadCursor(f *testing.F) {
	cursor, _ := writeCursor(sorts("v"), position{values: []any{"x"}, id: "a"})
	f.Add(cursor)
	f.Fuzz(func(t *testing.T, s string) {
		p, err := readCursor(sorts("v"), s)
		if err == nil && p != nil {
			_, _ = after(sorts("v"), p)
		}
	})
}
