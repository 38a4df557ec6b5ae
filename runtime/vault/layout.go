package vault

import (
	"slices"
	"strings"

	"github.com/formwork-run/formwork/schema"
)

// layout is which fields of a form are sensitive; nil when none is.
type layout struct {
	form   *schema.Form
	fields []*schema.Field            // top-level
	rows   map[string][]*schema.Field // subtable → columns
}

// layoutOf is asked for at every access to a form's records: it allocates
// nothing for a form that has no such field.
func layoutOf(f *schema.Form) *layout {
	if f == nil {
		return nil
	}
	var l *layout
	for _, fd := range f.Fields {
		if !fd.Sensitive && fd.Type != schema.TypeSubtable {
			continue
		}
		if fd.Sensitive {
			l = l.begun(f)
			l.fields = append(l.fields, fd)
			continue
		}
		for _, c := range fd.Columns {
			if c.Sensitive {
				l = l.begun(f)
				l.rows[fd.Key] = append(l.rows[fd.Key], c)
			}
		}
	}
	return l
}

func (l *layout) begun(f *schema.Form) *layout {
	if l != nil {
		return l
	}
	return &layout{form: f, rows: map[string][]*schema.Field{}}
}

// field is the sensitive field or column at a name ("idcard", "lines.card"), nil when it is none.
func (l *layout) field(name string) *schema.Field {
	if l == nil {
		return nil
	}
	table, column, nested := strings.Cut(name, ".")
	from, key := l.fields, table
	if nested {
		from, key = l.rows[table], column
	}
	for _, f := range from {
		if f.Key == key {
			return f
		}
	}
	return nil
}

// Names lists the sensitive fields and columns of a form, sorted.
func Names(f *schema.Form) []string {
	l := layoutOf(f)
	if l == nil {
		return nil
	}
	var out []string
	for _, fd := range l.fields {
		out = append(out, fd.Key)
	}
	for table, cols := range l.rows {
		for _, c := range cols {
			out = append(out, table+"."+c.Key)
		}
	}
	slices.Sort(out)
	return out
}
