package sqlite_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
	"github.com/formwork-run/formwork/storage/sqlite"
)

func open(t testing.TB) *sqlite.Store {
	t.Helper()
	s, err := sqlite.OpenMemory()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ok(t, s.Close(context.Background())) })
	return s
}

func openDir(t testing.TB, dir string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(context.Background(), sqlite.Options{Dir: dir})
	ok(t, err)
	t.Cleanup(func() { ok(t, s.Close(context.Background())) })
	return s
}

func collection(t testing.TB, s storage.Store, name string) storage.Collection {
	t.Helper()
	tn, err := s.Tenant("acme")
	ok(t, err)
	return tn.Collection(name)
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func dec(s string) decimal.Decimal { return decimal.MustParse(s) }

func ids(t testing.TB, c storage.Collection, where filter.Expr) []string {
	t.Helper()
	page, err := c.Find(context.Background(), storage.Query{Where: where, Limit: storage.MaxFindLimit})
	ok(t, err)
	out := []string{}
	for _, d := range page.Docs {
		out = append(out, d["_id"].(string))
	}
	return out
}

func field(path string) storage.IndexField { return storage.IndexField{Path: path, Scale: -1} }

func TestReopenKeepsEverything(t *testing.T) {
	t.Parallel()
	ctx, dir := context.Background(), t.TempDir()
	first, err := sqlite.Open(ctx, sqlite.Options{Dir: dir})
	ok(t, err)
	c := collection(t, first, "tasks")
	ok(t, c.Indexes(ctx, storage.Index{Fields: []storage.IndexField{field("v")}, Unique: true, IfPresent: true},
		storage.Index{Fields: []storage.IndexField{{Path: "l", Scale: -1, List: true}}}))
	ok(t, c.Insert(ctx, storage.Doc{"_id": "a", "v": "1", "l": []any{"x", "y"}}))
	ok(t, first.Close(ctx))
	if err := c.Insert(ctx, storage.Doc{"_id": "b"}); !errors.Is(err, storage.ErrClosed) {
		t.Errorf("a closed store takes a write: %v", err)
	}
	if _, err := c.Get(ctx, "a"); !errors.Is(err, storage.ErrClosed) {
		t.Errorf("a closed store reads: %v", err)
	}
	c = collection(t, openDir(t, dir), "tasks")
	if got := ids(t, c, filter.Cmp{Path: "l", Op: filter.Eq, Value: "y"}); !cmp.Equal(got, []string{"a"}) {
		t.Errorf("got %v", got)
	}
	if err := c.Insert(ctx, storage.Doc{"_id": "b", "v": "1"}); !errors.Is(err, storage.ErrDuplicate) {
		t.Errorf("the unique index is gone: %v", err)
	}
}

// Two processes on one folder: what one declares and writes, the other's plans know at once.
func TestTwoStoresOnOneFolder(t *testing.T) {
	t.Parallel()
	ctx, dir := context.Background(), t.TempDir()
	one, two := collection(t, openDir(t, dir), "tasks"), collection(t, openDir(t, dir), "tasks")
	ok(t, one.Indexes(ctx, storage.Index{Fields: []storage.IndexField{field("v")}}))
	ok(t, one.Insert(ctx, storage.Doc{"_id": "a", "v": "1"}))
	is := func(v string) filter.Expr { return filter.Cmp{Path: "v", Op: filter.Eq, Value: v} }
	if got := ids(t, two, is("1")); !cmp.Equal(got, []string{"a"}) {
		t.Errorf("got %v", got)
	}
	ok(t, two.Insert(ctx, storage.Doc{"_id": "b", "v": []any{"1", "2"}})) // a list where none was
	if got := ids(t, one, is("2")); !cmp.Equal(got, []string{"b"}) {
		t.Errorf("got %v, want the document with the list", got)
	}
	ok(t, two.Indexes(ctx, storage.Index{Fields: []storage.IndexField{field("w"), field("v")}}))
	ok(t, one.Insert(ctx, storage.Doc{"_id": "c", "v": "2", "w": "x"}))
	if got := ids(t, two, filter.And{is("2"), filter.Cmp{Path: "w", Op: filter.Eq, Value: "x"}}); !cmp.Equal(got, []string{"c"}) {
		t.Errorf("got %v", got)
	}
}

func TestMemoryStoreLeavesNothing(t *testing.T) {
	t.Parallel()
	tmp := t.TempDir()
	s, err := sqlite.Open(context.Background(), sqlite.Options{Dir: filepath.Join(tmp, "deep", "er ?#%")})
	ok(t, err)
	ok(t, collection(t, s, "x").Insert(context.Background(), storage.Doc{"_id": "a"}))
	ok(t, s.Close(context.Background()))
	if _, err := os.Stat(filepath.Join(tmp, "deep", "er ?#%", "tenants", "acme", "data.db")); err != nil {
		t.Errorf("a folder with odd characters: %v", err)
	}
	before := temporary(t)
	m, err := sqlite.OpenMemory()
	ok(t, err)
	ok(t, m.Close(context.Background()))
	for dir := range temporary(t) {
		if !before[dir] {
			if _, err := os.Stat(filepath.Join(dir, "system", "data.db")); err == nil {
				continue // another test's, still open
			}
			t.Errorf("%s is left behind", dir)
		}
	}
}

func temporary(t *testing.T) map[string]bool {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(os.TempDir(), "formwork-*"))
	ok(t, err)
	out := map[string]bool{}
	for _, dir := range list {
		out[dir] = true
	}
	return out
}

