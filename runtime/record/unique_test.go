package record_test

import (
	"testing"

	"github.com/formwork-run/formwork/runtime/flow"
	"github.com/formwork-run/formwork/runtime/internal/kit"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/storage/filter"
)

func TestUnique(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	a := w.Create("kim", "lab.item", m{"name": "a", "code": "C1", "day": "2024-05-01"})
	_, err := w.TryCreate("ann", "lab.item", m{"name": "b", "code": "C1"}, true)
	refused(t, err, "record.duplicate", "/code", "duplicate")
	_, err = w.TryCreate("ann", "lab.item", m{"name": "a", "day": "2024-05-01"}, true)
	refused(t, err, "record.duplicate", "/day", "duplicate")
	w.Create("ann", "lab.item", m{"name": "a"}) // a blank among them frees the whole
	w.Create("ann", "lab.item", m{"name": "a"})
	if _, err := w.TryCreate("ann", "lab.item", m{"name": "d", "code": "C1"}, false); err != nil {
		t.Errorf("a draft holds nothing: %v", err)
	}
	b := w.Create("ann", "lab.item", m{"name": "b", "code": "C2"})
	_, err = save(t, w, "ann", "lab.item", b.ID(), kit.Set(m{"code": "C1"}))
	refused(t, err, "record.duplicate", "/code", "duplicate")
	mustSave(t, w, "kim", "lab.item", a.ID(), kit.Set(m{"code": "C9"}))
	mustSave(t, w, "ann", "lab.item", b.ID(), kit.Set(m{"code": "C1"}))
}

func TestUniqueAndTrash(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	a := w.Create("kim", "lab.item", m{"name": "a", "code": "C1", "secret": "s"})
	if err := w.Records.Delete(ctx, w.As("ann"), "lab.item", a.ID(), a.Rev()); err != nil {
		t.Fatal(err)
	}
	if shows(t, w, "kim", "lab.item", a.ID()) != nil || len(w.Docs("rec_lab__item")) != 0 {
		t.Error("a deleted record is still there")
	}
	b := w.Create("kim", "lab.item", m{"name": "b", "code": "C1"})
	_, err := w.Records.Restore(ctx, w.As("kim"), "lab.item", a.ID())
	refused(t, err, "record.duplicate", "/code", "duplicate")
	if list, _, _ := w.Records.Trash(ctx, w.As("kim"), "lab.item", ""); len(list) != 1 {
		t.Errorf("what cannot be restored stays in the trash: %v", list)
	}
	mustSave(t, w, "kim", "lab.item", b.ID(), kit.Set(m{"code": "C2"}))
	if _, err := w.Records.Restore(ctx, w.As("rita"), "lab.item", a.ID()); err == nil {
		t.Error("a reader restores nothing")
	}
	back, err := w.Records.Restore(ctx, w.As("ann"), "lab.item", a.ID())
	if err != nil {
		t.Fatal(err)
	}
	same(t, "data", m{"no": "I00001", "name": "a", "code": "C1", "secret": "s"}, back.Data())
	if n := len(w.Docs("trash")); n != 0 {
		t.Errorf("%d in the trash", n)
	}
	_, err = save(t, w, "kim", "lab.item", b.ID(), kit.Set(m{"code": "C1"}))
	refused(t, err, "record.duplicate", "/code", "duplicate")

	// What happens to it now is history of its own, beside that of before.
	mustSave(t, w, "kim", "lab.item", a.ID(), kit.Set(m{"name": "a2"}))
	mustSave(t, w, "kim", "lab.item", a.ID(), kit.Set(m{"name": "a3"}))
	if err := w.Records.Delete(ctx, w.As("ann"), "lab.item", a.ID(), 0); err != nil {
		t.Fatal(err)
	}
	if back, err = w.Records.Restore(ctx, w.As("ann"), "lab.item", a.ID()); err != nil || back.Data()["name"] != "a3" {
		t.Fatalf("deleted again and restored: %v %v", back, err)
	}
	mustSave(t, w, "kim", "lab.item", a.ID(), kit.Set(m{"name": "a4"}))
	mustSave(t, w, "kim", "lab.item", a.ID(), kit.Set(m{"name": "a5"}))
	if _, _, h := history(t, w, "kim", "lab.item", a.ID()); len(h) != 4 {
		t.Errorf("%d changes in the history, want 4", len(h))
	}
}

