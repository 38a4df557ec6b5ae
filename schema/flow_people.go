package schema

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// asked checks what approve, handle and cc nodes share: who is asked.
func (c *flowCheck) asked(n *Node, at string) {
	if len(n.Who) == 0 {
		c.add(at+"/who", "who_empty", "say who is asked here", "node", n.ID)
	}
	if len(n.Who) > MaxWho {
		c.add(at+"/who", "too_many", "a node has at most "+strconv.Itoa(MaxWho)+" sources of people", "max", MaxWho)
	}
	chosen := 0
	for i, w := range n.Who {
		here := at + "/who/" + strconv.Itoa(i)
		c.who(w, here)
		if w.Chosen == nil {
			continue
		}
		if chosen++; chosen > 1 {
			c.add(here+"/chosen", "chosen_twice", "the people of a node are chosen once")
		}
		c.chosen(w.Chosen, here+"/chosen")
	}
}

// decisions checks what approve and handle nodes share; must is the action
// that lets the case go on.
func (c *flowCheck) decisions(n *Node, at, must string) {
	c.asked(n, at)
	c.word(at+"/mode", n.Mode, ModeAny, ModeAll, ModeSequence, ModeVote)
	c.vote(n, at)
	c.word(at+"/comment", n.Comment, CommentRequired, CommentOnReject)
	c.word(at+"/returnTo", n.ReturnTo, ReturnStart, ReturnPrevious, ReturnAny)
	c.actions(n, at, must)
	c.rights(n, at)
	if n.Empty != nil {
		c.empty(*n.Empty, at+"/empty")
	}
	c.word(at+"/attachment", n.Attachment, Required)
	c.word(at+"/signature", n.Signature, Required)
	if n.Deadline != nil {
		c.deadline(n.Deadline, at+"/deadline")
	}
}

// vote checks what a majority is.
func (c *flowCheck) vote(n *Node, at string) {
	switch {
	case n.Vote == nil && n.Mode == ModeVote:
		c.add(at+"/vote", "required", "say by which percentage a vote passes")
	case n.Vote == nil:
	case n.Mode != ModeVote:
		c.add(at+"/vote", "not_here", "a vote belongs to mode vote")
	case n.Vote.Percent < 1 || n.Vote.Percent > 100:
		c.add(at+"/vote/percent", "range", "from 1 to 100 percent", "min", 1, "max", 100)
	}
	if n.Vote != nil {
		c.people(n.Vote.Veto, at+"/vote/veto")
	}
}

func (c *flowCheck) actions(n *Node, at, must string) {
	known := KnownActions(n.Type)
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
		{"vote", n.Vote != nil}, {"attachment", n.Attachment != ""}, {"signature", n.Signature != ""},
		{"subflow", n.Subflow != nil}, {"data", n.Data != nil}, {"call", n.Call != nil}, {"delay", n.Delay != nil},
	} {
		if part.set && !slices.Contains(allowed, part.name) {
			c.add(at+"/"+part.name, "not_here", "a node of type "+string(n.Type)+" has no "+part.name, "part", part.name)
		}
	}
}
