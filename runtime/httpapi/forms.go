package httpapi

import (
	"encoding/json"

	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/catalog"
	"github.com/formwork-run/formwork/schema/eval"
	"github.com/formwork-run/formwork/storage/filter"
)

// FormOut is a compiled form as one reader may use it, all texts in his language.
type FormOut struct {
	Ref       string                `json:"ref"`
	App       string                `json:"app"`
	Key       string                `json:"key"`
	Title     string                `json:"title"`
	Version   int64                 `json:"version"`
	HasFlow   bool                  `json:"hasFlow"`
	Offline   bool                  `json:"offline"`
	Ops       []string              `json:"ops"`
	Fields    []FieldOut            `json:"fields"`
	Layout    []LayoutOut           `json:"layout"`
	Rules     []eval.ClientRule     `json:"rules"`
	Checks    []CheckOut            `json:"checks"`
	Computed  []eval.ClientComputed `json:"computed"`
	TitleTree json.RawMessage       `json:"titleTree"`
	Views     []ViewOut             `json:"views"`
	Currency  string                `json:"currency"`
	Zone      string                `json:"zone"`
	// Rows are the row operations of subtables in a record being created; Require
	// are the fields its start node requires.
	Rows    map[string][]string `json:"rows"`
	Require []string            `json:"require"`
	// Buttons are the form's own that the reader may press on some record.
	Buttons []ButtonOut `json:"buttons"`
}

// ButtonOut is a button of the form's own; pressing it is the operation button:<key>.
type ButtonOut struct {
	Key   string `json:"key"`
	Title string `json:"title"`
}

// FieldOut is a field or column. A hidden one is absent.
type FieldOut struct {
	Key         string            `json:"key"`
	Title       string            `json:"title"`
	Type        string            `json:"type"`
	Required    bool              `json:"required,omitempty"`
	Readonly    bool              `json:"readonly,omitempty"`
	Sensitive   bool              `json:"sensitive,omitempty"` // kept encrypted: only filtered by equality
	Hidden      bool              `json:"hidden,omitempty"`
	Help        string            `json:"help,omitempty"`
	Placeholder string            `json:"placeholder,omitempty"`
	Unit        string            `json:"unit,omitempty"`
	Scale       *int              `json:"scale,omitempty"` // absent = not limited
	Min         string            `json:"min,omitempty"`
	Max         string            `json:"max,omitempty"`
	Options     []OptionOut       `json:"options,omitempty"`
	OptionsFrom *OptionsFromOut   `json:"optionsFrom,omitempty"`
	Multiple    bool              `json:"multiple,omitempty"`
	Precision   string            `json:"precision,omitempty"`
	Currency    string            `json:"currency,omitempty"`
	Relation    *RelationOut      `json:"relation,omitempty"`
	Link        *LinkOut          `json:"link,omitempty"`
	Columns     []FieldOut        `json:"columns,omitempty"`
	MinItems    int               `json:"minItems,omitempty"`
	MaxItems    int               `json:"maxItems,omitempty"`
	Summary     map[string]string `json:"summary,omitempty"`
	MaxLength   int               `json:"maxLength,omitempty"`
	Pattern     string            `json:"pattern,omitempty"`
	Steps       int               `json:"steps,omitempty"`
	Accept      []string          `json:"accept,omitempty"`
	MaxBytes    int64             `json:"maxBytes,omitempty"`
	CameraOnly  bool              `json:"cameraOnly,omitempty"`
	ResultType  string            `json:"resultType,omitempty"`
	Default     any               `json:"default,omitempty"`
	DefaultTree json.RawMessage   `json:"defaultTree,omitempty"`
	FormulaTree json.RawMessage   `json:"formulaTree,omitempty"`
	Computed    bool              `json:"computed,omitempty"`
	Server      bool              `json:"server,omitempty"`
	Plain       bool              `json:"plain,omitempty"` // a number of an imported schema: a JSON number on the wire
	NoMobile    bool              `json:"noMobile,omitempty"`
	NoDesktop   bool              `json:"noDesktop,omitempty"`
	ClearHidden bool              `json:"clearHidden,omitempty"`
	Right       string            `json:"right"`
	Operators   []string          `json:"operators,omitempty"`
	Sortable    bool              `json:"sortable,omitempty"`
}

