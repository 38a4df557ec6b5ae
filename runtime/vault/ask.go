package vault

import (
	"fmt"
	"strings"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// ask rewrites a condition over plain values into one over what is stored. What
// a sealed field cannot be asked is storage.ErrInvalid.
func (v *Vault) ask(l *layout, x filter.Expr) (filter.Expr, error) {
	if l == nil || x == nil {
		return x, nil
	}
	return filter.Map(x, func(c filter.Cmp) (filter.Expr, error) {
		name, isData := strings.CutPrefix(c.Path, "data.")
		f := l.field(name)
		if !isData || f == nil {
			return c, nil
		}
		hashed := func(val any) (any, error) {
			if val == nil {
				return nil, nil
			}
			return v.standIn(f, l.form.Ref(), name, val)
		}
		switch {
		case c.Op == filter.Exists, (c.Op == filter.Eq || c.Op == filter.Ne) && c.Value == nil:
			return c, nil
		case !f.Hashed() || c.Op != filter.Eq && c.Op != filter.Ne && c.Op != filter.In:
			return nil, unasked(name, "the condition "+string(c.Op))
		case c.Op == filter.In:
			vals, _ := c.Value.([]any)
			out := make([]any, len(vals))
			for i, val := range vals {
				h, err := hashed(val)
				if err != nil {
					return nil, err
				}
				out[i] = h
			}
			c.Value = out
			return c, nil
		}
		h, err := hashed(c.Value)
		c.Value = h
		return c, err
	})
}

func unasked(name, what string) error {
	return fmt.Errorf("%w: %s is sealed: there is no %s of it", storage.ErrInvalid, name, what)
}

func (v *Vault) query(l *layout, q storage.Query) (storage.Query, error) {
	var err error
	if q.Where, err = v.ask(l, q.Where); err != nil {
		return q, err
	}
	for _, s := range q.Sort {
		if name, ok := strings.CutPrefix(s.Path, "data."); ok && l.field(name) != nil {
			return q, unasked(name, "order")
		}
	}
	q.Fields = withSealed(q.Fields)
	return q, nil
}

// withSealed reads ciphertexts wherever data are read.
func withSealed(fields []string) []string {
	reads := false
	for _, f := range fields {
		if f == Sealed {
			return fields
		}
		reads = reads || f == "data" || f == "outbox" || strings.HasPrefix(f, "data.")
	}
	if !reads {
		return fields
	}
	return append(append(make([]string, 0, len(fields)+1), fields...), Sealed)
}

func (v *Vault) group(l *layout, g storage.Group) (storage.Group, error) {
	var err error
	if g.Where, err = v.ask(l, g.Where); err != nil || l == nil {
		return g, err
	}
	for _, k := range g.By {
		if name, ok := strings.CutPrefix(k.Path, "data."); ok && l.field(name) != nil {
			return g, unasked(name, "group")
		}
	}
	for _, m := range g.Measures {
		if name, ok := strings.CutPrefix(m.Path, "data."); ok && l.field(name) != nil && m.Fn != "count" {
			return g, unasked(name, m.Fn)
		}
	}
	return g, nil
}

func (v *Vault) guard(l *layout, g storage.Guard) (storage.Guard, error) {
	var err error
	g.Where, err = v.ask(l, g.Where)
	return g, err
}
