// Package schema is what can be defined: apps, forms, fields, rules, checks,
// flows, access, views. It parses, normalises, checks and compares
// definitions. It does no I/O.
package schema

import "encoding/json"

// Form is the normalised definition of one kind of record. Its canonical text
// is a draft-07 JSON Schema with the x-field vocabulary; ParseForm reads it.
type Form struct {
	Key          string
	App          string // key of the app it belongs to; Ref() is "app.form"
	Title        Text
	TitleFormula string
	// Fields in definition order; the columns of a subtable are in its Columns.
	Fields []*Field
	Layout []LayoutItem
	Rules  []Rule
	Checks []Check
	Unique [][]string
	// Indexes: each a list of field keys or system names, "-" in front = descending.
	Indexes [][]string
	// Buttons are the form's own, in the order in which they are shown.
	Buttons []Button
	// Flow is the key of the flow of the same app, "" = plain form.
	Flow string
	// Schema is the draft-07 JSON Schema as written, property order kept.
	Schema json.RawMessage
	// Offline marks a form that may be filled without a network.
	Offline bool
}

// Ref is the form's reference, "app.form".
func (f *Form) Ref() string { return f.App + "." + f.Key }

// Field returns the top-level field with the key, nil when there is none.
func (f *Form) Field(key string) *Field {
	for _, x := range f.Fields {
		if x.Key == key {
			return x
		}
	}
	return nil
}

// FieldType names a field type, e.g. "money". The catalogue is FieldTypes.
type FieldType string

// The field types.
const (
	TypeText        FieldType = "text"
	TypeTextarea    FieldType = "textarea"
	TypeRichText    FieldType = "richtext"
	TypeNumber      FieldType = "number"
	TypeMoney       FieldType = "money"
	TypePercent     FieldType = "percent"
	TypeRating      FieldType = "rating"
	TypeSlider      FieldType = "slider"
	TypeSwitch      FieldType = "switch"
	TypeDate        FieldType = "date"
	TypeDateRange   FieldType = "daterange"
	TypeTime        FieldType = "time"
	TypeRadio       FieldType = "radio"
	TypeCheckbox    FieldType = "checkbox"
	TypeSelect      FieldType = "select"
	TypeMultiSelect FieldType = "multiselect"
	TypeCascade     FieldType = "cascade"
	TypeMember      FieldType = "member"
	TypeDepartment  FieldType = "department"
	TypeRole        FieldType = "role"
	TypePhone       FieldType = "phone"
	TypeEmail       FieldType = "email"
	TypeURL         FieldType = "url"
	TypeIDCard      FieldType = "idcard"
	TypeAddress     FieldType = "address"
	TypeRegion      FieldType = "region"
	TypeLocation    FieldType = "location"
	TypeAttachment  FieldType = "attachment"
	TypeImage       FieldType = "image"
	TypeSignature   FieldType = "signature"
	TypeBarcode     FieldType = "barcode"
	TypeSubtable    FieldType = "subtable"
	TypeRelation    FieldType = "relation"
	TypeReverse     FieldType = "reverse"
	TypeLookup      FieldType = "lookup"
	TypeRollup      FieldType = "rollup"
	TypeFormula     FieldType = "formula"
	TypeSerial      FieldType = "serial"
	TypeColor       FieldType = "color"
	TypeJSON        FieldType = "json"
)

// Field is one value of a form.
type Field struct {
	Key   string
	Name  string // original property name of an imported schema when it is no key; "" = Key
	Title Text
	Type  FieldType

	// Common settings.
	Default     any    // stored value, or nil; a formula default is in DefaultExpr
	DefaultExpr string // formula of a default written as "=formula"
	Formula     string // computed field; it is then never writable
	Required    bool   // lifted out of the schema's "required"
	Readonly    bool
	Hidden      bool
	Help        Text
	Placeholder Text
	Unit        Text
	Scale       int      // decimals of number, money, percent; -1 = not limited
	Min, Max    string   // decimal text, or "" (dates: calendar day)
	Options     []Option // fixed options
	OptionsFrom *OptionSource
	Sensitive   bool
	Index       bool
	NoMobile    bool // mobile: false
	NoDesktop   bool // desktop: false
	ClearHidden bool // whenHidden: clear
	Multiple    bool // member, department, role, relation: list of ids

	// Per type.
	Precision  string    // date: year month day hour minute second; daterange too
	Currency   string    // money; "" = the tenant's
	Serial     *Serial   // serial
	Relation   *Relation // relation
	Link       *Link     // reverse, lookup, rollup
	Columns    []*Field  // subtable
	MinItems   int
	MaxItems   int               // subtable, lists; 0 = the product's limit
	Summary    map[string]string // subtable: column → sum, avg, min, max, count
	MaxLength  int               // text; 0 = the type's limit
	Pattern    string            // text
	Steps      int               // rating: number of stars
	Accept     []string          // attachment, image: allowed extensions
	MaxBytes   int64             // attachment, image: of one file
	CameraOnly bool              // image
	Display    string            // switch, formula, time: how it is shown
	ResultType FieldType         // formula: number, text, date, switch

	// Schema is the property's own draft-07 schema as written.
	Schema json.RawMessage
	// Plain marks a field taken from a schema without x-field: validated as the JSON it is.
	Plain bool
}

// Option is one choice.
type Option struct {
	Value    string   `json:"value"`
	Text     Text     `json:"text"`
	Color    string   `json:"color,omitempty"`
	Disabled bool     `json:"disabled,omitempty"`
	Children []Option `json:"children,omitempty"` // cascade
}

// OptionSource takes options from another form's field.
type OptionSource struct {
	Form   string `json:"form"`
	Field  string `json:"field"`
	Filter string `json:"filter,omitempty"`
}

// Serial describes a serial number: Pattern mixes text with {yyyy} {yy} {MM}
// {dd}, {seq:n} and {field}; Reset is none, year, month or day.
type Serial struct {
	Pattern string
	Reset   string
	Start   int64
}

// Relation points to records of another form.
type Relation struct {
	Form    string            // "app.form" (the own app's forms may be written without the app; normalised to full)
	Display string            // field shown; "" = the record's title
	Filter  string            // formula over the target's fields; "form.x" is the record being filled
	Fill    map[string]string // own field → field of the chosen record
	Tree    string            // target's parent field: shown as a tree
}

// Link describes the fields computed from other records.
type Link struct {
	Form  string // reverse, rollup: the form whose records point here
	Match string // reverse, rollup: its relation field that points here
	Via   string // lookup: own relation field
	Field string // lookup, rollup: field read
	Fn    string // rollup: sum, count, min, max, avg
	Where string // rollup, reverse: formula over the other record
}

// LayoutItem is a section with fields, or a container, or a text.
type LayoutItem struct {
	Kind    string // section, tabs, steps, note, divider
	Title   Text
	Columns int // 1–4
	Fields  []string
	Items   []LayoutItem // of tabs and steps: sections
	Text    Text         // note
}

// Rule is condition → effects on fields.
type Rule struct {
	When string
	Then RuleThen
	Else *RuleThen
}

// RuleThen is what a rule does. A field that some rule shows is hidden unless one of them holds;
// so with require, lock.
type RuleThen struct {
	Show     []string
	Hide     []string
	Require  []string
	Optional []string
	Lock     []string // read-only
	Unlock   []string
	Set      []Assign // field → formula, in order
}

// Assign sets a field to the value of a formula.
type Assign struct {
	Field string
	Value string
}

// Check is a formula that must hold at submit.
type Check struct {
	Assert  string
	Message Text
	Level   string // block or warn
	Field   string // field the error is shown at; "" = the first field Assert reads
}
