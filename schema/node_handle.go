package schema

// handleNode: as approve, without refusing. Nobody is passed over here, so "always" has no meaning.
func (c *flowCheck) handleNode(n *Node, at string) {
	c.only(n, at, "who", "mode", "vote", "fields", "actions", "comment", "returnTo", "empty", "deadline", "buttons", "attachment", "signature")
	c.decisions(n, at, ActionHandle)
}
