package schema

import "slices"

// dataNode: one operation on records of a form.
func (c *flowCheck) dataNode(n *Node, at string) {
	c.only(n, at, "data")
	d := n.Data
	if d == nil {
		c.add(at+"/data", "required", "say what is done with which records")
		return
	}
	at += "/data"
	c.formRef(d.Form, at+"/form")
	c.assigned(d.Set, at+"/set")
	c.assigned(d.Into, at+"/into")
	c.word(at+"/fail", d.Fail, FailRetry, FailSkip, FailWait)
	if d.Op == "" {
		c.add(at+"/op", "required", "say what is done: create, update, upsert, delete or find")
		return
	}
	c.word(at+"/op", d.Op, DataCreate, DataUpdate, DataUpsert, DataDelete, DataFind)
	c.dataParts(d, at)
}

// dataParts checks what each operation needs, and what has no meaning with it.
func (c *flowCheck) dataParts(d *Data, at string) {
	parts := []struct {
		name        string
		set         bool
		needed, not []string
	}{
		{"where", d.Where != "", []string{DataUpdate, DataUpsert, DataDelete, DataFind}, []string{DataCreate}},
		{"set", len(d.Set) > 0, []string{DataCreate, DataUpdate, DataUpsert}, []string{DataDelete, DataFind}},
		{"into", len(d.Into) > 0, []string{DataFind}, []string{DataDelete}},
		{"many", d.Many, nil, []string{DataCreate, DataUpsert, DataFind}},
	}
	for _, p := range parts {
		switch {
		case !p.set && slices.Contains(p.needed, d.Op):
			c.add(at+"/"+p.name, "required", d.Op+" needs "+p.name, "op", d.Op)
		case p.set && slices.Contains(p.not, d.Op):
			c.add(at+"/"+p.name, "not_here", d.Op+" has no "+p.name, "op", d.Op)
		}
	}
}
