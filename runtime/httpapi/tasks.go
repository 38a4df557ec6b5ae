package httpapi

import (
	"errors"
	"slices"

	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/httpkit"
	"github.com/formwork-run/formwork/runtime/flow"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/task"
)

// maxBatch bounds one batch of tasks.
const maxBatch = 50

// Orders of a box.
const (
	orderNewest = "newest"
	orderUrgent = "urgent" // what is overdue or urged first, then by deadline
)

func (api *API) tasks(c *fiber.Ctx) error {
	k := of(c)
	limit, err := limitQuery(c)
	if err != nil {
		return err
	}
	order := c.Query("order", orderNewest)
	if order != orderNewest && order != orderUrgent {
		return fault.New(fault.Malformed, "task.order", "tasks are ordered by newest or urgent")
	}
	out, err := k.Tasks.List(c.UserContext(), k.actor, task.ListInput{Box: c.Query("box", task.Todo), App: c.Query("app"), Form: c.Query("form"), Q: c.Query("q"),
		Overdue: c.QueryBool("overdue"), Urgent: order == orderUrgent, Cursor: c.Query("cursor"), Limit: limit})
	if err != nil {
		return err
	}
	return c.JSON(out)
}

func (api *API) taskCount(c *fiber.Ctx) error {
	k := of(c)
	counts, err := k.Tasks.Count(c.UserContext(), k.actor)
	if err != nil {
		return err
	}
	counts["notices"], err = k.Notices.Unread(c.UserContext(), k.actor)
	if err != nil {
		return err
	}
	return c.JSON(counts)
}

// acted is the answer to every action in a flow.
type acted struct {
	Task   string      `json:"task,omitempty"`
	Case   *flow.View  `json:"case"`
	Record *record.Out `json:"record"`
}

func (api *API) taskAction(c *fiber.Ctx) error {
	k := of(c)
	action := k.param("action")
	if !slices.Contains(flow.TaskActions(), action) {
		return fault.Newf(fault.NotFound, "route.not_found", "there is no action %s", action)
	}
	var in flow.TaskInput
	if err := httpkit.OptionalBody(c, &in); err != nil {
		return err
	}
	key, err := idempotencyKey(c)
	if err != nil {
		return err
	}
	in.Key = key
	rec, err := k.Flow.Task(c.UserContext(), k.actor, k.param("id"), action, in)
	if err != nil {
		return err
	}
	return api.acted(c, k, k.param("id"), rec)
}

// acted answers with the case and the record as they are now. Whoever passed
// his task on may not see the record any more: then he gets neither.
func (api *API) acted(c *fiber.Ctx, k call, taskID string, rec *record.Record) error {
	out := acted{Task: taskID}
	view, err := k.Flow.ViewOf(c.UserContext(), k.actor, rec)
	if fault.KindOf(err) == fault.NotFound && err != nil {
		return c.JSON(out)
	}
	if err != nil {
		return err
	}
	out.Case = view
	if out.Record, err = k.Records.Show(c.UserContext(), k.actor, rec); err != nil {
		return err
	}
	return c.JSON(out)
}

type batchBody struct {
	Action string `json:"action"`
	Items  []struct {
		ID  string `json:"id"`
		Rev int64  `json:"rev"`
	} `json:"items"`
	Comment string `json:"comment"`
}

// batchActions are the decisions that can be taken for many tasks at once.
var batchActions = []string{"approve", "handle", "reject"}

func (in batchBody) check() error {
	if !slices.Contains(batchActions, in.Action) {
		return fault.New(fault.Malformed, "batch.action", "a batch approves, handles or rejects").At(fault.Field{Path: "/action", Code: "option", Message: "approve, handle or reject"})
	}
	if len(in.Items) == 0 || len(in.Items) > maxBatch {
		return fault.Newf(fault.Malformed, "batch.size", "a batch has 1 to %d tasks", maxBatch)
	}
	return nil
}

// batchResult is what came of one task of a batch: the status that it alone
// would have been answered with, and the problem, if any.
type batchResult struct {
	ID     string `json:"id"`
	OK     bool   `json:"ok"`
	Status int    `json:"status"`
	Code   string `json:"code,omitempty"`
	Detail string `json:"detail,omitempty"`
}

// taskBatch decides several tasks; each has a result of its own. With an
// idempotency key a repeat answers the same and does nothing twice.
func (api *API) taskBatch(c *fiber.Ctx) error {
	k := of(c)
	var in batchBody
	if err := httpkit.Body(c, &in); err != nil {
		return err
	}
	if err := in.check(); err != nil {
		return err
	}
	key, err := idempotencyKey(c)
	if err != nil {
		return err
	}
	out := make([]batchResult, 0, len(in.Items))
	for _, it := range in.Items {
		_, err := k.Flow.Task(c.UserContext(), k.actor, it.ID, in.Action, flow.TaskInput{Rev: it.Rev, Comment: in.Comment, Key: key})
		if err != nil && fault.KindOf(err) == fault.Internal {
			api.log.ErrorContext(c.UserContext(), "a task of a batch failed", "task", it.ID, "error", err)
			err = fault.New(fault.Internal, "internal", "something went wrong")
		}
		out = append(out, batchOf(it.ID, err, k.actor.Lang))
	}
	return c.JSON(fiber.Map{"items": out})
}

func batchOf(id string, err error, lang string) batchResult {
	r := batchResult{ID: id, OK: err == nil, Status: fiber.StatusOK}
	var e *fault.Error
	if errors.As(err, &e) {
		r.Status, r.Code, r.Detail = httpkit.StatusOf(err), e.Code, Text(lang, e.Code, e.Params)
		if r.Detail == "" {
			r.Detail = e.Message
		}
	}
	return r
}

func (api *API) caseView(c *fiber.Ctx) error {
	k := of(c)
	out, err := k.Flow.View(c.UserContext(), k.actor, k.param("id"))
	if err != nil {
		return err
	}
	return c.JSON(out)
}

func (api *API) caseAction(c *fiber.Ctx) error {
	k := of(c)
	action := k.param("action")
	if !slices.Contains(flow.CaseActions(), action) {
		return fault.Newf(fault.NotFound, "route.not_found", "there is no action %s", action)
	}
	var in flow.CaseInput
	if err := httpkit.OptionalBody(c, &in); err != nil {
		return err
	}
	key, err := idempotencyKey(c)
	if err != nil {
		return err
	}
	in.Key = key
	rec, err := k.Flow.Case(c.UserContext(), k.actor, k.param("id"), action, in)
	if err != nil {
		return err
	}
	return api.acted(c, k, "", rec)
}
