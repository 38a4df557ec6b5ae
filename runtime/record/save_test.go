package record_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/internal/kit"
	"github.com/formwork-run/formwork/runtime/record"
)

func TestCreate(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	rec := w.Create("ann", "lab.item", m{"name": "钢筋", "amount": "12.50"})
	if rec.State() != record.StateActive || rec.Rev() != 1 || rec.CreatedBy() != "ann" || rec.Doc["dept"] != "works" {
		t.Errorf("record %v", rec.Doc)
	}
	same(t, "data", m{"no": "I00001", "name": "钢筋", "amount": dec("12.50"), "double": dec("25.00")}, rec.Data())
	if _, err := w.TryCreate("eve", "lab.item", m{"name": "x"}, true); fault.KindOf(err) != fault.NotFound {
		t.Errorf("who sees nothing of a form: %v", err)
	}
	_, err := w.TryCreate("rita", "lab.item", m{"name": "x"}, true)
	refused(t, err, "record.create_forbidden", "", "")
	_, err = w.TryCreate("ann", "lab.none", m{}, true)
	refused(t, err, "form.unknown", "", "")
	_, err = w.TryCreate("ann", "lab.item", m{}, true)
	refused(t, err, "record.invalid", "/name", "required")
	_, err = w.TryCreate("ann", "lab.item", m{"name": "x", "amount": -1}, true)
	refused(t, err, "record.invalid", "/amount", "min")
	_, err = w.TryCreate("ann", "lab.item", m{"name": "x", "nope": 1}, true)
	refused(t, err, "record.invalid", "/nope", "unknown_field")
}

func TestIdempotencyKey(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	create := func(user, key string) (*record.Record, bool) {
		rec, repeated, err := w.Records.Create(ctx, w.As(user), w.Flow, "lab.item", record.CreateInput{Data: kit.JSON(m{"name": "x"}), Submit: true, Key: key})
		if err != nil {
			t.Fatal(err)
		}
		return rec, repeated
	}
	a, again := create("ann", "k")
	if again {
		t.Error("the first one is no repeat")
	}
	if b, again := create("ann", "k"); !again || b.ID() != a.ID() || b.Doc["_rev"].(int64) < 1 {
		t.Error("a repeat is the first result")
	}
	if b, again := create("amy", "k"); again || b.ID() == a.ID() {
		t.Error("a key is its user's own")
	}
	if n := len(w.Docs("rec_lab__item")); n != 2 {
		t.Errorf("%d records", n)
	}
}

func TestDraft(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	d, err := w.TryCreate("ann", "lab.item", m{"amount": 3}, false)
	if err != nil {
		t.Fatalf("a draft need not be complete: %v", err)
	}
	same(t, "draft", m{"amount": dec("3"), "double": dec("6")}, d.Data())
	if shows(t, w, "kim", "lab.item", d.ID()) != nil || shows(t, w, "ann", "lab.item", d.ID()) == nil {
		t.Error("a draft is its author's alone")
	}
	_, err = w.Records.Save(ctx, w.As("ann"), w.Flow, "lab.item", d.ID(), record.SaveInput{Rev: d.Rev(), Submit: true})
	refused(t, err, "record.invalid", "/name", "required")
	rec, err := w.Records.Save(ctx, w.As("ann"), w.Flow, "lab.item", d.ID(), record.SaveInput{Rev: d.Rev(), Patch: kit.Set(m{"name": "x"}), Submit: true})
	if err != nil {
		t.Fatal(err)
	}
	if rec.State() != record.StateActive || rec.Data()["no"] != "I00001" || shows(t, w, "kim", "lab.item", d.ID()) == nil {
		t.Errorf("submitted: %v", rec.Doc)
	}
	// A draft that is thrown away is gone, and not in the trash, where others look.
	d, _ = w.TryCreate("ann", "lab.item", m{}, false)
	if err := w.Records.Delete(ctx, w.As("ann"), "lab.item", d.ID(), 0); err != nil {
		t.Fatal(err)
	}
	if n := len(w.Docs("trash")) + len(w.Docs("rec_lab__item")); n != 1 {
		t.Errorf("%d documents are left, want the submitted one", n)
	}
}

