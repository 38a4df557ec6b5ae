package pack

import (
	"bytes"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
)

// Names say what the aliases of data and scenario files stand for.
type Names struct {
	// App is the app of the file: "$p1" there means App + ".p1".
	App string
	// Records are record ids by "app.alias".
	Records map[string]string
	// Users and Depts are ids by alias.
	Users, Depts map[string]string
}

// Bind replaces the aliases in an object in wire form by ids:
//
//   - "$p1" and "$base.p1", in relation fields: the record made under that alias;
//   - "@li", or plainly "li" when that is an alias, in member fields: the user;
//   - "cost", when that is an alias, in department fields: the department.
//
// In other fields nothing is replaced. Columns of subtables are looked through,
// also in the form rows are patched in ({add, change, remove}). With a nil form
// every "$alias" and "@alias" is replaced, wherever it stands.
//
// An alias that stands for nothing is an error (code "alias.unknown") naming its JSON pointer.
func Bind(raw json.RawMessage, form *schema.Form, names Names) (json.RawMessage, error) {
	if len(raw) == 0 {
		return raw, nil
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, fault.New(fault.Malformed, "json", "this is not JSON").Because(err)
	}
	var bad []fault.Field
	w := aliasWalk{found: func(a alias) string {
		id, ok := names.lookup(a)
		if !ok {
			bad = append(bad, fault.Field{Path: a.ptr, Code: "alias.unknown", Message: "nothing is known under the alias " + a.text, Params: map[string]any{"alias": a.text}})
		}
		return id
	}, names: &names}
	v = w.top(v, form)
	if len(bad) > 0 {
		return nil, fault.New(fault.Invalid, "alias.unknown", "an alias stands for nothing").At(bad...)
	}
	out, err := json.Marshal(v)
	if err != nil {
		return nil, fault.New(fault.Internal, "json", "the data cannot be written").Because(err)
	}
	return out, nil
}

func (n Names) lookup(a alias) (string, bool) {
	if a.user {
		id, ok := n.Users[a.name]
		return id, ok
	}
	id, ok := n.Records[fullRef(n.App, a.name)]
	return id, ok
}

// alias is one use of an alias.
type alias struct {
	text string // as written
	name string // without its sign
	user bool
	ptr  string
}

var aliasUse = regexp.MustCompile(`^(@[a-z][a-z0-9_-]{0,39}|\$([a-z][a-z0-9_]{0,39}\.)?[a-z][a-z0-9_-]{0,39})$`)

// aliasWalk goes through data and replaces what found answers.
type aliasWalk struct {
	found func(a alias) string
	names *Names // nil = plain names are left alone
}

func (w *aliasWalk) top(v any, form *schema.Form) any {
	obj, ok := v.(map[string]any)
	if form == nil || !ok {
		return w.anywhere(v, "")
	}
	w.object(obj, form.Fields, "")
	return obj
}

func (w *aliasWalk) object(obj map[string]any, fields []*schema.Field, ptr string) {
	for _, f := range fields {
		if v, ok := obj[f.Key]; ok {
			obj[f.Key] = w.value(v, f, pointer(ptr, f.Key))
		}
	}
}

func (w *aliasWalk) value(v any, f *schema.Field, ptr string) any {
	switch x := v.(type) {
	case string:
		return w.single(x, f, ptr)
	case []any:
		for i := range x {
			if row, ok := x[i].(map[string]any); ok && f.Type == schema.TypeSubtable {
				w.object(row, f.Columns, index(ptr, i))
				continue
			}
			x[i] = w.value(x[i], f, index(ptr, i))
		}
	case map[string]any: // a patch of rows
		if f.Type == schema.TypeSubtable {
			for _, op := range []string{"add", "change"} {
				if rows, ok := x[op]; ok {
					x[op] = w.value(rows, f, pointer(ptr, op))
				}
			}
		}
	}
	return v
}

func (w *aliasWalk) single(s string, f *schema.Field, ptr string) any {
	switch f.Type {
	case schema.TypeRelation:
		if strings.HasPrefix(s, "$") && aliasUse.MatchString(s) {
			return w.found(alias{text: s, name: s[1:], ptr: ptr})
		}
	case schema.TypeMember:
		if strings.HasPrefix(s, "@") && aliasUse.MatchString(s) {
			return w.found(alias{text: s, name: s[1:], user: true, ptr: ptr})
		}
		if w.names != nil && w.names.Users[s] != "" {
			return w.names.Users[s]
		}
	case schema.TypeDepartment:
		if w.names != nil && w.names.Depts[s] != "" {
			return w.names.Depts[s]
		}
	}
	return s
}

func (w *aliasWalk) anywhere(v any, ptr string) any {
	switch x := v.(type) {
	case string:
		if aliasUse.MatchString(x) {
			return w.found(alias{text: x, name: x[1:], user: x[0] == '@', ptr: ptr})
		}
	case []any:
		for i := range x {
			x[i] = w.anywhere(x[i], index(ptr, i))
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(x)) {
			x[key] = w.anywhere(x[key], pointer(ptr, key))
		}
	}
	return v
}

// aliasesIn lists the aliases data uses.
func aliasesIn(raw json.RawMessage, form *schema.Form) []alias {
	var v any
	if len(raw) == 0 || json.Unmarshal(raw, &v) != nil {
		return nil
	}
	var out []alias
	w := aliasWalk{found: func(a alias) string {
		out = append(out, a)
		return a.text
	}}
	w.top(v, form)
	return out
}
