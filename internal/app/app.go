// Package app is the composition root: it builds the whole program from a
// configuration. The command line, HTTP tests and browser tests use it alike.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"

	builderapi "github.com/formwork-run/formwork/builder-api"
	"github.com/formwork-run/formwork/integration/webhook"
	"github.com/formwork-run/formwork/internal/clock"
	"github.com/formwork-run/formwork/internal/config"
	"github.com/formwork-run/formwork/internal/httpkit"
	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/internal/seal"
	"github.com/formwork-run/formwork/rbac/authn"
	"github.com/formwork-run/formwork/runtime"
	"github.com/formwork-run/formwork/runtime/httpapi"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/mongo"
	"github.com/formwork-run/formwork/storage/sqlite"
	"github.com/formwork-run/formwork/web"
)

// DefaultTenant is the organisation there is when nobody made another.
const DefaultTenant = "default"

// App is the whole program, built and not yet listening.
type App struct {
	Host  *runtime.Host
	Store storage.Store
	HTTP  *fiber.App

	cfg config.Config
	log *slog.Logger
	own bool // the store was opened here

	calls *webhook.Client

	running atomic.Int64 // requests that are worked on
}

// Options let tests replace what the machine gives.
type Options struct {
	Clock clock.Clock   // default: the machine's
	IDs   ids.Source    // default: UUIDv7
	Store storage.Store // default: opened from the configuration
	Seal  *seal.Sealer  // default: from the configuration; with a given Store, keys that live as long as the process
	Authn authn.Config
	Log   *slog.Logger
}

// New builds the program and opens its tenants.
func New(ctx context.Context, cfg config.Config, o Options) (*App, error) {
	if err := cfg.Check(); err != nil {
		return nil, err
	}
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.IDs == nil {
		o.IDs = ids.UUID{}
	}
	if o.Log == nil {
		o.Log = Logger(cfg, os.Stderr)
	}
	if err := o.sealed(cfg); err != nil {
		return nil, err
	}
	a := &App{cfg: cfg, log: o.Log, Store: o.Store}
	if a.Store == nil {
		st, err := OpenStore(ctx, cfg, o.Log)
		if err != nil {
			return nil, err
		}
		a.Store, a.own = st, true
	}
	client, err := webhook.New(webhook.Config{Allow: cfg.Callable()}, o.Clock.Now)
	if err != nil {
		return nil, errors.Join(err, a.closeStore(ctx))
	}
	a.calls = client
	a.Host = runtime.NewHost(runtime.Deps{Store: a.Store, Clock: o.Clock, IDs: o.IDs, Log: o.Log, Authn: o.Authn, Seal: o.Seal, Calls: calls{client}})
	if err := a.Host.Start(ctx); err != nil {
		return nil, errors.Join(err, a.Close(ctx))
	}
	if _, err := a.Host.Ensure(ctx, DefaultTenant); err != nil {
		return nil, errors.Join(err, a.Close(ctx))
	}
	http, err := a.server(o.IDs)
	if err != nil {
		return nil, errors.Join(err, a.Close(ctx))
	}
	a.HTTP = http
	return a, nil
}

// OpenStore opens the store a configuration names.
func OpenStore(ctx context.Context, cfg config.Config, log *slog.Logger) (storage.Store, error) {
	if cfg.Mongo() {
		return mongo.Open(ctx, mongo.Options{URI: string(cfg.Store), Logger: log})
	}
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	return sqlite.Open(ctx, sqlite.Options{Dir: filepath.Join(cfg.Data, "store"), Logger: log})
}

// server joins everything that answers HTTP.
func (a *App) server(src ids.Source) (*fiber.App, error) {
	f := httpkit.NewApp(a.log, httpapi.Text)
	metrics := httpkit.NewMetrics()
	proxies, err := a.cfg.Proxies()
	if err != nil {
		return nil, err
	}
	f.Use(a.counted, httpkit.Base(a.log, src.New), httpkit.Addresses(proxies), httpkit.SecureHeaders, metrics.Middleware)
	f.Get("/healthz", func(c *fiber.Ctx) error { return c.SendString("ok") })
	f.Get("/readyz", a.ready)
	f.Get("/metrics", metrics.Handler())
	api := httpapi.New(a.Host, httpapi.Options{Log: a.log, SecureCookies: a.cfg.SecureCookies})
	api.Mount(f)
	builderapi.New(api.Gate, designing).Mount(f)
	assets, err := web.Load()
	if err != nil {
		return nil, err
	}
	api.MountWeb(f, assets, a.cfg.Demo)
	return f, nil
}

// ready answers whether this node can take work now.
func (a *App) ready(c *fiber.Ctx) error {
	if err := a.Store.Ping(c.UserContext()); err != nil {
		a.log.Error("not ready", "error", err)
		return c.Status(fiber.StatusServiceUnavailable).SendString("store is not reachable")
	}
	return c.SendString("ok")
}

// shutdownGrace is how long running requests may take to end.
const shutdownGrace = 20 * time.Second

// Serve listens until the context ends, then lets running requests finish.
func (a *App) Serve(ctx context.Context, ln net.Listener) error {
	failed := make(chan error, 1)
	go func() { failed <- a.HTTP.Listener(ln) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	a.log.Info("shutting down")
	closed := make(chan error, 1)
	go func() { closed <- a.HTTP.ShutdownWithTimeout(shutdownGrace) }()
	return a.drain(closed)
}

// Answers may take this long to be sent after their requests were worked off.
const (
	drainEvery = 50 * time.Millisecond
	drainQuiet = 5 // looks in a row
)

// drain waits for the connections to end, or for all requests to be worked off:
// browsers hold connections open on which they ask nothing.
func (a *App) drain(closed <-chan error) error {
	tick := time.NewTicker(drainEvery)
	defer tick.Stop()
	for quiet := 0; quiet < drainQuiet; {
		select {
		case err := <-closed:
			if err != nil {
				return fmt.Errorf("shutdown: %w", err)
			}
			return nil
		case <-tick.C:
		}
		if quiet++; a.running.Load() > 0 {
			quiet = 0
		}
	}
	return nil
}

// counted keeps the number of requests that are worked on.
func (a *App) counted(c *fiber.Ctx) error {
	a.running.Add(1)
	defer a.running.Add(-1)
	return c.Next()
}

// Close ends the work beside requests and closes what was opened here.
func (a *App) Close(ctx context.Context) error {
	err := a.Host.Close(ctx)
	a.calls.Close()
	return errors.Join(err, a.closeStore(ctx))
}

func (a *App) closeStore(ctx context.Context) error {
	if !a.own {
		return nil
	}
	return a.Store.Close(ctx)
}

// Logger makes the structured log a configuration asks for.
func Logger(cfg config.Config, w *os.File) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(cfg.LogLevel)) // Check has held it against the list
	o := &slog.HandlerOptions{Level: level}
	if cfg.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}
