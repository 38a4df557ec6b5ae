package vault

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/formwork-run/formwork/internal/decimal"
)

// Stored values as JSON: what JSON has no type for is a map with one key that
// no stored map can have, for those never begin with "$".
const (
	tagInt     = "$i"
	tagDecimal = "$d"
	tagTime    = "$t"
)

var errValue = errors.New("vault: not a stored value")

// Encode writes a stored value, exactly and always alike.
func Encode(v any) ([]byte, error) {
	tagged, err := tag(v)
	if err != nil {
		return nil, err
	}
	return json.Marshal(tagged)
}

func tag(v any) (any, error) {
	switch x := v.(type) {
	case nil, bool, string:
		return x, nil
	case int64:
		return map[string]any{tagInt: strconv.FormatInt(x, 10)}, nil
	case int:
		return map[string]any{tagInt: strconv.Itoa(x)}, nil
	case decimal.Decimal:
		return map[string]any{tagDecimal: x.String()}, nil
	case time.Time:
		return map[string]any{tagTime: strconv.FormatInt(x.UnixMilli(), 10)}, nil
	case []any:
		out := make([]any, len(x))
		for i, e := range x {
			t, err := tag(e)
			if err != nil {
				return nil, err
			}
			out[i] = t
		}
		return out, nil
	case map[string]any:
		out := make(map[string]any, len(x))
		for k, e := range x {
			t, err := tag(e)
			if err != nil {
				return nil, err
			}
			out[k] = t
		}
		return out, nil
	}
	return nil, fmt.Errorf("%w: %T", errValue, v)
}

// decode reads what Encode wrote.
func decode(raw []byte) (any, error) {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return nil, errValue
	}
	return untag(v)
}

func untag(v any) (any, error) {
	switch x := v.(type) {
	case []any:
		for i := range x {
			t, err := untag(x[i])
			if err != nil {
				return nil, err
			}
			x[i] = t
		}
		return x, nil
	case map[string]any:
		if len(x) == 1 {
			for k, e := range x {
				if text, ok := e.(string); ok && k[:min(1, len(k))] == "$" {
					return scalar(k, text)
				}
			}
		}
		for k, e := range x {
			t, err := untag(e)
			if err != nil {
				return nil, err
			}
			x[k] = t
		}
		return x, nil
	case float64:
		return nil, errValue
	}
	return v, nil
}

func scalar(tag, text string) (any, error) {
	switch tag {
	case tagInt:
		return strconv.ParseInt(text, 10, 64)
	case tagDecimal:
		return decimal.Parse(text)
	case tagTime:
		ms, err := strconv.ParseInt(text, 10, 64)
		return time.UnixMilli(ms).UTC(), err
	}
	return nil, errValue
}

func object(d map[string]any, key string) map[string]any { m, _ := d[key].(map[string]any); return m }
func list(d map[string]any, key string) []any            { l, _ := d[key].([]any); return l }
func text(d map[string]any, key string) string           { s, _ := d[key].(string); return s }
