package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/internal/httpkit"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
)

// adminRoutes are for administrators: who is in the organisation, who holds
// which role, what reaches it from outside. Every change is noted in the audit log.
func (api *API) adminRoutes() []httpkit.Route {
	const admin, people, base = httpkit.Admin, httpkit.OrgAdmin, "/api/admin/v1"
	return []httpkit.Route{
		{Method: "GET", Path: base + "/users", Handler: api.listUsers, Need: people},
		{Method: "POST", Path: base + "/users", Handler: api.createUser, Need: people},
		{Method: "GET", Path: base + "/users/:id", Handler: api.getUser, Need: people},
		{Method: "PATCH", Path: base + "/users/:id", Handler: api.patchUser, Need: people},
		{Method: "POST", Path: base + "/users/:id/leave", Handler: api.leaveUser, Need: people},
		{Method: "POST", Path: base + "/users/:id/password-link", Handler: api.passwordLink, Need: people},
		{Method: "DELETE", Path: base + "/users/:id/sessions", Handler: api.endUserSessions, Need: people},

		{Method: "GET", Path: base + "/depts", Handler: api.listDepts, Need: people},
		{Method: "POST", Path: base + "/depts", Handler: api.createDept, Need: people},
		{Method: "PATCH", Path: base + "/depts/:id", Handler: api.patchDept, Need: people},
		{Method: "DELETE", Path: base + "/depts/:id", Handler: api.deleteDept, Need: people},

		{Method: "GET", Path: base + "/roles", Handler: api.listRoles, Need: people},
		{Method: "PUT", Path: base + "/roles/:id", Handler: api.putRole, Need: people},

		{Method: "GET", Path: base + "/explain", Handler: api.explainAdmin, Need: httpkit.DataAdmin},

		{Method: "GET", Path: base + "/phrases", Handler: api.commonPhrases, Need: admin},
		{Method: "PUT", Path: base + "/phrases", Handler: api.putCommonPhrases, Need: admin},
		{Method: "GET", Path: base + "/calendars", Handler: api.calendars, Need: admin},
		{Method: "GET", Path: base + "/calendars/:key", Handler: api.getCalendar, Need: admin},
		{Method: "PUT", Path: base + "/calendars/:key", Handler: api.putCalendar, Need: admin},
		{Method: "DELETE", Path: base + "/calendars/:key", Handler: api.deleteCalendar, Need: admin},

		{Method: "POST", Path: base + "/flows/:form/stats/rebuild", Handler: api.rebuildStats, Need: admin},
		{Method: "GET", Path: base + "/secrets", Handler: api.secrets, Need: admin},
		{Method: "PUT", Path: base + "/secrets/:name", Handler: api.putSecret, Need: admin},
		{Method: "DELETE", Path: base + "/secrets/:name", Handler: api.deleteSecret, Need: admin},

		{Method: "GET", Path: base + "/keys", Handler: api.listKeys, Need: admin},
		{Method: "POST", Path: base + "/keys", Handler: api.createKey, Need: admin},
		{Method: "DELETE", Path: base + "/keys/:id", Handler: api.deleteKey, Need: admin},

		{Method: "GET", Path: base + "/settings", Handler: api.getSettings, Need: admin},
		{Method: "PATCH", Path: base + "/settings", Handler: api.patchSettings, Need: admin},

		{Method: "GET", Path: base + "/audit", Handler: api.audit, Need: admin},
		{Method: "GET", Path: base + "/jobs", Handler: api.deadJobs, Need: admin},
		{Method: "POST", Path: base + "/jobs/:id/retry", Handler: api.retryJob, Need: admin},
	}
}

// note writes an act of the caller into the audit log.
func (k call) note(action string, detail map[string]any) error {
	return k.Audit.Note(k.UserContext(), k.actor.User, action, httpkit.Addr(k.Ctx), detail)
}

// orgChanged makes a change of the organisation hold on this node at once, for
// plans too, and notes it.
func (k call) orgChanged(action string, detail map[string]any) error {
	if err := k.Changed(k.UserContext(), tenant.SignalOrg); err != nil {
		return err
	}
	return k.note(action, detail)
}

// display names the users and departments of an answer.
func (k call) display(users, depts []string) *record.Display {
	d := &record.Display{Users: map[string]string{}, Depts: map[string]string{}, Roles: map[string]string{}, Records: map[string]string{}}
	for into, ids := range map[string][]string{"users": users, "depts": depts} {
		for _, id := range ids {
			name := k.Org.Name(into, id)
			switch {
			case name == "":
			case into == "users":
				d.Users[id] = name
			default:
				d.Depts[id] = name
			}
		}
	}
	return d
}

// answer is one thing with the names it mentions.
type answer struct {
	Item    any             `json:"item"`
	Display *record.Display `json:"display"`
}

// set replaces a value when the body has one.
func set[T any](into *T, v *T) bool {
	if v == nil {
		return false
	}
	*into = *v
	return true
}

// list is a list of texts as the audit log stores it.
func list(values []string) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = v
	}
	return out
}

func created(c *fiber.Ctx, v any) error { return c.Status(fiber.StatusCreated).JSON(v) }
