package record

import (
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

// Words are lower-cased one by one: that must give what lower-casing the whole
// text first would, for every character there is.
func TestLowerCaseKeepsWhatACharacterIs(t *testing.T) {
	t.Parallel()
	for r := rune(0); r <= unicode.MaxRune; r++ {
		l := unicode.ToLower(r)
		if isHan(r) != unicode.Is(unicode.Han, r) {
			t.Fatalf("isHan(%U) = %v", r, isHan(r))
		}
		was, is := unicode.IsLetter(r) || unicode.IsDigit(r), unicode.IsLetter(l) || unicode.IsDigit(l)
		if was != is || isHan(r) && l != r {
			t.Errorf("%U is a word character: %v, in lower case %v", r, was, is)
		}
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][]any{
		"": nil, " -- ": nil, "HRB400E 钢筋": {"hrb400e", "钢", "钢筋", "筋", "gj"},
		"A区a": {"a", "区", "q"}, "按月，按月": {"按", "按月", "月", "ay"}, "İX": {strings.ToLower("İX")},
	} {
		if diff := cmp.Diff(want, tokens(in)); diff != "" {
			t.Errorf("tokens(%q): %s", in, diff)
		}
	}
	if n := len(tokens(strings.Repeat("abc", 3) + manyWords(500))); n != maxTokens {
		t.Errorf("%d tokens, want %d", n, maxTokens)
	}
}

func manyWords(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(" w")
		b.WriteString(strings.Repeat("x", i%7))
		b.WriteByte(byte('a' + i%26))
		b.WriteByte(byte('a' + i/26))
	}
	return b.String()
}

func BenchmarkTokens(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		tokens("HRB400E 钢筋")
		tokens("浙江钢联物资有限公司")
		tokens("按月对账，次月付款")
	}
}
