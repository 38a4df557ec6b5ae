package app

import (
	"context"
	"errors"
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
