package mongo

import (
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/formwork-run/formwork/storage"
)

// projection limits what comes of a document.
type projection struct {
	paths bson.D   // for the server; nil = whole documents
	trims []string // when the server sends more than was asked for
}

// projectionOf asks for the fields of a query and those of its sort, which the
// cursor needs; these are taken off again.
func projectionOf(q storage.Query) projection {
	if q.Fields == nil {
		return projection{}
	}
	asked := append([]string{storage.ID, storage.Rev}, q.Fields...)
	paths := asked
	for _, s := range q.Sort {
		if !covered(asked, s.Path) {
			paths = append(paths[:len(paths):len(paths)], s.Path)
		}
	}
	var p projection
	for _, path := range outermost(paths) {
		p.paths = append(p.paths, bson.E{Key: path, Value: int32(1)})
	}
	if len(paths) > len(asked) {
		p.trims = asked
	}
	return p
}

// covered tells whether one of the paths holds all that lies at another.
func covered(paths []string, path string) bool {
	return slices.ContainsFunc(paths, func(p string) bool { return p == path || strings.HasPrefix(path, p+".") })
}

// outermost leaves out what lies within another path: MongoDB refuses both together.
func outermost(paths []string) []string {
	var out []string
	for i, p := range paths {
		others := slices.Concat(paths[:i], paths[i+1:])
		within := slices.ContainsFunc(others, func(o string) bool { return strings.HasPrefix(p, o+".") })
		if !within && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

func (p projection) trim(doc storage.Doc) storage.Doc {
	if p.trims == nil {
		return doc
	}
	return only(doc, p.trims)
}

// only keeps what lies at some paths, as MongoDB's own projection does.
func only(m map[string]any, paths []string) map[string]any {
	out := map[string]any{}
	for k, v := range m {
		whole := false
		var below []string
		for _, p := range paths {
			head, tail, more := strings.Cut(p, ".")
			if head != k {
				continue
			}
			whole = whole || !more
			below = append(below, tail)
		}
		switch {
		case whole:
			out[k] = v
		case below != nil:
			if part, ok := onlyWithin(v, below); ok {
				out[k] = part
			}
		}
	}
	return out
}

func onlyWithin(v any, paths []string) (any, bool) {
	switch x := v.(type) {
	case map[string]any:
		return only(x, paths), true
	case []any:
		kept := []any{}
		for _, e := range x {
			if part, ok := onlyWithin(e, paths); ok {
				kept = append(kept, part)
			}
		}
		return kept, true
	}
	return nil, false // below a plain value there is nothing
}
