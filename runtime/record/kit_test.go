package record_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/internal/kit"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/storage"
)

type m = kit.M

var ctx = context.Background()

// refused holds an error against its code and the code at one place ("" = any).
func refused(t *testing.T, err error, code, path, at string) {
	t.Helper()
	var fe *fault.Error
	if !errors.As(err, &fe) || fe.Code != code {
		t.Fatalf("error %v, want %s", err, code)
	}
	if at != "" && !slices.ContainsFunc(fe.Fields, func(f fault.Field) bool { return f.Path == path && f.Code == at }) {
		t.Errorf("no %s at %s: %v", at, path, fe.Fields)
	}
}

func save(t *testing.T, w *kit.World, user, form, id string, p record.Patch) (*record.Record, error) {
	t.Helper()
	rec, err := w.Records.Load(ctx, form, id)
	if err != nil {
		t.Fatal(err)
	}
	return w.Records.Save(ctx, w.As(user), w.Flow, form, id, record.SaveInput{Rev: rec.Rev(), Patch: p})
}

func mustSave(t *testing.T, w *kit.World, user, form, id string, p record.Patch) *record.Record {
	t.Helper()
	rec, err := save(t, w, user, form, id, p)
	if err != nil {
		t.Fatalf("save by %s: %v", user, err)
	}
	return rec
}

// shows is a record as a user sees it, "" when he does not.
func shows(t *testing.T, w *kit.World, user, form, id string) *record.Out {
	t.Helper()
	a := w.As(user)
	rec, _, err := w.Records.Get(ctx, a, form, id)
	if fault.KindOf(err) == fault.NotFound && err != nil {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	out, err := w.Records.Show(ctx, a, rec)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b decimal.Decimal) bool { return a.Cmp(b) == 0 })); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func dec(s string) decimal.Decimal {
	d, err := decimal.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// rowsOf maps the rows of a stored subtable by one of their columns to their ids.
func rowsOf(rec *record.Record, table, column string) map[any]string {
	out := map[any]string{}
	list, _ := rec.Data()[table].([]any)
	for _, r := range list {
		row := r.(m)
		out[row[column]] = row["id"].(string)
	}
	return out
}

// column lists one column of a stored subtable in the order of its rows.
func column(rec *record.Record, table, name string) []any {
	var out []any
	list, _ := rec.Data()[table].([]any)
	for _, r := range list {
		out = append(out, r.(m)[name])
	}
	return out
}

var noGuard storage.Guard

func setTo(path string, v any) storage.Patch { return storage.Patch{Set: map[string]any{path: v}} }
