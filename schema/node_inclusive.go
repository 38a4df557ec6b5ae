package schema

// inclusiveNode: branches with formulas, any number of which may be taken, and
// otherwise as the last one, for when none holds.
func (c *flowCheck) inclusiveNode(n *Node, at string, b block) {
	c.only(n, at, "branches")
	if len(n.Branches) < 2 {
		c.add(at+"/branches", "branches_few", "an inclusive node has at least two branches", "node", n.ID)
	}
	c.ways(n, at, block{depth: b.depth + 1, parallel: true})
}
