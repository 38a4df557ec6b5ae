package schema_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/formwork-run/formwork/schema"
	"github.com/google/go-cmp/cmp"
)

var updateDocs = flag.Bool("update-docs", false, "write the table of docs/fields.md")

const fieldsDoc = "../docs/fields.md"

// TestFieldsDoc: the table of docs/fields.md is the catalogue.
func TestFieldsDoc(t *testing.T) {
	t.Parallel()
	var want []string
	for _, k := range schema.Kinds() {
		want = append(want, docRow(k.Info()))
	}
	doc := string(readFile(t, fieldsDoc))
	head, table, found := strings.Cut(doc, "|---|---|---|---|---|---|---|---|\n")
	if !found {
		t.Fatal("docs/fields.md has no table")
	}
	if *updateDocs {
		doc = head + "|---|---|---|---|---|---|---|---|\n" + strings.Join(want, "\n") + "\n"
		if err := os.WriteFile(fieldsDoc, []byte(doc), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, strings.Split(strings.TrimSpace(table), "\n")); diff != "" {
		t.Errorf("docs/fields.md differs from the catalogue (-update-docs writes it): %s", diff)
	}
}

func docRow(i schema.Info) string {
	var ops []string
	for _, o := range i.Operators {
		ops = append(ops, string(o))
	}
	opText := "–"
	if len(ops) > 0 {
		opText = strings.Join(ops, " ")
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %s | %s | %s | %s |", i.Type, i.In, i.Out, i.Stored, i.Formula, opText, yes(i.Sortable), yes(i.Column))
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// TestCatalogue: every type has its own entry, and only those.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	seen := map[schema.FieldType]bool{}
	for _, k := range schema.Kinds() {
		i := k.Info()
		if seen[i.Type] || schema.KindOf(i.Type) != k {
			t.Errorf("%s stands twice, or is not found", i.Type)
		}
		seen[i.Type] = true
		if _, err := os.Stat("field_" + string(i.Type) + ".go"); err != nil {
			t.Errorf("%s has no file of its own: %v", i.Type, err)
		}
		if i.Live && (len(i.Operators) > 0 || i.Sortable) {
			t.Errorf("%s is live and cannot be filtered by", i.Type)
		}
	}
	if len(seen) != 40 {
		t.Errorf("%d types", len(seen))
	}
}

func TestOperatorsOfFields(t *testing.T) {
	t.Parallel()
	f := parseFile(t, "all_types")
	for _, c := range []struct {
		field    string
		ops      int
		sortable bool
	}{{"t_number", 8, true}, {"t_phone", 4, false}, {"t_members", 5, false}, {"t_member", 4, true}, {"t_formula", 8, true}, {"t_lookup", 0, false}, {"t_text", 7, true}} {
		x := f.Field(c.field)
		if len(x.Operators()) != c.ops || x.Sortable() != c.sortable {
			t.Errorf("%s: %v, sortable %v", c.field, x.Operators(), x.Sortable())
		}
	}
	if schema.KindOf("nothing") != nil || (&schema.Field{Type: "nothing"}).Writable() {
		t.Error("an unknown type does something")
	}
}
