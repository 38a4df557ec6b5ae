package mongo

import (
	"maps"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/storage"
)

// encode makes the stored form of a document at a revision. It refuses what
// storage.Normalize refuses, naming the path, and what is larger than storage.MaxDocBytes.
func encode(doc storage.Doc, rev int64) (id string, raw bson.Raw, err error) {
	if id, err = storage.DocID(doc); err != nil {
		return "", nil, err
	}
	d := bson.D{{Key: storage.ID, Value: id}, {Key: storage.Rev, Value: rev}}
	for _, k := range slices.Sorted(maps.Keys(doc)) {
		if k == storage.ID || k == storage.Rev {
			continue
		}
		e, err := element(k, doc[k], "", 0)
		if err != nil {
			return "", nil, err
		}
		d = append(d, e)
	}
	raw, err = marshal(d)
	return id, raw, err
}

func marshal(d bson.D) (bson.Raw, error) {
	raw, err := bson.Marshal(d)
	if err != nil {
		return nil, storage.Invalidf("document: %v", err)
	}
	if len(raw) > storage.MaxDocBytes {
		return nil, tooLarge("document of %d bytes, more than %d", len(raw), storage.MaxDocBytes)
	}
	return raw, nil
}

func element(k string, v any, at string, depth int) (bson.E, error) {
	if err := storage.CheckKey(k); err != nil {
		return bson.E{}, err
	}
	b, err := value(v, at+"/"+k, depth)
	return bson.E{Key: k, Value: b}, err
}

// value gives the BSON value of a storage value. at names the place in errors.
func value(v any, at string, depth int) (any, error) {
	switch x := v.(type) {
	case nil, bool, int64:
		return x, nil
	case int:
		return int64(x), nil
	case string:
		if !utf8.ValidString(x) {
			return nil, storage.Invalidf("%s: text is not UTF-8", at)
		}
		return x, nil
	case decimal.Decimal:
		if x.Overflow() {
			return nil, storage.Invalidf("%s: number too large", at)
		}
		return number(x), nil
	case time.Time:
		return bson.DateTime(x.UnixMilli()), nil
	case []any:
		return list(x, at, depth+1)
	case map[string]any:
		return object(x, at, depth+1)
	}
	return nil, storage.Invalidf("%s: type %T cannot be stored", at, v)
}

func list(in []any, at string, depth int) (bson.A, error) {
	if depth > storage.MaxNesting {
		return nil, storage.Invalidf("%s: nested deeper than %d", at, storage.MaxNesting)
	}
	out := make(bson.A, len(in))
	for i, v := range in {
		b, err := value(v, at+"/"+strconv.Itoa(i), depth)
		if err != nil {
			return nil, err
		}
		out[i] = b
	}
	return out, nil
}

// object has its keys in order, so that equal maps are equal to MongoDB.
func object(in map[string]any, at string, depth int) (bson.D, error) {
	if depth > storage.MaxNesting {
		return nil, storage.Invalidf("%s: nested deeper than %d", at, storage.MaxNesting)
	}
	out := make(bson.D, 0, len(in))
	for _, k := range slices.Sorted(maps.Keys(in)) {
		e, err := element(k, in[k], at, depth)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}
