package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/formwork-run/formwork/examples"
	"github.com/formwork-run/formwork/internal/app"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/pack"
)

func packCommand() *cobra.Command {
	c := &cobra.Command{Use: "pack", Short: "check, test, build, compare and import template packs", Args: cobra.ArbitraryArgs, RunE: help}
	c.AddCommand(packCheck(), packTest(), packBuild(), packDiff(), packImport())
	return c
}

func packCheck() *cobra.Command {
	return &cobra.Command{Use: "check DIR", Short: "find everything that is wrong with a pack", Args: exactArgs(1, "a folder or .zip"),
		RunE: func(c *cobra.Command, args []string) error {
			p, needs, err := readPack(c.ErrOrStderr(), args[0])
			if err != nil {
				return err
			}
			if err := app.CheckPacks(c.Context(), append(needs, p)...); err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "%s %s: %d forms, %d flows, %d sample records, %d scenarios; no errors\n", p.Meta.Key, p.Meta.Version,
				len(p.App.Forms), len(p.App.Flows), len(p.Records()), len(p.Scenarios))
			return nil
		}}
}

func packTest() *cobra.Command {
	return &cobra.Command{Use: "test DIR", Short: "play the scenarios of a pack", Args: exactArgs(1, "a folder or .zip"),
		RunE: func(c *cobra.Command, args []string) error {
			p, needs, err := readPack(c.ErrOrStderr(), args[0])
			if err != nil {
				return err
			}
			return playAll(c.Context(), c.OutOrStdout(), p, needs)
		}}
}

