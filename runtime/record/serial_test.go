package record_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/internal/kit"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/storage"
)

// numbers are those that records hold, in order.
func numbers(t *testing.T, w *kit.World, collection string) []string {
	t.Helper()
	var out []string
	for _, d := range w.Docs(collection) {
		if no, _ := d["data"].(m)["no"].(string); no != "" {
			out = append(out, no)
		}
	}
	slices.Sort(out)
	return out
}

func settle(t *testing.T, w *kit.World) {
	t.Helper()
	if err := w.Records.SettleSerials(ctx); err != nil {
		t.Fatal(err)
	}
}

func counter(t *testing.T, w *kit.World) storage.Doc {
	t.Helper()
	l := w.Docs("counters")
	if len(l) != 1 {
		t.Fatalf("%d counters", len(l))
	}
	return l[0]
}

// TestSerialsWithoutGaps: two hundred at once, a third of them refused by a
// unique value after their number was taken. In the end no number is missing
// and none was given twice.
func TestSerialsWithoutGaps(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	refusals := 0
	for i := range 200 {
		wg.Go(func() {
			data := m{"name": fmt.Sprint(i)}
			if i%3 == 0 {
				data["code"] = "taken"
			}
			_, err := w.TryCreate("ann", "lab.item", data, true)
			if err != nil && fault.CodeOf(err) != "record.duplicate" {
				t.Errorf("refused by %v", err)
			}
			if err != nil {
				mu.Lock()
				refusals++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if refusals != 66 {
		t.Errorf("%d refusals, want 66", refusals)
	}
	settle(t, w)
	free, _ := counter(t, w)["free"].([]any)
	for range len(free) { // what came back is given first
		w.Create("ann", "lab.item", m{"name": "more"})
	}
	settle(t, w)
	got := numbers(t, w, "rec_lab__item")
	for i, no := range got {
		if want := fmt.Sprintf("I%05d", i+1); no != want {
			t.Fatalf("the %d. number is %s, want %s", i+1, no, want)
		}
	}
	if len(got) != 134+len(free) {
		t.Errorf("%d numbers, want %d", len(got), 134+len(free))
	}
	c := counter(t, w)
	if rest, _ := c["log"].([]any); len(rest) != 0 || c["base"] != int64(len(got)) {
		t.Errorf("settled: base %v, log %v", c["base"], rest)
	}
}

// TestSerialOfARecordThatNeverCame is given again after the grace, once.
func TestSerialOfARecordThatNeverCame(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	w.Create("ann", "lab.item", m{"name": "1"})
	// A process took a number and died.
	_, err := w.Store.Collection("counters").Patch(ctx, counter(t, w)["_id"].(string), storage.Guard{},
		storage.Patch{Push: map[string][]any{"log": {fmt.Sprint(kit.Start.UnixMilli()) + ":dead"}}})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "no", "I00003", w.Create("ann", "lab.item", m{"name": "3"}).Data()["no"])
	settle(t, w)
	same(t, "it may still come", "I00004", w.Create("ann", "lab.item", m{"name": "4"}).Data()["no"])
	w.Clock.Advance(3 * time.Minute)
	var wg sync.WaitGroup
	for range 8 { // as many nodes as there may be
		wg.Go(func() {
			if err := w.Records.SettleSerials(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	same(t, "given again", "I00002", w.Create("ann", "lab.item", m{"name": "2"}).Data()["no"])
	same(t, "and only once", "I00005", w.Create("ann", "lab.item", m{"name": "5"}).Data()["no"])
}

// TestSerialOfADeletedRecord is never given to another one: it may be restored.
func TestSerialOfADeletedRecord(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	rec := w.Create("ann", "lab.item", m{"name": "1"})
	if err := w.Records.Delete(ctx, w.As("ann"), "lab.item", rec.ID(), 0); err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(3 * time.Minute)
	settle(t, w)
	same(t, "no", "I00002", w.Create("ann", "lab.item", m{"name": "2"}).Data()["no"])
	back, err := w.Records.Restore(ctx, w.As("ann"), "lab.item", rec.ID())
	if err != nil || back.Data()["no"] != "I00001" {
		t.Errorf("restored: %v %v", back, err)
	}
}

// TestSerialNet: a number that another record has already is not an error of
// whoever submits: he gets the next one.
func TestSerialNet(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	w.Create("ann", "lab.item", m{"name": "1"})
	w.Create("ann", "lab.item", m{"name": "2"})
	if _, err := w.Store.Collection("counters").Patch(ctx, counter(t, w)["_id"].(string), storage.Guard{},
		storage.Patch{Push: map[string][]any{"free": {int64(1)}}}); err != nil {
		t.Fatal(err)
	}
	same(t, "no", "I00003", w.Create("ann", "lab.item", m{"name": "3"}).Data()["no"])
	d, err := w.TryCreate("ann", "lab.item", m{"name": "4"}, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Store.Collection("counters").Patch(ctx, counter(t, w)["_id"].(string), storage.Guard{},
		storage.Patch{Push: map[string][]any{"free": {int64(2)}}}); err != nil {
		t.Fatal(err)
	}
	rec, err := w.Records.Save(ctx, w.As("ann"), w.Flow, "lab.item", d.ID(), record.SaveInput{Rev: d.Rev(), Submit: true})
	if err != nil || rec.Data()["no"] != "I00004" {
		t.Errorf("submitted: %v %v", rec, err)
	}
}

func TestSerialPatternAndPeriod(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	p := w.Create("kim", "lab.project", m{"name": "P", "pm": "bob", "team": []m{{"member": "ann"}}})
	next := func(at time.Time) any {
		t.Helper()
		w.Clock.Set(at)
		return w.Create("ann", "lab.order", m{"name": "x", "project": p.ID()}).Data()["no"]
	}
	// Months begin in Shanghai, eight hours before they do in London.
	same(t, "first", "O-202405-001", next(time.Date(2024, 5, 31, 15, 59, 0, 0, time.UTC)))
	same(t, "last of the month", "O-202405-002", next(time.Date(2024, 5, 31, 15, 59, 59, 0, time.UTC)))
	same(t, "the next month", "O-202406-001", next(time.Date(2024, 5, 31, 16, 0, 0, 0, time.UTC)))
	same(t, "and on", "O-202406-002", next(time.Date(2024, 6, 1, 0, 0, 0, 0, time.UTC)))

	w2 := kit.Empty(t)
	w2.Publish(kit.LabFiles().Edit(t, "forms/item.yaml", `pattern: "I{seq:5}"`, `pattern: "{yy}/{MM}/{dd}-{code}-{seq:1}", reset: year, start: 41`))
	same(t, "parts", "24/05/14-C7-41", w2.Create("ann", "lab.item", m{"name": "x", "code": "C7"}).Data()["no"])
	w2.Clock.Set(time.Date(2024, 12, 31, 16, 0, 0, 0, time.UTC))
	same(t, "reset", "25/01/01-C8-41", w2.Create("ann", "lab.item", m{"name": "x", "code": "C8"}).Data()["no"])
}
