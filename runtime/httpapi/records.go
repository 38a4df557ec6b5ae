package httpapi

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/httpkit"
	"github.com/formwork-run/formwork/runtime/comment"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/schema"
)

// maxKey bounds an Idempotency-Key.
const maxKey = 128

type createBody struct {
	Data   json.RawMessage `json:"data"`
	Submit *bool           `json:"submit"` // absent = true
	// Choose are people for nodes of the flow, by node id, where the initiator chooses them.
	Choose map[string][]string `json:"choose"`
}

func (api *API) create(c *fiber.Ctx) error {
	k := of(c)
	var in createBody
	if err := httpkit.Body(c, &in); err != nil {
		return err
	}
	key, err := idempotencyKey(c)
	if err != nil {
		return err
	}
	submit := in.Submit == nil || *in.Submit
	rec, _, err := k.Records.Create(c.UserContext(), k.actor, k.Flow, k.param("form"), record.CreateInput{Data: in.Data, Submit: submit, Key: key, Choose: in.Choose})
	if err != nil {
		return err
	}
	out, err := k.Records.Show(c.UserContext(), k.actor, rec)
	if err != nil {
		return err
	}
	return c.Status(fiber.StatusCreated).JSON(out)
}

func (api *API) list(c *fiber.Ctx) error {
	k := of(c)
	limit, err := limitQuery(c)
	if err != nil {
		return err
	}
	in := record.ListInput{Sort: c.Query("sort"), Query: c.Query("q"), View: c.Query("view"), Cursor: c.Query("cursor"), Limit: limit,
		Total: c.QueryBool("total"), Drafts: c.QueryBool("drafts")}
	if f := c.Query("filter"); f != "" {
		in.Filter = json.RawMessage(f)
	}
	out, err := k.Records.List(c.UserContext(), k.actor, k.param("form"), in)
	if err != nil {
		return err
	}
	return c.JSON(out)
}

// limitQuery is the size of a page that was asked for, 0 = the default.
func limitQuery(c *fiber.Ctx) (int, error) {
	n, err := intQuery(c, "limit")
	if err == nil && n > record.MaxPage {
		err = fault.Newf(fault.Malformed, "list.limit", "limit is at most %d", record.MaxPage)
	}
	return n, err
}

func intQuery(c *fiber.Ctx, name string) (int, error) {
	s := c.Query(name)
	if s == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		return 0, fault.Newf(fault.Malformed, "query."+name, "%s must be a positive whole number", name)
	}
	return n, nil
}

func (api *API) get(c *fiber.Ctx) error {
	k := of(c)
	rec, _, err := k.Records.Get(c.UserContext(), k.actor, k.param("form"), k.param("id"))
	if err != nil {
		return err
	}
	return api.show(c, k, rec)
}

func (api *API) show(c *fiber.Ctx, k call, rec *record.Record) error {
	out, err := k.Records.Show(c.UserContext(), k.actor, rec)
	if err != nil {
		return err
	}
	return c.JSON(out)
}

// idempotencyKey reads the key that makes a repeat of a command harmless.
func idempotencyKey(c *fiber.Ctx) (string, error) {
	key := c.Get("Idempotency-Key")
	if len(key) > maxKey {
		return "", fault.Newf(fault.Malformed, "idempotency.key", "Idempotency-Key has at most %d characters", maxKey)
	}
	return key, nil
}

type saveBody struct {
	Rev    int64                      `json:"rev"`
	Set    map[string]json.RawMessage `json:"set"`
	Unset  []string                   `json:"unset"`
	Rows   map[string]record.RowPatch `json:"rows"`
	Submit bool                       `json:"submit"`
	Choose map[string][]string        `json:"choose"` // as in a createBody
}

func (api *API) save(c *fiber.Ctx) error {
	k := of(c)
	var in saveBody
	if err := httpkit.Body(c, &in); err != nil {
		return err
	}
	key, err := idempotencyKey(c)
	if err != nil {
		return err
	}
	rec, err := k.Records.Save(c.UserContext(), k.actor, k.Flow, k.param("form"), k.param("id"), record.SaveInput{Rev: in.Rev,
		Patch: record.Patch{Set: in.Set, Unset: in.Unset, Rows: in.Rows}, Submit: in.Submit, Key: key, Choose: in.Choose})
	if err != nil {
		return err
	}
	return api.show(c, k, rec)
}

