package httpapi

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/rbac/org"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/catalog"
)

// Explained is why somebody may, or may not, do an operation or see a field. The
// first reason decides; Text is its sentence.
type Explained struct {
	User    string          `json:"user"`
	Form    string          `json:"form"`
	Record  string          `json:"record,omitempty"`
	Op      string          `json:"op"`
	OpTitle string          `json:"op_title"`
	Allowed bool            `json:"allowed"`
	Text    string          `json:"text"`
	Reasons []rbac.Told     `json:"reasons"`
	Field   *ExplainedField `json:"field,omitempty"`
	Display *record.Display `json:"display"`
}

// ExplainedField is why somebody has the right he has over a field.
type ExplainedField struct {
	Field   string      `json:"field"`
	Title   string      `json:"title"`
	Right   string      `json:"right"` // hidden, masked, read, write
	Text    string      `json:"text"`
	Reasons []rbac.Told `json:"reasons"`
}

// explanation is one question: about whom, which form, and which record (nil: the form).
type explanation struct {
	k     call
	actor *tenant.Actor // who is spoken of
	form  *catalog.Form
	rec   *record.Record
	words rbac.Wording
}

// explain says why the caller may, or may not, do an operation with a record that
// he sees, or see a field of it. About others only administrators of the data ask.
func (api *API) explain(c *fiber.Ctx) error {
	k := of(c)
	rec, _, err := k.Records.Get(c.UserContext(), k.actor, k.param("form"), k.param("id"))
	if err != nil {
		return err
	}
	x := explanation{k: k, actor: k.actor, form: rec.Form, rec: rec}
	if user := c.Query("user"); user != "" && user != k.actor.User {
		if !k.actor.Plan.Administers(rbac.AreaData + rec.Form.App.Def.Key) {
			return fault.New(fault.Forbidden, "explain.forbidden", "only administrators ask about others")
		}
		if x.actor, err = k.other(user); err != nil {
			return err
		}
	}
	out, err := x.speak().answer(c.Query("op", schema.OpView), c.Query("field"))
	if err != nil {
		return err
	}
	return c.JSON(out)
}

// other is another user with his rights of this moment.
func (k call) other(user string) (*tenant.Actor, error) {
	if u := k.Org.Snapshot().User(user); u == nil || u.State != org.Active {
		return nil, fault.New(fault.NotFound, "org.not_found", "there is no such active user").With("id", user)
	}
	return k.Actor(k.UserContext(), user)
}

// speak chooses the words for the caller.
func (x explanation) speak() explanation {
	x.words = rbac.Wording{Lang: x.k.actor.Lang, Self: x.actor.User == x.k.actor.User && !x.k.actor.Plan.Administers(rbac.AreaData+x.form.App.Def.Key),
		Who: x.actor.Name, Name: x.k.name, Form: x.form.Def}
	return x
}

// name is the name of a user, department or role in the caller's language; a
// department may also be given by its name, a user by his login.
func (k call) name(kind, id string) string {
	if kind != "roles" {
		return k.Org.Name(kind, id)
	}
	if r := k.Org.Snapshot().Role(id); r != nil {
		return k.roleTitle(*r)
	}
	return ""
}

func (x explanation) answer(op, field string) (*Explained, error) {
	if !slices.Contains(x.form.Def.Operations(), op) {
		return nil, fault.Newf(fault.Malformed, "explain.op", "there is no operation %s", op)
	}
	why := x.op(op)
	out := &Explained{User: x.actor.User, Form: x.form.Ref(), Op: op, OpTitle: x.words.Op(op), Allowed: why.Allowed,
		Text: x.words.Text(why.Reasons[0]), Reasons: x.words.Tell(why.Reasons), Display: x.k.display([]string{x.actor.User}, nil)}
	if x.rec != nil {
		out.Record = x.rec.ID()
	}
	if field == "" {
		return out, nil
	}
	if !x.mayAsk(field) {
		return nil, fault.Newf(fault.Malformed, "explain.field", "there is no field %s", field)
	}
	out.Field = x.field(field)
	return out, nil
}

// mayAsk: a field that is hidden everywhere from somebody is not there for him; an
// explanation of why would tell its name.
func (x explanation) mayAsk(field string) bool {
	if x.form.FieldAt(field) == nil || strings.Count(field, ".") > 1 {
		return false
	}
	return !x.words.Self || x.knows(field)
}

// knows reports whether the caller is shown the field in the form's definition, or here.
func (x explanation) knows(field string) bool {
	if x.rec != nil && record.RightsOn(x.actor, x.rec).Readable(field) {
		return true
	}
	return builderOf(x.k, x.form).right(field) > rbac.FieldHidden
}

func (x explanation) field(path string) *ExplainedField {
	why := x.fieldWhy(path)
	return &ExplainedField{Field: path, Title: x.words.FieldTitle(path), Right: why.Right.String(), Text: x.words.Text(why.Reasons[0]), Reasons: x.words.Tell(why.Reasons)}
}

func (x explanation) op(op string) record.Why {
	if x.rec != nil {
		return record.ExplainOp(x.actor, x.rec, op)
	}
	reasons := x.actor.Plan.Form(x.form.Ref()).Explain(op, nil)
	return record.Why{Allowed: reasons[0].Allowed, Reasons: reasons}
}

// fieldWhy is about the record, or about one that he would make.
func (x explanation) fieldWhy(path string) record.Why {
	if x.rec != nil {
		return record.ExplainField(x.actor, x.rec, path)
	}
	return record.ExplainNew(x.actor, x.form, path)
}
