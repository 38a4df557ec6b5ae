package mongo

import (
	"encoding/binary"
	"maps"
	"slices"
	"time"

	"github.com/formwork-run/formwork/internal/decimal"
)

// canonical appends a text that is equal exactly for equal values, as filter.Equal has it.
func canonical(b []byte, v any) []byte {
	switch x := v.(type) {
	case nil:
		return append(b, 'z')
	case bool:
		if x {
			return append(b, 't')
		}
		return append(b, 'f')
	case int64:
		return counted(b, 'n', decimal.FromInt(x).Key())
	case decimal.Decimal:
		return counted(b, 'n', x.Key())
	case string:
		return counted(b, 's', x)
	case time.Time:
		return binary.BigEndian.AppendUint64(append(b, 'd'), uint64(x.UnixMilli()))
	case []any:
		b = append(b, '[')
		for _, e := range x {
			b = canonical(b, e)
		}
		return append(b, ']')
	case map[string]any:
		b = append(b, '{')
		for _, k := range slices.Sorted(maps.Keys(x)) {
			b = canonical(counted(b, 'k', k), x[k])
		}
		return append(b, '}')
	}
	return b
}

// counted writes the length first, so that no text can look like two.
func counted(b []byte, kind byte, s string) []byte {
	b = binary.AppendUvarint(append(b, kind), uint64(len(s)))
	return append(b, s...)
}
