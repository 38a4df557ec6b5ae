package app

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/formwork-run/formwork/internal/config"
	"github.com/formwork-run/formwork/runtime"
	"github.com/formwork-run/formwork/runtime/jobs"
	"github.com/formwork-run/formwork/schema/catalog"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// Ages from which what waits is trouble: a running server does it sooner.
const (
	lateEffect = time.Minute
	lateSerial = 10 * time.Minute
)

// manyFindings is where counting stops: more is not more to know.
const manyFindings = 10_000

// Finding is one thing that is not as it should be.
type Finding struct {
	Tenant  string `json:"tenant"`
	Check   string `json:"check"`   // store, effects, jobs, tasks, serials
	Subject string `json:"subject"` // a form, kind or counter
	Count   int    `json:"count"`
	Message string `json:"message"`
}

// String is the finding on one line.
func (f Finding) String() string {
	where := f.Check
	if f.Tenant != "" {
		where = f.Tenant + ": " + where
	}
	if f.Subject != "" {
		where += ": " + f.Subject
	}
	return where + ": " + f.Message
}

// Doctor looks for trouble in the data and changes nothing. An error means that
// it could not look.
func Doctor(ctx context.Context, cfg config.Config) ([]Finding, error) {
	o, err := OpenOffline(ctx, cfg, false)
	if err != nil {
		return nil, err
	}
	found, err := o.examine(ctx, time.Now())
	if cerr := o.Close(ctx); err == nil {
		err = cerr
	}
	return found, err
}

func (o *Offline) examine(ctx context.Context, now time.Time) ([]Finding, error) {
	found := []Finding{}
	if err := o.Store.Ping(ctx); err != nil {
		return append(found, Finding{Check: "store", Count: 1, Message: "it cannot be written: " + err.Error()}), nil //nolint:nilerr // that the store is down is the finding
	}
	for _, s := range o.host.All() {
		x := &examination{s: s, now: now}
		for _, check := range []func(context.Context) error{x.effects, x.deadJobs, x.tasks, x.serials} {
			if err := check(ctx); err != nil {
				return found, fmt.Errorf("organisation %s: %w", s.ID, err)
			}
		}
		found = append(found, x.found...)
	}
	return found, nil
}

// examination is what is found in one organisation.
type examination struct {
	s     *runtime.Services
	now   time.Time
	found []Finding
}

func (x *examination) add(check, subject string, n int, format string) {
	if n == 0 {
		return
	}
	count := fmt.Sprint(n)
	if n > manyFindings {
		count = fmt.Sprintf("more than %d", manyFindings)
	}
	x.found = append(x.found, Finding{Tenant: x.s.ID, Check: check, Subject: subject, Count: n, Message: count + " " + format})
}

// effects looks for what should have followed a write long ago.
func (x *examination) effects(ctx context.Context) error {
	names, err := x.s.Store.Collections(ctx)
	if err != nil {
		return err
	}
	late := filter.Cmp{Path: "due", Op: filter.Le, Value: x.now.Add(-lateEffect).UTC()}
	for _, name := range names {
		if !strings.HasPrefix(name, "rec_") {
			continue
		}
		n, err := x.s.Store.Collection(name).Count(ctx, late, manyFindings)
		if err != nil {
			return err
		}
		x.add("effects", name, n, "records wait for what follows their last change; a running server does it, and logs why it cannot")
	}
	return nil
}

func (x *examination) deadJobs(ctx context.Context) error {
	kinds := map[string]int{}
	cursor := ""
	for {
		dead, next, err := x.s.Jobs.DeadJobs(ctx, cursor)
		if err != nil {
			return err
		}
		for _, j := range dead {
			kinds[j.Kind]++
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		x.add("jobs", kind, kinds[kind], fmt.Sprintf("jobs gave up after %d attempts; look at them under administration and retry", jobs.MaxAttempts))
	}
	return nil
}

// tasks looks for rows of the task centre whose record is nowhere, not even in the trash.
func (x *examination) tasks(ctx context.Context) error {
	lost := map[string]int{}
	q := storage.Query{Where: filter.Cmp{Path: "box", Op: filter.Ne, Value: ""}, Limit: storage.MaxFindLimit, Fields: []string{"form", "record"}}
	for {
		page, err := x.s.Store.Collection("tasks").Find(ctx, q)
		if err != nil {
			return err
		}
		records := map[string][]string{}
		for _, d := range page.Docs {
			form, _ := d["form"].(string)
			record, _ := d["record"].(string)
			records[form] = append(records[form], record)
		}
		for form, ids := range records {
			n, err := x.missing(ctx, form, ids)
			if err != nil {
				return err
			}
			lost[form] += n
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			break
		}
	}
	for _, form := range slices.Sorted(maps.Keys(lost)) {
		x.add("tasks", form, lost[form], "rows of the task centre point to no record")
	}
	return nil
}

// missing counts the ids (with repeats) that are neither among the records of a form nor in the trash.
func (x *examination) missing(ctx context.Context, form string, ids []string) (int, error) {
	unique := slices.Compact(slices.Sorted(slices.Values(ids)))
	have, err := x.s.Store.Collection(catalog.RecordCollection(form)).GetMany(ctx, unique)
	if err != nil {
		return 0, err
	}
	gone, err := x.s.Store.Collection("trash").GetMany(ctx, unique)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, id := range ids {
		if have[id] == nil && gone[id] == nil {
			n++
		}
	}
	return n, nil
}

func (x *examination) serials(ctx context.Context) error {
	lost, err := x.s.Records.LostSerials(ctx, lateSerial)
	if err != nil {
		return err
	}
	for _, counter := range slices.Sorted(maps.Keys(lost)) {
		x.add("serials", counter, lost[counter], "numbers were given out and belong to no record; a running server gives them again")
	}
	return nil
}
