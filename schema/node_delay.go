package schema

// delayNode: waits for working time, a date of the record, or what a formula gives.
func (c *flowCheck) delayNode(n *Node, at string) {
	c.only(n, at, "delay")
	d := n.Delay
	if d == nil {
		c.add(at+"/delay", "required", "say how long the case waits here")
		return
	}
	c.oneTime(at+"/delay", "delay_one", d.Hours, d.Days, d.Field != "", d.Until != "")
	c.calendar(d.Calendar, at+"/delay")
}
