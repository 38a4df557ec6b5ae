package schema_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/schema"
	"github.com/google/go-cmp/cmp"
)

// decimals compares decimals as they are written.
var decimals = cmp.Comparer(func(a, b decimal.Decimal) bool { return a.String() == b.String() })

func dec(s string) decimal.Decimal { return decimal.MustParse(s) }

func decoder(t testing.TB) *schema.Decoder {
	return schema.NewDecoder(parseFile(t, "all_types").Fields)
}

// TestDecodeEncode is the table of values: JSON in, stored, JSON out.
func TestDecodeEncode(t *testing.T) {
	t.Parallel()
	d := decoder(t)
	file := map[string]any{"id": "f1", "name": "a.pdf", "size": int64(7), "type": "application/pdf"}
	for _, c := range []struct {
		field, in string
		stored    any
		out       string // "" = same as in
	}{
		{"t_text", `"abc"`, "abc", ""},
		{"t_text", `""`, nil, "null"},
		{"t_text", `null`, nil, "null"},
		{"t_textarea", `"a\n\tb"`, "a\n\tb", ""},
		{"t_number", `1.50`, dec("1.50"), `"1.50"`},
		{"t_number", `"1.5"`, dec("1.5"), `"1.5"`},
		{"t_number", `1.2340000`, dec("1.234"), `"1.234"`},
		{"t_number", `""`, nil, "null"},
		{"t_money", `-0.10`, dec("-0.10"), `"-0.10"`},
		{"t_money", `123456789012345678901234567890.12`, dec("123456789012345678901234567890.12"), `"123456789012345678901234567890.12"`},
		{"t_percent", `0.15`, dec("0.15"), `"0.15"`},
		{"t_rating", `3`, dec("3"), `"3"`},
		{"t_switch", `false`, false, ""},
		{"t_year", `"2024"`, "2024", ""},
		{"t_month", `"2024-02"`, "2024-02", ""},
		{"t_date", `"2024-02-29"`, "2024-02-29", ""},
		{"t_instant", `"2024-01-01T08:30:00.1234+08:00"`, time.Date(2024, 1, 1, 0, 30, 0, 123e6, time.UTC), `"2024-01-01T00:30:00.123Z"`},
		{"t_instant", `"2024-01-01T00:30:00Z"`, time.Date(2024, 1, 1, 0, 30, 0, 0, time.UTC), ""},
		{"t_range", `{"end":"2024-02-01","start":"2024-01-01"}`, map[string]any{"start": "2024-01-01", "end": "2024-02-01"}, ""},
		{"t_range", `{"start":null,"end":""}`, nil, "null"},
		{"t_time", `"23:59"`, "23:59", ""},
		{"t_time", `"23:59:01"`, "23:59:01", ""},
		{"t_radio", `"b"`, "b", ""},
		{"t_checkbox", `["a","b","a"]`, []any{"a", "b"}, `["a","b"]`},
		{"t_checkbox", `[]`, nil, "null"},
		{"t_select", `"whatever another form says"`, "whatever another form says", ""},
		{"t_cascade", `["x","x2"]`, []any{"x", "x2"}, ""},
		{"t_member", `"u1"`, "u1", ""},
		{"t_members", `["u1","u2","u1"]`, []any{"u1", "u2"}, `["u1","u2"]`},
		{"t_role", `"base.pm"`, "base.pm", ""},
		{"t_phone", `"+86 (10) 1234-5678"`, "+86 (10) 1234-5678", ""},
		{"t_email", `"a.b@example.com"`, "a.b@example.com", ""},
		{"t_url", `"https://example.com/x?y=1"`, "https://example.com/x?y=1", ""},
		{"t_idcard", `"11010519491231002x"`, "11010519491231002X", `"11010519491231002X"`},
		{"t_address", `{"detail":"1号","region":["北京"]}`, map[string]any{"region": []any{"北京"}, "detail": "1号"}, ""},
		{"t_region", `["浙江","杭州"]`, []any{"浙江", "杭州"}, ""},
		{"t_location", `{"address":"x","lat":"30.25","lng":120.1}`, map[string]any{"lng": dec("120.1"), "lat": dec("30.25"), "address": "x"}, `{"address":"x","lat":"30.25","lng":"120.1"}`},
		{"t_attachment", `[{"id":"f1","name":"a.pdf","size":7,"type":"application/pdf"}]`, []any{file}, ""},
		{"t_signature", `{"id":"f1","name":"a.pdf","size":7,"type":"application/pdf"}`, file, ""},
		{"t_sub", `[{"c_text":"x","id":"r1"}]`, []any{map[string]any{"id": "r1", "c_text": "x"}}, ""},
		{"t_sub", `[]`, nil, "null"},
		{"t_relation", `"0123abc"`, "0123abc", ""},
		{"t_relations", `["r1"]`, []any{"r1"}, ""},
		{"t_rollup", `"12"`, dec("12"), ""},
		{"t_formula", `3.50`, dec("3.50"), `"3.50"`},
		{"t_color", `"#1677FF"`, "#1677ff", `"#1677ff"`},
		{"t_json", `{"a":[1.50,null,"x"],"b":{}}`, map[string]any{"a": []any{dec("1.50"), nil, "x"}, "b": map[string]any{}}, ""},
		{"t_lookup", `"anything"`, nil, "null"},
	} {
		stored, errs := d.DecodeField(c.field, json.RawMessage(c.in), nil)
		if len(errs) > 0 {
			t.Errorf("%s %s: %+v", c.field, c.in, errs)
			continue
		}
		if diff := cmp.Diff(c.stored, stored, decimals); diff != "" {
			t.Errorf("%s %s: stored %s", c.field, c.in, diff)
		}
		if c.out == "" {
			c.out = c.in
		}
		if out, _ := json.Marshal(d.Codec(c.field).Encode(stored)); string(out) != c.out {
			t.Errorf("%s %s: out %s, want %s", c.field, c.in, out, c.out)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	d := decoder(t)
	for _, c := range []struct{ field, in, code, path string }{
		{"t_text", `1`, "type", ""},
		{"t_text", `"ABC"`, "pattern", ""},
		{"t_text", `"a\nb"`, "format", ""},
		{"t_text", `"a\u0000"`, "format", ""},
		{"t_text", `"aaaaaaaaaaa"`, "max_length", ""},
		{"t_number", `1.2345`, "scale", ""},
		{"t_number", `-1`, "min", ""},
		{"t_number", `100.501`, "max", ""},
		{"t_number", `"1,5"`, "type", ""},
		{"t_number", `"NaN"`, "type", ""},
		{"t_number", `1e1000000`, "type", ""},
		{"t_number", `true`, "type", ""},
		{"t_rating", `4`, "max", ""},
		{"t_rating", `1.5`, "scale", ""},
		{"t_slider", `9`, "min", ""},
		{"t_switch", `"true"`, "type", ""},
		{"t_year", `"2024-01"`, "format", ""},
		{"t_month", `"2024-13"`, "format", ""},
		{"t_date", `"2023-02-29"`, "format", ""},
		{"t_date", `"2019-12-31"`, "min", ""},
		{"t_date", `"2031-01-01"`, "max", ""},
		{"t_instant", `"2024-01-01 08:30"`, "format", ""},
		{"t_range", `{"start":"2024-02-01","end":"2024-01-31"}`, "min", "/end"},
		{"t_range", `{"start":"2024-02-01"}`, "required", "/end"},
		{"t_range", `{"start":"2024-02-01","end":"2024-02-01","x":1}`, "unknown_field", "/x"},
		{"t_time", `"24:00"`, "format", ""},
		{"t_time", `"8:00"`, "format", ""},
		{"t_radio", `"c"`, "option", ""},
		{"t_checkbox", `["a","c"]`, "option", "/1"},
		{"t_checkbox", `"a"`, "type", ""},
		{"t_checkbox", `["a",1]`, "type", "/1"},
		{"t_cascade", `["x","y"]`, "option", "/1"},
		{"t_member", `"a b"`, "format", ""},
		{"t_members", `["u1",""]`, "format", "/1"},
		{"t_phone", `"call me"`, "format", ""},
		{"t_email", `"Li <li@example.com>"`, "format", ""},
		{"t_url", `"javascript:alert(1)"`, "format", ""},
		{"t_idcard", `"110105194912310021"`, "format", ""},
		{"t_region", `["a","b","c","d","e","f"]`, "max_items", ""},
		{"t_location", `{"lng":181,"lat":0}`, "max", "/lng"},
		{"t_location", `{"lng":1}`, "required", "/lat"},
		{"t_attachment", `[{"name":"a.pdf"}]`, "required", "/0/id"},
		{"t_attachment", `[{"id":"f1","name":"a.exe"}]`, "format", "/0"},
		{"t_attachment", `[{"id":"f1","name":"a.pdf","size":1001}]`, "too_large", "/0"},
		{"t_image", `[{"id":"f1","type":"text/html"}]`, "format", "/0"},
		{"t_sub", `[{"c_text":1}]`, "type", "/0/c_text"},
		{"t_sub", `[{"nope":1}]`, "unknown_field", "/0/nope"},
		{"t_sub", `[{"id":"r"},{"id":"r"}]`, "format", "/1/id"},
		{"t_sub", `[{},{},{},{}]`, "max_items", ""},
		{"t_sub", `{}`, "type", ""},
		{"t_color", `"red"`, "format", ""},
		{"t_json", `{"a":[1e99]}`, "type", "/a/0"},
		{"t_json", strings.Repeat("[", 40) + strings.Repeat("]", 40), "depth", strings.Repeat("/0", 32)},
		{"nope", `1`, "unknown_field", ""},
		{"t_sub.nope", `1`, "unknown_field", ""},
		{"t_text.nope", `1`, "unknown_field", ""},
	} {
		_, errs := d.DecodeField(c.field, json.RawMessage(c.in), nil)
		if len(errs) != 1 || errs[0].Code != c.code || errs[0].Path != c.path {
			t.Errorf("%s %s: %+v, want %s at %q", c.field, c.in, errs, c.code, c.path)
		}
	}
}

func TestDecodeRecord(t *testing.T) {
	t.Parallel()
	d := decoder(t)
	src := &ids.Sequence{Prefix: "row"}
	got, errs := d.Decode(json.RawMessage(`{"t_text":null,"t_sub":[{"c_text":"x","c_look":"y"},{"id":"a","c_text":null}],"t_reverse":[1]}`), src.New)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	want := map[string]any{"t_text": nil, "t_sub": []any{map[string]any{"id": "row1", "c_text": "x"}, map[string]any{"id": "a", "c_text": nil}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, errs = d.Decode(json.RawMessage(`{"x/y":1,"t_number":"z","t_sub":[{"c_text":2}]}`), nil); len(errs) != 3 ||
		errs[0].Path != "/x~1y" || errs[1].Path != "/t_number" || errs[2].Path != "/t_sub/0/c_text" {
		t.Errorf("errors = %+v", errs)
	}
	if _, errs = d.Decode(json.RawMessage(`[]`), nil); len(errs) != 1 || errs[0].Code != "type" {
		t.Errorf("errors = %+v", errs)
	}
	big := json.RawMessage(`{"t_textarea":"` + strings.Repeat("x", schema.MaxDataBytes) + `"}`)
	if _, errs = d.Decode(big, nil); len(errs) != 1 || errs[0].Code != "too_large" {
		t.Errorf("errors = %+v", errs)
	}
}

func FuzzDecode(f *testing.F) {
	d := schema.NewDecoder(parseFile(f, "all_types").Fields)
	f.Add([]byte(`{"t_number":1.5,"t_sub":[{"c_text":"x","id":"r"}],"t_json":{"a":[1]},"t_location":{"lng":1,"lat":2},"t_range":{"start":"2024-01-01","end":"2024-01-02"}}`))
	f.Add([]byte(`{"t_attachment":[{"id":"f","size":1}],"t_instant":"2024-01-01T00:00:00Z","t_cascade":["x","x1"],"t_idcard":"11010519491231002X"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		n := 0
		newID := func() string { n++; return "new" + strings.Repeat("x", n%40) }
		data, errs := d.Decode(raw, newID)
		if len(errs) > 0 {
			return
		}
		wire, err := json.Marshal(d.Encode(data))
		if err != nil {
			t.Fatal(err)
		}
		for k, v := range data {
			if v == nil {
				delete(data, k)
			}
		}
		again, errs := d.Decode(wire, newID)
		if len(errs) > 0 {
			t.Fatalf("%s is refused: %+v", wire, errs)
		}
		if diff := cmp.Diff(data, again, decimals); diff != "" && !strings.Contains(string(raw), "null") {
			t.Fatal(diff)
		}
	})
}
