package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/formwork-run/formwork/internal/app"
)

// keysCommand keeps the keys of sensitive fields.
func keysCommand() *cobra.Command {
	c := &cobra.Command{Use: "keys", Short: "keep the keys that sensitive fields are encrypted with", Args: cobra.ArbitraryArgs, RunE: help}
	c.AddCommand(keysList(), keysRotate(), keysReseal(), keysRemove())
	return c
}

// keysetFlag adds the one that names the keys.
func (p *place) keysetFlag(c *cobra.Command) *cobra.Command {
	c.Flags().StringVar(&p.cfg.KeysetFile, "keyset-file", p.cfg.KeysetFile, "keys of sensitive fields; default keyset.json beside the data")
	return p.flags(c)
}

func keysList() *cobra.Command {
	p := newPlace()
	c := &cobra.Command{Use: "list", Short: "list the keys, and for how many documents each is needed", Args: exactArgs(0, "nothing"),
		RunE: func(c *cobra.Command, _ []string) error {
			return p.with(c.Context(), false, func(o *app.Offline) error {
				all, err := o.Keys(c.Context())
				if err != nil {
					return err
				}
				return p.show(c.OutOrStdout(), map[string]any{"items": all}, func(w *tabwriter.Writer) {
					fmt.Fprintln(w, "KEY\tPRIMARY\tSEALED")
					for _, k := range all {
						fmt.Fprintf(w, "%s\t%s\t%d\n", k.ID, yes(k.Primary), k.Sealed)
					}
				})
			})
		}}
	return p.jsonFlag(p.keysetFlag(c))
}

func keysRotate() *cobra.Command {
	p, prepare := newPlace(), false
	c := &cobra.Command{Use: "rotate", Short: "encrypt with a new key from now on; old ones still decrypt", Args: exactArgs(0, "nothing"),
		RunE: func(c *cobra.Command, _ []string) error {
			return p.with(c.Context(), false, func(o *app.Offline) error {
				id, text, err := o.RotateKeys(c.Context(), prepare)
				if err != nil {
					return err
				}
				if text != "" {
					fmt.Fprint(c.OutOrStdout(), text)
				}
				fmt.Fprintf(c.ErrOrStderr(), "%s\n%s", rotated(id, prepare), elsewhere(text))
				return nil
			})
		}}
	c.Flags().BoolVar(&prepare, "prepare", false, "only add the key: all nodes must know it before the next rotate uses it")
	return p.keysetFlag(c)
}

func rotated(id string, prepare bool) string {
	if prepare {
		return "key " + id + " is prepared: give the keyset to all nodes, then rotate"
	}
	return "key " + id + " is the primary one: running servers follow within a minute and seal everything anew; keep a copy of the keyset"
}

// elsewhere tells what to do with a keyset that is in the environment.
func elsewhere(text string) string {
	if text == "" {
		return ""
	}
	return "the keyset above replaces FORMWORK_KEYSET: set it and start the servers again, one by one\n"
}

func keysReseal() *cobra.Command {
	p := newPlace()
	c := &cobra.Command{Use: "reseal", Short: "encrypt everything with the primary key now; a running server does so by itself", Args: exactArgs(0, "nothing"),
		RunE: func(c *cobra.Command, _ []string) error {
			return p.with(c.Context(), false, func(o *app.Offline) error {
				n, err := o.Reseal(c.Context())
				fmt.Fprintf(c.OutOrStdout(), "sealed %d documents anew\n", n)
				return err
			})
		}}
	return p.keysetFlag(c)
}

func keysRemove() *cobra.Command {
	p := newPlace()
	c := &cobra.Command{Use: "remove KEY", Short: "drop a key; refused while anything is encrypted with it", Args: exactArgs(1, "a key"),
		RunE: func(c *cobra.Command, args []string) error {
			return p.with(c.Context(), false, func(o *app.Offline) error {
				text, err := o.RemoveKey(c.Context(), args[0])
				if err != nil {
					return err
				}
				fmt.Fprint(c.OutOrStdout(), text)
				fmt.Fprintf(c.ErrOrStderr(), "removed key %s\n%s", args[0], elsewhere(text))
				return nil
			})
		}}
	return p.keysetFlag(c)
}
