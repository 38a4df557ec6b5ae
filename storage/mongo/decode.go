package mongo

import (
	"fmt"
	"strconv"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/storage"
)

// decode reads a stored document. Types that the store never writes are an
// error naming the path, except small integers and floats, which others may
// have written: they become int64 and decimals.
func decode(raw bson.Raw) (storage.Doc, error) {
	doc, err := decodeDoc(raw, "")
	if err != nil {
		return nil, fmt.Errorf("storage: stored document: %w", err)
	}
	return doc, nil
}

func decodeDoc(raw bson.Raw, at string) (map[string]any, error) {
	elements, err := raw.Elements()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", at, err)
	}
	out := make(map[string]any, len(elements))
	for _, e := range elements {
		k := e.Key()
		if out[k], err = decodeValue(e.Value(), at+"/"+k); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func decodeList(raw bson.RawArray, at string) ([]any, error) {
	values, err := raw.Values()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", at, err)
	}
	out := make([]any, len(values))
	for i, v := range values {
		if out[i], err = decodeValue(v, at+"/"+strconv.Itoa(i)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func decodeValue(v bson.RawValue, at string) (any, error) {
	switch v.Type {
	case bson.TypeNull, bson.TypeUndefined:
		return nil, nil
	case bson.TypeBoolean:
		return v.Boolean(), nil
	case bson.TypeString:
		return v.StringValue(), nil
	case bson.TypeInt64:
		return v.Int64(), nil
	case bson.TypeInt32:
		return int64(v.Int32()), nil
	case bson.TypeDateTime:
		return time.UnixMilli(v.DateTime()).UTC(), nil
	case bson.TypeArray:
		return decodeList(v.Array(), at)
	case bson.TypeEmbeddedDocument:
		return decodeDoc(v.Document(), at)
	}
	return decodeNumber(v, at)
}

func decodeNumber(v bson.RawValue, at string) (any, error) {
	var d decimal.Decimal
	var err error
	switch v.Type {
	case bson.TypeDecimal128:
		d, err = fromNumber(v.Decimal128())
	case bson.TypeDouble:
		d, err = decimal.Parse(strconv.FormatFloat(v.Double(), 'f', -1, 64))
	default:
		err = storage.Invalidf("type %s is none of the store's", v.Type)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", at, err)
	}
	return d, nil
}
