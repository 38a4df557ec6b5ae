package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/formwork-run/formwork/internal/app"
	"github.com/formwork-run/formwork/internal/config"
	"github.com/formwork-run/formwork/storage"
)

var longAgo = time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC)

// primary names the key that seals, and how many documents each key is needed for.
func primary(t *testing.T, at []string) (id string, keys int) {
	t.Helper()
	items, _ := formwork(t, "", "keys list --json", at...).want(t, 0).value(t)["items"].([]any)
	for _, it := range items {
		if k := it.(map[string]any); k["primary"] == true {
			id, _ = k["id"].(string)
		}
	}
	return id, len(items)
}

func TestKeysRotate(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	at := []string{"--data", dir}
	formwork(t, "", "user add boss --admin --name Boss", at...).want(t, 0)
	file := filepath.Join(dir, "keyset.json")
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", info, err)
	}
	first, n := primary(t, at)
	if n != 1 {
		t.Fatalf("%d keys", n)
	}
	formwork(t, "", "keys remove "+first, at...).want(t, 1, "primary")
	formwork(t, "", "keys remove 5", at...).want(t, 1, "none of this keyset")
	formwork(t, "", "keys rotate --prepare", at...).want(t, 0, "is prepared")
	if id, n := primary(t, at); id != first || n != 2 {
		t.Errorf("after preparing: %s, %d keys", id, n)
	}
	formwork(t, "", "keys rotate", at...).want(t, 0, "is the primary one")
	second, n := primary(t, at)
	if second == first || n != 2 {
		t.Errorf("after rotating: %s, %d keys", second, n)
	}
	formwork(t, "", "keys reseal", at...).want(t, 0, "sealed 0 documents")
	formwork(t, "", "keys remove "+first, at...).want(t, 0, "removed")
	formwork(t, "", "audit export --action admin", at...).want(t, 0, "keys.prepared", "keys.rotated", "keys.removed")
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	formwork(t, "", "keys list", at...).want(t, 1, "chmod 600")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	elsewhere := filepath.Join(t.TempDir(), "keys.json")
	formwork(t, "", "keys list --keyset-file "+elsewhere, at...).want(t, 1, "no such file")
	if err := os.WriteFile(elsewhere, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	formwork(t, "", "keys list --keyset-file "+elsewhere, at...).want(t, 0, second)
}

func TestTheAuditLogIsVerified(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	at := []string{"--data", dir}
	for _, login := range []string{"ann", "bob", "carl"} {
		formwork(t, "", "user add "+login+" --name X", at...).want(t, 0)
	}
	formwork(t, "", "audit verify", at...).want(t, 0, "0 entries are as they were sealed, 3 wait")
	backdate(t, dir)
	head := strings.TrimSpace(formwork(t, "", "audit head", at...).want(t, 0).out)
	if !strings.HasPrefix(head, "3:") {
		t.Fatalf("head %q", head)
	}
	formwork(t, "", "audit verify --head "+head, at...).want(t, 0, "3 entries are as they were sealed")
	formwork(t, "", "audit verify --head 3:xyz", at...).want(t, 2, "is no head")
	formwork(t, "", "audit verify --head 4:"+head[2:], at...).want(t, 1, "is gone")
	out := filepath.Join(t.TempDir(), "log.csv")
	formwork(t, "", "audit export --format csv --from 2020-01-01 -o "+out, at...).want(t, 0, "3 entries")
	if raw, err := os.ReadFile(out); err != nil || strings.Count(string(raw), "user.created") != 3 {
		t.Errorf("%v: %s", err, raw)
	}
	formwork(t, "", "audit export -o "+out, at...).want(t, 1, "exists")
	formwork(t, "", "audit export --format xml", at...).want(t, 1, "ndjson or csv")
	formwork(t, "", "audit export --from yesterday", at...).want(t, 2, "is no time")
	tamper(t, dir, func(c storage.Collection, d storage.Doc) error {
		if d["detail"].(map[string]any)["login"] != "bob" {
			return nil
		}
		_, err := c.Patch(t.Context(), d[storage.ID].(string), storage.Guard{}, storage.Patch{Set: map[string]any{"by": "somebody else"}})
		return err
	})
	formwork(t, "", "audit verify", at...).want(t, 1, "is broken: line 2 (entry", "it was altered")
}

// backdate makes the entries old enough to be sealed.
func backdate(t *testing.T, dir string) {
	t.Helper()
	n := 0
	tamper(t, dir, func(c storage.Collection, d storage.Doc) error {
		n++
		_, err := c.Patch(t.Context(), d[storage.ID].(string), storage.Guard{}, storage.Patch{Set: map[string]any{"at": longAgo.AddDate(0, 0, n)}})
		return err
	})
}

// tamper does what somebody with access to the store could do to the log.
func tamper(t *testing.T, dir string, with func(storage.Collection, storage.Doc) error) {
	t.Helper()
	cfg := config.Default()
	cfg.Data, cfg.LogLevel = dir, "error"
	o, err := app.OpenOffline(t.Context(), cfg, false)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := o.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	place, err := o.Store.Tenant(app.DefaultTenant)
	if err != nil {
		t.Fatal(err)
	}
	page, err := place.Collection("audit").Find(t.Context(), storage.Query{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range page.Docs {
		if err := with(place.Collection("audit"), d); err != nil {
			t.Fatal(err)
		}
	}
}
