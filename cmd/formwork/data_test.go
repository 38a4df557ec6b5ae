package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/internal/app"
	"github.com/formwork-run/formwork/internal/config"
)

// outcome is what a command answered.
type outcome struct {
	code     int
	out, err string
}

// formwork runs the program with arguments parted by spaces.
func formwork(t *testing.T, in, line string, more ...string) outcome {
	t.Helper()
	var out, errs bytes.Buffer
	code := run(t.Context(), append(strings.Fields(line), more...), strings.NewReader(in), &out, &errs)
	return outcome{code, out.String(), errs.String()}
}

// want ends the test unless the command ended so and said these words.
func (o outcome) want(t *testing.T, code int, words ...string) outcome {
	t.Helper()
	if o.code != code {
		t.Fatalf("exit code %d, want %d\n%s\n%s", o.code, code, o.out, o.err)
	}
	for _, w := range words {
		if !strings.Contains(o.out+o.err, w) {
			t.Fatalf("no %q in\n%s\n%s", w, o.out, o.err)
		}
	}
	return o
}

// value reads the answer as JSON.
func (o outcome) value(t *testing.T) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(o.out), &v); err != nil {
		t.Fatalf("%v in %s", err, o.out)
	}
	return v
}

func logins(v map[string]any) []string {
	var out []string
	items, _ := v["items"].([]any)
	for _, it := range items {
		u, _ := it.(map[string]any)
		login, _ := u["login"].(string)
		out = append(out, login)
	}
	return out
}

func TestUsers(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	at := []string{"--data", dir}
	formwork(t, "", "user list", at...).want(t, 1, "there are no data in")
	if _, err := os.Stat(dir); err == nil {
		t.Error("looking made the folder")
	}
	formwork(t, "", "user add boss", at...).want(t, 2, "--name is needed")
	made := formwork(t, "", "user add Boss --admin --json --url http://forms.example/ --name", append([]string{"The Boss"}, at...)...).want(t, 0).value(t)
	if link, _ := made["link"].(string); !strings.HasPrefix(link, "http://forms.example/password?tenant=default&token=fwl.default.") {
		t.Errorf("the link is %q", link)
	}
	formwork(t, "", "user add BOSS --name Other", at...).want(t, 1, "/login", "is taken")
	formwork(t, "", "user add li --name Li --dept nowhere", at...).want(t, 1, `no department "nowhere"`)
	formwork(t, "", "user add li --name Li", at...).want(t, 0, "added li", "/password?tenant=default&token=")
	list := formwork(t, "", "user list --json", at...).want(t, 0).value(t)
	if diff := cmp.Diff([]string{"li", "boss"}, logins(list)); diff != "" {
		t.Error(diff)
	}
	formwork(t, "", "user list", at...).want(t, 0, "LOGIN", "The Boss", "active", "yes")

	formwork(t, "a fine password\n", "user password li", at...).want(t, 0, "new password")
	formwork(t, "short\n", "user password li", at...).want(t, 1, "at least 8 characters")
	formwork(t, "", "user password li", at...).want(t, 2, "standard input")
	formwork(t, "a fine password\n", "user password nobody", at...).want(t, 1, "there is no user nobody")
	formwork(t, "", "user link li", at...).want(t, 0, "http://127.0.0.1:8080/password?tenant=default&token=fwl.")
	formwork(t, "", "user link nobody", at...).want(t, 1, "there is no user nobody")
	formwork(t, "", "user link", at...).want(t, 2)
	formwork(t, "", "user lost").want(t, 2)
	formwork(t, "", "user list --store nonsense").want(t, 2, "store is sqlite")
}

// The link that the command prints works in the program.
func TestALinkOpensTheDoor(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	formwork(t, "", "user add boss --admin --name Boss --data", dir).want(t, 0)
	formwork(t, "a fine password\n", "user password boss --data", dir).want(t, 0)
	cfg := config.Default()
	cfg.Data = dir
	ctx := context.Background()
	a, err := app.New(ctx, cfg, app.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Close(ctx) }()
	s, err := a.Host.Find(ctx, "", "")
	if err != nil {
		t.Fatal(err)
	}
	if admins := s.Org.Admins(); len(admins) != 1 || s.Org.Snapshot().User(admins[0]).Login != "boss" {
		t.Errorf("administrators: %v", admins)
	}
	// A command beside the running program: it follows.
	formwork(t, "", "user add late --name Late --data", dir).want(t, 0)
	formwork(t, "", "tenant add branch --data", dir).want(t, 0)
	soon(t, "the server knows the new user and organisation", func() bool {
		return s.Org.Snapshot().ByLogin("late") != nil && len(a.Host.All()) == 2
	})
}

// soon asks again until it is so.
func soon(t *testing.T, what string, ok func() bool) {
	t.Helper()
	limit := time.NewTimer(10 * time.Second) // two seconds, on a machine that is busy
	defer limit.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-limit.C:
			t.Fatalf("not in time: %s", what)
		case <-tick.C:
		}
	}
}

