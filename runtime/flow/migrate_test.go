package flow_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/flow"
)

const (
	before = "  - {id: one, type: approve, title: 一审, who: [{users: [hugo]}]}\n  - {id: two, type: approve, title: 二审, who: [{users: [kim]}]}"
	later  = "  - {id: one, type: approve, title: 一审, who: [{users: [hugo]}]}\n  - {id: new, type: approve, who: [{users: [dora]}]}"
)

func (s *store) publish(nodes string) { s.Publish(shop(nodes)) }

func (s *store) migration(job string) *flow.Migration {
	s.t.Helper()
	m, err := s.Flow.Migration(ctx, "shop", job)
	if err != nil {
		s.t.Fatal(err)
	}
	return m
}

// TestMigrate moves cases that fit to the version in use, with their records;
// the others stay, and are named with what is in the way.
func TestMigrate(t *testing.T) {
	t.Parallel()
	s := openShop(t, before)
	root := s.As("root")
	fits := s.order(m{"name": "fits"})
	stuck := s.order(m{"name": "stuck"})
	s.act("hugo", "shop.order", stuck.ID(), "approve")
	over := s.order(m{"name": "over"})
	s.act("hugo", "shop.order", over.ID(), "reject")
	s.publish(later)

	p, err := s.Flow.PreviewMigration(ctx, root, "shop", "order", nil, "", 0)
	if err != nil || len(p.Items) != 2 || p.To != 2 {
		t.Fatalf("%+v %v", p, err)
	}
	for _, x := range p.Items {
		switch x.Title {
		case "fits":
			if !x.Fits || x.From != 1 || len(x.Stands) != 1 || x.Stands[0].Node != "one" || x.At[0].Title != "一审" {
				t.Errorf("%+v", x)
			}
		case "stuck":
			if x.Fits || len(x.Problems) != 1 || x.Problems[0].Code != "node_missing" || x.Problems[0].Title != "二审" || x.Problems[0].Text != "新版本没有这个节点" {
				t.Errorf("%+v", x)
			}
		default:
			t.Errorf("%+v", x)
		}
	}
	if got := s.load("shop.order", fits.ID()); got.Case.Version != 1 {
		t.Error("the preview moved it")
	}

	job, err := s.Flow.StartMigration(ctx, root, "shop", "order", nil)
	if err != nil || job.State != "queued" || job.Total != 2 {
		t.Fatalf("%+v %v", job, err)
	}
	s.run()
	done := s.migration(job.Job)
	if done.State != "done" || done.Moved != 1 || done.Skipped != 1 || done.Done != 2 || len(done.Problems) != 1 || done.Problems[0].Code != "migrate.unfit" || done.EndedAt == nil {
		t.Fatalf("%+v", done)
	}
	got := s.load("shop.order", fits.ID())
	if got.Case.Version != 2 || got.Doc["version"] != int64(2) || len(got.Case.OpenTasks("hugo")) != 1 {
		t.Errorf("version %d, record %v, open %v", got.Case.Version, got.Doc["version"], got.Case.OpenTasks(""))
	}
	if line := got.Case.Log[len(got.Case.Log)-1]; line.Action != engine.CmdMigrate || line.By != "root" {
		t.Errorf("logged as %+v", line)
	}
	got = s.act("hugo", "shop.order", fits.ID(), "approve")
	if len(got.Case.OpenTasks("dora")) != 1 {
		t.Errorf("goes on at %v", got.Case.OpenNodes())
	}
	if got := s.load("shop.order", stuck.ID()); got.Case.Version != 1 || len(got.Case.OpenTasks("kim")) != 1 {
		t.Errorf("the one that does not fit: %d, %v", got.Case.Version, got.Case.OpenNodes())
	}
	again, err := s.Flow.StartMigration(ctx, root, "shop", "order", []string{"shop.order." + fits.ID()})
	if err != nil {
		t.Fatal(err)
	}
	s.run()
	if m := s.migration(again.Job); m.Moved != 0 || m.Skipped != 1 || m.Problems[0].Code != "migrate.nothing" {
		t.Errorf("a second time: %+v", m)
	}
}

// TestMigrateResumes: what died half way goes on where it was.
func TestMigrateResumes(t *testing.T) {
	t.Parallel()
	s := openShop(t, before)
	const n = 130 // more than a page
	for i := range n {
		s.order(m{"name": fmt.Sprint("o", i)})
	}
	s.publish(later)
	job, err := s.Flow.StartMigration(ctx, s.As("root"), "shop", "order", nil)
	if err != nil {
		t.Fatal(err)
	}
	s.run()
	if m := s.migration(job.Job); m.State != "done" || m.Moved != n || m.Done != n {
		t.Errorf("%+v", m)
	}
}

func TestMigrateRefuses(t *testing.T) {
	t.Parallel()
	s := openShop(t, before)
	root := s.As("root")
	for name, x := range map[string]struct {
		form  string
		cases []string
		code  string
	}{
		"a form that is not there": {"nothing", nil, "form.unknown"},
		"a form without a flow":    {"stock", nil, "flow.none"},
		"a case of another form":   {"order", []string{"shop.buy.1"}, "case.not_found"},
		"a case that is not there": {"order", []string{"shop.order.1"}, "record.not_found"},
		"a case that is none":      {"order", []string{"x"}, "case.not_found"},
		"too many":                 {"order", strings.Split(strings.Repeat("shop.order.1,", flow.MaxMigrate+1), ","), "migrate.too_many"},
	} {
		if _, err := s.Flow.StartMigration(ctx, root, "shop", x.form, x.cases); fault.CodeOf(err) != x.code {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := s.Flow.PreviewMigration(ctx, root, "shop", x.form, x.cases, "", 0); fault.CodeOf(err) != x.code {
			t.Errorf("%s, preview: %v", name, err)
		}
	}
	if _, err := s.Flow.Migration(ctx, "shop", "nothing"); fault.CodeOf(err) != "migrate.not_found" {
		t.Errorf("a job that is not there: %v", err)
	}
	if _, err := s.Flow.PreviewMigration(ctx, root, "shop", "order", nil, "x", 0); fault.CodeOf(err) != "list.cursor" {
		t.Errorf("a cursor of another list: %v", err)
	}
}