func TestPatchLosesNothing(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	rec := w.Create("kim", "lab.item", m{"name": "a", "secret": "s", "phone": "13800001234", "log": []m{{"line": "one"}},
		"rows": []m{{"text": "r1", "n": 1, "cost": 10}, {"text": "r2", "n": 2, "cost": 20}, {"text": "r3", "n": 3, "cost": 30}}})
	id, rows := rec.ID(), rowsOf(rec, "rows", "text")
	keeps := func(rec *record.Record, costs ...any) {
		t.Helper()
		same(t, "secret", "s", rec.Data()["secret"])
		same(t, "phone", "13800001234", rec.Data()["phone"])
		same(t, "costs", costs, column(rec, "rows", "cost"))
	}
	c1, c2, c3 := dec("10"), dec("20"), dec("30")

	// What she does not name stays; one row is changed, one goes, one comes.
	rec = mustSave(t, w, "ann", "lab.item", id, record.Patch{Set: kit.Set(m{"name": "b"}).Set, Rows: map[string]record.RowPatch{"rows": {
		Change: []json.RawMessage{kit.JSON(m{"id": rows["r2"], "n": 22})}, Remove: []string{rows["r1"]}, Add: []json.RawMessage{kit.JSON(m{"text": "r4"})}}}})
	keeps(rec, c2, c3, nil)
	same(t, "n", []any{dec("22"), dec("3"), nil}, column(rec, "rows", "n"))

	// The whole list as she sees it, without the column that she does not see.
	r4 := rowsOf(rec, "rows", "text")["r4"]
	rec = mustSave(t, w, "ann", "lab.item", id, kit.Set(m{"phone": "138****1234", "rows": []m{{"id": r4, "text": "r4"}, {"id": rows["r3"], "text": "r3!"}, {"text": "r5"}}}))
	keeps(rec, nil, c3, nil)
	same(t, "texts", []any{"r4", "r3!", "r5"}, column(rec, "rows", "text"))
	same(t, "n stays where it is not named", []any{nil, dec("3"), nil}, column(rec, "rows", "n"))

	// Blanking a list that she may write removes rows, hidden columns with them; a list that she may not write stays.
	_, err := save(t, w, "ann", "lab.item", id, record.Patch{Unset: []string{"rows", "log"}})
	refused(t, err, "record.invalid", "/log", "not_writable")
	_ = c1
}

func TestRowRights(t *testing.T) {
	t.Parallel()
	w := kit.Empty(t)
	lab := kit.LabFiles().Edit(t, "access/lab.yaml", "readonly: [log]}", "readonly: [log]}\n    rows_of: {rows: [edit]}")
	w.Publish(lab)
	rec := w.Create("kim", "lab.item", m{"name": "a", "rows": []m{{"text": "r1"}, {"text": "r2"}}})
	rows := rowsOf(rec, "rows", "text")
	r1, r2 := rows["r1"], rows["r2"]
	rp := func(p record.RowPatch) record.Patch { return record.Patch{Rows: map[string]record.RowPatch{"rows": p}} }
	raw := func(v m) []json.RawMessage { return []json.RawMessage{kit.JSON(v)} }
	for _, c := range []struct {
		name           string
		p              record.Patch
		path, code     string
		texts          []any
		whoMay, whoNot string
	}{
		{"change", rp(record.RowPatch{Change: raw(m{"id": r1, "text": "R1"})}), "", "", []any{"R1", "r2"}, "ann", ""},
		{"add", rp(record.RowPatch{Add: raw(m{"text": "r3"})}), "/rows", "not_writable", []any{"R1", "r2", "r3"}, "kim", "ann"},
		{"remove", rp(record.RowPatch{Remove: []string{r2}}), "/rows", "not_writable", []any{"R1", "r3"}, "kim", "ann"},
		{"nothing moved", rp(record.RowPatch{Order: []string{r1}}), "", "", []any{"R1", "r3"}, "rita", ""},
		{"unknown row", rp(record.RowPatch{Change: raw(m{"id": "zz", "text": "x"})}), "/rows", "row_unknown", []any{"R1", "r3"}, "", "kim"},
		{"hidden column", rp(record.RowPatch{Change: raw(m{"id": r1, "cost": 1})}), "/rows/0/cost", "unknown_field", []any{"R1", "r3"}, "", "ann"},
		{"wrong value", rp(record.RowPatch{Change: raw(m{"id": r1, "n": "x"})}), "/rows/0/n", "type", []any{"R1", "r3"}, "", "ann"},
		{"no object", record.Patch{Set: map[string]json.RawMessage{"rows": json.RawMessage(`[1]`)}}, "/rows/0", "type", []any{"R1", "r3"}, "", "kim"},
	} {
		if c.whoNot != "" {
			_, err := save(t, w, c.whoNot, "lab.item", rec.ID(), c.p)
			refused(t, err, "record.invalid", c.path, c.code)
		}
		if c.whoMay != "" && c.whoMay != "rita" {
			rec = mustSave(t, w, c.whoMay, "lab.item", rec.ID(), c.p)
		}
		same(t, c.name, c.texts, column(rec, "rows", "text"))
	}
}

