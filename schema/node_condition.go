package schema

import "strconv"

// conditionNode: branches with formulas, and exactly one otherwise as the last.
func (c *flowCheck) conditionNode(n *Node, at string, b block) (ends bool) {
	c.only(n, at, "branches")
	return c.ways(n, at, block{depth: b.depth + 1, parallel: b.parallel})
}

// ways checks branches that are taken by their formulas, and reports whether all of them end the case.
func (c *flowCheck) ways(n *Node, at string, inside block) (ends bool) {
	c.branches(n, at)
	otherwise := 0
	ends = len(n.Branches) > 0
	for i, br := range n.Branches {
		here := at + "/branches/" + strconv.Itoa(i)
		c.taken(br, here, i == len(n.Branches)-1)
		if br.Otherwise {
			otherwise++
		}
		if !c.branch(br, here, inside) {
			ends = false
		}
	}
	switch {
	case otherwise == 0:
		c.add(at+"/branches", "otherwise_missing", "say with otherwise what happens when no condition holds", "node", n.ID)
	case otherwise > 1:
		c.add(at+"/branches", "otherwise_many", "there is more than one otherwise", "node", n.ID)
	}
	return ends
}

// taken checks when one branch is taken.
func (c *flowCheck) taken(br Branch, at string, last bool) {
	switch {
	case br.Otherwise && br.When != "":
		c.add(at, "branch_both", "a branch has either a condition or otherwise")
	case !br.Otherwise && br.When == "":
		c.add(at+"/when", "required", "a branch needs a condition, or otherwise")
	case br.Otherwise && !last:
		c.add(at, "otherwise_last", "otherwise is the last branch: what follows would never be taken")
	}
}

// branches checks what all kinds of branch nodes share.
func (c *flowCheck) branches(n *Node, at string) {
	if len(n.Branches) > MaxFlowBranches {
		c.add(at+"/branches", "too_many", "a node has at most "+strconv.Itoa(MaxFlowBranches)+" branches", "max", MaxFlowBranches)
	}
	seen := map[string]bool{}
	for i, br := range n.Branches {
		switch id := at + "/branches/" + strconv.Itoa(i) + "/id"; {
		case br.ID == "":
		case !keyPattern.MatchString(br.ID):
			c.add(id, "key", strconv.Quote(br.ID)+" is not an id", "id", br.ID)
		case seen[br.ID]:
			c.add(id, "duplicate_id", "another branch of this node has the id "+strconv.Quote(br.ID), "id", br.ID)
		}
		seen[br.ID] = true
	}
}
