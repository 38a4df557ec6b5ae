package mongo

import (
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// duplicates lists documents that break a unique index about to be made. It
// reads the index's fields of all documents; it runs only after MongoDB has
// refused the index.
func (c *collection) duplicates(ctx context.Context, decl storage.Index) (*storage.DuplicateError, error) {
	var paths []string
	for _, f := range decl.Fields {
		paths = append(paths, f.Path)
	}
	fields := bson.D{}
	for _, p := range outermost(paths) {
		fields = append(fields, bson.E{Key: p, Value: int32(1)})
	}
	first := map[string]string{} // hashed keys → the first document with them
	var found []string
	note := func(id string) {
		if !slices.Contains(found, id) {
			found = append(found, id)
		}
	}
	err := c.each(ctx, bson.D{}, options.Find().SetProjection(fields).SetSort(order(nil)), func(doc storage.Doc) error {
		id, _ := doc[storage.ID].(string)
		for _, key := range keysOf(decl, doc) {
			switch one, taken := first[key]; {
			case !taken:
				first[key] = id
			case one != id && len(found) <= maxOthers:
				note(one)
				note(id)
			}
		}
		return nil
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	found = found[:min(len(found), maxOthers+1)]
	return &storage.DuplicateError{Index: decl, ID: found[0], Others: found[1:]}, nil
}

// keysOf are the entries of a document in an index: one, or one per list element.
func keysOf(decl storage.Index, doc storage.Doc) []string {
	keys := []string{""}
	for i, f := range decl.Fields {
		var values []string
		filter.Candidates(doc, f.Path, func(v any, missing bool) bool {
			if _, isList := v.([]any); !isList && !(missing && presentOnly(decl, i)) {
				values = append(values, string(canonical(nil, v)))
			}
			return true
		})
		var next []string
		for _, k := range keys {
			for _, v := range values {
				next = append(next, ids.Derive(k, v))
			}
		}
		keys = next
	}
	return keys
}
