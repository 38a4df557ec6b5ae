package sqlite

import (
	"encoding/base64"
	"hash/fnv"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// position is the last document of a page: its values under the sort keys, and its id.
type position struct {
	values []any
	id     string
}

// A cursor is the JSON list [signature of the sort, values…, id], in URL-safe base64.

func writeCursor(by []filter.Sort, p position) (string, error) {
	list := append([]any{signature(by)}, p.values...)
	var e encoder
	if err := e.list(append(list, p.id)); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(e.buf), nil
}

// readCursor refuses what is not a cursor for this sort; nil when there is none.
func readCursor(by []filter.Sort, cursor string) (*position, error) {
	if cursor == "" {
		return nil, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return nil, storage.Invalidf("cursor")
	}
	list, err := decodeList(string(raw))
	if err != nil || len(list) != len(by)+2 {
		return nil, storage.Invalidf("cursor")
	}
	id, ok := list[len(list)-1].(string)
	if !ok || list[0] != any(signature(by)) {
		return nil, storage.Invalidf("cursor of another sort")
	}
	return &position{values: list[1 : len(list)-1], id: id}, nil
}

func signature(by []filter.Sort) int64 {
	h := fnv.New32a()
	for _, s := range by {
		_, _ = h.Write([]byte(s.Path))
		if s.Desc {
			_, _ = h.Write([]byte{'-'})
		}
		_, _ = h.Write([]byte{0})
	}
	return int64(h.Sum32())
}

// positionOf takes a document's position; a sort key that meets a list has none.
func positionOf(by []filter.Sort, doc storage.Doc) (position, error) {
	p := position{values: make([]any, len(by))}
	for i, s := range by {
		v, _, list := filter.Lookup(doc, s.Path)
		if list {
			return p, storage.Invalidf("sort by %q meets a list in %q", s.Path, doc[storage.ID])
		}
		p.values[i] = v
	}
	p.id, _ = doc[storage.ID].(string)
	return p, nil
}

// compare orders positions by the sort keys and then the id.
func (p position) compare(by []filter.Sort, q position) int {
	for i, s := range by {
		c := filter.Compare(p.values[i], q.values[i])
		if s.Desc {
			c = -c
		}
		if c != 0 {
			return c
		}
	}
	return filter.Compare(p.id, q.id)
}
