package eval

import (
	"maps"
	"strings"
	"sync"

	"github.com/formwork-run/formwork/schema/formula"
)

// blanks are the values of new records. Where they depend on nothing but the form,
// the zone and the language, they are computed once and copied.
type blanks struct {
	steady bool
	known  *sync.Map // blankKey → map[string]any
}

type blankKey struct{ zone, lang string }

// steady reports whether nothing that new records hold depends on who makes them and when.
func (f *Form) steady() bool {
	f.blank.known = &sync.Map{}
	for _, s := range f.steps {
		if s.prog.Volatile() || s.prog.ServerOnly() {
			return false
		}
		for _, dep := range s.prog.Deps() {
			dep = strings.TrimPrefix(dep, "form.")
			if root, _, _ := strings.Cut(dep, "."); root == "sys" || root == "case" {
				return false
			}
		}
	}
	return true
}

// Defaults returns the values of a new record: its defaults, and what is
// computed from them. A default whose formula fails is left out.
func (f *Form) Defaults(ctx *formula.Context) map[string]any {
	if !f.blank.steady || ctx == nil || ctx.Zone == nil {
		return f.defaults(ctx)
	}
	key := blankKey{ctx.Zone.String(), ctx.Lang}
	got, ok := f.blank.known.Load(key)
	if !ok {
		got, _ = f.blank.known.LoadOrStore(key, f.defaults(ctx))
	}
	return maps.Clone(got.(map[string]any))
}

func (f *Form) defaults(ctx *formula.Context) map[string]any {
	r := f.newRunner(Input{Ctx: ctx})
	r.fixedDefaults()
	for _, s := range f.steps {
		_ = r.step(s) // what fails stays blank; saving will say why
	}
	return r.data()
}
