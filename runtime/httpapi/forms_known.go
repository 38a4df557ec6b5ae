package httpapi

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/schema/eval"
)

// A definition tells its reader no more than the records do: what is hidden from
// him is not named by a formula, rule, check, default, view or title either.

// unknownTree stands for a formula that reads what the reader may not see. It
// names a field that no form has, so that a browser knows that its own result
// would be wrong, and asks the server.
var (
	unknownTree = json.RawMessage(`{"v":1,"e":["id","?"]}`)
	noTree      = json.RawMessage("null")
)

// sees reports whether a field or column is in the definition that the reader gets.
func (b formBuilder) sees(path string) bool {
	if table, _, column := strings.Cut(path, "."); column && b.right(table) == rbac.FieldHidden {
		return false
	}
	return b.right(path) > rbac.FieldHidden
}

func (b formBuilder) seen(paths []string) []string {
	return slices.DeleteFunc(append([]string{}, paths...), func(p string) bool { return !b.sees(p) })
}

// listed are those names of a view that are no hidden fields; "-" before a name
// sorts backwards.
func (b formBuilder) listed(names []string) []string {
	var out []string
	for _, n := range names {
		if name := strings.TrimPrefix(n, "-"); isSystem(name) || b.sees(name) {
			out = append(out, n)
		}
	}
	return out
}

// knows reports whether the reader sees every field that a formula reads. at is
// the field it belongs to: one of a column sees its row first.
func (b formBuilder) knows(at string, reads []string) bool {
	return !slices.ContainsFunc(reads, func(name string) bool {
		rest, outer := strings.CutPrefix(name, "form.")
		if !outer && strings.Contains(at, ".") {
			if own := b.fieldOf(in(at, name)); own != "" {
				return !b.sees(own)
			}
		}
		own := b.fieldOf(rest)
		return own != "" && !b.sees(own)
	})
}

// fieldOf is the column or else the field that a dotted name begins with; "" = none.
func (b formBuilder) fieldOf(name string) string {
	parts := strings.Split(name, ".")
	for n := min(2, len(parts)); n > 0; n-- {
		if path := strings.Join(parts[:n], "."); b.form.FieldAt(path) != nil {
			return path
		}
	}
	return ""
}

// in is a name within the row that a column belongs to; the name itself for a field.
func in(at, name string) string {
	if table, _, column := strings.Cut(at, "."); column {
		return table + "." + name
	}
	return name
}

// known is what the browser gets of the form's formulas, without what would name
// a field that is hidden from the reader.
func (b formBuilder) known(c eval.ClientForm) eval.ClientForm {
	if !b.knows("", c.TitleReads) {
		c.Title = noTree
	}
	c.Computed = slices.DeleteFunc(c.Computed, func(x eval.ClientComputed) bool { return !b.sees(x.Field) })
	for i, x := range c.Computed {
		if !x.Server && !b.knows(x.Field, x.Reads) {
			c.Computed[i].Tree, c.Computed[i].Server = unknownTree, true
		}
	}
	for path, reads := range c.DefaultReads {
		if !b.knows(path, reads) {
			c.Defaults[path] = noTree
		}
	}
	c.Checks = slices.DeleteFunc(c.Checks, func(x eval.ClientCheck) bool {
		return !b.knows("", x.Reads) || x.Field != "" && !b.sees(x.Field)
	})
	rules := []eval.ClientRule{}
	for _, r := range c.Rules {
		if r, ok := b.rule(r); ok {
			rules = append(rules, r)
		}
	}
	c.Rules = rules
	return c
}

// rule is a rule as far as it is about what the reader sees; false = not at all.
// Whether it holds is asked of the server where its condition reads more.
func (b formBuilder) rule(r eval.ClientRule) (eval.ClientRule, bool) {
	if !b.knows("", r.Reads) {
		r.When = noTree
	}
	some := b.branch(&r.Then)
	if r.Else != nil {
		some = b.branch(r.Else) || some
	}
	return r, some
}

// branch reports whether anything is left of a branch.
func (b formBuilder) branch(t *eval.ClientThen) bool {
	left := 0
	for _, list := range []*[]string{&t.Show, &t.Hide, &t.Require, &t.Optional, &t.Lock, &t.Unlock} {
		*list = b.seen(*list)
		left += len(*list)
	}
	t.Set = slices.DeleteFunc(t.Set, func(s eval.ClientSet) bool { return !b.sees(s.Field) })
	for i, s := range t.Set {
		if !b.knows(s.Field, s.Reads) {
			t.Set[i].Tree = noTree
		}
	}
	return left+len(t.Set) > 0
}

// rows are the row operations of the subtables that the reader sees.
func (b formBuilder) rows() map[string][]string {
	out := b.create.RowOps(b.form.Def)
	for key := range out {
		if !b.sees(key) {
			delete(out, key)
		}
	}
	return out
}

// keep are the entries of a map whose key is wanted; nil when none is.
func keep(m map[string]string, wanted func(string) bool) map[string]string {
	var out map[string]string
	for k, v := range m {
		if wanted(k) {
			if out == nil {
				out = map[string]string{}
			}
			out[k] = v
		}
	}
	return out
}
