// Command formwork is the whole platform in one program.
package main

import (
	"context"
	"errors"
	"fmt"
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
	err := root().ExecuteContext(ctx)
	stop()
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "formwork:", err)
	if errors.Is(err, errUsage) {
		os.Exit(2)
	}
	os.Exit(1)
}

func root() *cobra.Command {
	c := &cobra.Command{Use: "formwork", Short: "zero-code forms and approval flows", SilenceUsage: true, SilenceErrors: true,
		Args: cobra.ArbitraryArgs, RunE: help}
	c.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return fmt.Errorf("%w: %w", errUsage, err) })
	c.AddCommand(serveCommand(), packCommand(), schemaCommand(), userCommand(), benchCommand(), benchClientCommand(), versionCommand())
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
