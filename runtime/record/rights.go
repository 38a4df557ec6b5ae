package record

import (
	"slices"
	"strings"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/catalog"
)

// Rights are what one actor may do with one record. They add up from three
// sources: the access groups that match the record, his place in the flow, and
// — while he fills it himself — what a creator may write at the start node.
type Rights struct {
	Visible bool
	Ops     map[string]bool
	Require []string // fields required at his node
	Node    string   // his node, "" when nothing is open to him

	groups *fieldSource // nil: no group lets him see it
	node   *fieldSource // nil: he has no part in the flow
	start  *fieldSource // nil: he is not filling it
	known  *knownRights // rights worked out already; one request's own
}

// fieldSource is one source of field rights.
type fieldSource struct {
	fields  rbac.Fields        // of access groups; unused when onlyNode
	node    *schema.NodeFields // of a flow node, nil = no limit
	grants  bool               // the node itself grants reading and writing
	writing bool               // writing is open at all
}

func newRights() Rights {
	return Rights{Ops: map[string]bool{}, known: &knownRights{}}
}

// recordOps are the operations a record can offer, apart from flow actions.
var recordOps = []string{schema.OpView, schema.OpEdit, schema.OpDelete, schema.OpExport, schema.OpPrint, schema.OpComment,
	schema.OpShare, schema.OpHistory, schema.OpRestore, schema.OpBatchEdit, schema.OpTransfer, schema.OpApprove, schema.OpReveal}

// What whoever fills a draft may do with it, and whoever has a part in its flow.
var (
	authorOps = []string{schema.OpView, schema.OpEdit, schema.OpDelete}
	partOps   = []string{schema.OpView, schema.OpComment, schema.OpPrint}
)

// RightsOn decides everything an actor may do with a record.
func RightsOn(a *tenant.Actor, r *Record) Rights {
	plan := a.Plan.Form(r.Ref())
	g := newRights()
	if r.State() == StateDeleted {
		return g // it is on its way to the trash
	}
	if r.State() == StateDraft {
		if r.CreatedBy() != a.User || !plan.Reaches(schema.OpView) {
			return g
		}
		g.asAuthor(a, plan, r)
		g.start.writing = plan.Reaches(schema.OpEdit)
		g.grant(plan, authorOps)
		return g
	}
	if plan.Allows(schema.OpView, r.Doc) {
		g.Visible = true
		for _, op := range recordOps {
			if plan.Allows(op, r.Doc) {
				g.Ops[op] = true
			}
		}
		for _, b := range r.Form.Def.Buttons {
			if op := schema.ButtonOp(b.Key); plan.Allows(op, r.Doc) {
				g.Ops[op] = true
			}
		}
		g.groups = &fieldSource{fields: plan.Fields(r.Doc), writing: g.Ops[schema.OpEdit]}
	}
	g.inFlow(a, plan, r)
	return g
}

// inFlow adds what the actor's place in the flow gives.
func (g *Rights) inFlow(a *tenant.Actor, plan *rbac.FormPlan, r *Record) {
	if !r.HasCase() || r.Form.Flow == nil || !plan.Reaches(schema.OpView) {
		return
	}
	node, id, open, ok := r.Form.Flow.Rights(r.Case, a.User)
	if !ok {
		return
	}
	g.grant(plan, partOps)
	open = open && plan.Reaches(schema.OpEdit)
	if r.Case.Initiator == a.User && isStart(r, id) && plan.Can(schema.OpCreate) {
		g.asAuthor(a, plan, r)
		g.start.writing = open
		if !open {
			g.Node, g.Require = "", nil
		}
		return
	}
	g.node = &fieldSource{node: &node, grants: true, writing: open}
	if open {
		g.Node, g.Require = id, node.Require
	}
}

// isStart: the initiator who has no other part sees no more than what a creator
// may: a flow opens nothing to him that his access groups hide.
func isStart(r *Record, node string) bool {
	n := r.Form.Flow.Def.Node(node)
	return n == nil || n.Type == schema.NodeStart
}

