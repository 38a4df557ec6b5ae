package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/formwork-run/formwork/internal/clock"
	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/runtime"
	"github.com/formwork-run/formwork/runtime/play"
	"github.com/formwork-run/formwork/schema/pack"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/sqlite"
)

// ScenarioResult is how one scenario went.
type ScenarioResult struct {
	Title    string
	File     string
	Line     int
	Failures []play.Failure
	Err      error // it could not be played
}

// OK reports whether everything was as expected.
func (r ScenarioResult) OK() bool { return r.Err == nil && len(r.Failures) == 0 }

// PlayScenarios plays every scenario of a pack, each in a tenant of its own on
// an empty store; needs are the packs it stands on, in order. done is told of
// each as it ends.
func PlayScenarios(ctx context.Context, newStore func() (storage.Store, error), pk *pack.Pack, needs []*pack.Pack, done func(ScenarioResult)) error {
	for _, sc := range pk.Scenarios {
		r := ScenarioResult{Title: sc.Title, File: sc.File, Line: sc.Line}
		r.Failures, r.Err = playOne(ctx, newStore, pk, needs, sc)
		done(r)
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// MemoryStore is a store that is gone when it is closed.
func MemoryStore() (storage.Store, error) { return sqlite.OpenMemory() }

func playOne(ctx context.Context, newStore func() (storage.Store, error), pk *pack.Pack, needs []*pack.Pack, sc pack.Scenario) (out []play.Failure, err error) {
	st, err := newStore()
	if err != nil {
		return nil, err
	}
	clk := clock.NewFake(time.Now())
	host := runtime.NewHost(runtime.Deps{Store: st, Clock: clk, IDs: ids.UUID{}, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	defer func() { err = errors.Join(err, host.Close(ctx), st.Close(ctx)) }()
	s, err := host.Ensure(ctx, DefaultTenant)
	if err != nil {
		return nil, err
	}
	all := append(append([]*pack.Pack(nil), needs...), pk)
	if _, problems, err := Designer(s).Import(ctx, "system", "scenario", all...); err != nil {
		return nil, firstProblem(problems, err)
	}
	p := play.New(s, clk, play.SystemUser)
	if err := p.System(ctx); err != nil {
		return nil, fmt.Errorf("administrator: %w", err)
	}
	return p.Scenario(ctx, pk.Meta.Key, sc)
}
