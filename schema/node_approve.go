package schema

// approveNode: people, mode, actions and the policies of its own.
func (c *flowCheck) approveNode(n *Node, at string) {
	c.only(n, at, "who", "mode", "vote", "fields", "actions", "comment", "returnTo", "always", "empty", "deadline", "buttons", "attachment", "signature")
	c.decisions(n, at, ActionApprove)
}
