package record

import (
	"context"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
)

// Files tells what is known of files that an actor wants to attach.
type Files interface {
	// Attachable returns name, size and type of those files that the actor
	// uploaded or may read, by id; the others are left out.
	Attachable(ctx context.Context, a *tenant.Actor, ids []string) (map[string]map[string]any, error)
}

// checkFiles holds newly attached files against what was really uploaded: what
// a client claims of a file is never stored, also not of one that is attached already.
func (c *Change) checkFiles(ctx context.Context) ([]fault.Field, error) {
	has := c.attached()
	var ids []string
	filesOf(c.Form.Def, c.data, func(path string, m map[string]any) {
		if id := text(m, "id"); has.of(path, id) == nil {
			ids = append(ids, id)
		}
	})
	var known map[string]map[string]any
	if len(ids) > 0 && c.s.files != nil {
		var err error
		if known, err = c.s.files.Attachable(ctx, c.Actor, ids); err != nil {
			return nil, err
		}
	}
	var found []fault.Field
	filesOf(c.Form.Def, c.data, func(path string, m map[string]any) {
		id := text(m, "id")
		facts := has.of(path, id)
		if facts == nil {
			facts = known[id]
		}
		if facts == nil {
			found = append(found, fault.Field{Path: pointerOf(path), Code: "file_missing", Message: "the file was not uploaded"})
			return
		}
		for _, k := range []string{"name", "size", "type"} {
			m[k] = facts[k]
		}
	})
	return found, nil
}

// attached are the files of the record as it is stored.
type attached struct {
	at       map[string]map[string]any // "field/id", those that stay where they are
	readable map[string]map[string]any // id, those that the actor sees and may put into another field
}

func (c *Change) attached() attached {
	out := attached{}
	filesOf(c.Form.Def, c.before, func(path string, m map[string]any) {
		if out.at == nil {
			out.at, out.readable = map[string]map[string]any{}, map[string]map[string]any{}
		}
		id := text(m, "id")
		out.at[path+"/"+id] = m
		if c.Rights.Of(path) >= rbac.FieldRead {
			out.readable[id] = m
		}
	})
	return out
}

// of gives the facts of a file, nil for one that is new at a field.
func (x attached) of(path, id string) map[string]any {
	if m := x.at[path+"/"+id]; m != nil {
		return m
	}
	return x.readable[id]
}

// pointerOf is the JSON pointer of a field; of a column, that of its subtable.
func pointerOf(path string) string {
	for i := range path {
		if path[i] == '.' {
			return "/" + path[:i]
		}
	}
	return "/" + path
}

// filesOf visits every file in a record's data with the path of its field.
func filesOf(f *schema.Form, data map[string]any, visit func(path string, file map[string]any)) {
	for _, fd := range f.Fields {
		if fd.Type == schema.TypeSubtable {
			for _, r := range list(data, fd.Key) {
				row, _ := r.(map[string]any)
				for _, c := range fd.Columns {
					eachFile(c, fd.Key+"."+c.Key, row[c.Key], visit)
				}
			}
			continue
		}
		eachFile(fd, fd.Key, data[fd.Key], visit)
	}
}

func eachFile(f *schema.Field, path string, v any, visit func(string, map[string]any)) {
	switch f.Type {
	case schema.TypeAttachment, schema.TypeImage, schema.TypeSignature:
	default:
		return
	}
	switch x := v.(type) {
	case map[string]any:
		visit(path, x)
	case []any:
		for _, e := range x {
			if m, ok := e.(map[string]any); ok {
				visit(path, m)
			}
		}
	}
}

// newFiles are the ids of files that this change adds.
func (c *Change) newFiles() []any {
	had := map[string]bool{}
	filesOf(c.Form.Def, c.before, func(_ string, m map[string]any) { had[text(m, "id")] = true })
	var out []any
	filesOf(c.Form.Def, c.data, func(_ string, m map[string]any) {
		if id := text(m, "id"); id != "" && !had[id] {
			had[id] = true
			out = append(out, id)
		}
	})
	return out
}

// HoldsFile reports whether a field that may be read, and not only masked, holds the file.
func HoldsFile(r *Record, g Rights, id string) bool {
	found := false
	filesOf(r.Form.Def, r.Data(), func(path string, m map[string]any) {
		if text(m, "id") == id && g.Of(path) >= rbac.FieldRead {
			found = true
		}
	})
	return found
}
