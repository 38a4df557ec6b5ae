package sqlite_test

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
	"github.com/formwork-run/formwork/storage/sqlite"
)

// What the process that is killed is told: its folder, and behind which
// acknowledged write it kills itself (0: it is killed from outside).
const (
	crashDir   = "FORMWORK_CRASH_TEST_DIR"
	crashAfter = "FORMWORK_CRASH_TEST_AFTER"
)

// TestMain lets the test binary be the process that is killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv(crashDir); dir != "" {
		crashWriter(dir)
		return
	}
	os.Exit(m.Run())
}

// crashWriter writes from many goroutines and prints what has been acknowledged, until it is killed.
func crashWriter(dir string) {
	ctx := context.Background()
	s, err := sqlite.Open(ctx, sqlite.Options{Dir: dir})
	if err != nil {
		panic(err)
	}
	tn, err := s.Tenant("acme")
	if err != nil {
		panic(err)
	}
	c := tn.Collection("tasks")
	err = c.Indexes(ctx, storage.Index{Fields: []storage.IndexField{{Path: "n", Scale: 0}}},
		storage.Index{Fields: []storage.IndexField{{Path: "tags", Scale: -1, List: true}}})
	if err != nil {
		panic(err)
	}
	after, err := strconv.Atoi(os.Getenv(crashAfter))
	if err != nil {
		panic(err)
	}
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		panic(err)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	printed := 0
	run := time.Now().UnixNano()
	for g := range 16 {
		wg.Go(func() {
			for i := 0; ; i++ {
				id := fmt.Sprintf("%d-%d-%d", run, g, i)
				if err := c.Insert(ctx, storage.Doc{"_id": id, "n": int64(i), "tags": []any{"all", id}, "pad": strings.Repeat("x", 500)}); err != nil {
					panic(err)
				}
				rev := int64(1)
				if i%3 == 0 {
					if _, err := c.Patch(ctx, id, storage.Guard{Rev: 1}, storage.Patch{Push: map[string][]any{"tags": {"more"}}}); err != nil {
						panic(err)
					}
					rev = 2
				}
				mu.Lock()
				fmt.Println(id, rev)
				if printed++; printed == after {
					_ = self.Kill() // at once: a commit that was only promised is cut off
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
}

// TestCrash kills a writing process at random moments: what it acknowledged is there.
func TestCrash(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	acknowledged := map[string]int64{}
	for round := range 8 {
		killWriter(t, dir, 30+rand.IntN(400), round%2 == 0, acknowledged)
		checkIntegrity(t, filepath.Join(dir, "tenants", "acme", "data.db"))
		checkAcknowledged(t, dir, acknowledged)
	}
	if len(acknowledged) < 150 {
		t.Errorf("only %d writes were acknowledged", len(acknowledged))
	}
}

// killWriter lets the writer acknowledge some lines and kills it in the middle of its work.
func killWriter(t *testing.T, dir string, lines int, outside bool, acknowledged map[string]int64) {
	t.Helper()
	after := lines
	if outside {
		after = 0
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), crashDir+"="+dir, crashAfter+"="+strconv.Itoa(after))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	ok(t, err)
	ok(t, cmd.Start())
	scan := bufio.NewScanner(out)
	for n := 0; scan.Scan(); n++ {
		var id string
		var rev int64
		if _, err := fmt.Sscan(scan.Text(), &id, &rev); err == nil && rev > 0 {
			acknowledged[id] = rev
		}
		if outside && n == lines {
			ok(t, cmd.Process.Kill()) // SIGKILL; what it printed before is still read
		}
	}
	if err := cmd.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Fatalf("the writer ended by itself: %v", err)
	}
}

func checkIntegrity(t *testing.T, file string) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	ok(t, err)
	defer func() { _ = db.Close() }()
	var result string
	ok(t, db.QueryRow("PRAGMA integrity_check").Scan(&result))
	if result != "ok" {
		t.Fatalf("integrity_check: %s", result)
	}
}

func checkAcknowledged(t *testing.T, dir string, acknowledged map[string]int64) {
	t.Helper()
	ctx := context.Background()
	s, err := sqlite.Open(ctx, sqlite.Options{Dir: dir})
	ok(t, err)
	defer func() { ok(t, s.Close(ctx)) }()
	c := collection(t, s, "tasks")
	for id, rev := range acknowledged {
		d, err := c.Get(ctx, id)
		if err != nil {
			t.Fatalf("%s was acknowledged: %v", id, err)
		}
		if d["_rev"].(int64) < rev {
			t.Errorf("%s has _rev %v, %d was acknowledged", id, d["_rev"], rev)
		}
	}
	total, err := c.Count(ctx, nil, 0)
	ok(t, err)
	byIndex, err := c.Count(ctx, filter.Cmp{Path: "tags", Op: filter.Eq, Value: "all"}, 0)
	ok(t, err)
	if total != byIndex {
		t.Errorf("%d documents, %d in the list index", total, byIndex)
	}
}
