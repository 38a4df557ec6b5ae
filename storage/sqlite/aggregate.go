package sqlite

import (
	"context"
	"slices"
	"time"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// Aggregate implements storage.Collection. Where every path has a column whose
// keys can be read back, SQLite groups and sums over an index alone; otherwise
// the documents are read. Both give the same rows.
func (c *collection) Aggregate(ctx context.Context, g storage.Group) ([]storage.Row, error) {
	if c.bad != nil {
		return nil, c.bad
	}
	limit, err := g.Check()
	if err != nil {
		return nil, err
	}
	a, err := newAggregation(g, limit)
	if err != nil {
		return nil, err
	}
	var groups *groups
	err = c.t.read(ctx, func(conn *conn, cat *catalog) error {
		groups = newGroups(a)
		cl := cat.colls[c.name]
		if cl == nil {
			return nil
		}
		p := newPlan(cl, storage.Query{Where: c.visible(cl, g.Where)}, nil)
		p.order = []orderBy{}
		done, err := a.inSQL(ctx, conn, p, groups)
		if done || err != nil {
			return err
		}
		groups = newGroups(a)
		return a.inGo(ctx, conn, p, groups)
	})
	if err != nil {
		return nil, err
	}
	return groups.rows()
}

// aggregation is a Group made ready.
type aggregation struct {
	storage.Group
	limit int
	zones []*time.Location
}

func newAggregation(g storage.Group, limit int) (*aggregation, error) {
	a := &aggregation{Group: g, limit: limit}
	for _, k := range g.By {
		zone, err := time.LoadLocation(k.Zone)
		if err != nil {
			return nil, storage.Invalidf("zone %q", k.Zone)
		}
		a.zones = append(a.zones, zone)
	}
	return a, nil
}

// inGo reads the documents.
func (a *aggregation) inGo(ctx context.Context, conn *conn, p *plan, groups *groups) error {
	paths := pathsOf(filter.Simplify(a.Where), nil)
	for _, k := range a.By {
		paths = append(paths, k.Path)
	}
	for _, m := range a.Measures {
		if m.Path != "" {
			paths = append(paths, m.Path)
		}
	}
	p.restWant = wanted(append(paths, p.cl.expire...)...)
	return p.scan(ctx, conn, segment{condTrue}, -1, func(f found, doc storage.Doc) (bool, error) {
		if doc == nil {
			var err error
			if doc, err = f.decode(p.restWant); err != nil {
				return false, err
			}
		}
		keys, err := a.keys(doc)
		if err != nil {
			return false, err
		}
		group, err := groups.at(keys)
		if err != nil {
			return false, err
		}
		for i, m := range a.Measures {
			group.measures[i].add(m, doc)
		}
		return true, nil
	})
}

func (a *aggregation) keys(doc storage.Doc) ([]any, error) {
	keys := make([]any, len(a.By))
	for i, k := range a.By {
		v, _, list := filter.Lookup(doc, k.Path)
		if list {
			return nil, storage.Invalidf("group by %q meets a list in %q", k.Path, doc[storage.ID])
		}
		keys[i] = a.grain(i, v)
	}
	return keys, nil
}

func (a *aggregation) grain(i int, v any) any {
	if grain := a.By[i].Grain; grain != "" {
		return storage.Grain(v, grain, a.zones[i])
	}
	return v
}

// groups collects the rows by their keys.
type groups struct {
	a    *aggregation
	byID map[string]*group
}

type group struct {
	keys     []any
	measures []measure
}

func newGroups(a *aggregation) *groups {
	g := &groups{a: a, byID: map[string]*group{}}
	if len(a.By) == 0 {
		_, _ = g.at(nil) // the total exists even of nothing
	}
	return g
}

func (g *groups) at(keys []any) (*group, error) {
	var id []byte
	for _, k := range keys {
		id = appendCanonical(id, k)
	}
	found := g.byID[string(id)]
	if found == nil {
		if len(g.byID) >= g.a.limit {
			return nil, tooLarge("more than %d groups", g.a.limit)
		}
		found = &group{keys: keys, measures: make([]measure, len(g.a.Measures))}
		g.byID[string(id)] = found
	}
	return found, nil
}

func (g *groups) rows() ([]storage.Row, error) {
	list := make([]*group, 0, len(g.byID))
	for _, x := range g.byID {
		list = append(list, x)
	}
	slices.SortFunc(list, func(x, y *group) int { return slices.CompareFunc(x.keys, y.keys, filter.Compare) })
	out := make([]storage.Row, len(list))
	for i, x := range list {
		row := storage.Row{}
		for j, k := range g.a.By {
			row[k.As] = x.keys[j]
		}
		for j, m := range g.a.Measures {
			row[m.As] = x.measures[j].result(m.Fn)
		}
		out[i] = row
	}
	return out, nil
}
