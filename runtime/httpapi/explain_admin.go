package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
)

// Matrix is everything one user may do with one record, or on one form.
type Matrix struct {
	User    string              `json:"user"`
	Form    string              `json:"form"`
	Record  string              `json:"record,omitempty"`
	Title   string              `json:"title,omitempty"`
	Ops     []MatrixOp          `json:"ops"`
	Fields  []MatrixField       `json:"fields"` // columns right after their subtable
	Rows    map[string][]string `json:"rows"`   // subtable → add, edit, delete
	Menu    MatrixMenu          `json:"menu"`
	Display *record.Display     `json:"display"`
}

// MatrixOp is the verdict on one operation.
type MatrixOp struct {
	Op      string    `json:"op"`
	Title   string    `json:"title"`
	Allowed bool      `json:"allowed"`
	Text    string    `json:"text"`
	Reason  rbac.Told `json:"reason"`
}

// MatrixField is the right over one field or column.
type MatrixField struct {
	Field  string    `json:"field"`
	Title  string    `json:"title"`
	Right  string    `json:"right"`
	Text   string    `json:"text"`
	Reason rbac.Told `json:"reason"`
}

// MatrixMenu tells whether the form's menu entry is shown.
type MatrixMenu struct {
	Shown bool   `json:"shown"`
	Text  string `json:"text"`
}

// explainAdmin explains the rights of any user to whoever administers the data of
// the form's app; without a record, also to whoever administers its design. What
// the caller may not ask about does not exist for him.
func (api *API) explainAdmin(c *fiber.Ctx) error {
	k := of(c)
	x, err := k.asked(c.Query("form"), c.Query("record"), c.Query("user"))
	if err != nil {
		return err
	}
	op, field := c.Query("op"), c.Query("field")
	if op == "" && field == "" {
		return c.JSON(x.matrix())
	}
	if op == "" {
		op = schema.OpView
	}
	out, err := x.answer(op, field)
	if err != nil {
		return err
	}
	return c.JSON(out)
}

func (k call) asked(form, id, user string) (explanation, error) {
	x := explanation{k: k}
	f, err := k.Form(form)
	if err != nil {
		return x, err
	}
	app, plan := f.App.Def.Key, k.actor.Plan
	if !plan.Administers(rbac.AreaData+app) && (id != "" || !plan.Administers(rbac.AreaDesign+app)) {
		return x, tenant.NoForm(form)
	}
	x.form = f
	if x.actor, err = k.other(user); err != nil {
		return x, err
	}
	if id != "" {
		x.rec, _, err = k.Records.Get(k.UserContext(), k.actor, form, id)
	}
	return x.speak(), err
}

func (x explanation) matrix() *Matrix {
	x.words.Self = false // an administrator sees all groups, also of himself
	out := &Matrix{User: x.actor.User, Form: x.form.Ref(), Fields: []MatrixField{}, Display: x.k.display([]string{x.actor.User}, nil)}
	rights := record.Creation(x.actor, x.form)
	if x.rec != nil {
		rights = record.RightsOn(x.actor, x.rec)
		out.Record, out.Title = x.rec.ID(), x.k.Records.NewViewer(x.k.actor).Title(x.rec)
	}
	out.Rows = rights.RowOps(x.form.Def)
	for _, op := range x.form.Def.Operations() {
		why := x.op(op)
		told := x.words.One(why.Reasons[0])
		out.Ops = append(out.Ops, MatrixOp{op, x.words.Op(op), why.Allowed, told.Text, told})
	}
	for _, f := range x.form.Def.Fields {
		out.Fields = append(out.Fields, x.cell(f.Key))
		for _, col := range f.Columns {
			out.Fields = append(out.Fields, x.cell(f.Key+"."+col.Key))
		}
	}
	menu := x.actor.Plan.ExplainMenu(x.form.App.Def.Key, x.form.Def.Key)
	out.Menu = MatrixMenu{menu.Allowed, x.words.Text(menu)}
	return out
}

func (x explanation) cell(path string) MatrixField {
	why := x.fieldWhy(path)
	told := x.words.One(why.Reasons[0])
	return MatrixField{path, x.words.FieldTitle(path), why.Right.String(), told.Text, told}
}
