package examples_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/eval"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/schema/pack"
)

// storeErrors are errors only a store or access plan can give; the scenario player of the runtime proves them.
var storeErrors = []string{"forbidden", "duplicate", "relation_missing"}

// TestScenarioSubmits checks the submit steps of every scenario as far as a
// record alone can tell: computed values, rules and checks.
func TestScenarioSubmits(t *testing.T) {
	t.Parallel()
	packs := readAll(t)
	forms := compileAll(t, packs)
	checked := 0
	for _, p := range packs {
		for _, s := range p.Scenarios {
			names := pack.Names{App: p.Meta.Key, Records: map[string]string{}, Users: map[string]string{}}
			for u := range s.Given.Users {
				names.Users[u] = u
			}
			for _, r := range s.Given.Records {
				names.Records[p.Meta.Key+"."+r.As] = r.As
			}
			for _, r := range s.Given.Records {
				place := fmt.Sprintf("%s/%s:%d", p.Meta.Key, r.File, r.Line)
				form := forms[r.Form]
				_, errs := submit(t, packs, form, r.Data, names, s.At, r.State == "draft")
				for _, e := range errs {
					t.Errorf("%s: %s %s", place, e.Path, e.Message)
				}
			}
			for _, st := range s.Steps {
				if st.Kind != "submit" || st.Form == "" || slices.Contains(storeErrors, st.Expect.Error) {
					continue
				}
				checked++
				place := fmt.Sprintf("%s/%s:%d", p.Meta.Key, s.File, st.Line)
				form := forms[st.Form]
				out, errs := submit(t, packs, form, st.Data, names, s.At, false)
				if st.Expect.Error != "" {
					if !slices.ContainsFunc(errs, func(e fault.Field) bool { return e.Code == st.Expect.Error && e.Path == st.Expect.Field }) {
						t.Errorf("%s: want %s at %s, got %v", place, st.Expect.Error, st.Expect.Field, errs)
					}
					continue
				}
				for _, e := range errs {
					t.Errorf("%s: %s %s %s", place, e.Path, e.Code, e.Message)
				}
				var want map[string]any
				if len(st.Expect.Data) > 0 {
					dec := json.NewDecoder(strings.NewReader(string(st.Expect.Data)))
					dec.UseNumber()
					if err := dec.Decode(&want); err != nil {
						t.Fatal(err)
					}
				}
				for key, w := range want {
					if err := same(out[key], w); err != "" {
						t.Errorf("%s: %s: %s", place, key, err)
					}
				}
			}
		}
	}
	if checked < 20 {
		t.Errorf("only %d steps were checked", checked)
	}
}

func submit(t *testing.T, packs []*pack.Pack, form *eval.Form, data json.RawMessage, names pack.Names, at pack.When, draft bool) (map[string]any, []fault.Field) {
	t.Helper()
	raw, err := pack.Bind(data, form.Def, names)
	if err != nil {
		t.Error(err)
		return nil, nil
	}
	n := 0
	values, errs := form.Decode(raw, func() string { n++; return strconv.Itoa(n) })
	if len(errs) > 0 {
		return nil, errs
	}
	in := eval.Input{Data: values, Ctx: &formula.Context{Now: at.In(time.UTC), Zone: time.UTC}}
	for _, p := range packs {
		if p.App.Key == form.Def.App {
			in.Editable = editable(p.App.Flow(form.Def.Flow))
		}
	}
	res, err := form.Compute(in)
	if err != nil {
		t.Error(err)
		return nil, nil
	}
	if !draft {
		errs = form.Validate(in, res)
	}
	return form.Encode(res.Data), errs
}

// same compares a wire value with an expected one the way Expect.Data says.
func same(got, want any) string {
	if rows, ok := want.([]any); ok {
		list, ok := got.([]any)
		if !ok || len(list) != len(rows) {
			return fmt.Sprintf("got %v, want %d rows", got, len(rows))
		}
		for i := range rows {
			row, _ := list[i].(map[string]any)
			for key, w := range rows[i].(map[string]any) {
				if err := same(row[key], w); err != "" {
					return fmt.Sprintf("row %d, %s: %s", i, key, err)
				}
			}
		}
		return ""
	}
	if n, ok := want.(json.Number); ok {
		s, _ := got.(string)
		a, errA := decimal.Parse(s)
		b, errB := decimal.Parse(n.String())
		if errA != nil || errB != nil || a.Cmp(b) != 0 {
			return fmt.Sprintf("got %v, want %v", got, want)
		}
		return ""
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		return fmt.Sprintf("got %v, want %v", got, want)
	}
	return ""
}
