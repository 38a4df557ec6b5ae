package main

import (
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/formwork-run/formwork/bench"
)

func benchCommand() *cobra.Command {
	o := bench.Options{}
	c := &cobra.Command{Use: "bench", Short: "measure this machine against raw baselines, in a temporary folder", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			defer tuneGC()() // as the server runs
			return bench.Run(c.Context(), c.OutOrStdout(), o)
		}}
	c.Flags().DurationVar(&o.Each, "each", 6*time.Second, "how long each workload runs")
	c.Flags().IntVar(&o.Rows, "rows", 100_000, "records of the filtered list")
	c.Flags().StringSliceVar(&o.Only, "only", nil, "workloads to run: "+strings.Join(bench.Workloads(), ", ")+" (default all)")
	return c
}

// benchClientCommand is the callers' side of bench, in a process of its own.
func benchClientCommand() *cobra.Command {
	return &cobra.Command{Use: bench.ClientCommand, Hidden: true, Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return bench.RunClient(c.Context(), c.InOrStdin(), c.OutOrStdout())
		}}
}
