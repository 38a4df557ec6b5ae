package record_test

import (
	"context"
	"io"
	"testing"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/files"
	"github.com/formwork-run/formwork/runtime/internal/kit"
	"github.com/formwork-run/formwork/runtime/record"
)

func file(id string) m { return m{"id": id, "name": "claimed.png", "size": 1, "type": "image/png"} }

// reads tells whether a user gets the content of a file.
func reads(t *testing.T, w *kit.World, user, id string) bool {
	t.Helper()
	_, r, err := w.Files.Open(ctx, w.As(user), id, 0, -1)
	if fault.KindOf(err) == fault.NotFound && err != nil {
		return false
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	if _, err := io.ReadAll(r); err != nil {
		t.Fatal(err)
	}
	return true
}

func TestAttaching(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	own, foreign := upload(t, w, "ann", "a.txt", "hello"), upload(t, w, "kim", "k.txt", "kim's")
	_, err := w.TryCreate("ann", "lab.item", m{"name": "x", "files": []m{file(foreign)}}, true)
	refused(t, err, "record.invalid", "/files", "file_missing")
	_, err = w.TryCreate("ann", "lab.item", m{"name": "x", "files": []m{file("none")}}, true)
	refused(t, err, "record.invalid", "/files", "file_missing")
	rec := w.Create("ann", "lab.item", m{"name": "x", "files": []m{file(own)}})
	same(t, "what was really uploaded", []any{m{"id": own, "name": "a.txt", "size": int64(5), "type": "text/plain"}}, rec.Data()["files"])
	rec = mustSave(t, w, "ann", "lab.item", rec.ID(), kit.Set(m{"name": "y", "files": []m{file(own)}}))
	same(t, "claims about a file that is there change nothing", "a.txt", rec.Data()["files"].([]any)[0].(m)["name"])
	if !reads(t, w, "kim", own) || reads(t, w, "rita", own) || reads(t, w, "eve", own) {
		t.Error("a file is for whoever may read a field that holds it")
	}
	if reads(t, w, "ann", foreign) {
		t.Error("a file in no record is its uploader's alone")
	}
}

// TestFileOfHiddenField: who learns the id of a file that he may not see does not get it by attaching it.
func TestFileOfHiddenField(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	secret := upload(t, w, "kim", "secret.txt", "secret")
	rec := w.Create("kim", "lab.item", m{"name": "x", "hidden_files": []m{file(secret)}})
	if reads(t, w, "ann", secret) {
		t.Fatal("she reads a hidden file")
	}
	_, err := save(t, w, "ann", "lab.item", rec.ID(), kit.Set(m{"files": []m{file(secret)}}))
	refused(t, err, "record.invalid", "/files", "file_missing")
	mustSave(t, w, "ann", "lab.item", rec.ID(), kit.Set(m{"name": "y"})) // its staying where it is is no attaching
	mustSave(t, w, "kim", "lab.item", rec.ID(), kit.Set(m{"files": []m{file(secret)}}))
	if !reads(t, w, "ann", secret) {
		t.Error("who may read both fields may show it")
	}
}

// TestFilesAreKept: whatever way a file comes into a record, the sweeper leaves it.
func TestFilesAreKept(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	ways := map[string]string{}
	ways["create"] = upload(t, w, "ann", "a.txt", "a")
	w.Create("ann", "lab.item", m{"name": "x", "files": []m{file(ways["create"])}})
	ways["draft"] = upload(t, w, "ann", "b.txt", "b")
	d, err := w.TryCreate("ann", "lab.item", m{"files": []m{file(ways["draft"])}}, false)
	if err != nil {
		t.Fatal(err)
	}
	rec := w.Create("ann", "lab.item", m{"name": "y"})
	ways["save"] = upload(t, w, "ann", "c.txt", "c")
	mustSave(t, w, "ann", "lab.item", rec.ID(), kit.Set(m{"files": []m{file(ways["save"])}}))
	p := w.Create("kim", "lab.project", m{"name": "P", "pm": "bob", "team": []m{{"member": "ann"}}})
	order := w.Create("ann", "lab.order", m{"name": "x", "project": p.ID()})
	approve(t, w, order.ID())
	ways["task"] = w.Stored("lab.order", order.ID())["data"].(m)["scan"].([]any)[0].(m)["id"].(string)
	loose := upload(t, w, "ann", "d.txt", "d")

	w.Clock.Advance(files.KeepLoose + time.Minute)
	if err := w.Files.Sweep(context.Background()); err != nil {
		t.Fatal(err)
	}
	for way, id := range ways {
		if _, _, err := w.Files.Open(ctx, w.As("root"), id, 0, -1); err != nil && way != "draft" {
			t.Errorf("attached by %s: %v", way, err)
		}
	}
	if !reads(t, w, "ann", ways["draft"]) {
		t.Error("the file of a draft is gone")
	}
	if reads(t, w, "ann", loose) {
		t.Error("a file that nobody attached is still there")
	}
	rec, err = w.Records.Save(ctx, w.As("ann"), w.Flow, "lab.item", d.ID(), record.SaveInput{Rev: d.Rev(), Patch: kit.Set(m{"name": "z"}), Submit: true})
	if err != nil || !reads(t, w, "kim", ways["draft"]) {
		t.Errorf("submitted with its file: %v %v", rec, err)
	}
}
