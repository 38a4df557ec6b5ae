package schema

import (
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// fileKind is the base of the types that hold files: {id, name, size, type}.
// The content lies in the file store; size is in bytes.
type fileKind struct{}

func fileInfo(t FieldType) Info {
	return Info{Type: t, In: "list of {id, name, size, type}", Out: "the same", Stored: "[]any of map (size int64)",
		Formula: "List(Row{id, name, size, type})", Operators: opsExists, Column: true}
}

func fileType() formula.Type {
	s := formula.Type{Kind: formula.String}
	return formula.Type{Kind: formula.Row, Fields: map[string]formula.Type{"id": s, "name": s, "size": {Kind: formula.Number}, "type": s}}
}

func (fileKind) FormulaType(*Field, Forms) formula.Type {
	t := fileType()
	return formula.Type{Kind: formula.List, Elem: &t}
}

func (fileKind) settings() settings { return fileSettings.with(itemSettings) }

func fileFragment() ordjson.Value {
	size := ordjson.Value{Kind: ordjson.Object}.Set("type", ordjson.Str("integer")).Set("minimum", ordjson.Num("0"))
	return objectFragment([]string{"id"}, "id", stringFragment(maxID), "name", stringFragment(255), "size", size, "type", stringFragment(200))
}

func (fileKind) Fragment(f *Field) ordjson.Value { return arrayFragment(f, fileFragment()) }

func (fileKind) decode(_ *Codec, v ordjson.Value) (any, []fault.Field) {
	if v.Kind != ordjson.Array {
		return nil, wrongType("array", v)
	}
	out := make([]any, 0, len(v.Items))
	var errs []fault.Field
	for i, x := range v.Items {
		m, es := decodeFile(x)
		errs = append(errs, under(es, strconv.Itoa(i))...)
		out = append(out, m)
	}
	if len(errs) > 0 {
		return nil, errs
	}
	return out, nil
}

func decodeFile(v ordjson.Value) (any, []fault.Field) {
	m, errs := readParts(v, map[string]func(ordjson.Value) (any, []fault.Field){
		"id":   fileID,
		"name": shortText,
		"type": shortText,
		"size": fileSize,
	})
	if len(errs) == 0 && m["id"] == nil {
		return nil, []fault.Field{issue("/id", "required", "a file needs its id")}
	}
	return asAny(m, errs)
}

func fileID(v ordjson.Value) (any, []fault.Field) {
	if v.Kind != ordjson.String {
		return nil, wrongType("string", v)
	}
	if !validID(v.Text) {
		return nil, badFormat("id", "not an id")
	}
	return v.Text, nil
}

func fileSize(v ordjson.Value) (any, []fault.Field) {
	n, err := strconv.ParseInt(v.Text, 10, 64)
	if v.Kind != ordjson.Number || err != nil || n < 0 {
		return nil, wrongType("number of bytes", v)
	}
	return n, nil
}

func (fileKind) check(c *Codec, v any, _ *time.Location) []fault.Field {
	list, _ := v.([]any)
	if errs := checkCount(c, len(list)); errs != nil {
		return errs
	}
	for i, x := range list {
		m, _ := x.(map[string]any)
		if errs := checkFile(c.Field, m); errs != nil {
			return under(errs, strconv.Itoa(i))
		}
	}
	return nil
}

func checkFile(f *Field, m map[string]any) []fault.Field {
	if n, ok := m["size"].(int64); ok && f.MaxBytes > 0 && n > f.MaxBytes {
		return bad("too_large", "larger than "+strconv.FormatInt(f.MaxBytes, 10)+" bytes", "max", f.MaxBytes)
	}
	name, _ := m["name"].(string)
	ext := strings.TrimPrefix(strings.ToLower(path.Ext(name)), ".")
	if len(f.Accept) > 0 && !slices.Contains(f.Accept, ext) {
		return badFormat("file", "only "+strings.Join(f.Accept, ", ")+" files are accepted here")
	}
	return nil
}
