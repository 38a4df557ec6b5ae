package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/formwork-run/formwork/internal/app"
	"github.com/formwork-run/formwork/internal/config"
	"github.com/formwork-run/formwork/rbac/authn"
)

// closeGrace bounds how long closing the store may take.
const closeGrace = 30 * time.Second

func serveCommand() *cobra.Command {
	cfg := config.Default().FromEnv(os.Getenv)
	store := string(cfg.Store)
	c := &cobra.Command{Use: "serve", Short: "run everything: builder, runtime and API on one port", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg.Store = config.Secret(store)
			return serve(c.Context(), cfg)
		}}
	f := c.Flags()
	f.StringVar(&cfg.Addr, "addr", cfg.Addr, "where to listen, host:port")
	f.StringVar(&cfg.Data, "data", cfg.Data, "folder of the embedded store")
	f.StringVar(&store, "store", store, "sqlite, or a mongodb:// address")
	f.BoolVar(&cfg.Demo, "demo", cfg.Demo, "load the example apps, people and records into an empty data folder")
	f.StringVar(&cfg.KeysetFile, "keyset-file", cfg.KeysetFile, "keys of sensitive fields; default keyset.json beside the data")
	f.StringVar(&cfg.CallAllow, "call-allow", cfg.CallAllow, "private networks, addresses and hosts that calls of flows may reach, by commas")
	f.StringVar(&cfg.TrustedProxies, "trusted-proxies", cfg.TrustedProxies, "addresses or networks whose X-Forwarded-For is believed, by commas")
	f.BoolVar(&cfg.SecureCookies, "secure-cookies", cfg.SecureCookies, "mark cookies as https only")
	f.StringVar(&cfg.LogLevel, "log-level", cfg.LogLevel, "debug, info, warn or error")
	f.StringVar(&cfg.LogFormat, "log-format", cfg.LogFormat, "text or json")
	return c
}

func serve(ctx context.Context, cfg config.Config) (err error) {
	if err := cfg.Check(); err != nil {
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	defer tuneGC()()
	log := app.Logger(cfg, os.Stderr)
	ln, err := net.Listen("tcp", cfg.Addr)
	if err != nil {
		return err
	}
	defer func() { _ = ln.Close() }() // the server closes it too
	st, err := app.OpenStore(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeGrace)
		defer cancel()
		err = errors.Join(err, st.Close(end))
	}()
	keys, err := app.OpenSeal(cfg, log)
	if err != nil {
		return err
	}
	if cfg.Demo {
		if err := app.Demo(ctx, st, log, authn.Config{}, keys); err != nil {
			return err
		}
	}
	a, err := app.New(ctx, cfg, app.Options{Store: st, Log: log, Seal: keys})
	if err != nil {
		return err
	}
	defer func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeGrace)
		defer cancel()
		err = errors.Join(err, a.Close(end))
	}()
	if err := greet(ctx, a, ln.Addr().String(), cfg.Demo); err != nil {
		return err
	}
	return a.Serve(ctx, ln)
}

// greet tells where to go: to the demonstration, or by a one-time link to the
// making of the first administrator.
func greet(ctx context.Context, a *app.App, addr string, demo bool) error {
	fmt.Printf("Formwork is running at http://%s/\n", addr)
	if demo {
		fmt.Printf("log in as li, wang, chen, zhao, zhang, sun, zhou, wu or admin; password: %s\n", app.DemoPassword)
		return nil
	}
	for _, s := range a.Host.All() {
		if len(s.Org.Admins()) > 0 {
			continue
		}
		token, err := s.Authn.SetupLink(ctx)
		if err != nil {
			return err
		}
		fmt.Printf("make the first administrator of %s, once: http://%s/setup?tenant=%s&token=%s\n", s.ID, addr, s.ID, token)
	}
	return nil
}
