package eval_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/schema/eval"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/google/go-cmp/cmp"
)

// vector is one file of testdata/rules: a form and computations over it. The
// TypeScript side can run the same files.
type vector struct {
	About string
	Form  json.RawMessage
	Cases []struct {
		Name    string
		Data    json.RawMessage
		Before  json.RawMessage
		Now     time.Time
		Frozen  bool
		NoEdit  []string // fields the person may not write
		Require []string // fields the node requires
		Want    struct {
			Data     map[string]any    // all of the record, on the wire; absent = not looked at
			States   map[string]string // "visible required readonly", of the fields named
			Errors   []string          // pointer, blank, code; also of decoding
			Warnings []string
		}
	}
}

func TestRuleVectors(t *testing.T) {
	t.Parallel()
	files, _ := filepath.Glob("testdata/rules/*.json")
	if len(files) < 8 {
		t.Fatalf("only %d files", len(files))
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var v vector
		if err := json.Unmarshal(raw, &v); err != nil {
			t.Fatal(err)
		}
		key := strings.TrimSuffix(filepath.Base(file), ".json")
		f := compile(t, parse(t, key, string(v.Form)), nil)
		for _, c := range v.Cases {
			t.Run(key+"/"+c.Name, func(t *testing.T) {
				t.Parallel()
				in := eval.Input{Frozen: c.Frozen, Require: c.Require, Ctx: &formula.Context{Now: c.Now}}
				if c.NoEdit != nil {
					in.Editable = func(path string) bool { return !slices.Contains(c.NoEdit, path) }
				}
				var errs []fault.Field
				if c.Before != nil {
					in.Before, _ = f.Decode(c.Before, nil)
				}
				in.Data, errs = f.Decode(c.Data, (&ids.Sequence{Prefix: "r"}).New)
				var res eval.Result
				if len(errs) == 0 {
					var err error
					if res, err = f.Compute(in); err != nil {
						t.Fatal(err)
					}
					errs = f.Validate(in, res)
				}
				diff(t, "errors", c.Want.Errors, lines(errs))
				if len(res.States) == 0 {
					return
				}
				diff(t, "warnings", c.Want.Warnings, lines(res.Warnings))
				if c.Want.Data != nil {
					diff(t, "data", c.Want.Data, wire(t, f.Encode(res.Data)))
				}
				for path, want := range c.Want.States {
					diff(t, path, want, words(res.States[path]))
				}
			})
		}
	}
}

func diff(t *testing.T, what string, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s: %s", what, d)
	}
}

func lines(fs []fault.Field) []string {
	var out []string
	for _, f := range fs {
		out = append(out, f.Path+" "+f.Code)
	}
	return out
}

func words(s eval.State) string {
	var w []string
	for _, x := range []struct {
		on   bool
		name string
	}{{s.Visible, "visible"}, {s.Required, "required"}, {s.Readonly, "readonly"}} {
		if x.on {
			w = append(w, x.name)
		}
	}
	return strings.Join(w, " ")
}

func wire(t *testing.T, v map[string]any) map[string]any {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}
