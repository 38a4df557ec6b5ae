package app

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/formwork-run/formwork/builder-api/design"
	"github.com/formwork-run/formwork/examples"
	"github.com/formwork-run/formwork/internal/clock"
	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/internal/seal"
	"github.com/formwork-run/formwork/rbac/authn"
	"github.com/formwork-run/formwork/runtime"
	"github.com/formwork-run/formwork/runtime/play"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/pack"
	"github.com/formwork-run/formwork/storage"
)

// DemoPassword is with what all people of the demonstration log in.
const DemoPassword = "formwork"

// demoStart is before anything the sample records say happened.
var demoStart = time.Date(2026, 1, 1, 1, 0, 0, 0, time.UTC)

// Demo brings the example packs, people and records into a store that is still
// empty. One that holds the demonstration already is left as it is; one that
// holds something else is refused.
// The sealer is that of the program which will run over the store (nil: one of its own).
func Demo(ctx context.Context, st storage.Store, log *slog.Logger, cfg authn.Config, keys *seal.Sealer) error {
	clk := clock.NewFake(demoStart)
	host := runtime.NewHost(runtime.Deps{Store: st, Clock: clk, IDs: ids.UUID{}, Log: log, Authn: cfg, Seal: keys})
	s, err := host.Ensure(ctx, DefaultTenant)
	if err != nil {
		return err
	}
	defer func() {
		if cerr := host.Close(ctx); cerr != nil && err == nil {
			err = cerr
		}
	}()
	mark := s.Store.Collection("settings")
	if _, err := mark.Get(ctx, "demo"); err == nil {
		return nil
	}
	if len(s.Catalog.Snapshot().Apps) > 0 {
		return fmt.Errorf("the data folder holds an organisation already: --demo needs an empty one")
	}
	log.Info("loading the demonstration; this takes a moment")
	if err := loadDemo(ctx, host, s, clk); err != nil {
		return fmt.Errorf("demonstration: %w", err)
	}
	return mark.Insert(ctx, storage.Doc{storage.ID: "demo", "at": time.Now().UTC().Truncate(time.Millisecond)})
}

func loadDemo(ctx context.Context, host *runtime.Host, s *runtime.Services, clk *clock.Fake) error {
	packs, problems := pack.ReadSet(examples.FS)
	if schema.HasErrors(problems) {
		return problemError(problems)
	}
	if _, problems, err := Designer(s).Import(ctx, "system", "demo", packs...); err != nil {
		return firstProblem(problems, err)
	}
	people, problems := pack.ReadOrg("demo/org.yaml", examples.Org())
	if schema.HasErrors(problems) {
		return problemError(problems)
	}
	name := people.Depts[0].Title.In("zh-CN")
	if _, err := host.SetSettings(ctx, s.ID, runtime.SettingsPatch{Name: &name}); err != nil {
		return err
	}
	p := play.New(s, clk, "admin")
	if err := p.People(ctx, people); err != nil {
		return err
	}
	for _, u := range people.Users {
		if err := s.Authn.SetPassword(ctx, u.Key, DemoPassword); err != nil {
			return err
		}
	}
	for _, pk := range packs {
		if err := p.Samples(ctx, pk); err != nil {
			return err
		}
	}
	return s.Sweep(ctx)
}

// Designer is the design service of a tenant.
func Designer(s *runtime.Services) *design.Service { return designerAt(s, "") }

// designerAt logs where its caller came from.
func designerAt(s *runtime.Services, ip string) *design.Service {
	d := design.New(s.Catalog, s.Org, func(ctx context.Context) error { return s.Changed(ctx, tenant.SignalDefs, tenant.SignalOrg) })
	return d.Logging(func(ctx context.Context, by, action string, detail map[string]any) error {
		return s.Audit.Note(ctx, by, action, ip, detail)
	})
}

func problemError(ps []schema.Problem) error {
	for _, p := range ps {
		if !p.Warning {
			return fmt.Errorf("%s", ProblemLine(p))
		}
	}
	return nil
}

func firstProblem(ps []schema.Problem, err error) error {
	if e := problemError(ps); e != nil {
		return e
	}
	return err
}

// ProblemLine shows a problem on one line, with its place.
func ProblemLine(p schema.Problem) string {
	at := p.Path
	if p.Line > 0 {
		at = fmt.Sprintf("%s (line %d, column %d)", at, p.Line, p.Column)
	}
	return fmt.Sprintf("%s: %s [%s]", at, p.Message, p.Code)
}
