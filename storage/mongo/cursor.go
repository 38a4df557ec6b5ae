package mongo

import (
	"encoding/base64"
	"hash/fnv"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// position is the last document of a page: its values under the sort keys, and its id.
type position struct {
	values []any
	id     string
}

// A cursor is the BSON document {s: signature of the sort, v: values, i: id} in URL-safe base64.

func writeCursor(by []filter.Sort, p position) (string, error) {
	values, err := list(p.values, "", 0)
	if err != nil {
		return "", err
	}
	raw, err := bson.Marshal(bson.D{{Key: "s", Value: signature(by)}, {Key: "v", Value: values}, {Key: "i", Value: p.id}})
	if err != nil {
		return "", storage.Invalidf("cursor: %v", err)
	}
	return base64.RawURLEncoding.EncodeToString(raw), nil
}

// readCursor refuses what is not a cursor for this sort; nil when there is none.
func readCursor(by []filter.Sort, cursor string) (*position, error) {
	if cursor == "" {
		return nil, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || bson.Raw(raw).Validate() != nil {
		return nil, storage.Invalidf("cursor")
	}
	doc, err := decode(raw)
	if err != nil {
		return nil, storage.Invalidf("cursor")
	}
	values, isList := doc["v"].([]any)
	id, isText := doc["i"].(string)
	if !isList || !isText || doc["s"] != any(signature(by)) || len(values) != len(by) {
		return nil, storage.Invalidf("cursor of another sort")
	}
	return &position{values: values, id: id}, nil
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
