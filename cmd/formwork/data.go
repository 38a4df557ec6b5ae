package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/formwork-run/formwork/internal/app"
	"github.com/formwork-run/formwork/internal/config"
)

// place is the data a command works on: a server may run over them meanwhile.
type place struct {
	cfg    config.Config
	store  string
	tenant string
	json   bool
}

func newPlace() *place {
	cfg := config.Default().FromEnv(os.Getenv)
	cfg.LogLevel = "warn"
	return &place{cfg: cfg, store: string(cfg.Store)}
}

// flags adds those that name the data.
func (p *place) flags(c *cobra.Command) *cobra.Command {
	c.Flags().StringVar(&p.cfg.Data, "data", p.cfg.Data, "folder of the embedded store")
	c.Flags().StringVar(&p.store, "store", p.store, "sqlite, or a mongodb:// address")
	return c
}

// tenantFlag adds the one that names the organisation.
func (p *place) tenantFlag(c *cobra.Command) *cobra.Command {
	c.Flags().StringVar(&p.tenant, "tenant", "", "id of the organisation; may be left out when there is one only")
	return p.flags(c)
}

func (p *place) jsonFlag(c *cobra.Command) *cobra.Command {
	c.Flags().BoolVar(&p.json, "json", false, "answer in JSON")
	return c
}

// config is what the flags say; a store that is none is wrong usage.
func (p *place) config() (config.Config, error) {
	p.cfg.Store = config.Secret(p.store)
	if err := p.cfg.Check(); err != nil {
		return p.cfg, fmt.Errorf("%w: %w", errUsage, err)
	}
	return p.cfg, nil
}

// with opens the data for one piece of work.
func (p *place) with(ctx context.Context, create bool, work func(*app.Offline) error) (err error) {
	cfg, err := p.config()
	if err != nil {
		return err
	}
	o, err := app.OpenOffline(ctx, cfg, create)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close(context.WithoutCancel(ctx))) }()
	return work(o)
}

// show writes a value as JSON, or a table of it.
func (p *place) show(w io.Writer, v any, table func(*tabwriter.Writer)) error {
	if p.json {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(v)
	}
	tw := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	table(tw)
	return tw.Flush()
}

func tenantCommand() *cobra.Command {
	c := &cobra.Command{Use: "tenant", Short: "keep organisations", Args: cobra.ArbitraryArgs, RunE: help}
	c.AddCommand(tenantList(), tenantAdd(), tenantOpen())
	return c
}

func tenantList() *cobra.Command {
	p := newPlace()
	c := &cobra.Command{Use: "list", Short: "list the organisations", Args: exactArgs(0, "nothing"),
		RunE: func(c *cobra.Command, _ []string) error {
			return p.with(c.Context(), false, func(o *app.Offline) error {
				all := o.Tenants()
				return p.show(c.OutOrStdout(), map[string]any{"items": all}, func(w *tabwriter.Writer) {
					fmt.Fprintln(w, "ID\tNAME\tHOST\tUSERS\tAPPS")
					for _, t := range all {
						fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%d\n", t.ID, t.Name, t.Host, t.Users, t.Apps)
					}
				})
			})
		}}
	return p.jsonFlag(p.flags(c))
}

func tenantAdd() *cobra.Command {
	p, name := newPlace(), ""
	c := &cobra.Command{Use: "add ID", Short: "make an organisation", Args: exactArgs(1, "an id"),
		RunE: func(c *cobra.Command, args []string) error {
			return p.with(c.Context(), true, func(o *app.Offline) error {
				t, err := o.AddTenant(c.Context(), args[0], name)
				if err != nil {
					return err
				}
				return p.show(c.OutOrStdout(), t, func(w *tabwriter.Writer) {
					fmt.Fprintf(w, "made the organisation %s\nadd its first administrator: formwork user add LOGIN --name NAME --admin --tenant %s\n", t.ID, t.ID)
				})
			})
		}}
	c.Flags().StringVar(&name, "name", "", "its name, as people see it")
	return p.jsonFlag(p.flags(c))
}

func tenantOpen() *cobra.Command {
	p := newPlace()
	c := &cobra.Command{Use: "open-networks ID", Short: "let an organisation be reached from every network again", Args: exactArgs(1, "an id"),
		RunE: func(c *cobra.Command, args []string) error {
			return p.with(c.Context(), false, func(o *app.Offline) error { return o.OpenNetworks(c.Context(), args[0]) })
		}}
	return p.flags(c)
}

func backupCommand() *cobra.Command {
	p := newPlace()
	c := &cobra.Command{Use: "backup F", Short: "write all data into a new file, also while a server runs", Args: exactArgs(1, "a file"),
		RunE: func(c *cobra.Command, args []string) error {
			cfg, err := p.config()
			if err != nil {
				return err
			}
			if err := app.Backup(c.Context(), cfg, args[0], told(c, "backed up")); err != nil {
				return err
			}
			fmt.Fprintln(c.OutOrStdout(), args[0])
			return nil
		}}
	return p.flags(c)
}

func restoreCommand() *cobra.Command {
	p := newPlace()
	c := &cobra.Command{Use: "restore F", Short: "read a backup into an empty data folder", Args: exactArgs(1, "a file"),
		RunE: func(c *cobra.Command, args []string) error {
			cfg, err := p.config()
			if err != nil {
				return err
			}
			if err := app.Restore(c.Context(), cfg, args[0], told(c, "restored")); err != nil {
				return err
			}
			fmt.Fprintln(c.OutOrStdout(), cfg.Data)
			return nil
		}}
	return p.flags(c)
}

// told reports progress beside the answer.
func told(c *cobra.Command, what string) func(id string, size int64) {
	return func(id string, size int64) {
		fmt.Fprintf(c.ErrOrStderr(), "%s %s, %.1f MB\n", what, id, float64(size)/1e6)
	}
}

func doctorCommand() *cobra.Command {
	p := newPlace()
	c := &cobra.Command{Use: "doctor", Short: "look for trouble in the data", Args: exactArgs(0, "nothing"),
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := p.config()
			if err != nil {
				return err
			}
			found, err := app.Doctor(c.Context(), cfg)
			if err != nil {
				return err
			}
			err = p.show(c.OutOrStdout(), map[string]any{"ok": len(found) == 0, "findings": found}, func(w *tabwriter.Writer) {
				for _, f := range found {
					fmt.Fprintln(w, f)
				}
				if len(found) == 0 {
					fmt.Fprintln(w, "no trouble found")
				}
			})
			if err == nil && len(found) > 0 {
				err = fmt.Errorf("%d findings", len(found))
			}
			return err
		}}
	return p.jsonFlag(p.flags(c))
}