// OptionOut is one choice.
type OptionOut struct {
	Value    string      `json:"value"`
	Text     string      `json:"text"`
	Color    string      `json:"color,omitempty"`
	Disabled bool        `json:"disabled,omitempty"`
	Children []OptionOut `json:"children,omitempty"`
}

// OptionsFromOut says that the choices are asked of the server.
type OptionsFromOut struct {
	Form  string `json:"form"`
	Field string `json:"field"`
}

// RelationOut says what a relation field points to.
type RelationOut struct {
	Form    string            `json:"form"`
	Display string            `json:"display,omitempty"`
	Fill    map[string]string `json:"fill,omitempty"`
	Tree    string            `json:"tree,omitempty"`
}

// LinkOut says from which records a field is computed.
type LinkOut struct {
	Form  string `json:"form,omitempty"`
	Match string `json:"match,omitempty"`
	Via   string `json:"via,omitempty"`
	Field string `json:"field,omitempty"`
	Fn    string `json:"fn,omitempty"`
}

// LayoutOut is one part of the layout.
type LayoutOut struct {
	Kind    string      `json:"kind"`
	Title   string      `json:"title,omitempty"`
	Columns int         `json:"columns,omitempty"`
	Fields  []string    `json:"fields,omitempty"`
	Items   []LayoutOut `json:"items,omitempty"`
	Text    string      `json:"text,omitempty"`
}

// CheckOut is a check with its message in one language.
type CheckOut struct {
	Assert  json.RawMessage `json:"assert"`
	Message string          `json:"message"`
	Level   string          `json:"level"`
	Field   string          `json:"field"`
}

// ViewOut is a view of the form.
type ViewOut struct {
	Key     string            `json:"key"`
	Title   string            `json:"title"`
	Kind    string            `json:"kind"`
	Columns []string          `json:"columns,omitempty"`
	Sort    []string          `json:"sort,omitempty"`
	Group   string            `json:"group,omitempty"`
	Colors  []ColorOut        `json:"colors,omitempty"`
	Totals  map[string]string `json:"totals,omitempty"`
}

// ColorOut colours rows; When is a formula tree.
type ColorOut struct {
	When  json.RawMessage `json:"when"`
	Color string          `json:"color"`
}

// form answers with the compiled form: the current version, or the one a record
// was written with (?version=).
func (api *API) form(c *fiber.Ctx) error {
	k := of(c)
	f, err := k.Form(k.param("form"))
	if err != nil {
		return err
	}
	if v, err := intQuery(c, "version"); err != nil {
		return err
	} else if int64(v) > f.App.Version {
		return fault.Newf(fault.NotFound, "form.version", "%s has no version %d", f.Ref(), v)
	} else if v > 0 && int64(v) != f.App.Version {
		if f, err = k.Catalog.FormAt(c.UserContext(), f.App.Def.Key, f.Def.Key, int64(v)); err != nil {
			return err
		}
	}
	return c.JSON(formOut(k, f))
}

// formThere lets requests about a form pass whose form exists for the caller: he has
// some right on it, or a part in a flow of it.
func (api *API) formThere(c *fiber.Ctx) error {
	k := of(c)
	f, err := k.Form(k.param("form"))
	if err != nil {
		return err
	}
	ok, err := k.Records.MayOpen(c.UserContext(), k.actor, f)
	if err == nil && !ok {
		err = tenant.NoForm(k.param("form"))
	}
	if err != nil {
		return err
	}
	return c.Next()
}