// TestTrashHoldsTheLastState: restoring broke off after the record was back and
// before it left the trash; what is deleted then is the record as it is now.
func TestTrashHoldsTheLastState(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	a := w.Create("kim", "lab.item", m{"name": "old"})
	del := func() {
		t.Helper()
		if err := w.Records.Delete(ctx, w.As("kim"), "lab.item", a.ID(), 0); err != nil {
			t.Fatal(err)
		}
	}
	del()
	old := w.Docs("trash")[0]
	if _, err := w.Records.Restore(ctx, w.As("kim"), "lab.item", a.ID()); err != nil {
		t.Fatal(err)
	}
	if err := w.Store.Collection("trash").Insert(ctx, old); err != nil { // as if it had not been removed
		t.Fatal(err)
	}
	mustSave(t, w, "kim", "lab.item", a.ID(), kit.Set(m{"name": "new"}))
	del()
	back, err := w.Records.Restore(ctx, w.As("kim"), "lab.item", a.ID())
	if err != nil || back.Data()["name"] != "new" {
		t.Errorf("restored %v, %v", back.Data(), err)
	}
}

func TestUniqueAndFlow(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	p := w.Create("kim", "lab.project", m{"name": "P", "pm": "bob", "team": []m{{"member": "ann"}}})
	order := func(code string) (*record.Record, error) {
		return w.TryCreate("ann", "lab.order", m{"name": "x", "code": code, "project": p.ID()}, true)
	}
	decide := func(rec *record.Record, user, action string, in flow.TaskInput) {
		t.Helper()
		for _, task := range rec.Case.OpenTasks(user) {
			if _, err := w.Flow.Task(ctx, w.As(user), record.TaskID("lab.order", rec.ID(), task.N), action, in); err != nil {
				t.Fatal(err)
			}
		}
	}
	first, err := order("C1")
	if err != nil {
		t.Fatal(err)
	}
	_, err = order("C1")
	refused(t, err, "record.duplicate", "/code", "duplicate")
	decide(first, "bob", "return", flow.TaskInput{Comment: "?"})
	_, err = order("C1")
	refused(t, err, "record.duplicate", "/code", "duplicate")
	if _, err := w.Flow.Case(ctx, w.As("ann"), "lab.order."+first.ID(), "withdraw", flow.CaseInput{}); err != nil {
		t.Fatal(err)
	}
	second, err := order("C1")
	if err != nil {
		t.Fatalf("a withdrawn record frees its value: %v", err)
	}
	decide(second, "bob", "reject", flow.TaskInput{Comment: "no"})
	if _, err := order("C1"); err != nil {
		t.Fatalf("a rejected record frees its value: %v", err)
	}
	if n, _ := w.Tenant.Records("lab.order").Count(ctx, filter.Cmp{Path: "uniq.code_u", Op: filter.Eq, Value: "C1"}, 0); n != 1 {
		t.Errorf("%d records hold the value", n)
	}
}

// TestUniqueAcrossVersions: a constraint that a new version brings holds for
// records that were written with the old one, too.
func TestUniqueAcrossVersions(t *testing.T) {
	t.Parallel()
	w := kit.Empty(t)
	w.Publish(kit.LabFiles().Edit(t, "forms/item.yaml", "unique: [[code], [name, day]]", ""))
	a := w.Create("kim", "lab.item", m{"name": "a", "code": "C1", "at": "2024-05-01T10:00:00Z"})
	b := w.Create("kim", "lab.item", m{"name": "b", "code": "C1"})
	_, err := w.TryPublish(kit.LabFiles())
	refused(t, err, "publish.duplicates", "", "")
	if w.Catalog.Snapshot().Apps["lab"].Version != 1 {
		t.Error("nothing is published while duplicates stand in the way")
	}
	mustSave(t, w, "kim", "lab.item", b.ID(), kit.Set(m{"code": "C2"}))
	w.Publish(kit.LabFiles().Edit(t, "forms/item.yaml", "unique: [[code], [name, day]]", "unique: [[code], [at]]"))
	_, err = w.TryCreate("kim", "lab.item", m{"name": "c", "code": "C1"}, true)
	refused(t, err, "record.duplicate", "/code", "duplicate")
	_, err = w.TryCreate("kim", "lab.item", m{"name": "c", "at": "2024-05-01T18:00:00+08:00"}, true)
	refused(t, err, "record.duplicate", "/at", "duplicate")
	mustSave(t, w, "kim", "lab.item", a.ID(), kit.Set(m{"code": "C3"}))
	w.Create("kim", "lab.item", m{"name": "c", "code": "C1"})
}