func TestTenants(t *testing.T) {
	t.Parallel()
	at := []string{"--data", t.TempDir()}
	formwork(t, "", "tenant add Bad/Id", at...).want(t, 1, "/id")
	formwork(t, "", "tenant add north --name", append([]string{"North Harbour"}, at...)...).want(t, 0, "user add LOGIN", "--tenant north")
	formwork(t, "", "tenant add north", at...).want(t, 1, "there is a tenant north already")
	formwork(t, "", "tenant add south", at...).want(t, 0)
	formwork(t, "", "user add boss --admin --name Boss --tenant north", at...).want(t, 0)
	formwork(t, "", "user list", at...).want(t, 1, "name one with --tenant")
	formwork(t, "", "user list --tenant east", at...).want(t, 1, "no organisation east")
	formwork(t, "", "tenant list", at...).want(t, 0, "North Harbour")
	got := formwork(t, "", "tenant list --json", at...).want(t, 0).value(t)
	want := map[string]any{"items": []any{
		map[string]any{"id": "north", "name": "North Harbour", "host": "", "users": 1.0, "apps": 0.0},
		map[string]any{"id": "south", "name": "Formwork", "host": "", "users": 0.0, "apps": 0.0},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestBackupAndRestore(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	old, file := filepath.Join(dir, "old"), filepath.Join(dir, "all.backup")
	formwork(t, "", "tenant add north --name", "North", "--data", old).want(t, 0)
	formwork(t, "", "tenant add south --data", old).want(t, 0)
	formwork(t, "", "user add boss --admin --name Boss --tenant north --data", old).want(t, 0)

	formwork(t, "", "backup", file, "--data", filepath.Join(dir, "nothing")).want(t, 1, "there are no data")
	formwork(t, "", "backup", file, "--data", old).want(t, 0, "backed up north", file)
	formwork(t, "", "backup", file, "--data", old).want(t, 1, "exists already")
	formwork(t, "", "restore", file, "--data", old).want(t, 1, "is not empty")
	for _, cmd := range []string{"backup", "restore"} {
		formwork(t, "", cmd, file, "--store", "mongodb://127.0.0.1/x").want(t, 1, "mongodump")
	}
	fresh := filepath.Join(dir, "fresh")
	formwork(t, "", "restore", file, "--data", fresh).want(t, 0, "restored south")
	before := formwork(t, "", "tenant list --json --data", old).want(t, 0)
	after := formwork(t, "", "tenant list --json --data", fresh).want(t, 0)
	if diff := cmp.Diff(before.out, after.out); diff != "" {
		t.Error(diff)
	}
	formwork(t, "", "user list --tenant north --data", fresh).want(t, 0, "boss")
}

// A backup that is damaged anywhere is refused and leaves an empty folder.
func TestDamagedBackups(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "good")
	formwork(t, "", "tenant add north --data", filepath.Join(dir, "old")).want(t, 0)
	formwork(t, "", "backup", file, "--data", filepath.Join(dir, "old")).want(t, 0)
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	flipped := bytes.Clone(good)
	flipped[len(flipped)/2] ^= 0xff
	for name, raw := range map[string][]byte{"empty": {}, "text": []byte("hello"), "cut": good[:len(good)/2], "no-end": good[:len(good)-40], "flipped": flipped} {
		bad, target := filepath.Join(dir, name), filepath.Join(dir, "to-"+name)
		if err := os.WriteFile(bad, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		formwork(t, "", "restore", bad, "--data", target).want(t, 1, bad)
		if left, err := os.ReadDir(target); err != nil || len(left) != 0 {
			t.Errorf("%s: %v is left behind (%v)", name, left, err)
		}
	}
}

func TestDoctor(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	formwork(t, "", "doctor --data", filepath.Join(dir, "nothing")).want(t, 1, "there are no data")
	formwork(t, "", "user add boss --name Boss --data", dir).want(t, 0)
	formwork(t, "", "doctor --data", dir).want(t, 0, "no trouble found")
	healthy := formwork(t, "", "doctor --json --data", dir).want(t, 0).value(t)
	if diff := cmp.Diff(map[string]any{"ok": true, "findings": []any{}}, healthy); diff != "" {
		t.Error(diff)
	}
	spoil(t, dir)
	formwork(t, "", "doctor --data", dir).want(t, 1, "default: effects: rec_a__f: 1 records wait", "default: jobs: mail: 1 jobs gave up",
		"default: tasks: a.f: 1 rows of the task centre", "default: serials: serial:a.f:no:all: 2 numbers", "4 findings")
	sick := formwork(t, "", "doctor --json --data", dir).want(t, 1).value(t)
	if found, _ := sick["findings"].([]any); sick["ok"] != false || len(found) != 4 {
		t.Errorf("findings: %v", sick)
	}
}

// spoil puts one trouble of each kind into the data, beside what is no trouble.
func spoil(t *testing.T, dir string) {
	t.Helper()
	ctx := context.Background()
	cfg := config.Default()
	cfg.Data = dir
	st, err := app.OpenStore(ctx, cfg, app.Logger(cfg, os.Stderr))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = st.Close(ctx) }()
	ten, err := st.Tenant(app.DefaultTenant)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now().UTC().Truncate(time.Millisecond)
	put := func(collection string, doc map[string]any) {
		if err := ten.Collection(collection).Insert(ctx, doc); err != nil {
			t.Fatal(err)
		}
	}
	put("rec_a__f", map[string]any{"_id": "late", "due": now.Add(-2 * time.Minute)})
	put("rec_a__f", map[string]any{"_id": "soon", "due": now.Add(time.Minute)})
	put("jobs", map[string]any{"_id": "j1", "kind": "mail", "at": now, "state": "dead"})
	put("jobs", map[string]any{"_id": "j2", "kind": "mail", "at": now, "state": "queued"})
	put("trash", map[string]any{"_id": "gone", "form": "a.f"})
	for id, record := range map[string]string{"t1": "late", "t2": "gone", "t3": "nowhere"} {
		put("tasks", map[string]any{"_id": id, "form": "a.f", "record": record, "box": "todo"})
	}
	put("tasks", map[string]any{"_id": "t4", "form": "a.f", "record": "nowhere", "box": ""})
	put("counters", map[string]any{"_id": "serial:a.f:no:all", "base": int64(0), "log": []any{"1000:x", "2000:y"}})
}