// Creation are the rights over a record that the actor is about to make.
func Creation(a *tenant.Actor, f *catalog.Form) Rights {
	g := newRights()
	g.asAuthor(a, a.Plan.Form(f.Ref()), &Record{Form: f})
	return g
}

// RowOps are the row operations that are open, by subtable.
func (g Rights) RowOps(f *schema.Form) map[string][]string {
	out := map[string][]string{}
	for _, fd := range f.Fields {
		if fd.Type != schema.TypeSubtable {
			continue
		}
		ops := []string{}
		for _, op := range schema.RowOperations() {
			if g.RowOp(fd.Key, op) {
				ops = append(ops, op)
			}
		}
		out[fd.Key] = ops
	}
	return out
}

// asAuthor: whoever fills the record writes what a creator may, within the start node.
func (g *Rights) asAuthor(a *tenant.Actor, plan *rbac.FormPlan, r *Record) {
	g.Visible = true
	g.start = &fieldSource{fields: plan.Fields(nil), writing: true}
	if r.Form.Flow == nil {
		return
	}
	c := r.Case
	if c.State == "" {
		c.State, c.Initiator = engine.Draft, a.User
	}
	if node, id, _, ok := r.Form.Flow.Rights(c, a.User); ok {
		g.start.node, g.Node, g.Require = &node, id, node.Require
	}
}

// grant gives operations besides the plan's, as far as the credential reaches.
func (g *Rights) grant(plan *rbac.FormPlan, ops []string) {
	g.Visible = true
	for _, op := range ops {
		if plan.Reaches(op) {
			g.Ops[op] = true
		}
	}
}

// Of is the right over a field, "amount" or "lines.qty": the widest any source gives.
func (g Rights) Of(path string) rbac.FieldRight {
	return g.known.of(path, g.widest)
}

// widest is the most that any of the sources gives over a field.
func (g Rights) widest(path string) rbac.FieldRight {
	return max(g.groups.of(path), g.node.of(path), g.start.of(path))
}

func (s *fieldSource) of(path string) rbac.FieldRight {
	if s == nil {
		return rbac.FieldHidden
	}
	right := rbac.FieldWrite
	if !s.grants {
		right = s.fields.Of(path)
	}
	if s.node != nil {
		right = min(right, s.atNode(path))
	}
	if !s.writing {
		right = min(right, rbac.FieldRead)
	}
	return right
}

// atNode is what the node lets somebody do with a field. A subtable of which
// single columns are open is itself open: its rows are written through it.
func (s *fieldSource) atNode(path string) rbac.FieldRight {
	if hides(*s.node, path) {
		return rbac.FieldHidden
	}
	if s.node.Edits(path) {
		return rbac.FieldWrite
	}
	if slices.ContainsFunc(s.node.Edit, func(n string) bool { return strings.HasPrefix(n, path+".") }) {
		return rbac.FieldWrite
	}
	return rbac.FieldRead
}

// Readable reports whether the field may be seen, at least masked.
func (g Rights) Readable(path string) bool { return g.Of(path) > rbac.FieldHidden }

// Writable reports whether the field may be written now.
func (g Rights) Writable(path string) bool { return g.Of(path) == rbac.FieldWrite }

// RowOp reports whether rows of a subtable may be added, edited or deleted.
func (g Rights) RowOp(subtable, op string) bool {
	return g.groups.row(subtable, op) || g.node.row(subtable, op) || g.start.row(subtable, op)
}

func (s *fieldSource) row(subtable, op string) bool {
	if s.of(subtable) != rbac.FieldWrite {
		return false
	}
	if s.node != nil {
		if ops, ok := s.node.Rows[subtable]; ok && !slices.Contains(ops, op) {
			return false
		}
	}
	if s.grants {
		// A node that opens single columns opens no adding or deleting of rows by that.
		return op == "edit" || s.node.Edits(subtable)
	}
	ops, ok := s.fields.Rows[subtable]
	return !ok || slices.Contains(ops, op)
}
