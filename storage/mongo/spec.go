package mongo

import (
	"context"
	"strconv"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/formwork-run/formwork/storage"
)

// spec is an index as MongoDB has it. Several declarations may come to the same
// spec, for example two that differ in the scale of decimals, which MongoDB does
// not need to know; MongoDB refuses the same keys under two names.
type spec struct {
	name    string // of the first declaration
	decl    storage.Index
	keys    []string // path, "-" before it when descending
	present []string // paths that a document must have to be indexed
	unique  bool
	expire  bool
}

// specOf translates a declaration. Indexes that are not unique end with _id, so
// that they serve the stable order of pages.
func specOf(decl storage.Index) spec {
	s := spec{name: indexNamePrefix + decl.Name(), decl: decl, unique: decl.Unique, expire: decl.Expire}
	hasID := false
	for i, f := range decl.Fields {
		key := f.Path
		if f.Desc {
			key = "-" + key
		}
		s.keys = append(s.keys, key)
		hasID = hasID || f.Path == storage.ID
		if presentOnly(decl, i) {
			s.present = append(s.present, f.Path)
		}
	}
	if !s.unique && !s.expire && !hasID {
		s.keys = append(s.keys, storage.ID)
	}
	return s
}

// signature is equal for equal indexes.
func (s spec) signature() string {
	return strings.Join([]string{strings.Join(s.keys, ","), strings.Join(s.present, ","),
		strconv.FormatBool(s.unique), strconv.FormatBool(s.expire)}, "|")
}

func (s spec) model() driver.IndexModel {
	keys := bson.D{}
	for _, k := range s.keys {
		if path, desc := strings.CutPrefix(k, "-"); desc {
			keys = append(keys, bson.E{Key: path, Value: int32(-1)})
		} else {
			keys = append(keys, bson.E{Key: k, Value: int32(1)})
		}
	}
	o := options.Index().SetName(s.name)
	if s.unique {
		o.SetUnique(true)
	}
	if s.expire {
		o.SetExpireAfterSeconds(0)
	}
	if len(s.present) > 0 {
		partial := bson.D{}
		for _, path := range s.present {
			partial = append(partial, bson.E{Key: path, Value: bson.D{{Key: "$exists", Value: true}}})
		}
		o.SetPartialFilterExpression(partial)
	}
	return driver.IndexModel{Keys: keys, Options: o}
}

// existing lists the indexes that this store has made; others are left alone.
func (c *collection) existing(ctx context.Context) ([]spec, error) {
	cur, err := c.docs.Indexes().List(ctx)
	if hasCode(err, codeNamespaceNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, wrap(err)
	}
	defer func() { _ = cur.Close(context.WithoutCancel(ctx)) }() // only read from
	var out []spec
	for cur.Next(ctx) {
		if s, ok := readSpec(cur.Current); ok {
			out = append(out, s)
		}
	}
	return out, wrap(cur.Err())
}

// readSpec recognises an index of ours by its name, which is its declaration.
func readSpec(raw bson.Raw) (spec, bool) {
	name, _ := raw.Lookup("name").StringValueOK()
	decl, ok := parseName(name)
	if !ok {
		return spec{}, false
	}
	return specOf(decl), true
}

// parseName is the inverse of storage.Index.Name.
func parseName(name string) (storage.Index, bool) {
	text, ours := strings.CutPrefix(name, indexNamePrefix)
	if !ours {
		return storage.Index{}, false
	}
	var ix storage.Index
	if head, marks, marked := strings.Cut(text, "("); marked {
		text = head
		for m := range strings.SplitSeq(strings.TrimSuffix(marks, ")"), ",") {
			ix.Unique = ix.Unique || m == "unique"
			ix.IfPresent = ix.IfPresent || m == "present"
			ix.Expire = ix.Expire || m == "expire"
			ix.Sparse = ix.Sparse || m == "sparse"
		}
	}
	for f := range strings.SplitSeq(text, ",") {
		ix.Fields = append(ix.Fields, parseField(f))
	}
	return ix, indexNamePrefix+ix.Name() == name
}

func parseField(text string) storage.IndexField {
	f := storage.IndexField{Scale: -1}
	text, f.Desc = strings.CutPrefix(text, "-")
	if head, scale, ok := strings.Cut(text, "#"); ok {
		if n, err := strconv.Atoi(scale); err == nil {
			text, f.Scale = head, n
		}
	}
	text, f.List = strings.CutSuffix(text, "[]")
	f.Path = text
	return f
}
