package mongo

import (
	"context"
	"slices"
	"strings"

	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/formwork-run/formwork/storage"
)

// Indexes implements storage.Collection. Unique indexes are made first, all or
// none: if documents stand in their way, nothing else has been touched yet.
func (c *collection) Indexes(ctx context.Context, want ...storage.Index) error {
	if err := c.ready(ctx); err != nil {
		return err
	}
	if err := checkIndexes(want); err != nil {
		return err
	}
	if err := c.t.db.CreateCollection(ctx, c.name); err != nil && !hasCode(err, codeNamespaceExists) {
		return wrap(err)
	}
	have, err := c.existing(ctx)
	if err != nil {
		return err
	}
	missing, extra := compare(specs(want), have)
	if err := c.createUnique(ctx, missing); err != nil {
		return err
	}
	for _, s := range extra {
		if err := c.docs.Indexes().DropOne(ctx, s.name); err != nil && !hasCode(err, codeIndexNotFound) {
			return wrap(err)
		}
	}
	if err := c.create(ctx, missing, false); err != nil {
		return wrap(err)
	}
	c.meta.set(want)
	return nil
}

// checkIndexes refuses also the paths that an index's name could not tell apart.
func checkIndexes(want []storage.Index) error {
	for _, ix := range want {
		for _, f := range ix.Fields {
			if strings.ContainsAny(f.Path, ",()[]#") || strings.HasPrefix(f.Path, "-") {
				return storage.Invalidf("index %s: path %.60q", ix.Name(), f.Path)
			}
		}
	}
	return storage.CheckIndexes(want)
}

// specs are the indexes that some declarations need.
func specs(want []storage.Index) []spec {
	var out []spec
	for _, decl := range want {
		s := specOf(decl)
		if !contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

func contains(list []spec, s spec) bool {
	return slices.ContainsFunc(list, func(x spec) bool { return x.signature() == s.signature() })
}

func compare(want, have []spec) (missing, extra []spec) {
	for _, s := range want {
		if !contains(have, s) {
			missing = append(missing, s)
		}
	}
	for _, s := range have {
		if !contains(want, s) {
			extra = append(extra, s)
		}
	}
	return missing, extra
}

// create makes those of the indexes that are unique, or those that are not, in
// one command. Another node may be making the same.
func (c *collection) create(ctx context.Context, list []spec, unique bool) error {
	var models []driver.IndexModel
	for _, s := range list {
		if s.unique == unique {
			models = append(models, s.model())
		}
	}
	if len(models) == 0 {
		return nil
	}
	_, err := c.docs.Indexes().CreateMany(ctx, models)
	if !hasCode(err, codeIndexOptions, codeIndexKeySpecs) {
		return err
	}
	have, lerr := c.existing(ctx)
	if lerr != nil {
		return lerr
	}
	for _, s := range list {
		if s.unique == unique && !contains(have, s) {
			return err
		}
	}
	return nil
}

func (c *collection) createUnique(ctx context.Context, missing []spec) error {
	err := c.create(ctx, missing, true)
	if driver.IsDuplicateKeyError(err) && c.purge(ctx) {
		err = c.create(ctx, missing, true)
	}
	if !driver.IsDuplicateKeyError(err) {
		return wrap(err)
	}
	for _, s := range missing {
		if !s.unique {
			continue
		}
		if dup, derr := c.duplicates(ctx, s.decl); derr != nil || dup != nil {
			return errorOf(dup, derr)
		}
	}
	return wrap(err) // the duplicates have gone meanwhile: the caller may try again
}

func errorOf(dup *storage.DuplicateError, err error) error {
	if err != nil {
		return err
	}
	return dup
}
