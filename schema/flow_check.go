package schema

import (
	"slices"
	"strconv"
	"strings"
)

// Check finds what is wrong with the flow in itself, without its form. Every
// problem is returned, with paths like "flows/leave#/nodes/1/who/0".
func (f *Flow) Check() []Problem {
	c := &flowCheck{flow: f, ids: map[string]bool{}}
	if !keyPattern.MatchString(f.Key) {
		c.add("/key", "key", strconv.Quote(f.Key)+" is not a key")
	}
	if f.Form == "" {
		c.add("/form", "required", "a flow names its form")
	}
	if len(f.Nodes) == 0 || f.Nodes[0] == nil || f.Nodes[0].Type != NodeStart {
		c.add("/nodes", "start_missing", "a flow begins with a start node")
	}
	c.nodes(f.Nodes, "", block{})
	if c.count > MaxFlowNodes {
		c.add("/nodes", "too_many_nodes", "a flow has at most "+strconv.Itoa(MaxFlowNodes)+" nodes", "max", MaxFlowNodes)
	}
	c.earlier(f.Nodes, "", map[string]bool{})
	c.settings()
	return c.problems
}

// flowCheck collects what is wrong with the shape of a flow.
type flowCheck struct {
	flow     *Flow
	ids      map[string]bool
	count    int
	problems []Problem
}

// block is what surrounds a node.
type block struct {
	depth    int
	parallel bool // inside a parallel or inclusive node, at any depth
}

func (c *flowCheck) add(at, code, message string, params ...any) {
	f := issue("", code, message, params...)
	c.problems = append(c.problems, Problem{Path: c.flow.Pointer(at), Code: code, Message: message, Params: f.Params})
}

// nodes checks a list and reports whether it always ends the case.
func (c *flowCheck) nodes(list []*Node, at string, b block) (ends bool) {
	for i, n := range list {
		here := at + "/nodes/" + strconv.Itoa(i)
		if n == nil {
			c.add(here, "node_missing", "an empty entry instead of a node")
			continue
		}
		if ends {
			c.add(here, "unreachable", "nothing reaches this node: the flow has ended before it", "node", n.ID)
			ends = false // once per list is enough
		}
		c.id(n, here)
		if n.Type == NodeStart && here != "/nodes/0" {
			c.add(here, "start_misplaced", "only the first node of a flow is its start")
		}
		if c.node(n, here, b) {
			ends = true
		}
	}
	return ends
}

func (c *flowCheck) id(n *Node, at string) {
	c.count++
	switch {
	case !keyPattern.MatchString(n.ID):
		c.add(at+"/id", "key", strconv.Quote(n.ID)+" is not a node id: lower-case letters, digits and _, beginning with a letter", "id", n.ID)
	case c.ids[n.ID]:
		c.add(at+"/id", "duplicate_id", "another node has the id "+strconv.Quote(n.ID), "id", n.ID)
	}
	c.ids[n.ID] = true
}

// node checks one node by its type and reports whether it always ends the case.
func (c *flowCheck) node(n *Node, at string, b block) (ends bool) {
	switch n.Type {
	case NodeStart:
		c.startNode(n, at)
	case NodeApprove:
		c.approveNode(n, at)
	case NodeHandle:
		c.handleNode(n, at)
	case NodeCC:
		c.ccNode(n, at)
	case NodeCondition:
		return c.conditionNode(n, at, b)
	case NodeParallel:
		c.parallelNode(n, at, b)
	case NodeInclusive:
		c.inclusiveNode(n, at, b)
	case NodeSubflow:
		c.subflowNode(n, at)
	case NodeData:
		c.dataNode(n, at)
	case NodeCall:
		c.callNode(n, at)
	case NodeDelay:
		c.delayNode(n, at)
	case NodeEnd:
		c.endNode(n, at, b)
		return true
	default:
		c.add(at+"/type", "node_type", strconv.Quote(string(n.Type))+" is no node type", "type", string(n.Type))
	}
	return false
}

// branch checks the nodes of one branch.
func (c *flowCheck) branch(br Branch, at string, b block) (ends bool) {
	if b.depth > MaxFlowDepth {
		c.add(at, "too_deep", "blocks stand at most "+strconv.Itoa(MaxFlowDepth)+" deep in each other", "max", MaxFlowDepth)
		return false
	}
	return c.nodes(br.Nodes, at, b)
}

// word checks a text that must be one of a set, or empty.
func (c *flowCheck) word(at, value string, allowed ...string) {
	if value != "" && !slices.Contains(allowed, value) {
		c.add(at, "value", strconv.Quote(value)+" is not allowed here; choose one of "+strings.Join(allowed, ", "), "value", value, "allowed", allowed)
	}
}

func (c *flowCheck) settings() {
	s := c.flow.Settings
	c.word("/settings/withdraw", s.Withdraw, WithdrawNever, WithdrawBeforeFirst, WithdrawAnyTime)
	c.word("/settings/dedupe", s.Dedupe, DedupeNone, DedupeAdjacent, DedupeAny)
	c.word("/settings/self", s.Self, SelfAct, SelfSkip, SelfManager)
	c.word("/settings/resubmit", s.Resubmit, ResubmitStart, ResubmitBack, ResubmitChoose)
	c.word("/settings/withdrawTo", s.WithdrawTo, WithdrawToEnd, WithdrawToStart)
	c.word("/settings/leaver", s.Leaver, LeaverManager, LeaverAdmin)
	c.word("/settings/takeBack", s.TakeBack, TakeBackAllow, TakeBackNever)
	if s.Empty != (EmptyWho{}) {
		c.empty(s.Empty, "/settings/empty")
	}
}

// empty checks a policy for nobody found.
func (c *flowCheck) empty(e EmptyWho, at string) {
	if e.Then == "" {
		c.add(at+"/then", "required", "say what happens when nobody is found: skip, admin, user or stop")
	}
	c.word(at+"/then", e.Then, EmptySkip, EmptyAdmin, EmptyUser, EmptyStop)
	if e.Then == EmptyUser && e.User == "" {
		c.add(at+"/user", "required", "name the user who stands in")
	}
	if e.Then != EmptyUser && e.User != "" {
		c.add(at+"/user", "not_here", "a user is named only with \"then: user\"")
	}
}
