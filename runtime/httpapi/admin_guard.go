package httpapi

import (
	"fmt"
	"slices"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/rbac/org"
)

// Whoever administers the organisation, and not the platform, reaches no further
// than he stands: he touches no platform administrator, gives or takes no plane that
// he has not, lets himself into no account that has one, and raises no right of his own.

// guardUser refuses to change a platform administrator.
func (k call) guardUser(u org.User) error {
	if u.Admin && !k.actor.Plan.Administers(rbac.AreaPlatform) {
		return fault.New(fault.Forbidden, "org.protected", "only a platform administrator changes a platform administrator")
	}
	return nil
}

// guardAccount refuses whatever would let the caller into an account, or shut its
// owner out, where it is on a plane that the caller is not on.
func (k call) guardAccount(u org.User) error {
	if err := k.guardUser(u); err != nil {
		return err
	}
	if i := slices.IndexFunc(u.Planes, func(p string) bool { return !k.onPlane(p) }); i >= 0 {
		return fault.New(fault.Forbidden, "org.protected", "this account administers what you do not").With("plane", u.Planes[i])
	}
	return nil
}

func (k call) onPlane(plane string) bool {
	return k.actor.Plan.Administers(rbac.AreaPlatform) || slices.Contains(k.actor.Planes, plane)
}

// guardPlanes refuses to give or take a plane that the caller is not on.
func (k call) guardPlanes(was, is org.User) error {
	var found []fault.Field
	if was.Admin != is.Admin && !k.actor.Plan.Administers(rbac.AreaPlatform) {
		found = append(found, fault.Field{Path: "/admin", Code: "plane", Message: "only a platform administrator gives or takes this"})
	}
	for i, p := range is.Planes {
		if !slices.Contains(was.Planes, p) && !k.onPlane(p) {
			found = append(found, fault.Field{Path: fmt.Sprintf("/planes/%d", i), Code: "plane", Message: "you are not on this plane", Params: map[string]any{"plane": p}})
		}
	}
	for _, p := range was.Planes {
		if !slices.Contains(is.Planes, p) && !k.onPlane(p) {
			found = append(found, fault.Field{Path: "/planes", Code: "plane", Message: "you are not on the plane " + p, Params: map[string]any{"plane": p}})
		}
	}
	if len(found) == 0 {
		return nil
	}
	return fault.New(fault.Forbidden, "org.plane", "you can give and take only planes of administration that you are on").At(found...)
}

// guardRaise refuses a change of the organisation that raises the caller's own
// rights, be it by what access groups would mean by the names of departments.
func (k call) guardRaise(next *org.Snapshot) error {
	if k.actor.Plan.Administers(rbac.AreaPlatform) {
		return nil
	}
	now := k.Org.Snapshot()
	if err := now.CheckRaise(k.actor.User, next); err != nil {
		return err
	}
	was, err := now.Subject(k.actor.User)
	if err != nil {
		return err
	}
	is, err := next.Subject(k.actor.User)
	if err == nil && k.MeansMore(was, is) != "" { // who leaves is no subject, and gains nothing
		return org.OwnRights()
	}
	return nil
}