// TestMovingRows: who may not write a list may not put it into another order.
func TestMovingRows(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	rec := w.Create("kim", "lab.item", m{"name": "a", "log": []m{{"line": "1"}, {"line": "2"}, {"line": "3"}}})
	rows := rowsOf(rec, "log", "line")
	order := func(l ...string) record.Patch {
		return record.Patch{Rows: map[string]record.RowPatch{"log": {Order: l}}}
	}
	_, err := save(t, w, "ann", "lab.item", rec.ID(), order(rows["3"], rows["1"]))
	refused(t, err, "record.invalid", "/log", "not_writable")
	mustSave(t, w, "ann", "lab.item", rec.ID(), order(rows["1"], rows["2"]))
	moved := mustSave(t, w, "kim", "lab.item", rec.ID(), order(rows["3"], rows["1"]))
	same(t, "order", []any{"3", "1", "2"}, column(moved, "log", "line"))
	if moved.Rev() != rec.Rev()+1 {
		t.Errorf("moving rows is a change that others must see: revision %d after %d", moved.Rev(), rec.Rev())
	}
	_, _, h := history(t, w, "kim", "lab.item", rec.ID())
	if len(h) != 1 || len(h[0].Changes) != 1 || h[0].Changes[0].Op != "order" {
		t.Errorf("history %+v", h)
	}
}

func history(t *testing.T, w *kit.World, user, form, id string) (*record.Record, record.Rights, []record.HistoryEntry) {
	t.Helper()
	a := w.As(user)
	rec, g, err := w.Records.Get(ctx, a, form, id)
	if err != nil {
		t.Fatal(err)
	}
	l, _, err := w.Records.History(ctx, w.Records.NewViewer(a), rec, g, "")
	if err != nil {
		t.Fatal(err)
	}
	return rec, g, l
}

func TestRowIDs(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	rec := w.Create("kim", "lab.item", m{"name": "a", "rows": []m{{"id": "mine", "text": "1"}}})
	same(t, "id kept", "mine", rowsOf(rec, "rows", "text")["1"])
	rec = mustSave(t, w, "kim", "lab.item", rec.ID(), record.Patch{Rows: map[string]record.RowPatch{"rows": {
		Add: []json.RawMessage{kit.JSON(m{"id": "mine", "text": "2"}), kit.JSON(m{"id": "new", "text": "3"})}}}})
	seen := map[string]bool{}
	for _, id := range rowsOf(rec, "rows", "text") {
		if seen[id] || id == "" {
			t.Errorf("row ids %v", rowsOf(rec, "rows", "text"))
		}
		seen[id] = true
	}
	same(t, "texts", []any{"1", "2", "3"}, column(rec, "rows", "text"))
}