func TestSnapshotAndRestore(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), open(t)
	tn, err := s.Tenant("acme")
	ok(t, err)
	c := tn.Collection("tasks")
	ok(t, c.Indexes(ctx, storage.Index{Fields: []storage.IndexField{field("v")}}))
	var wg sync.WaitGroup
	stop := make(chan struct{})
	wg.Go(func() { // backups are taken while work goes on: each "n" has its blob
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			id := fmt.Sprintf("n%06d", i)
			if _, err := tn.Blobs().Put(ctx, id, strings.NewReader("of "+id)); err != nil {
				t.Error(err)
			}
			if err := c.Insert(ctx, storage.Doc{"_id": id, "v": id}); err != nil {
				t.Error(err)
			}
		}
	})
	for len(ids(t, c, nil)) < 20 {
		continue
	}
	var out bytes.Buffer
	ok(t, tn.Snapshot(ctx, &out))
	close(stop)
	wg.Wait()
	damaged := append([]byte(nil), out.Bytes()...)
	ok(t, s.Restore(ctx, "copy", bytes.NewReader(out.Bytes())))
	again, err := s.Tenant("copy")
	ok(t, err)
	list := ids(t, again.Collection("tasks"), nil)
	if len(list) < 20 {
		t.Errorf("only %d documents are restored", len(list))
	}
	for _, id := range list {
		if n, err := again.Blobs().Stat(ctx, id); err != nil || n != int64(len("of ")+len(id)) {
			t.Errorf("blob of %s: %d, %v", id, n, err)
		}
	}
	if got := ids(t, again.Collection("tasks"), filter.Cmp{Path: "v", Op: filter.Eq, Value: list[3]}); !cmp.Equal(got, list[3:4]) {
		t.Errorf("got %v", got)
	}
	if err := s.Restore(ctx, "copy", bytes.NewReader(out.Bytes())); !errors.Is(err, storage.ErrConflict) {
		t.Errorf("restored over a tenant that exists: %v", err)
	}
	for i := 600; i < 5000; i++ {
		damaged[i] ^= 0xff
	}
	for name, bad := range map[string][]byte{"damaged": damaged, "short": out.Bytes()[:2000], "empty": nil,
		"cut before its end": out.Bytes()[:out.Len()-3*512], "cut and closed": append(bytes.Clone(out.Bytes()[:out.Len()-3*512]), make([]byte, 1024)...)} {
		if err := s.Restore(ctx, "bad", bytes.NewReader(bad)); err == nil {
			t.Errorf("a %s snapshot is restored", name)
		}
	}
}

func TestSweepRemovesWhatUploadsLeft(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := sqlite.Open(t.Context(), sqlite.Options{Dir: dir})
	ok(t, err)
	t.Cleanup(func() { ok(t, s.Close(context.Background())) })
	place, err := s.Tenant("t")
	ok(t, err)
	_, err = place.Blobs().Put(t.Context(), "kept", strings.NewReader("kept"))
	ok(t, err)
	folder := filepath.Join(dir, "tenants", "t", "blobs", "aa")
	ok(t, os.MkdirAll(folder, 0o750))
	old, young := filepath.Join(folder, ".put-1"), filepath.Join(folder, ".put-2")
	for _, name := range []string{old, young} {
		ok(t, os.WriteFile(name, []byte("half"), 0o600))
	}
	long := time.Now().Add(-72 * time.Hour)
	ok(t, os.Chtimes(old, long, long))
	n, err := place.Blobs().Sweep(t.Context(), time.Now().Add(-48*time.Hour))
	ok(t, err)
	if n != 1 {
		t.Errorf("swept %d", n)
	}
	if _, err := os.Stat(young); err != nil {
		t.Errorf("what is being written was swept: %v", err)
	}
	if size, err := place.Blobs().Stat(t.Context(), "kept"); err != nil || size != 4 {
		t.Errorf("the blob: %d, %v", size, err)
	}
}

func TestExpiryByClock(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	s, err := sqlite.Open(ctx, sqlite.Options{Dir: t.TempDir(), Now: func() time.Time { return now }})
	ok(t, err)
	t.Cleanup(func() { ok(t, s.Close(ctx)) })
	c := collection(t, s, "sessions")
	ok(t, c.Indexes(ctx, storage.Index{Fields: []storage.IndexField{field("until")}, Expire: true}))
	ok(t, c.Insert(ctx, storage.Doc{"_id": "a", "until": now.Add(time.Minute)}))
	if got := ids(t, c, nil); len(got) != 1 {
		t.Errorf("got %v before its time", got)
	}
	now = now.Add(time.Minute)
	if got := ids(t, c, nil); len(got) != 0 {
		t.Errorf("got %v at its time", got)
	}
}

// A write whose caller gives up while it waits never happens.
func TestGivingUp(t *testing.T) {
	t.Parallel()
	c := collection(t, open(t), "tasks")
	ok(t, c.Insert(context.Background(), storage.Doc{"_id": "base"}))
	var wg sync.WaitGroup
	var mu sync.Mutex
	acknowledged, refused := map[string]bool{}, 0
	for i := range 200 {
		wg.Go(func() {
			ctx, cancel := context.WithTimeout(context.Background(), time.Duration(i)*20*time.Microsecond)
			defer cancel()
			id := fmt.Sprintf("d%03d", i)
			err := c.Insert(ctx, storage.Doc{"_id": id})
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				acknowledged[id] = true
			} else {
				refused++
			}
		})
	}
	wg.Wait()
	list := ids(t, c, filter.Cmp{Path: "_id", Op: filter.Prefix, Value: "d"})
	if len(list) != len(acknowledged) || refused+len(list) != 200 {
		t.Errorf("%d acknowledged, %d refused, %d there", len(acknowledged), refused, len(list))
	}
}
