package pinyin_test

import (
	"slices"
	"testing"

	"github.com/formwork-run/formwork/internal/pinyin"
)

func TestInitials(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"张三": "zs", "模板工程": "mbgc", "abc": "", "一号楼 B 座": "yhlz", "": ""} {
		for range 2 { // the second time from the cache
			if got := pinyin.Initials(in); got != want {
				t.Errorf("Initials(%q) = %q, want %q", in, got, want)
			}
		}
	}
}

func TestReadingsOfACharacterWithSeveral(t *testing.T) {
	t.Parallel()
	got := pinyin.Readings('重')
	if len(got) < 2 || !slices.Contains(got, "zhong") || !slices.Contains(got, "chong") {
		t.Errorf("Readings(重) = %v, want zhong and chong", got)
	}
	if pinyin.Readings('x') != nil {
		t.Error("a Latin letter has a reading")
	}
}
