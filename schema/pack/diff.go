package pack

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// Change is how one item of a pack differs between two packs.
type Change struct {
	// Item is the file without its ending, "forms/expense_contract", "pack", "roles"; assets keep theirs.
	Item string
	Kind ChangeKind
	// Values are the values that changed, in the order of the newer file; nil unless Kind is Changed and the item is YAML.
	Values []ValueChange
}

// ChangeKind says what happened to an item or value.
type ChangeKind string

// The kinds of change.
const (
	Added   ChangeKind = "added"
	Removed ChangeKind = "removed"
	Changed ChangeKind = "changed"
	// Moved: the same keys or items in another order.
	Moved ChangeKind = "moved"
)

// ValueChange is one changed value of a definition.
type ValueChange struct {
	// Pointer is the JSON pointer in the file.
	Pointer string
	Kind    ChangeKind
	// Before and After are JSON; nil when the value was not there.
	Before, After json.RawMessage
}

// Diff lists what differs from a to b by item, sorted. Comments, layout of the
// files and the digest do not count; the order of properties does, because forms show it.
func Diff(a, b *Pack) []Change {
	names := map[string]bool{}
	for name := range a.Source {
		names[name] = true
	}
	for name := range b.Source {
		names[name] = true
	}
	var out []Change
	for name := range names {
		if c, differs := diffItem(a, b, name); differs {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(x, y Change) int { return cmpText(x.Item, y.Item) })
	return out
}

func diffItem(a, b *Pack, name string) (Change, bool) {
	c := Change{Item: strings.TrimSuffix(name, ".yaml")}
	before, inA := a.Source[name]
	after, inB := b.Source[name]
	switch {
	case !inA:
		c.Kind = Added
	case !inB:
		c.Kind = Removed
	case bytes.Equal(before, after):
		return c, false
	default:
		c.Kind = Changed
		da, pa := parseYAML(name, before)
		db, pb := parseYAML(name, after)
		if len(pa)+len(pb) > 0 { // an asset, or a file that is no YAML
			return c, true
		}
		c.Values = diffNodes(da.root, db.root, "", name == "pack.yaml", nil)
		return c, len(c.Values) > 0
	}
	return c, true
}

func diffNodes(a, b *node, ptr string, meta bool, out []ValueChange) []ValueChange {
	switch {
	case a.kind != b.kind:
		return append(out, ValueChange{Pointer: ptr, Kind: Changed, Before: a.json(), After: b.json()})
	case a.kind == kindObject:
		return diffObjects(a, b, ptr, meta, out)
	case a.kind == kindList:
		return diffLists(a, b, ptr, out)
	case a.text != b.text:
		return append(out, ValueChange{Pointer: ptr, Kind: Changed, Before: a.json(), After: b.json()})
	}
	return out
}

func diffObjects(a, b *node, ptr string, meta bool, out []ValueChange) []ValueChange {
	var orderA, orderB []string
	for _, e := range b.keys {
		if meta && e.name == "digest" {
			continue
		}
		at := pointer(ptr, e.name)
		old := a.get(e.name)
		if old == nil {
			out = append(out, ValueChange{Pointer: at, Kind: Added, After: e.value.json()})
			continue
		}
		orderB = append(orderB, e.name)
		out = diffNodes(old, e.value, at, false, out)
	}
	for _, e := range a.keys {
		if meta && e.name == "digest" {
			continue
		}
		if b.get(e.name) == nil {
			out = append(out, ValueChange{Pointer: pointer(ptr, e.name), Kind: Removed, Before: e.value.json()})
			continue
		}
		orderA = append(orderA, e.name)
	}
	if strings.HasSuffix(ptr, "/properties") && !slices.Equal(orderA, orderB) {
		before, _ := json.Marshal(orderA) // texts always marshal
		after, _ := json.Marshal(orderB)
		out = append(out, ValueChange{Pointer: ptr, Kind: Moved, Before: before, After: after})
	}
	return out
}

// diffLists compares lists of equal length item by item, others as a whole: an
// item put in at the top would else look as if everything below had changed.
func diffLists(a, b *node, ptr string, out []ValueChange) []ValueChange {
	if len(a.items) != len(b.items) {
		return append(out, ValueChange{Pointer: ptr, Kind: Changed, Before: a.json(), After: b.json()})
	}
	for i := range a.items {
		out = diffNodes(a.items[i], b.items[i], index(ptr, i), false, out)
	}
	return out
}
