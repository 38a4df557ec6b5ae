package schema

import (
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/schema/internal/ordjson"
	"github.com/formwork-run/formwork/storage/filter"
)

// Info is what is fixed for a field type; docs/fields.md shows it as a table.
type Info struct {
	Type FieldType
	// In and Out describe the JSON values, Stored the Go value, Formula the formula type.
	In, Out, Stored, Formula string
	// Operators a filter may use on the field.
	Operators []filter.Op
	Sortable  bool
	// Column tells whether the type may be a column of a subtable.
	Column bool
	// Live fields are made by the server from other records and are never
	// stored; input for them is ignored, so that a record may be sent back as it was read.
	Live bool
	// Given fields are stored, but only ever written by the server.
	Given bool
}

// Forms finds other forms by "app.form"; nil when there is none.
type Forms func(ref string) *Form

// Kind is the behaviour of a field type. The optional abilities are checker,
// encoder and finisher.
type Kind interface {
	Info() Info
	// FormulaType is what formulas see; fields of related forms are known as far as forms finds them.
	FormulaType(f *Field, forms Forms) formula.Type
	// Fragment is the draft-07 schema of a value as it is sent.
	Fragment(f *Field) ordjson.Value
	// settings are the x-field settings allowed beside the common ones.
	settings() settings
	decode(c *Codec, v ordjson.Value) (any, []fault.Field)
}

// checker is a kind whose stored values have limits.
type checker interface {
	check(c *Codec, v any, zone *time.Location) []fault.Field
}

// encoder is a kind whose wire value differs from the stored one.
type encoder interface {
	encode(c *Codec, v any) any
}

// finisher is a kind with defaults of settings, or settings that depend on each other.
type finisher interface {
	finish(p problems, f *Field)
}

// kinds is the catalogue, in the order of documentation.
var kinds = []Kind{
	textField{}, textareaField{}, richtextField{},
	numberField{}, moneyField{}, percentField{}, ratingField{}, sliderField{},
	switchField{}, dateField{}, daterangeField{}, timeField{},
	radioField{}, checkboxField{}, selectField{}, multiselectField{}, cascadeField{},
	memberField{}, departmentField{}, roleField{},
	phoneField{}, emailField{}, urlField{}, idcardField{},
	addressField{}, regionField{}, locationField{},
	attachmentField{}, imageField{}, signatureField{}, barcodeField{},
	subtableField{}, relationField{}, reverseField{}, lookupField{}, rollupField{},
	formulaField{}, serialField{}, colorField{}, jsonField{},
}

// kindByType is derived from the catalogue and never changed.
var kindByType = func() map[FieldType]Kind {
	m := make(map[FieldType]Kind, len(kinds))
	for _, k := range kinds {
		m[k.Info().Type] = k
	}
	return m
}()

// Kinds lists the field types.
func Kinds() []Kind { return append([]Kind(nil), kinds...) }

// KindOf returns the behaviour of a field type, nil for an unknown one.
func KindOf(t FieldType) Kind { return kindByType[t] }

// Computed reports whether the value is made by a formula of the form.
func (f *Field) Computed() bool { return f.Formula != "" }

// Writable reports whether a person may ever write the field: it is neither
// computed, nor live, nor given by the server.
func (f *Field) Writable() bool {
	k := KindOf(f.Type)
	if k == nil || f.Computed() {
		return false
	}
	i := k.Info()
	return !i.Live && !i.Given
}

// FormulaType is the type formulas see for a field; unknown types are Any.
func FormulaType(f *Field, forms Forms) formula.Type {
	k := KindOf(f.Type)
	if k == nil {
		return formula.Type{}
	}
	if forms == nil {
		forms = func(string) *Form { return nil }
	}
	return k.FormulaType(f, forms)
}

// IsBlank reports whether a stored value is blank: absent, nil, "" or an empty list.
func IsBlank(v any) bool {
	switch x := v.(type) {
	case nil:
		return true
	case string:
		return x == ""
	case []any:
		return len(x) == 0
	case map[string]any:
		return len(x) == 0
	}
	return false
}

var (
	opsText   = []filter.Op{filter.Eq, filter.Ne, filter.In, filter.Contains, filter.Prefix, filter.Suffix, filter.Exists}
	opsID     = []filter.Op{filter.Eq, filter.Ne, filter.In, filter.Exists}
	opsNumber = []filter.Op{filter.Eq, filter.Ne, filter.Lt, filter.Le, filter.Gt, filter.Ge, filter.In, filter.Exists}
	opsList   = []filter.Op{filter.Eq, filter.Ne, filter.In, filter.All, filter.Exists}
	opsBool   = []filter.Op{filter.Eq, filter.Ne, filter.Exists}
	opsExists = []filter.Op{filter.Exists}
)

// Operators lists the filter operators of a field. A sensitive field is only
// compared by its keyed hash.
func (f *Field) Operators() []filter.Op {
	k := KindOf(f.Type)
	switch {
	case k == nil:
		return nil
	case f.Sensitive && !f.Hashed():
		return opsExists
	case f.Sensitive:
		return opsID
	case f.Multiple:
		return opsList
	case f.Type == TypeFormula:
		return KindOf(resultType(f)).Info().Operators
	}
	return k.Info().Operators
}

// Hashed reports whether the store keeps a keyed hash of a sensitive field, by
// which it is asked for equality and held unique. Of a type with few possible
// values, or with values that are no single text or number, it keeps nothing.
func (f *Field) Hashed() bool {
	if f.Multiple {
		return false
	}
	switch f.Type {
	case TypeText, TypeTextarea, TypePhone, TypeEmail, TypeURL, TypeIDCard, TypeBarcode, TypeNumber, TypeMoney, TypePercent, TypeDate:
		return true
	}
	return false
}

// Sortable reports whether records can be sorted by the field.
func (f *Field) Sortable() bool {
	k := KindOf(f.Type)
	if k == nil || f.Sensitive || f.Multiple {
		return false
	}
	if f.Type == TypeFormula {
		return KindOf(resultType(f)).Info().Sortable
	}
	return k.Info().Sortable
}

// Covers reports whether the field's own checks do all that a draft-07 keyword
// beside x-field demands of its values, so that no schema needs to.
func (f *Field) Covers(keyword string) bool {
	k := KindOf(f.Type)
	switch {
	case k == nil:
		return false
	case keyword == "type":
		return true // x-field.type says what the value is
	case keyword == "enum":
		return len(f.Options) > 0
	}
	_, ok := k.settings()[standardSettings[keyword]]
	return ok && f.Type != TypeSerial
}

// SettingNames lists the x-field settings a field type allows, sorted; nil for an unknown type.
func SettingNames(t FieldType) []string {
	k := KindOf(t)
	if k == nil {
		return nil
	}
	return sortedKeys(commonSettings.with(k.settings()))
}
