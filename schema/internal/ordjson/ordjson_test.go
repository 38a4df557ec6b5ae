package ordjson_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/formwork-run/formwork/schema/internal/ordjson"
	"github.com/google/go-cmp/cmp"
)

func TestParseKeepsOrderAndNumbers(t *testing.T) {
	t.Parallel()
	src := `{"z":1.50,"a":[true,null,"x\n\u4e2d\ud83d\ude00"],"m":{"k":-1e3}}`
	v, err := ordjson.Parse([]byte(" "+src+"\n"), 8)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"z":1.50,"a":[true,null,"x\n中😀"],"m":{"k":-1e3}}`
	if got := string(ordjson.Marshal(v)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if v.Text != src {
		t.Errorf("source text = %q", v.Text)
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, src, code, path string }{
		{"empty", ``, "syntax", ""},
		{"trailing comma", `[1,]`, "syntax", "/1"},
		{"trailing text", `1 2`, "syntax", ""},
		{"leading zero", `01`, "syntax", ""},
		{"bare point", `1.`, "syntax", ""},
		{"control character", "\"a\nb\"", "syntax", ""},
		{"half surrogate", `{"a":"\ud800"}`, "syntax", "/a"},
		{"not UTF-8", "\"\xff\"", "syntax", ""},
		{"duplicate key", `{"a":{"b/c":1,"b/c":2}}`, "duplicate", "/a/b~1c"},
		{"too deep", `{"a":[[[1]]]}`, "depth", "/a/0/0"},
		{"unterminated", `{"a":"x`, "syntax", "/a"},
		{"no colon", `{"a" 1}`, "syntax", ""},
		{"unclosed", `[1`, "syntax", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := ordjson.Parse([]byte(c.src), 3)
			var e *ordjson.Error
			if !errors.As(err, &e) {
				t.Fatalf("error = %v", err)
			}
			if e.Code != c.code || e.Path != c.path {
				t.Errorf("code %q path %q, want %q %q (%v)", e.Code, e.Path, c.code, c.path, e)
			}
		})
	}
}

func TestSetAndWithout(t *testing.T) {
	t.Parallel()
	v := ordjson.Value{}.Set("b", ordjson.Num("1")).Set("a", ordjson.Flag(true)).Set("b", ordjson.Strings("x"))
	if got := string(ordjson.Marshal(v)); got != `{"b":["x"],"a":true}` {
		t.Error(got)
	}
	if got := string(ordjson.Marshal(v.Without("b"))); got != `{"a":true}` {
		t.Error(got)
	}
}

// FuzzParse compares with encoding/json: what it refuses is refused here, what
// is accepted here means the same there.
func FuzzParse(f *testing.F) {
	for _, s := range []string{`{"a":[1,2.5e-3,"x"],"b":null}`, `"\u00e9\\\""`, `[[[[]]]]`, `{"a":1,"a":2}`, `-0`, `"\ud83d\ude00"`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		v, err := ordjson.Parse(raw, 64)
		valid := json.Valid(raw) && utf8.Valid(raw)
		if err == nil != valid {
			var e *ordjson.Error
			if errors.As(err, &e) && (e.Code != "syntax" || strings.Contains(e.Msg, "surrogate")) {
				return // stricter on purpose
			}
			t.Fatalf("%q: valid %v, error %v", raw, valid, err)
		}
		if err != nil {
			return
		}
		again := ordjson.Marshal(v)
		if diff := cmp.Diff(decode(t, raw), decode(t, again)); diff != "" {
			t.Fatal(diff)
		}
	})
}

func decode(t *testing.T, raw []byte) any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}
