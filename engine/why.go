package engine

import (
	"slices"

	"github.com/formwork-run/formwork/schema"
)

// Found tells how the people of a node were found, as the log has it.
type Found struct {
	Sources []FoundBy // those of the node, in their order
	// Empty reports that nobody was found: Policy says what the flow did then (skip,
	// admin, user, stop).
	Empty  bool
	Policy string
}

// FoundBy is one source of a node with whom it gave then.
type FoundBy struct {
	Who   schema.Who
	Users []string
}

// TaskStep is how a task came to its assignee from somebody else's, or why it decided itself.
type TaskStep struct {
	Kind string // transfer, delegate, add_signer, reassign, … of the log; stand_in; or the reason of an automatic decision
	By   string // who did it, "" = the flow itself
	From string // whose task it was, or whom he stands in for
	Log  LogEntry
}

// Why tells from the whole log of a case (archived lines first) how the people of a
// visit were found. A visit that asks nobody has no sources.
func (f *Flow) Why(c Case, log []LogEntry, visit int) Found {
	if visit < 1 || visit > len(c.Visits) {
		return Found{}
	}
	v := c.Visits[visit-1]
	p := f.places[v.Node]
	if p == nil {
		return Found{}
	}
	out := Found{Empty: v.Reason == ReasonEmpty}
	for _, w := range p.node.Who {
		out.Sources = append(out.Sources, FoundBy{Who: w, Users: foundThen(c, log, v, w)})
	}
	if out.Empty {
		out.Policy = f.Def.Settings.Empty.Then
		if p.node.Empty != nil {
			out.Policy = p.node.Empty.Then
		}
	}
	return out
}

// foundThen is whom a source gave when the visit began.
func foundThen(c Case, log []LogEntry, v Visit, w schema.Who) []string {
	switch {
	case w.Initiator:
		return []string{c.Initiator}
	case w.Chosen != nil:
		return c.Chosen[v.Node]
	case w.Node != "":
		return decidedAt(c, w.Node)
	}
	key := whoKey(w)
	var last []string
	for _, e := range log {
		if e.At.After(v.Began) {
			break
		}
		if people, ok := e.Answers[key]; ok {
			last = people
		}
	}
	return last
}

// Steps tells how a task came to its assignee, the first step first. It is empty
// for whoever was asked as the node says.
func Steps(c Case, log []LogEntry, task int) []TaskStep {
	var out []TaskStep
	for n := task; n >= 1 && n <= len(c.Tasks); n = c.Tasks[n-1].From {
		t := c.Tasks[n-1]
		if t.Reason != "" && !settled(t) {
			out = append(out, TaskStep{Kind: t.Reason})
		}
		if t.Principal != "" {
			out = append(out, TaskStep{Kind: "stand_in", From: t.Principal})
		}
		if t.From == 0 || t.From >= n {
			break
		}
		s := TaskStep{Kind: t.Added, From: c.Tasks[t.From-1].Assignee}
		for _, e := range log {
			if e.Task == t.From && slices.Contains(e.To, t.Assignee) {
				s.Kind, s.By, s.Log = e.Action, e.By, e
			}
		}
		if s.Kind != "" {
			out = append(out, s)
		}
	}
	slices.Reverse(out)
	return out
}

// settled reports whether a task's reason says how it ended, not how it came about.
func settled(t Task) bool {
	ends := []string{ReasonDecided, ReasonReturned, ReasonRejected, ReasonWithdrawn, ReasonEnded, ReasonAdmin, ReasonRemoved, ReasonTakenBack, ReasonOutvoted, ReasonJump, ReasonMigrated}
	return slices.Contains(ends, t.Reason)
}
