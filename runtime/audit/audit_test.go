package audit_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/formwork-run/formwork/runtime/audit"
	"github.com/formwork-run/formwork/runtime/internal/kit"
	"github.com/formwork-run/formwork/storage"
)

var ctx = context.Background()

// logged is a world with n entries, sealed.
func logged(t *testing.T, n int) *kit.World {
	t.Helper()
	w := kit.Empty(t)
	for i := range n {
		note(t, w, fmt.Sprintf("user%d", i))
		w.Clock.Advance(time.Second)
	}
	w.Clock.Advance(3 * time.Minute)
	if got, err := w.Audit.Seal(ctx); err != nil || got != n {
		t.Fatalf("sealed %d of %d, %v", got, n, err)
	}
	return w
}

func note(t *testing.T, w *kit.World, by string) {
	t.Helper()
	if err := w.Audit.Note(ctx, by, "login", "192.0.2.1", map[string]any{"n": int64(1)}); err != nil {
		t.Fatal(err)
	}
}

func broken(t *testing.T, w *kit.World, want ...audit.Expected) *audit.BrokenError {
	t.Helper()
	_, err := w.Audit.Verify(ctx, want...)
	var b *audit.BrokenError
	if err != nil && !errors.As(err, &b) {
		t.Fatal(err)
	}
	return b
}

