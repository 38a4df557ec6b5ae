package schema

// startNode: the form as the initiator fills it. It has field rights and nothing else.
func (c *flowCheck) startNode(n *Node, at string) {
	c.only(n, at, "fields")
	c.rights(n, at)
}
