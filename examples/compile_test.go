package examples_test

import (
	"testing"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/eval"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/schema/pack"
)

// resolver finds the forms of all packs.
type resolver map[string]*schema.Form

func (r resolver) Form(ref string) *schema.Form { return r[ref] }

func newResolver(packs []*pack.Pack) resolver {
	r := resolver{}
	for _, p := range packs {
		for _, f := range p.App.Forms {
			r[f.Ref()] = f
		}
	}
	return r
}

func compileAll(t *testing.T, packs []*pack.Pack) map[string]*eval.Form {
	t.Helper()
	r := newResolver(packs)
	out := map[string]*eval.Form{}
	for ref, def := range r {
		form, problems := eval.Compile(def, r)
		for _, p := range problems {
			t.Errorf("%s %s (%s)", p.Path, p.Message, p.Code)
		}
		out[ref] = form
	}
	if t.Failed() {
		t.FailNow()
	}
	return out
}

// TestDefinitionsCompile: every formula of every form, flow, access group and view compiles.
func TestDefinitionsCompile(t *testing.T) {
	t.Parallel()
	packs := readAll(t)
	forms := compileAll(t, packs)
	var apps []rbac.AppSource
	for _, p := range packs {
		source := rbac.AppSource{App: p.App.Key, Access: p.App.Access, Forms: map[string]rbac.FormSource{}}
		for _, f := range p.App.Forms {
			source.Forms[f.Key] = rbac.FormSource{Form: f, Env: forms[f.Ref()].Env}
		}
		apps = append(apps, source)
		for _, f := range p.App.Flows {
			_, problems := engine.Compile(f, p.App.Form(f.Form), forms[p.App.Key+"."+f.Form].Env)
			for _, x := range problems {
				t.Errorf("%s: %s %s (%s)", p.App.Key, x.Path, x.Message, x.Code)
			}
		}
		for _, v := range p.App.Views {
			env := forms[p.App.Key+"."+v.Form].Env
			sources := []string{v.Filter}
			for _, c := range v.Colors {
				sources = append(sources, c.When)
			}
			for _, src := range sources {
				if src == "" {
					continue
				}
				if _, errs := formula.Compile(src, env, formula.Type{Kind: formula.Bool}); len(errs) > 0 {
					t.Errorf("view %s.%s: %s: %v", p.App.Key, v.Key, src, errs)
				}
			}
		}
	}
	_, problems := rbac.NewEngine(apps)
	for _, x := range problems {
		t.Errorf("%s %s (%s)", x.Path, x.Message, x.Code)
	}
}
