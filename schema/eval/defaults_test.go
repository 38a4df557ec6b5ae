package eval_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/schema/formula"
)

// What does not change from one new record to the next is computed once; nobody
// may notice.
func TestDefaultsAreTheirOwnEachTime(t *testing.T) {
	t.Parallel()
	f := compile(t, parse(t, "f", formOf(xf("a", `"type":"number","default":2`)+","+xf("b", `"type":"number","formula":"a * 3"`), "")), nil)
	fc := &formula.Context{Zone: time.UTC, Lang: "en"}
	first := f.Defaults(fc)
	want := map[string]any{"a": dec("2"), "b": dec("6")}
	if diff := cmp.Diff(want, first, decimals); diff != "" {
		t.Fatal(diff)
	}
	first["a"] = "spoiled"
	delete(first, "b")
	if diff := cmp.Diff(want, f.Defaults(fc), decimals); diff != "" {
		t.Error("the defaults of one record reached the next: ", diff)
	}
	if diff := cmp.Diff(want, f.Defaults(nil), decimals); diff != "" {
		t.Error("without a context: ", diff)
	}
}

func TestDefaultsThatDependOnTheMoment(t *testing.T) {
	t.Parallel()
	for name, props := range map[string]string{
		"default":  xf("a", `"type":"date","default":"=TODAY()"`),
		"computed": xf("a", `"type":"date","formula":"TODAY()"`),
		"user":     xf("a", `"type":"text","formula":"USER.name"`),
	} {
		f := compile(t, parse(t, "f", formOf(props, "")), nil)
		at := func(day int) any {
			return f.Defaults(&formula.Context{Now: time.Date(2026, 11, day, 8, 0, 0, 0, time.UTC), Zone: time.UTC,
				User: formula.User{Name: string(rune('a' + day))}})["a"]
		}
		if a, b := at(1), at(2); a == b {
			t.Errorf("%s: %v on both days", name, a)
		}
	}
}
