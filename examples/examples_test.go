package examples_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/formwork-run/formwork/examples"
	"github.com/formwork-run/formwork/schema/pack"
)

func readAll(t *testing.T) []*pack.Pack {
	t.Helper()
	packs, problems := pack.ReadSet(examples.FS)
	for _, p := range problems {
		t.Error(pack.Format(p))
	}
	if t.Failed() {
		t.FailNow()
	}
	return packs
}

func TestPacksReadWithoutProblems(t *testing.T) {
	t.Parallel()
	var keys []string
	for _, p := range readAll(t) {
		keys = append(keys, p.Meta.Key)
		for _, lang := range []string{"zh-CN", "en"} {
			if _, ok := p.Meta.Title[lang]; !ok {
				t.Errorf("pack %s has no title in %s", p.Meta.Key, lang)
			}
		}
	}
	slices.Sort(keys)
	want := examples.Names()
	slices.Sort(want)
	if !slices.Equal(keys, want) {
		t.Errorf("packs %v, Names %v", keys, want)
	}
}

// TestNamesOrder: each pack can be read with only those before it.
func TestNamesOrder(t *testing.T) {
	t.Parallel()
	all := map[string]*pack.Pack{}
	for _, p := range readAll(t) {
		all[p.Meta.Key] = p
	}
	seen := map[string]bool{}
	for _, name := range examples.Names() {
		if _, err := fs.Stat(examples.Pack(name), "pack.yaml"); err != nil {
			t.Fatal(err)
		}
		for _, need := range all[name].Meta.Requires {
			if !seen[need] {
				t.Errorf("%s stands before %s, which it requires", name, need)
			}
		}
		seen[name] = true
	}
}

// TestTextsAreBilingual: everything with a title has it in Chinese and English.
func TestTextsAreBilingual(t *testing.T) {
	t.Parallel()
	for _, p := range readAll(t) {
		for _, f := range p.App.Forms {
			both(t, p.Meta.Key+".forms."+f.Key, f.Title)
			for _, x := range f.Fields {
				both(t, f.Ref()+"."+x.Key, x.Title)
				for _, c := range x.Columns {
					both(t, f.Ref()+"."+x.Key+"."+c.Key, c.Title)
				}
			}
			for _, c := range f.Checks {
				both(t, f.Ref()+" check "+c.Assert, c.Message)
			}
		}
		for _, f := range p.App.Flows {
			both(t, p.Meta.Key+".flows."+f.Key, f.Title)
			for _, n := range f.Nodes {
				both(t, p.Meta.Key+".flows."+f.Key+"."+n.ID, n.Title)
			}
		}
		for _, v := range p.App.Views {
			both(t, p.Meta.Key+".views."+v.Key, v.Title)
		}
		for _, g := range p.App.Access.Groups {
			both(t, p.Meta.Key+".access."+g.Key, g.Title)
		}
	}
}

func both(t *testing.T, what string, text map[string]string) {
	t.Helper()
	for _, lang := range []string{"zh-CN", "en"} {
		if text[lang] == "" {
			t.Errorf("%s has no text in %s", what, lang)
		}
	}
}

func TestPacksAreRich(t *testing.T) {
	t.Parallel()
	least := map[string]struct{ records, scenarios int }{
		"base": {40, 3}, "cost": {25, 5}, "schedule": {5, 1}, "funds": {5, 1}, "labour": {5, 1},
	}
	states := map[string]bool{}
	for _, p := range readAll(t) {
		want := least[p.Meta.Key]
		if n := len(p.Records()); n < want.records {
			t.Errorf("%s has %d records, want %d", p.Meta.Key, n, want.records)
		}
		if n := len(p.Scenarios); n < want.scenarios {
			t.Errorf("%s has %d scenarios, want %d", p.Meta.Key, n, want.scenarios)
		}
		for _, r := range p.Records() {
			states[r.Form+" "+r.State] = true
		}
	}
	for _, s := range []string{"draft", "running", "approved", "rejected", "returned", "withdrawn"} {
		if !states["cost.expense_contract "+s] {
			t.Errorf("no expense contract is %s", s)
		}
	}
}

// TestOrg: the people of the demonstration exist, hold roles that exist, and whoever made a sample record is one of them.
func TestOrg(t *testing.T) {
	t.Parallel()
	org, problems := pack.ReadOrg("demo/org.yaml", examples.Org())
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	packs := readAll(t)
	roles := map[string]bool{}
	for _, p := range packs {
		for _, r := range p.App.Access.Roles {
			roles[p.App.Key+"."+r.Key] = true
		}
	}
	users := map[string]bool{}
	for _, u := range org.Users {
		users[u.Key] = true
		for _, r := range u.Roles {
			if !roles[r] {
				t.Errorf("%s holds the role %s, which does not exist", u.Key, r)
			}
		}
	}
	for _, name := range strings.Fields("admin zhang wang li zhao chen sun zhou wu") {
		if !users[name] {
			t.Errorf("%s is missing", name)
		}
	}
	for _, p := range packs {
		for _, r := range p.Records() {
			if !users[r.By] {
				t.Errorf("%s:%d: made by %q", r.File, r.Line, r.By)
			}
			for _, s := range r.Steps {
				if !users[s.By] {
					t.Errorf("%s:%d: done by %q", r.File, s.Line, s.By)
				}
			}
		}
	}
}
