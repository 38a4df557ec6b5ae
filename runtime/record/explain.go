package record

import (
	"slices"

	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/catalog"
)

// Why explains a decision about one record: the first reason decides.
type Why struct {
	Allowed bool
	Right   rbac.FieldRight // of a field
	Reasons []rbac.Reason
}

// ExplainOp says why an actor may do an operation with a record, or not. It
// agrees with RightsOn; create and import are about the form.
func ExplainOp(a *tenant.Actor, r *Record, op string) Why {
	plan := a.Plan.Form(r.Ref())
	if r.State() == StateDeleted {
		return why(rbac.Reason{Code: rbac.ReasonDeleted, Op: op})
	}
	if op == schema.OpCreate || op == schema.OpImport {
		return why(plan.Explain(op, nil)...)
	}
	if r.State() == StateDraft {
		return why(explainDraft(a, plan, r, op))
	}
	reasons := plan.Explain(op, r.Doc)
	if part, ok := explainPart(a, plan, r, op); ok {
		if part.Allowed && !reasons[0].Allowed {
			reasons = slices.Insert(reasons, 0, part)
		} else {
			reasons = append(reasons, part)
		}
	}
	return why(reasons...)
}

func why(reasons ...rbac.Reason) Why {
	return Why{Allowed: reasons[0].Allowed, Right: reasons[0].Right, Reasons: reasons}
}

func explainDraft(a *tenant.Actor, plan *rbac.FormPlan, r *Record, op string) rbac.Reason {
	switch {
	case r.CreatedBy() != a.User:
		return rbac.Reason{Code: rbac.ReasonDraft, Op: op}
	case !plan.Reaches(schema.OpView) || !plan.Reaches(op):
		return rbac.Reason{Code: rbac.ReasonKey, Op: op}
	}
	return rbac.Reason{Code: rbac.ReasonAuthor, Op: op, Allowed: slices.Contains(authorOps, op)}
}

// explainPart says what the actor's place in the flow gives; ok is false when he has none.
func explainPart(a *tenant.Actor, plan *rbac.FormPlan, r *Record, op string) (rbac.Reason, bool) {
	if !r.HasCase() || r.Form.Flow == nil || !plan.Reaches(schema.OpView) {
		return rbac.Reason{}, false
	}
	_, node, _, ok := r.Form.Flow.Rights(r.Case, a.User)
	if !ok {
		return rbac.Reason{}, false
	}
	out := rbac.Reason{Code: rbac.ReasonFlowNot, Op: op, Node: nodeText(r, node)}
	if slices.Contains(partOps, op) && plan.Reaches(op) {
		out.Allowed, out.Code = true, rbac.ReasonFlowPart
	}
	return out, true
}

func nodeText(r *Record, id string) schema.Text {
	if n := r.Form.Flow.Def.Node(id); n != nil && len(n.Title) > 0 {
		return n.Title
	}
	return schema.Plain(id)
}

// ExplainField says why an actor has the right he has over a field of a record,
// "amount" or "lines.qty": one reason per source, the widest first. Allowed means
// that he may read it. It agrees with RightsOn, but for a field that nobody writes.
func ExplainField(a *tenant.Actor, r *Record, path string) Why {
	g, plan := RightsOn(a, r), a.Plan.Form(r.Ref())
	var reasons []rbac.Reason
	if g.groups != nil {
		reasons = plan.ExplainField(path, r.Doc)
	}
	if g.node != nil {
		reasons = append(reasons, atNode(g.node.of(path), path, g.partNode(a, r)))
	}
	if g.start != nil {
		right := g.start.of(path)
		reasons = append(reasons, rbac.Reason{Code: rbac.ReasonAuthorField, Field: path, Right: right, Allowed: right >= rbac.FieldRead})
	}
	slices.SortStableFunc(reasons, func(x, y rbac.Reason) int { return int(y.Right) - int(x.Right) })
	if len(reasons) == 0 {
		reasons = append(reasons, rbac.Reason{Code: rbac.ReasonNotVisible, Field: path})
	}
	return computed(r, path, why(reasons...))
}

// ExplainNew says what right an actor has over a field of a record that he would make.
func ExplainNew(a *tenant.Actor, f *catalog.Form, path string) Why {
	g := Creation(a, f)
	reasons := a.Plan.Form(f.Ref()).ExplainField(path, nil)
	if right := g.Of(path); right < reasons[0].Right && g.start.node != nil {
		start := &Record{Form: f}
		reasons = append([]rbac.Reason{atNode(right, path, nodeText(start, g.Node))}, reasons...)
	}
	return computed(&Record{Form: f}, path, why(reasons...))
}

func atNode(right rbac.FieldRight, path string, node schema.Text) rbac.Reason {
	return rbac.Reason{Code: rbac.ReasonFlowField, Field: path, Right: right, Allowed: right >= rbac.FieldRead, Node: node}
}

func (g Rights) partNode(a *tenant.Actor, r *Record) schema.Text {
	_, node, _, _ := r.Form.Flow.Rights(r.Case, a.User)
	return nodeText(r, node)
}

// computed puts first that nobody writes the field.
func computed(r *Record, path string, w Why) Why {
	f := r.Form.FieldAt(path)
	if f == nil || f.Writable() || w.Right != rbac.FieldWrite {
		return w
	}
	w.Right = rbac.FieldRead
	w.Reasons = slices.Insert(w.Reasons, 0, rbac.Reason{Code: rbac.ReasonComputed, Field: path, Right: w.Right, Allowed: true})
	return w
}
