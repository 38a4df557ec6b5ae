package httpapi

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/audit"
)

// maxExport bounds the lines of one export; what is behind comes with from.
const maxExport = 100_000

// auditQuery reads what part of the log is asked for.
func auditQuery(c *fiber.Ctx) (audit.Query, error) {
	q := audit.Query{By: c.Query("by"), Form: c.Query("form"), Record: c.Query("record"), IP: c.Query("ip"), Text: c.Query("q"), Cursor: c.Query("cursor")}
	for _, word := range strings.Split(c.Query("action"), ",") {
		if word = strings.TrimSpace(word); word != "" {
			q.Action = append(q.Action, word)
		}
	}
	if len(q.Action) > maxIDs {
		return q, fault.New(fault.Malformed, "list.filter", "too many actions")
	}
	for name, into := range map[string]*time.Time{"from": &q.From, "to": &q.To} {
		text := c.Query(name)
		if text == "" {
			continue
		}
		t, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return q, fault.Newf(fault.Malformed, "list.value", "%s is no time in RFC 3339", name).
				At(fault.Field{Path: "/" + name, Code: "format", Message: "a time such as 2026-11-22T00:00:00Z is needed"})
		}
		*into = t
	}
	var err error
	q.Limit, err = limitQuery(c)
	return q, err
}

func (api *API) audit(c *fiber.Ctx) error {
	k := of(c)
	q, err := auditQuery(c)
	if err != nil {
		return err
	}
	items, next, err := k.Audit.List(c.UserContext(), q)
	if err != nil {
		return err
	}
	users := []string{}
	for _, e := range items {
		users = append(users, e.By)
		if u, ok := e.Detail["user"].(string); ok {
			users = append(users, u)
		}
	}
	return c.JSON(page{Items: items, Next: next, Display: k.display(users, nil)})
}

// auditExport answers with a file of the entries that are asked for.
func (api *API) auditExport(c *fiber.Ctx) error {
	k := of(c)
	q, err := auditQuery(c)
	if err != nil {
		return err
	}
	format := c.Query("format", audit.NDJSON)
	var out bytes.Buffer
	n, err := k.Audit.Export(c.UserContext(), &out, format, q, maxExport)
	if err != nil {
		return err
	}
	if err := k.note("audit.exported", map[string]any{"format": format, "entries": int64(n)}); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, map[string]string{audit.NDJSON: "application/x-ndjson", audit.CSV: "text/csv; charset=utf-8"}[format])
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf(`attachment; filename="audit-%s-%s.%s"`, k.ID, time.Now().UTC().Format("20060102"), format))
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Send(out.Bytes())
}

func (api *API) auditHead(c *fiber.Ctx) error {
	k := of(c)
	head, err := k.Audit.Head(c.UserContext())
	if err != nil {
		return err
	}
	return c.JSON(head)
}

// ActionOut is something that the log knows, for the choices of a filter.
type ActionOut struct {
	Action string `json:"action"` // "" = all of the kind
	Kind   string `json:"kind"`
	Title  string `json:"title"`
}

func (api *API) auditActions(c *fiber.Ctx) error {
	k := of(c)
	out := []ActionOut{}
	for _, kind := range audit.Kinds() {
		out = append(out, ActionOut{Kind: kind, Title: actionTitle(k.actor.Lang, kind)})
		for _, a := range actionsOf(kind) {
			out = append(out, ActionOut{Action: a, Kind: kind, Title: actionTitle(k.actor.Lang, a)})
		}
	}
	return c.JSON(page{Items: out})
}
