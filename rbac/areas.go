package rbac

import (
	"fmt"
	"slices"
	"strings"

	"github.com/casbin/casbin/v2"
)

// The planes of administration. A user has any number of them; the platform's
// is Subject.Admin.
const (
	PlanePlatform = "platform" // everything, data too
	PlaneOrg      = "org"      // users, departments, roles
	PlaneApp      = "app:"     // followed by an app: its design, and no data by it
	PlaneData     = "data:"    // followed by an app: all its data, and no design
)

// The areas that a plane administers. Those of an app are followed by its key.
const (
	AreaPlatform = "platform" // settings, keys, audit, jobs, who is an administrator
	AreaOrg      = "org"
	AreaDesign   = "design:"
	AreaData     = "data:"
)

// opAdminister is the operation on an area.
const opAdminister = "administer"

// areaRules are the policies of administration: which plane reaches which area.
// They are the same in every organisation; whether somebody has a plane is what
// the organisation says.
func areaRules(apps []string) rules {
	var r rules
	grant := func(member, group, area string) {
		r.policies = append(r.policies, []string{group, Administration, area, opAdminister})
		r.members = append(r.members, []string{member, group, Administration})
	}
	grant(memberAdmin, "platform_administrators", "*")
	grant(memberPlane+PlaneOrg, "organisation_administrators", AreaOrg)
	for _, app := range apps {
		grant(memberPlane+PlaneApp+app, "app_administrators:"+app, AreaDesign+app)
		grant(memberPlane+PlaneData+app, "data_administrators:"+app, AreaData+app)
	}
	return r
}

// areaEngine is the enforcer of administration with its answers by member.
type areaEngine struct {
	rules   rules
	answers map[string][]string // member → areas
	known   []string
}

func newAreaEngine(r rules) (*areaEngine, error) {
	enforcer, err := newEnforcer(r)
	if err != nil {
		return nil, err
	}
	a := &areaEngine{rules: r, answers: map[string][]string{}, known: []string{AreaPlatform, AreaOrg}}
	for _, p := range r.policies {
		if area := p[2]; area != "*" && !slices.Contains(a.known, area) {
			a.known = append(a.known, area)
		}
	}
	// For every app both areas are asked, also where a policy was taken away.
	for _, area := range slices.Clone(a.known) {
		if app, ok := strings.CutPrefix(area, AreaDesign); ok && !slices.Contains(a.known, AreaData+app) {
			a.known = append(a.known, AreaData+app)
		}
	}
	for _, m := range r.members {
		if err := a.ask(enforcer, m[0], m[1]); err != nil {
			return nil, err
		}
	}
	return a, nil
}

func (a *areaEngine) ask(e *casbin.Enforcer, member, group string) error {
	for _, area := range a.known {
		ok, err := e.Enforce(member, Administration, group, area, opAdminister)
		if err != nil {
			return fmt.Errorf("rbac: enforce: %w", err)
		}
		if ok && !slices.Contains(a.answers[member], area) {
			a.answers[member] = append(a.answers[member], area)
		}
	}
	return nil
}

// of are the areas that a subject administers.
func (a *areaEngine) of(s *Subject) map[string]bool {
	out := map[string]bool{}
	if a == nil || s.User == "" {
		return out
	}
	for member, areas := range a.answers {
		if !s.is(member) {
			continue
		}
		for _, area := range areas {
			out[area] = true
		}
	}
	return out
}

// Administers reports whether the subject administers an area: AreaPlatform,
// AreaOrg, AreaDesign or AreaData followed by an app's key. Whoever administers the
// platform administers every area, also of an app that is not published yet.
func (p *Plan) Administers(area string) bool { return p.areas[area] || p.areas[AreaPlatform] }

// AdministersAny reports whether he administers an area of some app: AreaDesign or AreaData.
func (p *Plan) AdministersAny(kind string) bool {
	for area := range p.areas {
		if strings.HasPrefix(area, kind) {
			return true
		}
	}
	return p.areas[AreaPlatform]
}

// AllPlanes are the planes of administration a subject has, sorted; the platform's
// too. Never nil.
func (s *Subject) AllPlanes() []string {
	out := append([]string{}, s.Planes...)
	if s.Admin {
		out = append(out, PlanePlatform)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
