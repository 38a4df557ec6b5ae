package engine

import (
	"strconv"

	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/formula"
)

// Flow is a compiled flow definition; immutable.
type Flow struct {
	Def *schema.Flow
	top []*place
	// places finds a node by id; order lists them as people read the flow.
	places map[string]*place
	order  []*place
	dates  map[string]dateField        // date fields that deadlines and delays name
	people map[string]*formula.Program // formulas that name people, by their text
}

// at finds the place of a node. A node that a migration has dropped has an
// empty one, that belongs to no list and shows nobody anything.
func (f *Flow) at(id string) *place {
	if p, ok := f.places[id]; ok {
		return p
	}
	return &place{node: &schema.Node{ID: id, Fields: schema.NodeFields{Hide: []string{schema.FieldsAll}}}, index: -1}
}

// place is a node at its position in the tree.
type place struct {
	node     *schema.Node
	list     []*place // the list it stands in
	index    int      // its position there
	up       *place   // the branch node around it, nil = top
	branch   int      // which branch of up
	pointer  string   // JSON pointer in the definition
	branches [][]*place
	when     []condition // per branch of a condition or inclusive node; nil for otherwise
	until    *formula.Program
	does     behaviour
}

// condition is a compiled branch formula.
type condition interface {
	EvalBool(*formula.Context, formula.Vars) (bool, error)
}

// behaviour is what a node type does. There is one file per type.
type behaviour interface {
	// arrive runs a visit that has just been opened; it leaves it open to wait.
	arrive(r *run, p *place, visit int)
	// joined is told that one branch of an open visit has come to its end.
	joined(r *run, p *place, visit int)
}

// leaf is embedded by node types without branches.
type leaf struct{}

func (leaf) joined(*run, *place, int) {}

// behaviourOf returns nil for an unknown type, which the publish check refuses.
func behaviourOf(t schema.NodeType) behaviour {
	switch t {
	case schema.NodeStart:
		return startNode{}
	case schema.NodeApprove:
		return approveNode{}
	case schema.NodeHandle:
		return handleNode{}
	case schema.NodeCC:
		return ccNode{}
	case schema.NodeCondition:
		return conditionNode{}
	case schema.NodeInclusive:
		return inclusiveNode{}
	case schema.NodeParallel:
		return parallelNode{}
	case schema.NodeSubflow, schema.NodeData, schema.NodeCall:
		return workNode{}
	case schema.NodeDelay:
		return delayNode{}
	case schema.NodeEnd:
		return endNode{}
	}
	return nil
}

// lay indexes a list of nodes and everything below it.
func (f *Flow) lay(nodes []*schema.Node, up *place, branch int, pointer string) []*place {
	list := make([]*place, len(nodes))
	for i, n := range nodes {
		p := &place{node: n, list: list, index: i, up: up, branch: branch,
			pointer: pointer + "/nodes/" + strconv.Itoa(i), does: behaviourOf(n.Type)}
		list[i] = p
		f.places[n.ID] = p
		f.order = append(f.order, p)
		for b := range n.Branches {
			at := p.pointer + "/branches/" + strconv.Itoa(b)
			p.branches = append(p.branches, f.lay(n.Branches[b].Nodes, p, b, at))
		}
	}
	return list
}

// human reports whether people decide or do something at the node.
func (p *place) human() bool {
	return p.node.Type == schema.NodeApprove || p.node.Type == schema.NodeHandle
}

// maybe reports that a condition decides whether the node is reached.
func (p *place) maybe() bool {
	for up := p.up; up != nil; up = up.up {
		if up.node.Type != schema.NodeParallel {
			return true
		}
	}
	return false
}
