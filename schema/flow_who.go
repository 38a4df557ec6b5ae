package schema

import (
	"maps"
	"slices"
	"strconv"
)

// people checks a list of sources that stands beside a node's own: nobody is chosen there.
func (c *flowCheck) people(list []Who, at string) {
	if len(list) > MaxWho {
		c.add(at, "too_many", "at most "+strconv.Itoa(MaxWho)+" sources of people", "max", MaxWho)
	}
	for i, w := range list {
		here := at + "/" + strconv.Itoa(i)
		c.who(w, here)
		c.fixed(w, here)
	}
}

// fixed refuses people who are chosen where nobody is there to choose.
func (c *flowCheck) fixed(w Who, at string) {
	if w.Chosen != nil {
		c.add(at+"/chosen", "not_here", "people are chosen for the node itself only")
	}
}

// who checks that exactly one source is named, and its own shape.
func (c *flowCheck) who(w Who, at string) {
	set := 0
	for _, is := range []bool{w.Users != nil, w.Role != "", w.Field != "", w.Initiator, w.DeptHead != 0, w.DeptField != "", w.Dept != "",
		w.DeptHeads != nil, w.Manager != 0, w.Managers != nil, w.Chosen != nil, w.Node != "", w.Group != "", w.Formula != ""} {
		if is {
			set++
		}
	}
	switch {
	case set != 1:
		c.add(at, "who_one", "name exactly one of users, role, field, initiator, dept_head, dept_field, dept, dept_heads, manager, managers, chosen, node, group, formula")
	case w.Users != nil && (len(w.Users) == 0 || slices.Contains(w.Users, "")):
		c.add(at+"/users", "who_empty", "name at least one user")
	case w.DeptHead < 0 || w.DeptHead > MaxDeptHeadLevels:
		c.add(at+"/dept_head", "range", "a level from 1 (own department) to "+strconv.Itoa(MaxDeptHeadLevels), "min", 1, "max", MaxDeptHeadLevels)
	case w.Manager < 0 || w.Manager > MaxManagerLevels:
		c.add(at+"/manager", "range", "a level from 1 (the direct manager) to "+strconv.Itoa(MaxManagerLevels), "min", 1, "max", MaxManagerLevels)
	case w.DeptHeads != nil:
		c.levels(w.DeptHeads, at+"/dept_heads", MaxDeptHeadLevels)
	case w.Managers != nil:
		c.levels(w.Managers, at+"/managers", MaxManagerLevels)
	}
}

func (c *flowCheck) levels(l *Levels, at string, most int) {
	switch {
	case l.From < 0 || l.From > most:
		c.add(at+"/from", "range", "a level from 1 to "+strconv.Itoa(most), "min", 1, "max", most)
	case l.To < 0 || l.To > most:
		c.add(at+"/to", "range", "a level from 1 to "+strconv.Itoa(most)+", or 0 for the top", "min", 0, "max", most)
	case l.To != 0 && l.To < l.From:
		c.add(at+"/to", "order", "the last level lies below the first one", "min", l.From)
	}
}

func (c *flowCheck) chosen(ch *Chosen, at string) {
	if ch.By == "" {
		c.add(at+"/by", "required", "say who chooses: initiator or previous")
	}
	c.word(at+"/by", ch.By, ChosenByInitiator, ChosenByPrevious)
	c.people(ch.From, at+"/from")
	switch {
	case ch.Min < 0 || ch.Min > MaxWho:
		c.add(at+"/min", "range", "from 1 to "+strconv.Itoa(MaxWho), "min", 1, "max", MaxWho)
	case ch.Max < 0 || ch.Max > MaxWho:
		c.add(at+"/max", "range", "from 1 to "+strconv.Itoa(MaxWho)+", or 0 for any number", "min", 0, "max", MaxWho)
	case ch.Max != 0 && ch.Max < ch.Min:
		c.add(at+"/max", "order", "the greatest number is below the least", "min", ch.Min)
	}
}

// earlier checks that a node whose approvers are asked again is passed before,
// on every way. passed holds the people nodes that surely come first, and grows by those of the list.
func (c *flowCheck) earlier(nodes []*Node, at string, passed map[string]bool) {
	for i, n := range nodes {
		if n == nil {
			continue
		}
		here := at + "/nodes/" + strconv.Itoa(i)
		for _, s := range n.sources() {
			c.refersBack(s.who, here+s.at, passed)
		}
		before := maps.Clone(passed)
		for b := range n.Branches {
			inside := maps.Clone(before) // branches do not come before each other
			c.earlier(n.Branches[b].Nodes, here+"/branches/"+strconv.Itoa(b), inside)
			if n.Type == NodeParallel {
				maps.Copy(passed, inside)
			}
		}
		if n.Type == NodeApprove || n.Type == NodeHandle {
			passed[n.ID] = true
		}
	}
}

func (c *flowCheck) refersBack(w Who, at string, passed map[string]bool) {
	if w.Node == "" || passed[w.Node] {
		return
	}
	if n := c.flow.Node(w.Node); n == nil || n.Type != NodeApprove && n.Type != NodeHandle {
		c.add(at+"/node", "who_node_unknown", "there is no approve or handle node "+strconv.Quote(w.Node), "node", w.Node)
		return
	}
	c.add(at+"/node", "who_node_later", strconv.Quote(w.Node)+" is not passed before this node on every way", "node", w.Node)
}

// source is one source of people with its place below the node.
type source struct {
	who Who
	at  string
}

// sources lists every source of people of a node, wherever it stands in it.
func (n *Node) sources() []source {
	var out []source
	add := func(list []Who, at string) {
		for i, w := range list {
			out = append(out, source{w, at + "/" + strconv.Itoa(i)})
		}
	}
	add(n.Who, "/who")
	for i, w := range n.Who {
		if w.Chosen != nil {
			add(w.Chosen.From, "/who/"+strconv.Itoa(i)+"/chosen/from")
		}
	}
	if n.Vote != nil {
		add(n.Vote.Veto, "/vote/veto")
	}
	if n.Deadline != nil {
		add(n.Deadline.To, "/deadline/to")
	}
	if n.Subflow != nil && n.Subflow.Initiator != nil {
		out = append(out, source{*n.Subflow.Initiator, "/subflow/initiator"})
	}
	return out
}

// EachWho calls fn for every source of people of the node, wherever it stands in
// it, with its JSON pointer below the node ("/who/0", "/deadline/to/1").
func (n *Node) EachWho(fn func(w Who, pointer string)) {
	for _, s := range n.sources() {
		fn(s.who, s.at)
	}
}