func entries(t *testing.T, w *kit.World) []audit.Entry {
	t.Helper()
	l, _, err := w.Audit.List(ctx, audit.Query{Oldest: true, Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestTheChainNamesTheFirstBrokenLine(t *testing.T) {
	t.Parallel()
	w := logged(t, 7)
	log, chain := w.Store.Collection("audit"), w.Store.Collection(audit.ChainCollection)
	head, err := w.Audit.Verify(ctx)
	if err != nil || head.Seq != 7 || head.Waiting != 0 {
		t.Fatalf("untouched: %+v, %v", head, err)
	}
	all := entries(t, w)
	fourth, err := log.Get(ctx, all[3].ID)
	if err != nil {
		t.Fatal(err)
	}
	restore := func(do func()) {
		t.Helper()
		do()
		if _, err := log.Get(ctx, all[3].ID); errors.Is(err, storage.ErrNotFound) {
			back := storage.Doc{}
			for k, v := range fourth {
				if k != storage.Rev {
					back[k] = v
				}
			}
			if err := log.Insert(ctx, back); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := log.Patch(ctx, all[3].ID, storage.Guard{}, storage.Patch{Set: map[string]any{"by": fourth["by"], "at": fourth["at"]}, Unset: []string{"extra"}}); err != nil {
			t.Fatal(err)
		}
	}
	for what, set := range map[string]map[string]any{"who": {"by": "mallory"}, "when": {"at": w.Clock.Now()}, "a word more": {"extra": "x"}} {
		restore(func() {
			if _, err := log.Patch(ctx, all[3].ID, storage.Guard{}, storage.Patch{Set: set}); err != nil {
				t.Fatal(err)
			}
			if b := broken(t, w); b == nil || b.Seq != 4 || b.ID != all[3].ID {
				t.Errorf("%s was changed: %v", what, b)
			}
		})
	}
	restore(func() {
		if err := log.Delete(ctx, all[3].ID, storage.Guard{}); err != nil {
			t.Fatal(err)
		}
		if b := broken(t, w); b == nil || b.Seq != 4 || !strings.Contains(b.What, "missing") {
			t.Errorf("a line was deleted: %v", b)
		}
	})
	forged := storage.Doc{storage.ID: "forged", "at": all[2].At, "by": "mallory", "action": "login"}
	if err := log.Insert(ctx, forged); err != nil {
		t.Fatal(err)
	}
	if b := broken(t, w); b == nil || b.ID != "forged" {
		t.Errorf("a line was added: %v", b)
	}
	if err := log.Delete(ctx, "forged", storage.Guard{}); err != nil {
		t.Fatal(err)
	}
	if b := broken(t, w); b != nil {
		t.Fatalf("put right again: %v", b)
	}
	if _, err := chain.Patch(ctx, "000000000001", storage.Guard{}, storage.Patch{Set: map[string]any{"head": strings.Repeat("0", 64)}}); err != nil {
		t.Fatal(err)
	}
	if b := broken(t, w); b == nil || b.Segment != 1 {
		t.Errorf("a segment was altered: %v", b)
	}
}

func TestAChainMadeWithoutTheKeysetIsFound(t *testing.T) {
	t.Parallel()
	w := logged(t, 3)
	head, err := w.Audit.Head(ctx)
	if err != nil {
		t.Fatal(err)
	}
	// Whoever has the store alone can empty the chain and let a program with keys of his own seal it anew.
	if err := w.Store.Collection(audit.ChainCollection).Delete(ctx, "000000000001", storage.Guard{}); err != nil {
		t.Fatal(err)
	}
	forger := *w
	forger.Seal = nil
	host := forger.Node(t)
	s, err := host.Tenant(ctx, "t")
	if err != nil {
		t.Fatal(err)
	}
	if n, err := s.Audit.Seal(ctx); n != 3 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	if b := broken(t, w); b == nil || !strings.Contains(b.What, "signature") {
		t.Errorf("a forged chain: %v", b)
	}
	_ = head
}

func TestAHeadKeptElsewhereFindsACutChain(t *testing.T) {
	t.Parallel()
	w := logged(t, 5)
	head, err := w.Audit.Head(ctx)
	if err != nil {
		t.Fatal(err)
	}
	kept := audit.Expected{Seq: head.Seq, Hash: head.Hash}
	if b := broken(t, w, kept); b != nil {
		t.Fatalf("untouched: %v", b)
	}
	if b := broken(t, w, audit.Expected{Seq: 3, Hash: head.Hash}); b == nil || b.Seq != 3 {
		t.Errorf("another head at line 3: %v", b)
	}
	for _, e := range entries(t, w) {
		if err := w.Store.Collection("audit").Delete(ctx, e.ID, storage.Guard{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Store.Collection(audit.ChainCollection).Delete(ctx, "000000000001", storage.Guard{}); err != nil {
		t.Fatal(err)
	}
	if b := broken(t, w); b != nil {
		t.Errorf("without the head nothing tells: %v", b)
	}
	if b := broken(t, w, kept); b == nil || !strings.Contains(b.What, "is gone") {
		t.Errorf("with the head: %v", b)
	}
}

func TestManyNodesSealEachEntryOnce(t *testing.T) {
	t.Parallel()
	w := kit.Empty(t)
	const n = 1100 // three segments
	for i := range n {
		note(t, w, fmt.Sprint(i))
	}
	w.Clock.Advance(time.Minute)
	note(t, w, "young")
	w.Clock.Advance(90 * time.Second)
	var services []*audit.Service
	for range 3 {
		s, err := w.Node(t).Tenant(ctx, "t")
		if err != nil {
			t.Fatal(err)
		}
		services = append(services, s.Audit)
	}
	var wg sync.WaitGroup
	for _, s := range services {
		wg.Go(func() {
			for range 5 {
				if _, err := s.Seal(ctx); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	head, err := w.Audit.Verify(ctx)
	if err != nil || head.Seq != n || head.Waiting != 1 {
		t.Errorf("%+v, %v", head, err)
	}
	w.Clock.Advance(time.Minute)
	if got, err := w.Audit.Seal(ctx); got != 1 || err != nil {
		t.Errorf("the young one: %d, %v", got, err)
	}
}

// What a dead node left is written when the sweeper comes, long after its time was sealed.
func TestLateEntriesAreSealedToo(t *testing.T) {
	t.Parallel()
	w := logged(t, 4)
	at := entries(t, w)[1].At
	late := storage.Doc{storage.ID: "lab.item.r1:1:0", "at": at, "late": w.Clock.Now(), "by": "ann", "action": "create"}
	if err := w.Store.Collection("audit").Insert(ctx, late); err != nil {
		t.Fatal(err)
	}
	if b := broken(t, w); b != nil {
		t.Errorf("before it is sealed: %v", b)
	}
	w.Clock.Advance(3 * time.Minute)
	if n, err := w.Audit.Seal(ctx); n != 1 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	if head, err := w.Audit.Verify(ctx); err != nil || head.Seq != 5 {
		t.Errorf("%+v, %v", head, err)
	}
	if err := w.Store.Collection("audit").Delete(ctx, "lab.item.r1:1:0", storage.Guard{}); err != nil {
		t.Fatal(err)
	}
	if b := broken(t, w); b == nil || b.Seq != 5 {
		t.Errorf("it was deleted: %v", b)
	}
}

func TestTheLogIsAsked(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	rec := w.Create("ann", "lab.item", kit.M{"name": "Crane"})
	if err := w.Records.Close(ctx); err != nil { // what is logged beside the request is there now
		t.Fatal(err)
	}
	w.Clock.Advance(time.Hour)
	note(t, w, "ann")
	for _, action := range []string{"login.failed", "user.created", "user.password_link", "settings.changed", "design.published", "reveal", "keys.rotated"} {
		if err := w.Audit.NoteAbout(ctx, audit.About{By: "root", Action: action, IP: "203.0.113.9", Detail: map[string]any{"login": "li.na"}}); err != nil {
			t.Fatal(err)
		}
	}
	for what, c := range map[string]struct {
		q    audit.Query
		want string
	}{
		"who":            {audit.Query{By: "ann"}, "login create"},
		"an action":      {audit.Query{Action: []string{"login.failed"}}, "login.failed"},
		"a kind":         {audit.Query{Action: []string{"login"}}, "user.password_link login.failed login"},
		"another kind":   {audit.Query{Action: []string{"access"}}, "user.created"},
		"two of them":    {audit.Query{Action: []string{"data", "reveal"}}, "reveal create"},
		"all the others": {audit.Query{Action: []string{"admin"}}, "keys.rotated settings.changed"},
		"a form":         {audit.Query{Form: "lab.item"}, "create"},
		"a record":       {audit.Query{Form: "lab.item", Record: rec.ID()}, "create"},
		"another record": {audit.Query{Form: "lab.item", Record: "nothing"}, ""},
		"an address":     {audit.Query{IP: "192.0.2.1"}, "login"},
		"a text":         {audit.Query{Text: "Cran"}, "create"},
		"a time":         {audit.Query{To: kit.Start.Add(time.Minute)}, "create"},
		"the other way":  {audit.Query{By: "ann", Oldest: true}, "create login"},
	} {
		got, _, err := w.Audit.List(ctx, c.q)
		if err != nil {
			t.Fatal(err)
		}
		var actions []string
		for _, e := range got {
			actions = append(actions, e.Action)
		}
		if s := strings.Join(actions, " "); !sameWords(s, c.want) {
			t.Errorf("%s: %q, want %q", what, s, c.want)
		}
	}
}

// sameWords: entries of one moment come in the order of their ids.
func sameWords(a, b string) bool {
	x, y := strings.Fields(a), strings.Fields(b)
	if len(x) != len(y) {
		return false
	}
	n := map[string]int{}
	for i := range x {
		n[x[i]]++
		n[y[i]]--
	}
	for _, v := range n {
		if v != 0 {
			return false
		}
	}
	return true
}

func TestExports(t *testing.T) {
	t.Parallel()
	w := logged(t, 3)
	if err := w.Audit.Note(ctx, "=cmd|' /C calc'!A0", "login", "", nil); err != nil {
		t.Fatal(err)
	}
	var lines, table bytes.Buffer
	n, err := w.Audit.Export(ctx, &lines, audit.NDJSON, audit.Query{}, 0)
	if err != nil || n != 4 || strings.Count(lines.String(), "\n") != 5 || !strings.Contains(lines.String(), `{"head":{"seq":3,`) {
		t.Errorf("%d, %v: %s", n, err, lines.String())
	}
	if n, err = w.Audit.Export(ctx, &table, audit.CSV, audit.Query{}, 2); n != 2 || err != nil {
		t.Errorf("two of them: %d, %v", n, err)
	}
	table.Reset()
	if _, err = w.Audit.Export(ctx, &table, audit.CSV, audit.Query{}, 0); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&table).ReadAll()
	if err != nil || len(rows) != 5 || rows[4][1] != "'=cmd|' /C calc'!A0" {
		t.Errorf("%v: %v", err, rows)
	}
	if _, err := w.Audit.Export(ctx, &table, "xml", audit.Query{}, 0); err == nil {
		t.Error("an unknown format is written")
	}
}
