// Command formwork is the whole platform in one program.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// version is set when a release is built.
var version = "dev"

// errUsage marks a command that was called wrongly: exit code 2.
var errUsage = errors.New("usage")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the program: 0 done, 1 refused or failed (one line why), 2 wrong usage.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	c := root()
	c.SetArgs(args)
	c.SetIn(in)
	c.SetOut(out)
	c.SetErr(errs)
	err := c.ExecuteContext(ctx)
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errUsage):
		fmt.Fprintln(errs, "formwork:", err)
		return 2
	}
	fmt.Fprintln(errs, "formwork:", err)
	return 1
}

func root() *cobra.Command {
	c := &cobra.Command{Use: "formwork", Short: "zero-code forms and approval flows", SilenceUsage: true, SilenceErrors: true,
		Args: cobra.ArbitraryArgs, RunE: help}
	c.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return fmt.Errorf("%w: %w", errUsage, err) })
	c.AddCommand(serveCommand(), packCommand(), schemaCommand(), userCommand(), tenantCommand(), keysCommand(), auditCommand(), backupCommand(), restoreCommand(), doctorCommand(),
		benchCommand(), benchClientCommand(), versionCommand())
	return c
}

// help shows what a group of commands offers; a name that is none of them is wrong usage.
func help(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%w: there is no command %q in %q; try --help", errUsage, args[0], c.CommandPath())
	}
	return c.Help()
}

// exactArgs asks for n arguments; anything else is wrong usage.
func exactArgs(n int, what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if n == 0 && len(args) > 0 {
			return fmt.Errorf("%w: it takes no arguments", errUsage)
		}
		if len(args) != n {
			return fmt.Errorf("%w: name %s", errUsage, what)
		}
		return nil
	}
}

func versionCommand() *cobra.Command {
	return &cobra.Command{Use: "version", Short: "print the version", Args: cobra.NoArgs,
		Run: func(c *cobra.Command, _ []string) { fmt.Fprintln(c.OutOrStdout(), "formwork", version) }}
}
