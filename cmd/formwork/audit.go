package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/formwork-run/formwork/internal/app"
	"github.com/formwork-run/formwork/runtime/audit"
)

// auditCommand reads the audit log and holds it to its chain.
func auditCommand() *cobra.Command {
	c := &cobra.Command{Use: "audit", Short: "verify and export the audit log", Args: cobra.ArbitraryArgs, RunE: help}
	c.AddCommand(auditVerify(), auditExport(), auditHead())
	return c
}

func auditVerify() *cobra.Command {
	p, heads := newPlace(), []string{}
	c := &cobra.Command{Use: "verify", Short: "read the log through; exit code 1 names the first line that was altered, removed or added", Args: exactArgs(0, "nothing"),
		RunE: func(c *cobra.Command, _ []string) error {
			want, err := expectedHeads(heads)
			if err != nil {
				return err
			}
			return p.with(c.Context(), false, func(o *app.Offline) error {
				head, err := o.VerifyAudit(c.Context(), p.tenant, want...)
				if err != nil {
					return err
				}
				return p.show(c.OutOrStdout(), head, func(w *tabwriter.Writer) {
					fmt.Fprintf(w, "%d entries are as they were sealed, %d wait to be sealed\nhead %d:%s\n", head.Seq, head.Waiting, head.Seq, head.Hash)
				})
			})
		}}
	c.Flags().StringArrayVar(&heads, "head", nil, "a head that was kept elsewhere, SEQ:HASH: the chain must have come by it")
	return p.jsonFlag(p.tenantFlag(c))
}

func expectedHeads(texts []string) ([]audit.Expected, error) {
	var out []audit.Expected
	for _, text := range texts {
		seq, hash, ok := strings.Cut(text, ":")
		n, err := strconv.ParseInt(seq, 10, 64)
		if !ok || err != nil || n < 1 || len(hash) != 64 {
			return nil, fmt.Errorf("%w: %q is no head: SEQ:HASH as `audit head` prints it", errUsage, text)
		}
		out = append(out, audit.Expected{Seq: n, Hash: strings.ToLower(hash)})
	}
	return out, nil
}

func auditHead() *cobra.Command {
	p := newPlace()
	c := &cobra.Command{Use: "head", Short: "print the head of the log's chain, to be kept elsewhere", Args: exactArgs(0, "nothing"),
		RunE: func(c *cobra.Command, _ []string) error {
			return p.with(c.Context(), false, func(o *app.Offline) error {
				head, err := o.AuditHead(c.Context(), p.tenant, true)
				if err != nil {
					return err
				}
				return p.show(c.OutOrStdout(), head, func(w *tabwriter.Writer) { fmt.Fprintf(w, "%d:%s\n", head.Seq, head.Hash) })
			})
		}}
	return p.jsonFlag(p.tenantFlag(c))
}

func auditExport() *cobra.Command {
	p, format, out, from, to, actions := newPlace(), audit.NDJSON, "", "", "", ""
	q := audit.Query{}
	c := &cobra.Command{Use: "export", Short: "write the log, oldest first", Args: exactArgs(0, "nothing"),
		RunE: func(c *cobra.Command, _ []string) error {
			if err := period(&q, from, to); err != nil {
				return err
			}
			q.Action = strings.FieldsFunc(actions, func(r rune) bool { return r == ',' || r == ' ' })
			return p.with(c.Context(), false, func(o *app.Offline) error {
				return toFile(c.OutOrStdout(), out, func(w io.Writer) error {
					n, err := o.ExportAudit(c.Context(), p.tenant, w, format, q)
					if err == nil {
						fmt.Fprintf(c.ErrOrStderr(), "%d entries\n", n)
					}
					return err
				})
			})
		}}
	f := c.Flags()
	f.StringVar(&format, "format", format, "ndjson or csv")
	f.StringVarP(&out, "output", "o", "", "a new file; standard output when left out")
	f.StringVar(&from, "from", "", "beginning, 2006-01-02 or RFC 3339")
	f.StringVar(&to, "to", "", "end (exclusive)")
	f.StringVar(&q.By, "by", "", "id of a user")
	f.StringVar(&actions, "action", "", "actions or kinds, by commas")
	f.StringVar(&q.Form, "form", "", "app.form")
	f.StringVar(&q.Record, "record", "", "id of a record")
	return p.tenantFlag(c)
}

func period(q *audit.Query, from, to string) error {
	for text, into := range map[*string]*time.Time{&from: &q.From, &to: &q.To} {
		if *text == "" {
			continue
		}
		t, err := time.Parse(time.RFC3339, *text)
		if err != nil {
			t, err = time.Parse(time.DateOnly, *text)
		}
		if err != nil {
			return fmt.Errorf("%w: %q is no time: 2006-01-02 or RFC 3339", errUsage, *text)
		}
		*into = t
	}
	return nil
}

// toFile writes into a new file, or to out when it has no name.
func toFile(out io.Writer, name string, write func(io.Writer) error) (err error) {
	if name == "" {
		b := bufio.NewWriter(out)
		return errors.Join(write(b), b.Flush())
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	b := bufio.NewWriter(f)
	return errors.Join(write(b), b.Flush(), f.Close())
}
