package eval

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/formula"
)

// Filter is the compiled filter of a relation, of options taken from another
// form, or of a link, by field path; nil when it has none.
func (f *Form) Filter(path string) *formula.Program { return f.filters[path] }

// FieldAt finds a field or column by its dotted path, nil when there is none.
func (f *Form) FieldAt(path string) *schema.Field {
	if s := f.byPath[path]; s != nil {
		return s.codec.Field
	}
	return nil
}

// EncodeValue makes the wire value of one stored value.
func (f *Form) EncodeValue(path string, v any) any {
	if s := f.byPath[path]; s != nil {
		return s.codec.Encode(v)
	}
	return v
}

// TitleDeps are the fields that a record's title is made of, by dotted path. The
// list is shared: it must not be changed.
func (f *Form) TitleDeps() []string { return f.titleDeps }

func (f *Form) findTitleDeps() []string {
	if f.title == nil {
		return nil
	}
	var out []string
	for _, d := range f.title.Deps() {
		if f.byPath[d] != nil {
			out = append(out, d)
			continue
		}
		if root, _, dotted := strings.Cut(d, "."); dotted && f.byPath[root] != nil {
			out = append(out, root)
		}
	}
	return out
}

// FilterValue reads a value of a filter, as it came as JSON, by the type of the
// field it is compared with. The field's limits do not matter to a comparison;
// a list field is compared with one of its elements.
func (f *Form) FilterValue(path string, v any) (any, error) {
	s := f.byPath[path]
	if s == nil {
		return nil, errors.New("there is no such field")
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	c := *s.codec.Field
	c.Multiple, c.Options, c.OptionsFrom, c.Pattern, c.Min, c.Max, c.MaxLength, c.Scale = false, nil, nil, "", "", "", 0, -1
	switch c.Type {
	case schema.TypeCheckbox, schema.TypeMultiSelect, schema.TypeCascade, schema.TypeRegion:
		c.Type = schema.TypeSelect
	case schema.TypeSerial, schema.TypeEmail, schema.TypeURL, schema.TypePhone, schema.TypeIDCard:
		c.Type = schema.TypeText
	}
	out, errs := schema.NewCodec(&c).Decode(raw)
	if len(errs) > 0 {
		return nil, errors.New(errs[0].Message)
	}
	return out, nil
}
