package mongo

import (
	"slices"
	"strconv"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// groups collects the rows of an aggregation by their finished keys.
type groups struct {
	storage.Group
	limit int
	byKey map[string]*group
}

type group struct {
	keys     []any
	measures []measure
}

func newGroups(g storage.Group, limit int) *groups {
	out := &groups{Group: g, limit: limit, byKey: map[string]*group{}}
	if len(g.By) == 0 {
		_, _ = out.at(nil) // the total exists even of nothing
	}
	return out
}

func (g *groups) at(id map[string]any) (*group, error) {
	keys := make([]any, len(g.By))
	var text []byte
	for i, k := range g.By {
		v, err := key(k, id["k"+strconv.Itoa(i)])
		if err != nil {
			return nil, storage.Invalidf("group by %q %v", k.Path, err)
		}
		keys[i] = v
		text = canonical(text, v)
	}
	found := g.byKey[string(text)]
	if found == nil {
		if len(g.byKey) >= g.limit {
			return nil, tooLarge("more than %d groups", g.limit)
		}
		found = &group{keys: keys, measures: make([]measure, len(g.Measures))}
		g.byKey[string(text)] = found
	}
	return found, nil
}

// take merges one of MongoDB's groups.
func (g *groups) take(row map[string]any) error {
	id, _ := row[storage.ID].(map[string]any)
	group, err := g.at(id)
	if err != nil {
		return err
	}
	for i, m := range g.Measures {
		n := strconv.Itoa(i)
		group.measures[i].merge(m.Fn, row["m"+n], row["d"+n] == any(true))
	}
	return nil
}

// takeDistinct notes one value of the i-th measure.
func (g *groups) takeDistinct(i int, row map[string]any) error {
	id, _ := row[storage.ID].(map[string]any)
	if id["v"] == nil {
		return nil
	}
	group, err := g.at(id)
	if err != nil {
		return err
	}
	m := &group.measures[i]
	if m.distinct == nil {
		m.distinct = map[string]bool{}
	}
	m.distinct[string(canonical(nil, id["v"]))] = true
	return nil
}

// rows come in the order of their keys.
func (g *groups) rows() []storage.Row {
	list := make([]*group, 0, len(g.byKey))
	for _, x := range g.byKey {
		list = append(list, x)
	}
	slices.SortFunc(list, func(x, y *group) int { return slices.CompareFunc(x.keys, y.keys, filter.Compare) })
	out := make([]storage.Row, len(list))
	for i, x := range list {
		out[i] = storage.Row{}
		for j, k := range g.By {
			out[i][k.As] = x.keys[j]
		}
		for j, m := range g.Measures {
			out[i][m.As] = x.measures[j].result(m.Fn)
		}
	}
	return out
}

// measure accumulates one aggregate of one group.
type measure struct {
	count    int64
	sum      decimal.Decimal
	decimal  bool // a decimal was added
	bound    any
	distinct map[string]bool
}

// merge takes in what MongoDB has computed for a part of the group.
func (m *measure) merge(fn string, v any, isDecimal bool) {
	switch fn {
	case "count":
		n, _ := v.(int64)
		m.count += n
	case "sum":
		m.decimal = m.decimal || isDecimal
		switch n := v.(type) {
		case decimal.Decimal:
			m.sum = m.sum.Add(n)
		case int64:
			m.sum = m.sum.Add(decimal.FromInt(n))
		}
	case "min":
		if v != nil && (m.bound == nil || filter.Compare(v, m.bound) < 0) {
			m.bound = v
		}
	case "max":
		if v != nil && (m.bound == nil || filter.Compare(v, m.bound) > 0) {
			m.bound = v
		}
	}
}

func (m *measure) result(fn string) any {
	switch fn {
	case "count":
		return m.count
	case "countDistinct":
		return int64(len(m.distinct))
	case "sum":
		if n, ok := m.sum.Int64(); ok && !m.decimal {
			return n
		}
		return m.sum
	}
	return m.bound
}
