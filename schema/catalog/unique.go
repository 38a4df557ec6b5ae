package catalog

import (
	"slices"
	"strings"
	"time"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/storage"
)

// UniqueKey names the i-th unique constraint of a form within a record's "uniq".
func UniqueKey(f *schema.Form, i int) string {
	return strings.Join(slices.Sorted(slices.Values(f.Unique[i])), "_") + "_u"
}

// UniqueOf is what a stored record holds for the i-th unique constraint: ok is
// false while it holds none. Drafts, and records whose case came to nothing,
// leave their values to others; so does a record with a blank among them.
func UniqueOf(f *schema.Form, i int, doc storage.Doc) (v string, ok bool) {
	if doc["state"] != "active" {
		return "", false
	}
	if c, _ := doc["case"].(map[string]any); c != nil {
		switch c["state"] {
		case "rejected", "withdrawn", "terminated":
			return "", false
		}
	}
	data, _ := doc["data"].(map[string]any)
	keys := slices.Sorted(slices.Values(f.Unique[i]))
	parts := make([]string, len(keys))
	for n, k := range keys {
		if parts[n] = uniqueText(data[k]); parts[n] == "" {
			return "", false
		}
	}
	return strings.Join(parts, "\x1f"), true
}

// uniqueText makes equal values equal texts; "" for a blank and for what cannot be unique.
func uniqueText(v any) string {
	switch x := v.(type) {
	case string:
		return x
	case decimal.Decimal:
		return x.Key()
	case time.Time:
		return x.UTC().Format(time.RFC3339Nano)
	case bool:
		if x {
			return "true"
		}
		return "false"
	}
	return ""
}
