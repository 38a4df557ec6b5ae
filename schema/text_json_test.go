package schema_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/schema"
)

func TestTextReadsStringAndMapping(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in   string
		want schema.Text
		out  string
	}{
		{`"金额"`, schema.Plain("金额"), `"金额"`},
		{`""`, schema.Plain(""), `""`},
		{`null`, nil, `null`},
		{`{"zh-CN":"金额","en":"Amount"}`, schema.Text{"zh-CN": "金额", "en": "Amount"}, `{"en":"Amount","zh-CN":"金额"}`},
		{`{"":"x","en":"y"}`, schema.Text{"": "x", "en": "y"}, `{"":"x","en":"y"}`},
	}
	for _, tt := range tests {
		var got schema.Text
		if err := json.Unmarshal([]byte(tt.in), &got); err != nil {
			t.Errorf("%s: %v", tt.in, err)
			continue
		}
		if d := cmp.Diff(tt.want, got); d != "" {
			t.Errorf("%s: %s", tt.in, d)
		}
		out, err := json.Marshal(got)
		if err != nil || string(out) != tt.out {
			t.Errorf("%s written as %s (%v), want %s", tt.in, out, err, tt.out)
		}
	}
}

func TestTextRefusesOtherShapes(t *testing.T) {
	t.Parallel()
	for _, in := range []string{`1`, `true`, `["x"]`, `{"en":1}`, `{"zh_CN":"x"}`, `{"EN":"x"}`} {
		var got schema.Text
		if err := json.Unmarshal([]byte(in), &got); err == nil {
			t.Errorf("%s was read as %v", in, got)
		}
	}
}
