package schema

// endNode: ends the case as approved. Within a parallel or inclusive node it would cut the
// other branches off, so it has no place there.
func (c *flowCheck) endNode(n *Node, at string, b block) {
	c.only(n, at)
	if b.parallel {
		c.add(at, "end_in_parallel", "an end within a parallel or inclusive node would cut off the other branches", "node", n.ID)
	}
}
