package schema

// handleNode: as approve, without refusing. Nobody is passed over here, so "always" has no meaning.
func (c *flowCheck) handleNode(n *Node, at string) {
	c.only(n, at, "who", "mode", "fields", "actions", "comment", "returnTo", "empty", "deadline", "buttons")
	c.decisions(n, at, ActionHandle)
}
