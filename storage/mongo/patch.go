package mongo

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/formwork-run/formwork/storage"
)

// A patch larger than this is applied in Go first, to see that the document
// stays below storage.MaxDocBytes; smaller ones add so little that MongoDB's own
// limit of 16 MB is the one that ends a document's growth.
const checkedPatch = 64 << 10

// maxPatchTries bounds how often a large patch is tried anew because others write meanwhile.
const maxPatchTries = 50

// Patch implements storage.Collection: one findAndModify under the guard, or one
// plain update where the caller has no use for the document.
func (c *collection) Patch(ctx context.Context, id string, guard storage.Guard, patch storage.Patch) (storage.Doc, error) {
	if err := c.guarded(ctx, id, guard); err != nil {
		return nil, err
	}
	change, err := update(patch)
	if err != nil {
		return nil, err
	}
	raw, err := marshal(change)
	if err != nil {
		return nil, err
	}
	if len(raw) > checkedPatch {
		return c.patchLarge(ctx, id, guard, patch, raw)
	}
	doc, err := c.modify(ctx, id, guard, raw, patch.Blind)
	if errors.Is(err, storage.ErrNotFound) {
		return nil, c.absent(ctx, id)
	}
	return doc, c.patchError(ctx, err, id, patch)
}

// modify changes a document; storage.ErrNotFound when none is there under the guard.
func (c *collection) modify(ctx context.Context, id string, guard storage.Guard, change bson.Raw, blind bool) (storage.Doc, error) {
	where, err := c.one(ctx, id, guard)
	if err != nil {
		return nil, err
	}
	write := c.findAndModify
	if blind {
		write = c.updateOne
	}
	doc, err := write(ctx, where, change)
	if driver.IsDuplicateKeyError(err) && c.purge(ctx) {
		doc, err = write(ctx, where, change)
	}
	return doc, err
}

func (c *collection) findAndModify(ctx context.Context, where bson.D, change bson.Raw) (storage.Doc, error) {
	return found(c.docs.FindOneAndUpdate(ctx, where, change, options.FindOneAndUpdate().SetReturnDocument(options.After)))
}

// updateOne returns no document.
func (c *collection) updateOne(ctx context.Context, where bson.D, change bson.Raw) (storage.Doc, error) {
	r, err := c.docs.UpdateOne(ctx, where, change)
	switch {
	case err != nil:
		return nil, wrap(err)
	case r.MatchedCount == 0:
		return nil, storage.ErrNotFound
	}
	return nil, nil
}

// patchLarge applies the patch to what it has read, and writes only if that is still there.
func (c *collection) patchLarge(ctx context.Context, id string, guard storage.Guard, patch storage.Patch, change bson.Raw) (storage.Doc, error) {
	for range maxPatchTries {
		where, err := c.one(ctx, id, guard)
		if err != nil {
			return nil, err
		}
		doc, err := found(c.docs.FindOne(ctx, where))
		if errors.Is(err, storage.ErrNotFound) {
			return nil, c.absent(ctx, id)
		}
		if err != nil {
			return nil, err
		}
		rev, _ := doc[storage.Rev].(int64)
		if err := patch.Apply(doc); err != nil {
			return nil, err
		}
		if _, _, err := encode(doc, rev); err != nil {
			return nil, err
		}
		out, err := c.modify(ctx, id, storage.Guard{Rev: rev}, change, patch.Blind)
		if !errors.Is(err, storage.ErrNotFound) {
			return out, c.patchError(ctx, err, id, patch)
		}
	}
	return nil, fmt.Errorf("%w: the document changes all the time", storage.ErrConflict)
}

// patchError names what a patch has met.
func (c *collection) patchError(ctx context.Context, err error, id string, patch storage.Patch) error {
	switch {
	case unfit(err):
		return fmt.Errorf("%w: patch: %w", storage.ErrInvalid, err)
	case !driver.IsDuplicateKeyError(err):
		return err
	}
	doc, gerr := c.Get(ctx, id)
	if gerr == nil {
		gerr = patch.Apply(doc)
	}
	if gerr != nil { // changed meanwhile: the refusal stands, its reason cannot be told
		return &storage.DuplicateError{ID: id}
	}
	return c.refused(ctx, err, doc)
}

// update writes a patch in MongoDB's update operators. Every update raises _rev.
func update(p storage.Patch) (bson.D, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	set, err := assignments(p.Set, func(v any) any { return v })
	if err != nil {
		return nil, err
	}
	inc, err := assignments(p.Inc, func(v any) any { return v })
	if err != nil {
		return nil, err
	}
	push, err := assignments(anyMap(p.Push), func(v any) any { return bson.D{{Key: "$each", Value: v}} })
	if err != nil {
		return nil, err
	}
	pull, err := assignments(anyMap(p.Pull), func(v any) any { return v })
	if err != nil {
		return nil, err
	}
	unset := bson.D{}
	for _, path := range p.Unset {
		unset = append(unset, bson.E{Key: path, Value: ""})
	}
	out := bson.D{{Key: "$inc", Value: append(inc, bson.E{Key: storage.Rev, Value: int64(1)})}}
	for _, part := range []bson.E{{Key: "$set", Value: set}, {Key: "$unset", Value: unset}, {Key: "$push", Value: push}, {Key: "$pullAll", Value: pull}} {
		if len(part.Value.(bson.D)) > 0 {
			out = append(out, part)
		}
	}
	return out, nil
}

// assignments are the entries of one operator, in the order of their paths.
func assignments(m map[string]any, wrap func(any) any) (bson.D, error) {
	out := bson.D{}
	for _, path := range slices.Sorted(maps.Keys(m)) {
		for seg := range strings.SplitSeq(path, ".") {
			if err := storage.CheckKey(seg); err != nil {
				return nil, err
			}
		}
		v, err := value(m[path], "/"+strings.ReplaceAll(path, ".", "/"), 0)
		if err != nil {
			return nil, err
		}
		out = append(out, bson.E{Key: path, Value: wrap(v)})
	}
	return out, nil
}

func anyMap(m map[string][]any) map[string]any {
	out := make(map[string]any, len(m))
	for k, v := range m {
		out[k] = v
	}
	return out
}
