package catalog

import (
	"context"
	"errors"
	"fmt"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// prepare makes what the new versions need of the store, beside what those in
// use need: whatever fails here leaves them as they were. Records that share a
// value which is to be unique stop it.
func (c *Catalog) prepare(ctx context.Context, snap *Snapshot, apps map[string]*App) error {
	for _, a := range apps {
		for _, f := range a.Forms {
			if err := c.index(ctx, f, both(snap.Form(f.Ref()), f)); err != nil {
				return err
			}
			for _, i := range newUnique(snap.Form(f.Ref()), f) {
				if err := c.claim(ctx, f, i); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// finish drops the indexes that only the versions before needed, and lets
// records that were written meanwhile hold their unique values.
func (c *Catalog) finish(ctx context.Context, snap *Snapshot, apps map[string]*App) error {
	for _, a := range apps {
		for _, f := range a.Forms {
			if err := c.index(ctx, f, Indexes(f)); err != nil {
				return err
			}
			for _, i := range newUnique(snap.Form(f.Ref()), f) {
				// The first of two that raced keeps the value; the other one is told when it is saved.
				if err := c.claim(ctx, f, i); err != nil && !fault.Is(err, "publish.duplicates") {
					return err
				}
			}
		}
	}
	return nil
}

// both are the indexes of two versions of a form, or only the new ones where
// all together would be too many.
func both(old, f *Form) []storage.Index {
	want := Indexes(f)
	if old == nil {
		return want
	}
	all, have := want, map[string]bool{}
	for _, ix := range want {
		have[ix.Name()] = true
	}
	for _, ix := range Indexes(old) {
		if !have[ix.Name()] {
			all = append(all, ix)
		}
	}
	if len(all) > storage.MaxIndexes {
		return want
	}
	return all
}

func (c *Catalog) index(ctx context.Context, f *Form, want []storage.Index) error {
	err := c.store.Collection(RecordCollection(f.Ref())).Indexes(ctx, want...)
	var dup *storage.DuplicateError
	if errors.As(err, &dup) {
		return duplicates(f.Ref(), dup.Others).Because(err)
	}
	if err != nil {
		return fmt.Errorf("indexes of %s: %w", f.Ref(), err)
	}
	return nil
}

// newUnique are the unique constraints of f that old has not.
func newUnique(old, f *Form) []int {
	had := map[string]bool{}
	if old != nil {
		for i := range old.Def.Unique {
			had[UniqueKey(old.Def, i)] = true
		}
	}
	var out []int
	for i := range f.Def.Unique {
		if !had[UniqueKey(f.Def, i)] {
			out = append(out, i)
		}
	}
	return out
}

// claim lets the records there are hold the values of a new unique constraint.
// Those that share one are all named, up to maxNamed, and nothing is kept back:
// what the others hold already does no harm before the constraint is in use.
func (c *Catalog) claim(ctx context.Context, f *Form, i int) error {
	col, key := c.store.Collection(RecordCollection(f.Ref())), "uniq."+UniqueKey(f.Def, i)
	q := storage.Query{Where: filter.And{filter.Cmp{Path: "state", Op: filter.Eq, Value: "active"},
		filter.Cmp{Path: key, Op: filter.Exists, Value: false}}, Limit: storage.MaxFindLimit}
	var shared []string
	for {
		page, err := col.Find(ctx, q)
		if err != nil {
			return err
		}
		for _, d := range page.Docs {
			others, err := c.claimOne(ctx, col, f.Def, i, d)
			if err != nil {
				return err
			}
			shared = append(shared, others...)
		}
		if page.Next == "" || len(shared) >= maxNamed {
			break
		}
		q.Cursor = page.Next
	}
	if len(shared) > 0 {
		return duplicates(f.Ref(), shared)
	}
	return nil
}

// maxNamed is how many records in the way of a publication are named.
const maxNamed = 20

// claimTries bounds how often a record is read again that changes while it is given its value.
const claimTries = 20

// claimOne gives one record its value. A record that changes at this moment is
// read again: whoever changes it may know nothing of the new constraint, or
// change no value at all. It returns the records in the way.
func (c *Catalog) claimOne(ctx context.Context, col storage.Collection, f *schema.Form, i int, d storage.Doc) ([]string, error) {
	id, _ := d[storage.ID].(string)
	for range claimTries {
		v, ok := UniqueOf(f, i, d)
		if !ok || d["state"] != "active" {
			return nil, nil
		}
		rev, _ := d[storage.Rev].(int64)
		_, err := col.Patch(ctx, id, storage.Guard{Rev: rev}, storage.Patch{Set: map[string]any{"uniq." + UniqueKey(f, i): v}})
		var dup *storage.DuplicateError
		switch {
		case errors.As(err, &dup):
			return append([]string{id}, dup.Others...), nil
		case errors.Is(err, storage.ErrNotFound):
			return nil, nil
		case !errors.Is(err, storage.ErrConflict):
			return nil, err
		}
		if d, err = col.Get(ctx, id); errors.Is(err, storage.ErrNotFound) {
			return nil, nil
		} else if err != nil {
			return nil, err
		}
	}
	return nil, fault.Newf(fault.Unavailable, "publish.busy", "record %s of %s changes all the time: publish again", id, f.Ref()).
		With("form", f.Ref()).With("record", id)
}

func duplicates(ref string, others []string) *fault.Error {
	return fault.Newf(fault.Duplicate, "publish.duplicates", "records of %s share a value that is to be unique: %v", ref, others).
		With("form", ref).With("records", others)
}