func (api *API) remove(c *fiber.Ctx) error {
	k := of(c)
	rev, err := intQuery(c, "rev")
	if err != nil {
		return err
	}
	if err := k.Records.Delete(c.UserContext(), k.actor, k.param("form"), k.param("id"), int64(rev)); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

func (api *API) restore(c *fiber.Ctx) error {
	k := of(c)
	rec, err := k.Records.Restore(c.UserContext(), k.actor, k.param("form"), k.param("id"))
	if err != nil {
		return err
	}
	return api.show(c, k, rec)
}

func (api *API) trash(c *fiber.Ctx) error {
	k := of(c)
	items, next, err := k.Records.Trash(c.UserContext(), k.actor, k.param("form"), c.Query("cursor"))
	if err != nil {
		return err
	}
	return c.JSON(page{Items: items, Next: next})
}

// page is the answer of every list.
type page struct {
	Items   any             `json:"items"`
	Next    string          `json:"next_cursor,omitempty"`
	Display *record.Display `json:"display,omitempty"`
}

func (api *API) history(c *fiber.Ctx) error {
	k := of(c)
	rec, g, err := k.Records.Get(c.UserContext(), k.actor, k.param("form"), k.param("id"))
	if err != nil {
		return err
	}
	if !g.Ops[schema.OpHistory] && !g.Ops[schema.OpEdit] {
		return fault.New(fault.Forbidden, "record.history_forbidden", "you may not see the history of this record")
	}
	v := k.Records.NewViewer(k.actor)
	items, next, err := k.Records.History(c.UserContext(), v, rec, g, c.Query("cursor"))
	if err != nil {
		return err
	}
	names, err := v.Names(c.UserContext())
	if err != nil {
		return err
	}
	return c.JSON(page{Items: items, Next: next, Display: names})
}

func (api *API) comments(c *fiber.Ctx) error {
	k := of(c)
	items, next, names, err := k.Comments.List(c.UserContext(), k.actor, k.param("form"), k.param("id"), c.Query("cursor"))
	if err != nil {
		return err
	}
	return c.JSON(page{Items: items, Next: next, Display: names})
}

func (api *API) addComment(c *fiber.Ctx) error {
	k := of(c)
	var in comment.Input
	if err := httpkit.Body(c, &in); err != nil {
		return err
	}
	out, err := k.Comments.Add(c.UserContext(), k.actor, k.param("form"), k.param("id"), in)
	if err != nil {
		return err
	}
	return c.Status(fiber.StatusCreated).JSON(out)
}

func (api *API) options(c *fiber.Ctx) error {
	k := of(c)
	var data json.RawMessage
	if s := c.Query("data"); s != "" {
		if data = json.RawMessage(s); !json.Valid(data) {
			return fault.New(fault.Malformed, "query.data", "data is no JSON")
		}
	}
	items, next, names, err := k.Records.Options(c.UserContext(), k.actor, k.param("form"), k.param("field"), strings.TrimSpace(c.Query("q")), c.Query("cursor"), data)
	if err != nil {
		return err
	}
	return c.JSON(page{Items: items, Next: next, Display: names})
}

type evaluateBody struct {
	ID     string          `json:"id"` // the record being changed, "" = a new one
	Data   json.RawMessage `json:"data"`
	Fields []string        `json:"fields"` // the answer's data are limited to these and the subtables of these; none = all
}

func (api *API) evaluate(c *fiber.Ctx) error {
	k := of(c)
	var in evaluateBody
	if err := httpkit.Body(c, &in); err != nil {
		return err
	}
	out, err := k.Records.Evaluate(c.UserContext(), k.actor, k.param("form"), in.ID, in.Data)
	if err != nil {
		return err
	}
	if len(in.Fields) > 0 {
		maps.DeleteFunc(out.Data, func(key string, _ any) bool {
			return !slices.ContainsFunc(in.Fields, func(f string) bool { return f == key || strings.HasPrefix(f, key+".") })
		})
	}
	return c.JSON(out)
}

type predictBody struct {
	ID   string          `json:"id"` // the record being changed, "" = a new one
	Data json.RawMessage `json:"data"`
}

func (api *API) predict(c *fiber.Ctx) error {
	k := of(c)
	var in predictBody
	if err := httpkit.Body(c, &in); err != nil {
		return err
	}
	out, err := k.Flow.Predict(c.UserContext(), k.actor, k.param("form"), in.ID, in.Data)
	if err != nil {
		return err
	}
	return c.JSON(out)
}