func formOut(k call, f *catalog.Form) FormOut {
	lang, plan := k.actor.Lang, k.actor.Plan.Form(f.Ref())
	b := builderOf(k, f)
	client := b.known(f.Client())
	b.client, b.formulas = client, map[string]eval.ClientComputed{}
	for _, x := range client.Computed {
		b.formulas[x.Field] = x
	}
	out := FormOut{Ref: f.Ref(), App: f.App.Def.Key, Key: f.Def.Key, Title: f.Def.Title.In(lang), Version: f.App.Version, HasFlow: f.Flow != nil,
		Offline: f.Def.Offline, Ops: []string{}, Fields: b.fields(f.Def.Fields, ""), Layout: b.layout(f.Def.Layout), Rules: client.Rules,
		Computed: client.Computed, TitleTree: client.Title, Views: b.views(), Currency: k.Settings().Currency, Zone: k.Settings().Zone.String(), Checks: []CheckOut{}, Buttons: []ButtonOut{},
		Rows: b.rows(), Require: b.seen(b.create.Require)}
	for _, op := range f.Def.Operations() {
		if plan.Can(op) {
			out.Ops = append(out.Ops, op)
		}
	}
	for _, btn := range f.Def.Buttons {
		if plan.Can(schema.ButtonOp(btn.Key)) {
			out.Buttons = append(out.Buttons, ButtonOut{btn.Key, btn.Title.In(lang)})
		}
	}
	for _, x := range client.Checks {
		out.Checks = append(out.Checks, CheckOut{x.Assert, x.Message.In(lang), x.Level, x.Field})
	}
	return out
}

// builderOf prepares the rendering of a form for the caller.
func builderOf(k call, f *catalog.Form) formBuilder {
	plan := k.actor.Plan.Form(f.Ref())
	return formBuilder{lang: k.actor.Lang, plan: plan, form: f, create: record.Creation(k.actor, f),
		part: !plan.Can(schema.OpView) && !plan.Can(schema.OpCreate)}
}

// formBuilder renders one form for one reader.
type formBuilder struct {
	lang     string
	plan     *rbac.FormPlan
	form     *catalog.Form
	create   record.Rights // over a record that he would make
	part     bool          // he knows the form by a flow only: the record's own rights decide
	client   eval.ClientForm
	formulas map[string]eval.ClientComputed
}

func (b formBuilder) right(path string) rbac.FieldRight {
	if b.part {
		return rbac.FieldRead
	}
	r := b.create.Of(path)
	if !b.plan.Can(schema.OpCreate) {
		r = min(r, rbac.FieldRead)
	}
	if r == rbac.FieldHidden && b.plan.Can(schema.OpView) {
		if or, never := b.plan.FieldScope(path).(filter.Or); !never || len(or) > 0 {
			return rbac.FieldRead // readable in some records: each record says in which
		}
		if b.plan.Shows(path) {
			return rbac.FieldMasked // as a mask, in some records
		}
	}
	return r
}

var rightNames = map[rbac.FieldRight]string{rbac.FieldMasked: "masked", rbac.FieldRead: "read", rbac.FieldWrite: "write"}

func (b formBuilder) fields(l []*schema.Field, prefix string) []FieldOut {
	out := []FieldOut{}
	for _, f := range l {
		path := prefix + f.Key
		r := b.right(path)
		if !f.Writable() {
			r = min(r, rbac.FieldRead)
		}
		if r > rbac.FieldHidden {
			out = append(out, b.field(f, path, r))
		}
	}
	return out
}

