package schema

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// people checks what approve, handle and cc nodes share: who is asked.
func (c *flowCheck) people(n *Node, at string) {
	if len(n.Who) == 0 {
		c.add(at+"/who", "who_empty", "say who is asked here", "node", n.ID)
	}
	if len(n.Who) > MaxWho {
		c.add(at+"/who", "too_many", "a node has at most "+strconv.Itoa(MaxWho)+" sources of people", "max", MaxWho)
	}
	for i, w := range n.Who {
		c.who(w, at+"/who/"+strconv.Itoa(i))
	}
}

// who checks that exactly one source is named.
func (c *flowCheck) who(w Who, at string) {
	set := 0
	for _, is := range []bool{w.Users != nil, w.Role != "", w.Field != "", w.Initiator, w.DeptHead != 0, w.DeptField != "", w.Dept != ""} {
		if is {
			set++
		}
	}
	switch {
	case set != 1:
		c.add(at, "who_one", "name exactly one of users, role, field, initiator, dept_head, dept_field, dept")
	case w.Users != nil && (len(w.Users) == 0 || slices.Contains(w.Users, "")):
		c.add(at+"/users", "who_empty", "name at least one user")
	case w.DeptHead < 0 || w.DeptHead > MaxDeptHeadLevels:
		c.add(at+"/dept_head", "range", "a level from 1 (own department) to "+strconv.Itoa(MaxDeptHeadLevels), "min", 1, "max", MaxDeptHeadLevels)
	}
}

// decisions checks what approve and handle nodes share; must is the action
// that lets the case go on.
func (c *flowCheck) decisions(n *Node, at, must string) {
	c.people(n, at)
	c.word(at+"/mode", n.Mode, ModeAny, ModeAll, ModeSequence)
	c.word(at+"/comment", n.Comment, CommentRequired, CommentOnReject)
	c.word(at+"/returnTo", n.ReturnTo, ReturnStart, ReturnPrevious, ReturnAny)
	c.actions(n, at, must)
	c.rights(n, at)
	if n.Empty != nil {
		c.empty(*n.Empty, at+"/empty")
	}
	if d := n.Deadline; d != nil {
		if d.Hours < 1 || d.Hours > MaxDeadlineHours {
			c.add(at+"/deadline/hours", "range", "from 1 to "+strconv.Itoa(MaxDeadlineHours)+" hours", "min", 1, "max", MaxDeadlineHours)
		}
		c.word(at+"/deadline/then", d.Then, DeadlineRemind)
	}
}

func (c *flowCheck) actions(n *Node, at, must string) {
	known := ActionsFor(n.Type)
	for i, a := range n.Actions {
		place := at + "/actions/" + strconv.Itoa(i)
		if !slices.Contains(known, a) {
			c.add(place, "action", strconv.Quote(a)+" is not possible here; choose from "+strings.Join(known, ", "), "action", a)
		} else if slices.Index(n.Actions, a) < i {
			c.add(place, "duplicate", strconv.Quote(a)+" is listed twice", "action", a)
		}
	}
	if n.Actions != nil && !slices.Contains(n.Actions, must) {
		c.add(at+"/actions", "action_missing", "without "+strconv.Quote(must)+" nobody can let the case go on", "action", must)
	}
	for _, b := range slices.Sorted(maps.Keys(n.Buttons)) {
		if !slices.Contains(known, b) {
			c.add(at+"/buttons/"+escapePointer(b), "action", strconv.Quote(b)+" is no button of this node", "action", b)
		}
	}
}

// rights checks the lists of field rights for their shape.
func (c *flowCheck) rights(n *Node, at string) {
	at += "/fields/rows/"
	for _, table := range slices.Sorted(maps.Keys(n.Fields.Rows)) {
		for i, op := range n.Fields.Rows[table] {
			if op == "" {
				op = " " // word lets "" pass
			}
			c.word(at+escapePointer(table)+"/"+strconv.Itoa(i), op, RowAdd, RowEdit, RowDelete)
		}
	}
}

// only refuses what has no meaning at a node of this type.
func (c *flowCheck) only(n *Node, at string, allowed ...string) {
	for _, part := range []struct {
		name string
		set  bool
	}{
		{"who", len(n.Who) > 0}, {"mode", n.Mode != ""}, {"branches", len(n.Branches) > 0},
		{"fields", n.Fields.Edit != nil || n.Fields.Read != nil || n.Fields.Hide != nil || n.Fields.Require != nil || n.Fields.Rows != nil},
		{"actions", n.Actions != nil}, {"comment", n.Comment != ""}, {"returnTo", n.ReturnTo != ""}, {"always", n.Always},
		{"empty", n.Empty != nil}, {"deadline", n.Deadline != nil}, {"buttons", len(n.Buttons) > 0},
	} {
		if part.set && !slices.Contains(allowed, part.name) {
			c.add(at+"/"+part.name, "not_here", "a node of type "+string(n.Type)+" has no "+part.name, "part", part.name)
		}
	}
}
