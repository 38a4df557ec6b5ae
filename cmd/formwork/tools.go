package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/formwork-run/formwork/internal/app"
	"github.com/formwork-run/formwork/schema"
)

// schemaCommand makes forms from JSON Schemas.
func schemaCommand() *cobra.Command {
	appKey, key := "imported", ""
	imp := &cobra.Command{Use: "import F", Short: "a form from any draft-07 JSON Schema of an object", Args: exactArgs(1, "a .json file"),
		RunE: func(c *cobra.Command, args []string) error {
			raw, err := os.ReadFile(args[0])
			if err != nil {
				return err
			}
			if key == "" {
				key = formKey(args[0])
			}
			f, problems := schema.ImportSchema(appKey, key, raw)
			for _, p := range problems {
				fmt.Fprintln(c.ErrOrStderr(), app.ProblemLine(p))
			}
			if f == nil || schema.HasErrors(problems) {
				return errors.New(args[0] + " cannot be a form; nothing was imported")
			}
			_, err = c.OutOrStdout().Write(append(f.MarshalCanonical(), '\n'))
			return err
		}}
	imp.Flags().StringVar(&appKey, "app", appKey, "key of the app it will belong to")
	imp.Flags().StringVar(&key, "key", key, "key of the form; default: from the file's name")
	c := &cobra.Command{Use: "schema", Short: "work with JSON Schemas", Args: cobra.ArbitraryArgs, RunE: help}
	c.AddCommand(imp)
	return c
}

func formKey(path string) string {
	name := strings.ToLower(strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)))
	key := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, name)
	if key == "" || key[0] < 'a' || key[0] > 'z' {
		key = "form_" + key
	}
	return key[:min(len(key), 40)]
}