func (b formBuilder) field(f *schema.Field, path string, r rbac.FieldRight) FieldOut {
	o := FieldOut{Key: f.Key, Title: f.Title.In(b.lang), Type: string(f.Type), Required: f.Required, Readonly: f.Readonly, Sensitive: f.Sensitive, Hidden: f.Hidden,
		Help: f.Help.In(b.lang), Placeholder: f.Placeholder.In(b.lang), Unit: f.Unit.In(b.lang), Min: f.Min, Max: f.Max, Options: b.options(f.Options),
		Multiple: f.Multiple, Precision: f.Precision, Currency: f.Currency, MinItems: f.MinItems, MaxItems: f.MaxItems, Plain: f.Plain,
		MaxLength: f.MaxLength, Pattern: f.Pattern, Steps: f.Steps, Accept: f.Accept, MaxBytes: f.MaxBytes, CameraOnly: f.CameraOnly,
		ResultType: string(f.ResultType), NoMobile: f.NoMobile, NoDesktop: f.NoDesktop, ClearHidden: f.ClearHidden, Right: rightNames[r], Sortable: f.Sortable()}
	if o.Title == "" {
		o.Title = f.Key
	}
	for _, op := range f.Operators() {
		o.Operators = append(o.Operators, string(op))
	}
	if f.Scale >= 0 {
		o.Scale = &f.Scale
	}
	if f.Default != nil {
		o.Default = b.form.EncodeValue(path, f.Default)
	}
	o.Summary = keep(f.Summary, func(col string) bool { return b.sees(f.Key + "." + col) })
	o.DefaultTree = b.client.Defaults[path]
	if x, ok := b.formulas[path]; ok {
		o.FormulaTree, o.Server, o.Computed = x.Tree, x.Server, true
	}
	if f.Relation != nil {
		o.Relation = &RelationOut{f.Relation.Form, f.Relation.Display, keep(f.Relation.Fill, func(own string) bool { return b.knows(path, []string{own}) }), f.Relation.Tree}
	}
	if f.Link != nil {
		o.Link = &LinkOut{f.Link.Form, f.Link.Match, f.Link.Via, f.Link.Field, f.Link.Fn}
	}
	if f.OptionsFrom != nil {
		o.OptionsFrom = &OptionsFromOut{f.OptionsFrom.Form, f.OptionsFrom.Field}
	}
	if f.Type == schema.TypeSubtable {
		o.Columns = b.fields(f.Columns, f.Key+".")
	}
	return o
}

func (b formBuilder) options(l []schema.Option) []OptionOut {
	var out []OptionOut
	for _, o := range l {
		text := o.Text.In(b.lang)
		if text == "" {
			text = o.Value
		}
		out = append(out, OptionOut{o.Value, text, o.Color, o.Disabled, b.options(o.Children)})
	}
	return out
}

func (b formBuilder) layout(l []schema.LayoutItem) []LayoutOut {
	out := []LayoutOut{}
	for _, x := range l {
		o := LayoutOut{Kind: x.Kind, Title: x.Title.In(b.lang), Columns: x.Columns, Text: x.Text.In(b.lang)}
		for _, f := range x.Fields {
			if b.sees(f) {
				o.Fields = append(o.Fields, f)
			}
		}
		if len(x.Items) > 0 {
			o.Items = b.layout(x.Items)
		}
		if x.Kind == "section" && len(o.Fields) == 0 {
			continue
		}
		out = append(out, o)
	}
	return out
}

func (b formBuilder) views() []ViewOut {
	out := []ViewOut{}
	for _, v := range b.form.Views {
		o := ViewOut{Key: v.Def.Key, Title: v.Def.Title.In(b.lang), Kind: v.Def.Kind, Columns: b.listed(v.Def.Columns), Sort: b.listed(v.Def.Sort), Totals: keep(v.Def.Totals, b.sees)}
		if g := v.Def.Group; g != "" && len(b.listed([]string{g})) > 0 {
			o.Group = g
		}
		for i, c := range v.Colors {
			if c != nil && !c.ServerOnly() && b.knows("", c.Deps()) {
				o.Colors = append(o.Colors, ColorOut{c.Tree(), v.Def.Colors[i].Color})
			}
		}
		out = append(out, o)
	}
	return out
}

func isSystem(name string) bool {
	p, ok := schema.DocPath(name)
	return ok && p != "data."+name
}

// views lists the views of a form.
func (api *API) views(c *fiber.Ctx) error {
	k := of(c)
	f, err := k.Form(k.param("form"))
	if err != nil {
		return err
	}
	if !k.actor.Plan.Form(f.Ref()).Can(schema.OpView) {
		return fault.Newf(fault.NotFound, "form.unknown", "there is no form %s", f.Ref())
	}
	return c.JSON(page{Items: formOut(k, f).Views})
}
