package record

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTokens(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want []any
	}{
		{"", nil},
		{" ,;—。", nil},
		{"HRB400E", []any{"hrb400e"}},
		{"Order No. 12", []any{"order", "no", "12"}},
		{"钢", []any{"钢", "g"}},
		{"钢筋", []any{"钢", "钢筋", "筋", "gj"}},
		{"HRB钢筋x2", []any{"hrb", "钢", "钢筋", "筋", "gj", "x2"}},
		{"钢钢 钢", []any{"钢", "钢钢", "gg", "g"}},
		{"a b a", []any{"a", "b"}},
		{"𠀀一", []any{"𠀀", "𠀀一", "一", "hy"}},
		{"naïve Ärger", []any{"naïve", "ärger"}},
	} {
		if diff := cmp.Diff(c.want, tokens(c.text)); diff != "" {
			t.Errorf("tokens(%q): %s", c.text, diff)
		}
	}
}

// Long texts change the way repeats are found; neither repeats nor more than
// the bound may come of it.
func TestTokensOfLongTexts(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 300 {
		fmt.Fprintf(&b, "w%d w%d ", i, i/2)
	}
	got := tokens(b.String())
	if len(got) != maxTokens {
		t.Errorf("%d tokens, want %d", len(got), maxTokens)
	}
	seen := map[any]bool{}
	for _, x := range got {
		if seen[x] {
			t.Errorf("%v twice", x)
		}
		seen[x] = true
	}
}

func BenchmarkTokens(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		tokens("浙江钢联物资有限公司")
		tokens("按月对账，次月付款")
		tokens("HRB400E 钢筋")
	}
}
