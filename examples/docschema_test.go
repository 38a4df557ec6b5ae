package examples_test

import (
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/formwork-run/formwork/examples"
	"github.com/goccy/go-yaml"
	"github.com/xeipuuv/gojsonschema"
)

// schemaOf says which published schema describes a file of a pack, "" = none of those here.
func schemaOf(name string) string {
	switch dir, base := path.Split(name); {
	case base == "pack.yaml":
		return "pack"
	case base == "org.yaml":
		return "org"
	case base == "roles.yaml", strings.HasSuffix(dir, "access/"):
		return "access"
	case strings.HasSuffix(dir, "views/"):
		return "view"
	case strings.HasSuffix(dir, "data/"):
		return "data"
	case strings.HasSuffix(dir, "scenarios/"):
		return "scenario"
	}
	return ""
}

func publishedSchema(t *testing.T, name string) *gojsonschema.Schema {
	t.Helper()
	raw, err := os.ReadFile("../docs/schema/" + name + ".schema.json")
	if err != nil {
		t.Fatal(err)
	}
	s, err := gojsonschema.NewSchema(gojsonschema.NewBytesLoader(raw))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return s
}

// TestPublishedSchemas: the schemas that editors complete and check pack files with accept the prebuilt packs.
func TestPublishedSchemas(t *testing.T) {
	t.Parallel()
	schemas := map[string]*gojsonschema.Schema{}
	for _, name := range []string{"pack", "org", "access", "view", "data", "scenario"} {
		schemas[name] = publishedSchema(t, name)
	}
	checked := map[string]int{}
	err := fs.WalkDir(examples.FS, ".", func(name string, d fs.DirEntry, err error) error {
		kind := schemaOf(name)
		if err != nil || d.IsDir() || kind == "" {
			return err
		}
		src, err := fs.ReadFile(examples.FS, name)
		if err != nil {
			return err
		}
		raw, err := yaml.YAMLToJSON(src)
		if err != nil {
			return err
		}
		res, err := schemas[kind].Validate(gojsonschema.NewBytesLoader(raw))
		if err != nil {
			return err
		}
		checked[kind]++
		for _, e := range res.Errors() {
			t.Errorf("%s: %s", name, e)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(checked) != len(schemas) {
		t.Errorf("only these were used: %v", checked)
	}
}

// TestPublishedSchemasRefuse: they notice what the reader notices.
func TestPublishedSchemasRefuse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ schema, doc string }{
		{"pack", `{"key":"a","version":"1.0","title":"A"}`},
		{"pack", `{"key":"a","version":"1.0.0","title":"A","menus":[]}`},
		{"view", `{"form":"order","kind":"pie"}`},
		{"view", `{"columns":["a"]}`},
		{"data", `{"records":[{"form":"a","data":{},"state":"approved"}]}`},
		{"data", `{"records":[{"form":"a","data":{},"steps":[{"submit":{"by":"li"}}]}]}`},
		{"scenario", `{"scenario":"x","steps":[]}`},
		{"scenario", `{"scenario":"x","steps":[{"aprove":{"by":"li"}}]}`},
		{"scenario", `{"scenario":"x","steps":[{"approve":{"case":"c1"}}]}`},
		{"scenario", `{"scenario":"x","steps":[{"approve":{"case":"c1","by":"li"},"expect":{"state":"running"}}]}`},
		{"org", `{"users":[{"key":"li"}]}`},
	} {
		res, err := publishedSchema(t, c.schema).Validate(gojsonschema.NewStringLoader(c.doc))
		if err != nil {
			t.Fatal(err)
		}
		if res.Valid() {
			t.Errorf("%s accepts %s", c.schema, c.doc)
		}
	}
}
