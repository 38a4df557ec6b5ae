package calendar_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/calendar"
	"github.com/formwork-run/formwork/storage/sqlite"
)

func service(t *testing.T) (a, b *calendar.Service) {
	t.Helper()
	store, err := sqlite.OpenMemory()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close(context.Background()) })
	st, err := store.Tenant("t")
	if err != nil {
		t.Fatal(err)
	}
	open := func() *calendar.Service {
		s, err := calendar.Open(context.Background(), st, func() *time.Location { return time.UTC })
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	return open(), open()
}

func TestServiceKeepsWhatIsPut(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s, other := service(t)
	d := site()
	d.Key, d.Zone = "site", "Asia/Shanghai"
	saved, err := s.Put(ctx, d)
	if err != nil {
		t.Fatal(err)
	}
	d.Builtin, d.Rev = true, saved.Rev
	d.Workdays[0].Hours = [][2]string{}
	if diff := cmp.Diff(d, saved, cmp.FilterPath(func(p cmp.Path) bool { return p.String() == "Builtin" }, cmp.Ignore())); diff != "" {
		t.Error(diff)
	}
	if other.Has("site") {
		t.Error("the other node knows it before it has read")
	}
	if err := other.Load(ctx); err != nil || !other.Has("site") {
		t.Errorf("the other node does not know it: %v", err)
	}
	if got := other.Get("site").Zone().String(); got != "Asia/Shanghai" {
		t.Errorf("its zone is %s", got)
	}
	stale := saved
	stale.Rev += 5
	if _, err := s.Put(ctx, stale); !fault.Is(err, "calendar.stale") {
		t.Errorf("an old revision: %v", err)
	}
	if err := s.Delete(ctx, "site"); err != nil || s.Has("site") {
		t.Errorf("delete: %v", err)
	}
	if err := s.Delete(ctx, "site"); !fault.Is(err, "calendar.not_found") {
		t.Errorf("delete twice: %v", err)
	}
}

func TestDefaultIsThereFromTheStart(t *testing.T) {
	t.Parallel()
	s, _ := service(t)
	if l := s.List(); len(l) != 1 || !l[0].Builtin || l[0].Key != calendar.DefaultKey {
		t.Fatalf("list: %+v", l)
	}
	if _, known := s.Holiday("2024-05-19"); known {
		t.Error("an organisation without a calendar has an opinion about a day")
	}
	d := calendar.Builtin()
	d.Week["sat"] = [][2]string{{"09:00", "12:00"}}
	if _, err := s.Put(context.Background(), d); err != nil {
		t.Fatal(err)
	}
	if work, known := s.Holiday("2024-05-18"); !work || !known {
		t.Error("the Saturday that is worked is not known")
	}
	if got := s.Get("gone"); got != s.Get("") {
		t.Error("a calendar that is not there is not the organisation's")
	}
	if s.Get(calendar.AlwaysKey).Left(time.Unix(0, 0), time.Unix(3600, 0)) != 60 {
		t.Error("not every hour counts")
	}
}
