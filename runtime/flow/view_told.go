package flow

import (
	"strings"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/formula"
)

// reason is why a node was passed: a code, or at a branch the condition that held.
func (r renderer) reason(p engine.PathNode) string {
	if p.Type == schema.NodeCondition || p.Type == schema.NodeInclusive {
		return r.told(p.Reason)
	}
	return p.Reason
}

// told leaves out the condition of a branch that reads a field which the reader
// may not: that it held would tell him what the field holds.
func (r renderer) told(when string) string {
	if when == "" || when == otherwise {
		return when
	}
	p, errs := formula.Compile(when, r.rec.Form.Env, formula.Type{Kind: formula.Bool})
	if len(errs) > 0 { // it was published, and so compiles; else it is a code
		if strings.Trim(when, "abcdefghijklmnopqrstuvwxyz_") == "" {
			return when
		}
		return ""
	}
	for _, dep := range p.Deps() {
		key, column, _ := strings.Cut(dep, ".")
		f := r.rec.Form.Def.Field(key)
		switch {
		case f == nil: // sys, case, USER
		case r.g.Of(key) < rbac.FieldRead, f.Type == schema.TypeSubtable && column != "" && r.g.Of(dep) < rbac.FieldRead:
			return ""
		}
	}
	return when
}