func TestUnwritableFields(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	rec := w.Create("kim", "lab.item", m{"name": "a", "secret": "s", "phone": "13800001234", "amount": 5, "log": []m{{"line": "x"}}})
	id := rec.ID()
	line := rowsOf(rec, "log", "line")["x"]
	ok := func(p m) {
		t.Helper()
		mustSave(t, w, "ann", "lab.item", id, kit.Set(p))
	}
	no := func(p m, path, code string) {
		t.Helper()
		before := w.Stored("lab.item", id)["rev"]
		_, err := save(t, w, "ann", "lab.item", id, kit.Set(p))
		refused(t, err, "record.invalid", path, code)
		if w.Stored("lab.item", id)["rev"] != before {
			t.Error("a refused change was written")
		}
	}
	ok(m{"log": []m{{"id": line, "line": "x"}}})
	no(m{"log": []m{{"id": line, "line": "y"}}}, "/log/0/line", "not_writable")
	ok(m{"double": 99, "no": "I77777"}) // computed: recomputed, and no error
	same(t, "computed", m{"double": dec("10"), "no": "I00001"}, m{"double": w.Stored("lab.item", id)["data"].(m)["double"], "no": w.Stored("lab.item", id)["data"].(m)["no"]})
	no(m{"secret": "s"}, "/secret", "unknown_field")
	no(m{"secret": 1}, "/secret", "unknown_field")
	no(m{"nothing": "s"}, "/nothing", "unknown_field")
	// What is masked must not be found by trying: the right number is refused as any other.
	ok(m{"phone": "138****1234"})
	no(m{"phone": "13800001234"}, "/phone", "not_writable")
	no(m{"phone": "13900009999"}, "/phone", "not_writable")
	no(m{"phone": nil}, "/phone", "not_writable")
	_, err := w.TryCreate("ann", "lab.item", m{"name": "x", "secret": 5}, true)
	refused(t, err, "record.invalid", "/secret", "unknown_field")
	_, err = w.TryCreate("ann", "lab.item", m{"name": "x", "rows": []m{{"text": "t", "cost": "x"}}}, true)
	refused(t, err, "record.invalid", "/rows/0/cost", "unknown_field")
	_, err = w.TryCreate("ann", "lab.item", m{"name": "x", "rows": []m{{"text": "t", "cost": 5}}}, true)
	refused(t, err, "record.invalid", "/rows/0/cost", "unknown_field")
	_, err = save(t, w, "rita", "lab.item", id, kit.Set(m{"name": "b"}))
	refused(t, err, "record.edit_forbidden", "", "")
	_, err = save(t, w, "eve", "lab.item", id, kit.Set(m{"name": "b"}))
	refused(t, err, "record.not_found", "", "")
}

func TestStaleRevision(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	rec := w.Create("kim", "lab.item", m{"name": "a", "secret": "s"})
	mustSave(t, w, "kim", "lab.item", rec.ID(), kit.Set(m{"secret": "t", "amount": 7}))
	_, err := w.Records.Save(ctx, w.As("ann"), w.Flow, "lab.item", rec.ID(), record.SaveInput{Rev: rec.Rev(), Patch: kit.Set(m{"name": "b"})})
	refused(t, err, "record.stale", "", "")
	var fe *fault.Error
	errors.As(err, &fe)
	if fe.Kind != fault.Conflict || fe.Params["rev"] != int64(2) || fe.Params["updated_by"] != "kim" {
		t.Errorf("params %v", fe.Params)
	}
	l, _ := fe.Params["changes"].([]record.HistoryEntry)
	if len(l) != 1 || l[0].By != "kim" {
		t.Fatalf("changes %+v", fe.Params["changes"])
	}
	var fields []string
	for _, c := range l[0].Changes {
		fields = append(fields, c.Field)
	}
	same(t, "what changed, without what she may not see", []string{"amount", "double"}, fields)
	_, err = w.Records.Save(ctx, w.As("ann"), w.Flow, "lab.item", rec.ID(), record.SaveInput{Patch: kit.Set(m{"name": "b"})})
	refused(t, err, "record.rev_missing", "/rev", "required")
}

// TestSaveAgainWithItsKey: a repeated command happens once.
func TestSaveAgainWithItsKey(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	rec := w.Create("kim", "lab.item", m{"name": "a"})
	in := record.SaveInput{Rev: rec.Rev(), Patch: kit.Set(m{"name": "b"}), Key: "k"}
	for range 2 {
		got, err := w.Records.Save(ctx, w.As("kim"), w.Flow, "lab.item", rec.ID(), in)
		if err != nil || got.Rev() != 2 {
			t.Fatalf("revision %v, %v", got, err)
		}
	}
	in.Key = "other"
	_, err := w.Records.Save(ctx, w.As("kim"), w.Flow, "lab.item", rec.ID(), in)
	refused(t, err, "record.stale", "", "")
}
