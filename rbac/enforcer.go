package rbac

import (
	"fmt"
	"slices"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"
)

// modelText is RBAC with domains (an app is a domain). The request also names
// the group it is about, so that one question has one answer per group and the
// plan knows whose rows and fields apply. The matcher compares strings first
// and asks for membership last: that is what makes a question cheap.
const modelText = `
[request_definition]
r = sub, dom, grp, obj, act
[policy_definition]
p = sub, dom, obj, act
[role_definition]
g = _, _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.grp == p.sub && (p.act == r.act || p.act == "*") && (p.obj == r.obj || p.obj == "*") && r.dom == p.dom && g(r.sub, p.sub, r.dom)
`

// rules are the policies of one app in the words of the enforcer.
type rules struct {
	policies [][]string // group, app, form, operation
	members  [][]string // member, group, app
}

// newEnforcer builds an enforcer that is never changed afterwards: casbin's
// enforcers are not safe to change while they are asked.
func newEnforcer(r rules) (*casbin.Enforcer, error) {
	m, err := model.NewModelFromString(modelText)
	if err != nil {
		return nil, fmt.Errorf("rbac: model: %w", err)
	}
	e, err := casbin.NewEnforcer(m)
	if err != nil {
		return nil, fmt.Errorf("rbac: enforcer: %w", err)
	}
	if _, err := e.AddPoliciesEx(r.policies); err != nil {
		return nil, fmt.Errorf("rbac: policies: %w", err)
	}
	if _, err := e.AddGroupingPoliciesEx(r.members); err != nil {
		return nil, fmt.Errorf("rbac: members: %w", err)
	}
	return e, nil
}

// list is what Engine.Policies answers.
func (r rules) list() [][]string {
	var out [][]string
	for _, p := range r.policies {
		out = append(out, append([]string{"p"}, p...))
	}
	for _, g := range r.members {
		out = append(out, append([]string{"g"}, g...))
	}
	return out
}

// without leaves one rule out, which must be there.
func (r rules) without(rule []string) (rules, error) {
	if len(rule) < 2 {
		return r, noPolicy("", rule)
	}
	drop := func(list [][]string) [][]string {
		return slices.DeleteFunc(slices.Clone(list), func(x []string) bool { return slices.Equal(x, rule[1:]) })
	}
	less := r
	if rule[0] == "p" {
		less.policies = drop(r.policies)
	} else {
		less.members = drop(r.members)
	}
	if len(less.policies) == len(r.policies) && len(less.members) == len(r.members) {
		return r, noPolicy(r.policies[0][1], rule)
	}
	return less, nil
}
