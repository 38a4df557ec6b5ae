package schema

import "strconv"

// parallelNode: two branches or more, all of them taken.
func (c *flowCheck) parallelNode(n *Node, at string, b block) {
	c.only(n, at, "branches")
	c.branches(n, at)
	if len(n.Branches) < 2 {
		c.add(at+"/branches", "branches_few", "a parallel node has at least two branches", "node", n.ID)
	}
	for i, br := range n.Branches {
		here := at + "/branches/" + strconv.Itoa(i)
		if br.When != "" {
			c.add(here+"/when", "not_here", "every branch of a parallel node is taken: it has no condition")
		}
		if br.Otherwise {
			c.add(here+"/otherwise", "not_here", "every branch of a parallel node is taken: it has no otherwise")
		}
		c.branch(br, here, block{depth: b.depth + 1, parallel: true})
	}
}
