package storage

import (
	"strconv"
	"strings"

	"github.com/formwork-run/formwork/storage/filter"
)

// Name is derived from what the index declares, so that equal declarations have
// equal names: "state,-created_at" or "uniq.code(unique,present)".
func (ix Index) Name() string {
	var b strings.Builder
	for i, f := range ix.Fields {
		if i > 0 {
			b.WriteByte(',')
		}
		if f.Desc {
			b.WriteByte('-')
		}
		b.WriteString(f.Path)
		if f.List {
			b.WriteString("[]")
		}
		if f.Scale >= 0 {
			b.WriteByte('#')
			b.WriteString(strconv.Itoa(f.Scale))
		}
	}
	if marks := ix.marks(); len(marks) > 0 {
		b.WriteString("(" + strings.Join(marks, ",") + ")")
	}
	return b.String()
}

func (ix Index) marks() []string {
	var m []string
	for _, mark := range []struct {
		on   bool
		name string
	}{{ix.Unique, "unique"}, {ix.IfPresent, "present"}, {ix.Expire, "expire"}, {ix.Sparse, "sparse"}} {
		if mark.on {
			m = append(m, mark.name)
		}
	}
	return m
}

// CheckIndexes refuses a set of declarations that no store takes: more than
// MaxIndexes, the same twice, a bad path or scale, two list-valued paths in one
// index, an expiring index of several fields, IfPresent without Unique.
func CheckIndexes(want []Index) error {
	if len(want) > MaxIndexes {
		return Invalidf("%d indexes, more than %d", len(want), MaxIndexes)
	}
	seen := map[string]bool{}
	for _, ix := range want {
		name := ix.Name()
		if seen[name] {
			return Invalidf("index %s is declared twice", name)
		}
		seen[name] = true
		if err := ix.check(); err != nil {
			return err
		}
	}
	return nil
}

func (ix Index) check() error {
	lists := 0
	paths := map[string]bool{}
	for _, f := range ix.Fields {
		if !filter.ValidPath(f.Path) || paths[f.Path] {
			return Invalidf("index %s: path %.60q", ix.Name(), f.Path)
		}
		paths[f.Path] = true
		if f.Scale < -1 || f.Scale > decimalPlaces {
			return Invalidf("index %s: scale %d is not in -1–%d", ix.Name(), f.Scale, decimalPlaces)
		}
		if f.List {
			lists++
		}
	}
	switch {
	case len(ix.Fields) == 0:
		return Invalidf("an index without fields")
	case lists > 1:
		return Invalidf("index %s: more than one list-valued path", ix.Name())
	case ix.Expire && (len(ix.Fields) != 1 || lists > 0 || ix.Unique || ix.Sparse):
		return Invalidf("index %s: an expiring index is one plain time field", ix.Name())
	case ix.IfPresent && !ix.Unique:
		return Invalidf("index %s: IfPresent is for unique indexes", ix.Name())
	}
	return nil
}

const decimalPlaces = 20
