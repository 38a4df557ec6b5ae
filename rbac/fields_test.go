package rbac_test

import (
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/storage/filter"
)

func TestFieldsOfOneGroup(t *testing.T) {
	t.Parallel()
	g := group("g", "view", "edit")
	g.Fields = schema.GroupFields{Hide: []string{"secret"}, Mask: []string{"party"}, Readonly: []string{"amount", "lines.price"}}
	g.RowsOf = map[string][]string{"lines": {"add", "edit"}}
	f := planOf(t, wang(), app(g)).Form("cost.contract")
	got := f.Fields(map[string]any{})
	want := rbac.Fields{Default: rbac.FieldWrite,
		By: map[string]rbac.FieldRight{"secret": rbac.FieldHidden, "party": rbac.FieldMasked,
			"amount": rbac.FieldRead, "lines.price": rbac.FieldRead},
		Rows: map[string][]string{"lines": {"add", "edit"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for path, want := range map[string]rbac.FieldRight{"lines": rbac.FieldWrite, "lines.qty": rbac.FieldWrite,
		"lines.price": rbac.FieldRead, "secret": rbac.FieldHidden, "secret.part": rbac.FieldHidden} {
		if r := got.Of(path); r != want {
			t.Errorf("%s: %v, want %v", path, r, want)
		}
	}
	for path, want := range map[string]bool{"amount": true, "secret": false, "party": false, "sys.created_at": true, "lines.qty": true} {
		if f.CanSort(path) != want {
			t.Errorf("sort by %s: %v", path, !want)
		}
	}
}

func TestViewAloneWritesNothing(t *testing.T) {
	t.Parallel()
	f := planOf(t, wang(), app(group("g", "view"))).Form("cost.contract")
	if got := f.Fields(map[string]any{}); got.Default != rbac.FieldRead || len(got.By) != 0 {
		t.Errorf("fields %+v", got)
	}
	if got := f.Fields(nil); got.Default != rbac.FieldHidden {
		t.Errorf("fields of a new record %+v", got)
	}
}

func TestFieldsAddUpPerRecord(t *testing.T) {
	t.Parallel()
	all := group("all", "view")
	all.Fields.Hide = []string{"lines", "secret"}
	own := group("own", "view", "edit")
	own.Rows = "mine"
	own.Fields = schema.GroupFields{Hide: []string{"lines.price"}, Readonly: []string{"amount"}}
	f := planOf(t, wang(), app(all, own)).Form("cost.contract")
	mine, other := map[string]any{"created_by": "u-wang"}, map[string]any{"created_by": "u-li"}
	tests := []struct {
		path        string
		mine, other rbac.FieldRight
	}{
		{"amount", rbac.FieldRead, rbac.FieldRead},
		{"name", rbac.FieldWrite, rbac.FieldRead},
		{"secret", rbac.FieldWrite, rbac.FieldHidden},
		{"lines", rbac.FieldWrite, rbac.FieldHidden},
		{"lines.qty", rbac.FieldWrite, rbac.FieldHidden},
		// Neither group shows it: one hides the subtable, the other the column.
		{"lines.price", rbac.FieldHidden, rbac.FieldHidden},
	}
	for _, tt := range tests {
		if got := f.Fields(mine).Of(tt.path); got != tt.mine {
			t.Errorf("mine %s: %v, want %v", tt.path, got, tt.mine)
		}
		if got := f.Fields(other).Of(tt.path); got != tt.other {
			t.Errorf("other %s: %v, want %v", tt.path, got, tt.other)
		}
	}
	if f.CanSort("secret") || !f.CanSort("amount") {
		t.Error("sorting is allowed exactly where every group shows the field")
	}
	want := filter.Cmp{Path: "created_by", Op: filter.Eq, Value: "u-wang"}
	if diff := cmp.Diff(filter.Expr(want), f.FieldScope("secret")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(filter.True, f.FieldScope("amount")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(filter.False, f.FieldScope("lines.price")); diff != "" {
		t.Error(diff)
	}
}

func TestRowOperationsAddUp(t *testing.T) {
	t.Parallel()
	a, b := group("a", "view", "edit"), group("b", "view", "edit")
	a.RowsOf = map[string][]string{"lines": {"add"}}
	b.RowsOf = map[string][]string{"lines": {"edit", "add"}}
	b.Rows = "mine"
	f := planOf(t, wang(), app(a, b)).Form("cost.contract")
	if diff := cmp.Diff([]string{"add", "edit"}, f.Fields(map[string]any{"created_by": "u-wang"}).Rows["lines"]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"add"}, f.Fields(map[string]any{}).Rows["lines"]); diff != "" {
		t.Error(diff)
	}
	b.RowsOf = nil
	f = planOf(t, wang(), app(a, b)).Form("cost.contract")
	if _, limited := f.Fields(map[string]any{"created_by": "u-wang"}).Rows["lines"]; limited {
		t.Error("a group that limits nothing allows all")
	}
	a.RowsOf["lines"] = []string{}
	f = planOf(t, wang(), app(a)).Form("cost.contract")
	if ops, limited := f.Fields(map[string]any{}).Rows["lines"]; !limited || len(ops) != 0 {
		t.Error("an empty list allows nothing")
	}
}

func TestPlansAreSafeToShare(t *testing.T) {
	t.Parallel()
	own := group("own", "view", "edit")
	own.Rows = "mine"
	f := planOf(t, wang(), app(group("all", "view"), own)).Form("cost.contract")
	var wg sync.WaitGroup
	for i := range 8 {
		doc, want := map[string]any{"created_by": "u-wang"}, rbac.FieldWrite
		if i%2 == 0 {
			doc, want = map[string]any{"created_by": "u-li"}, rbac.FieldRead
		}
		wg.Go(func() {
			for range 200 {
				if got := f.Fields(doc).Of("amount"); got != want {
					t.Errorf("%v, want %v", got, want)
					return
				}
			}
		})
	}
	wg.Wait()
}