func playAll(ctx context.Context, w io.Writer, p *pack.Pack, needs []*pack.Pack) error {
	failed := 0
	err := app.PlayScenarios(ctx, app.MemoryStore, p, needs, func(r app.ScenarioResult) {
		if r.OK() {
			fmt.Fprintf(w, "ok    %s\n", r.Title)
			return
		}
		failed++
		fmt.Fprintf(w, "FAIL  %s (%s:%d)\n", r.Title, r.File, r.Line)
		if r.Err != nil {
			fmt.Fprintf(w, "      %v\n", r.Err)
		}
		for _, f := range r.Failures {
			fmt.Fprintf(w, "      %s\n", f)
		}
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%d passed, %d failed\n", len(p.Scenarios)-failed, failed)
	if failed > 0 {
		return fmt.Errorf("%d of %d scenarios failed", failed, len(p.Scenarios))
	}
	return nil
}

func packBuild() *cobra.Command {
	out := ""
	c := &cobra.Command{Use: "build DIR -o F.zip", Short: "make the file of a pack", Args: exactArgs(1, "a folder"),
		RunE: func(c *cobra.Command, args []string) (err error) {
			p, _, err := readPack(c.ErrOrStderr(), args[0])
			if err != nil {
				return err
			}
			if out == "" {
				out = p.Meta.Key + "-" + p.Meta.Version + ".zip"
			}
			f, err := os.CreateTemp(filepath.Dir(out), ".pack-*")
			if err != nil {
				return err
			}
			defer func() {
				if err != nil {
					_ = os.Remove(f.Name()) // nothing half made is left behind
				}
			}()
			_, berr := pack.Build(p, f)
			if err := errors.Join(berr, f.Sync(), f.Close()); err != nil {
				return err
			}
			if err := os.Rename(f.Name(), out); err != nil {
				return err
			}
			fmt.Fprintln(c.OutOrStdout(), out)
			return nil
		}}
	c.Flags().StringVarP(&out, "out", "o", "", "the file to write; default KEY-VERSION.zip")
	return c
}

func packDiff() *cobra.Command {
	return &cobra.Command{Use: "diff A B", Short: "compare two packs, part by part", Args: exactArgs(2, "two packs"),
		RunE: func(c *cobra.Command, args []string) error {
			a, _, err := readPack(c.ErrOrStderr(), args[0])
			if err != nil {
				return err
			}
			b, _, err := readPack(c.ErrOrStderr(), args[1])
			if err != nil {
				return err
			}
			for _, ch := range pack.Diff(a, b) {
				fmt.Fprintln(c.OutOrStdout(), ch)
			}
			return nil
		}}
}

func packImport() *cobra.Command {
	server, key := "", ""
	c := &cobra.Command{Use: "import F", Short: "import a pack into a running server", Args: exactArgs(1, "a .zip, or a folder"),
		RunE: func(c *cobra.Command, args []string) error {
			p, _, err := readPack(c.ErrOrStderr(), args[0])
			if err != nil {
				return err
			}
			var zipped strings.Builder
			if _, err := pack.Build(p, &zipped); err != nil {
				return err
			}
			return importPack(c.Context(), c.OutOrStdout(), server, key, zipped.String())
		}}
	c.Flags().StringVar(&server, "server", envOr("FORMWORK_SERVER", "http://127.0.0.1:8080"), "address of the server")
	c.Flags().StringVar(&key, "key", os.Getenv("FORMWORK_KEY"), "API key or session token of an administrator")
	return c
}

func envOr(name, fallback string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return fallback
}

// readPack reads a folder or .zip with the packs it requires: those that lie
// beside it, else those built in. Problems are printed, one a line.
func readPack(w io.Writer, path string) (p *pack.Pack, needs []*pack.Pack, err error) {
	needs, err = required(path)
	if err != nil {
		return nil, nil, err
	}
	var apps []*schema.App
	for _, n := range needs {
		apps = append(apps, n.App)
	}
	var problems []schema.Problem
	if strings.HasSuffix(path, ".zip") {
		p, problems, err = readZip(path, apps)
		if err != nil {
			return nil, nil, err
		}
	} else {
		if _, err := os.Stat(filepath.Join(path, "pack.yaml")); err != nil {
			return nil, nil, fmt.Errorf("%s is no pack: it has no pack.yaml", path)
		}
		p, problems = pack.Read(os.DirFS(path), apps...)
	}
	errs := 0
	for _, x := range problems {
		kind := "error"
		if x.Warning {
			kind = "warning"
		} else {
			errs++
		}
		fmt.Fprintf(w, "%s: %s\n", kind, app.ProblemLine(x))
	}
	if errs > 0 || p == nil {
		return nil, nil, fmt.Errorf("%s has %d errors", path, errs)
	}
	return p, needed(p, needs), nil
}

func readZip(path string, apps []*schema.App) (*pack.Pack, []schema.Problem, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = f.Close() }() // only read from
	st, err := f.Stat()
	if err != nil {
		return nil, nil, err
	}
	p, problems := pack.ReadZip(f, st.Size(), apps...)
	return p, problems, nil
}

// required reads the packs a pack may stand on: neighbours of its folder, and the built-in ones.
func required(path string) ([]*pack.Pack, error) {
	var out []*pack.Pack
	seen := map[string]bool{}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if !strings.HasSuffix(path, ".zip") {
		beside, _ := pack.ReadSet(os.DirFS(filepath.Dir(abs))) // what is wrong with neighbours is not this pack's matter
		for _, p := range beside {
			if p.Meta.Key != filepath.Base(abs) {
				out, seen[p.Meta.Key] = append(out, p), true
			}
		}
	}
	builtIn, _ := pack.ReadSet(examples.FS)
	for _, p := range builtIn {
		if !seen[p.Meta.Key] && p.Meta.Key != filepath.Base(abs) {
			out = append(out, p)
		}
	}
	return out, nil
}

// needed keeps the packs that p requires, directly or through others, in order.
func needed(p *pack.Pack, all []*pack.Pack) []*pack.Pack {
	want := map[string]bool{}
	var mark func(keys []string)
	mark = func(keys []string) {
		for _, k := range keys {
			if want[k] {
				continue
			}
			want[k] = true
			for _, x := range all {
				if x.Meta.Key == k {
					mark(x.Meta.Requires)
				}
			}
		}
	}
	mark(p.Meta.Requires)
	var out []*pack.Pack
	for _, x := range all {
		if want[x.Meta.Key] && x.Meta.Key != p.Meta.Key {
			out = append(out, x)
		}
	}
	return out
}
