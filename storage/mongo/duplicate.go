package mongo

import (
	"context"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// maxOthers bounds the documents named in one refusal.
const maxOthers = 20

// refused turns a duplicate key into a *storage.DuplicateError that names the
// index and the documents in the way of doc; any other error is wrapped.
func (c *collection) refused(ctx context.Context, cause error, doc storage.Doc) error {
	if !driver.IsDuplicateKeyError(cause) {
		return wrap(cause)
	}
	id, _ := doc[storage.ID].(string)
	idTaken := &storage.DuplicateError{ID: id, Others: []string{id}}
	if strings.Contains(cause.Error(), "index: _id_ ") {
		return idTaken
	}
	d, err := c.declared(ctx)
	if err != nil {
		return err
	}
	for _, decl := range d.indexes {
		others, err := c.clashing(ctx, decl, doc)
		if err != nil {
			return err
		}
		if len(others) > 0 {
			return &storage.DuplicateError{Index: decl, ID: id, Others: others}
		}
	}
	return c.unnamed(cause, d, idTaken)
}

// unnamed is the refusal when what stood in the way is gone by now: the server's words name the index.
func (c *collection) unnamed(cause error, d declared, idTaken *storage.DuplicateError) error {
	for _, decl := range d.indexes {
		if decl.Unique && strings.Contains(cause.Error(), "index: "+indexNamePrefix+decl.Name()+" ") {
			return &storage.DuplicateError{Index: decl, ID: idTaken.ID}
		}
	}
	return idTaken
}

// clashing finds other documents with the same values in a unique index.
func (c *collection) clashing(ctx context.Context, decl storage.Index, doc storage.Doc) ([]string, error) {
	if !decl.Unique {
		return nil, nil
	}
	where := []bson.D{op(storage.ID, "$ne", doc[storage.ID])}
	for i, f := range decl.Fields {
		d, indexed, err := sameField(doc, f.Path, presentOnly(decl, i))
		if err != nil || !indexed {
			return nil, err
		}
		where = append(where, d)
	}
	o := options.Find().SetProjection(byIDOnly).SetSort(order(nil)).SetLimit(maxOthers)
	var others []string
	err := c.each(ctx, all(where...), o, func(other storage.Doc) error {
		id, _ := other[storage.ID].(string)
		others = append(others, id)
		return nil
	})
	return others, err
}

var byIDOnly = bson.D{{Key: storage.ID, Value: int32(1)}}

// sameField is the condition of having one of a document's keys at a path;
// indexed is false when the document is left out for not having the field.
func sameField(doc storage.Doc, path string, presentOnly bool) (d bson.D, indexed bool, err error) {
	values := []any{}
	present := false
	filter.Candidates(doc, path, func(v any, missing bool) bool {
		present = present || !missing
		if _, isList := v.([]any); !isList {
			values = append(values, v)
		}
		return true
	})
	if presentOnly && !present {
		return nil, false, nil
	}
	v, err := operand(values, path)
	return op(path, "$in", v), true, err
}

// presentOnly tells whether the index leaves out documents without its i-th field.
func presentOnly(decl storage.Index, i int) bool {
	return decl.IfPresent || decl.Sparse && i == 0
}
