package schema

// approveNode: people, mode, actions and the policies of its own.
func (c *flowCheck) approveNode(n *Node, at string) {
	c.only(n, at, "who", "mode", "fields", "actions", "comment", "returnTo", "always", "empty", "deadline", "buttons")
	c.decisions(n, at, ActionApprove)
}
