package main

import (
	"bufio"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/formwork-run/formwork/internal/app"
)

// userCommand keeps accounts from the command line.
func userCommand() *cobra.Command {
	c := &cobra.Command{Use: "user", Short: "keep accounts", Args: cobra.ArbitraryArgs, RunE: help}
	c.AddCommand(userList(), userAdd(), userLink(), userPassword(), userUnlock(), userTOTP())
	return c
}

func userList() *cobra.Command {
	p := newPlace()
	c := &cobra.Command{Use: "list", Short: "list the users, also those who left", Args: exactArgs(0, "nothing"),
		RunE: func(c *cobra.Command, _ []string) error {
			return p.with(c.Context(), false, func(o *app.Offline) error {
				all, err := o.Users(c.Context(), p.tenant)
				if err != nil {
					return err
				}
				return p.show(c.OutOrStdout(), map[string]any{"items": all}, func(w *tabwriter.Writer) {
					fmt.Fprintln(w, "LOGIN\tNAME\tSTATE\tADMIN\tDEPARTMENTS")
					for _, u := range all {
						fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", u.Login, u.Name, u.State, yes(u.Admin), strings.Join(u.Depts, ", "))
					}
				})
			})
		}}
	return p.jsonFlag(p.tenantFlag(c))
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

func userAdd() *cobra.Command {
	p, n, at := newPlace(), app.NewUser{}, ""
	c := &cobra.Command{Use: "add LOGIN --name NAME", Short: "add a user, and print the link where he chooses a password", Args: exactArgs(1, "a login"),
		RunE: func(c *cobra.Command, args []string) error {
			if n.Name == "" {
				return fmt.Errorf("%w: --name is needed", errUsage)
			}
			n.Login = args[0]
			return p.with(c.Context(), true, func(o *app.Offline) error {
				u, path, err := o.AddUser(c.Context(), p.tenant, n)
				if err != nil {
					return err
				}
				url := strings.TrimRight(at, "/") + path
				return p.show(c.OutOrStdout(), map[string]any{"user": u, "link": url}, func(w *tabwriter.Writer) {
					fmt.Fprintf(w, "added %s\nchoose a password, once and within a day: %s\n", u.Login, url)
				})
			})
		}}
	c.Flags().StringVar(&n.Name, "name", "", "his name, as people see it")
	c.Flags().BoolVar(&n.Admin, "admin", false, "he is an administrator")
	c.Flags().StringSliceVar(&n.Depts, "dept", nil, "departments by name, path or id; the main one first")
	urlFlag(c, &at, p)
	return p.jsonFlag(p.tenantFlag(c))
}

func urlFlag(c *cobra.Command, into *string, p *place) {
	c.Flags().StringVar(into, "url", envOr("FORMWORK_SERVER", "http://"+p.cfg.Addr), "address of the server, for the link")
}

func userLink() *cobra.Command {
	p, at := newPlace(), ""
	c := &cobra.Command{Use: "link LOGIN", Short: "print a one-time link where a user chooses a new password", Args: exactArgs(1, "a login"),
		RunE: func(c *cobra.Command, args []string) error {
			return p.with(c.Context(), false, func(o *app.Offline) error {
				path, err := o.PasswordLink(c.Context(), p.tenant, args[0])
				if err != nil {
					return err
				}
				url := strings.TrimRight(at, "/") + path
				return p.show(c.OutOrStdout(), map[string]any{"link": url}, func(w *tabwriter.Writer) { fmt.Fprintln(w, url) })
			})
		}}
	urlFlag(c, &at, p)
	return p.jsonFlag(p.tenantFlag(c))
}

func userPassword() *cobra.Command {
	p := newPlace()
	c := &cobra.Command{Use: "password LOGIN", Short: "give a user a new password, read from standard input", Args: exactArgs(1, "a login"),
		RunE: func(c *cobra.Command, args []string) error {
			line, err := bufio.NewReader(c.InOrStdin()).ReadString('\n')
			if err != nil && line == "" {
				return fmt.Errorf("%w: the password comes by standard input", errUsage)
			}
			return p.with(c.Context(), false, func(o *app.Offline) error {
				if err := o.SetPassword(c.Context(), p.tenant, args[0], strings.TrimRight(line, "\r\n")); err != nil {
					return err
				}
				fmt.Fprintf(c.OutOrStdout(), "%s has a new password; all sessions ended\n", args[0])
				return nil
			})
		}}
	return p.tenantFlag(c)
}

func userUnlock() *cobra.Command {
	p := newPlace()
	c := &cobra.Command{Use: "unlock LOGIN", Short: "let somebody try again who was locked after too many failures", Args: exactArgs(1, "a login"),
		RunE: func(c *cobra.Command, args []string) error {
			return p.with(c.Context(), false, func(o *app.Offline) error { return o.Unlock(c.Context(), p.tenant, args[0]) })
		}}
	return p.tenantFlag(c)
}

func userTOTP() *cobra.Command {
	p := newPlace()
	c := &cobra.Command{Use: "remove-totp LOGIN", Short: "take away the second factor of somebody who lost his device", Args: exactArgs(1, "a login"),
		RunE: func(c *cobra.Command, args []string) error {
			return p.with(c.Context(), false, func(o *app.Offline) error { return o.RemoveTOTP(c.Context(), p.tenant, args[0]) })
		}}
	return p.tenantFlag(c)
}
