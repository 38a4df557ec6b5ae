package schema

// ccNode: people and what they see; nothing can be edited in a copy.
func (c *flowCheck) ccNode(n *Node, at string) {
	c.only(n, at, "who", "fields")
	c.asked(n, at)
	if len(n.Fields.Edit) > 0 || len(n.Fields.Require) > 0 || len(n.Fields.Rows) > 0 {
		c.add(at+"/fields", "not_here", "whoever gets a copy only reads: use hide and read")
	}
}
