package app

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/formwork-run/formwork/internal/clock"
	"github.com/formwork-run/formwork/internal/config"
	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/runtime"
	"github.com/formwork-run/formwork/schema/pack"
)

// CheckPacks compiles packs together on an empty store and gives the first error.
func CheckPacks(ctx context.Context, packs ...*pack.Pack) (err error) {
	st, err := MemoryStore()
	if err != nil {
		return err
	}
	host := runtime.NewHost(runtime.Deps{Store: st, Clock: clock.System{}, IDs: ids.UUID{}, Log: Logger(config.Default(), os.Stderr)})
	defer func() { err = errors.Join(err, host.Close(ctx), st.Close(ctx)) }()
	s, err := host.Ensure(ctx, DefaultTenant)
	if err != nil {
		return err
	}
	problems, err := Designer(s).Check(ctx, packs...)
	return firstProblem(problems, err)
}

// SetPassword gives a user of the only tenant a new password.
func SetPassword(ctx context.Context, cfg config.Config, login, password string) (err error) {
	log := Logger(cfg, os.Stderr)
	st, err := OpenStore(ctx, cfg, log)
	if err != nil {
		return err
	}
	host := runtime.NewHost(runtime.Deps{Store: st, Clock: clock.System{}, IDs: ids.UUID{}, Log: log})
	defer func() { err = errors.Join(err, host.Close(ctx), st.Close(ctx)) }()
	if err := host.Start(ctx); err != nil {
		return err
	}
	s, err := host.Find(ctx, "", "")
	if err != nil {
		return err
	}
	u := s.Org.Snapshot().ByLogin(login)
	if u == nil {
		return fmt.Errorf("there is no user %s", login)
	}
	return s.Authn.SetPassword(ctx, u.ID, password)
}
