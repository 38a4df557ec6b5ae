package engine

import (
	"maps"
	"slices"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
)

// Choice is a node whose people somebody has to choose.
type Choice struct {
	Node     string
	Title    schema.Text
	By       string // initiator, previous
	Min, Max int    // at most MaxWho
	From     []schema.Who
	// Chosen are the people chosen so far; they stay unless others are named.
	Chosen []string
}

// Choices lists the nodes whose people are chosen with a decision on a task
// (approve, handle), or with task 0 when the case is submitted or resubmitted.
// Conditions are not looked into: it lists every node that may come next.
func (f *Flow) Choices(c Case, task int) []Choice {
	var out []Choice
	for _, p := range f.chooses(c, task) {
		ch := chosenOf(p.node)
		out = append(out, Choice{Node: p.node.ID, Title: p.node.Title, By: ch.By, Min: max(ch.Min, 1), Max: most(ch),
			From: ch.From, Chosen: c.Chosen[p.node.ID]})
	}
	return out
}

// chooses finds the places whose people may be chosen with a decision on a task, or by the initiator.
func (f *Flow) chooses(c Case, task int) []*place {
	var next []*place
	t, isTask := c.Task(task)
	if isTask && t.Kind != KindStart {
		next = f.nextPeople(f.places[t.Node])
	} else {
		next = f.firstPeople(f.top[1:])
		isTask = false
	}
	var out []*place
	for _, p := range f.order {
		ch := chosenOf(p.node)
		if ch != nil && (!isTask && ch.By == schema.ChosenByInitiator || ch.By == schema.ChosenByPrevious && slices.Contains(next, p)) {
			out = append(out, p)
		}
	}
	return out
}

// nextPeople finds the places where people may be asked right after a place.
func (f *Flow) nextPeople(p *place) []*place {
	for ; p != nil; p = p.up {
		if next := f.firstPeople(p.list[p.index+1:]); len(next) > 0 {
			return next
		}
	}
	return nil
}

// firstPeople finds the places of a list where people may be asked first, in
// any branch. What may be passed without asking anybody is looked behind.
func (f *Flow) firstPeople(list []*place) []*place {
	var out []*place
	for _, p := range list {
		if p.human() {
			return append(out, p)
		}
		if p.node.Type == schema.NodeCC {
			out = append(out, p)
		}
		sure := len(p.branches) > 0
		for _, b := range p.branches {
			found := f.firstPeople(b)
			sure = sure && slices.ContainsFunc(found, (*place).human)
			out = append(out, found...)
		}
		if sure {
			return out
		}
	}
	return out
}

// chosenOf is how the people of a node are chosen; nil = they are not.
func chosenOf(n *schema.Node) *schema.Chosen {
	for _, w := range n.Who {
		if w.Chosen != nil {
			return w.Chosen
		}
	}
	return nil
}

func most(ch *schema.Chosen) int {
	if ch.Max == 0 {
		return schema.MaxWho
	}
	return ch.Max
}

// takeChoices keeps the people the command has chosen. The error is for later:
// whether the command may be given at all comes first.
func (r *run) takeChoices() error {
	if len(r.cmd.Choose) == 0 {
		return nil
	}
	r.c.Chosen = maps.Clone(r.c.Chosen)
	if r.c.Chosen == nil {
		r.c.Chosen = map[string][]string{}
	}
	task := 0
	if r.cmd.Kind == CmdApprove || r.cmd.Kind == CmdHandle {
		task = r.cmd.Task
	} else if r.cmd.Kind != CmdSubmit && r.cmd.Kind != CmdResubmit {
		return choiceInvalid("choose.not_here", "", "people are chosen when submitting, approving or handling")
	}
	may := r.f.chooses(r.c, task)
	for _, node := range slices.Sorted(maps.Keys(r.cmd.Choose)) {
		i := slices.IndexFunc(may, func(p *place) bool { return p.node.ID == node })
		if i < 0 {
			return choiceInvalid("choose.not_here", node, "the people of this node are not chosen here")
		}
		if err := r.choose(may[i].node, r.cmd.Choose[node]); err != nil {
			return err
		}
	}
	return nil
}

// choose checks and keeps the people chosen for a node.
func (r *run) choose(n *schema.Node, users []string) error {
	ch := chosenOf(n)
	if len(users) < max(ch.Min, 1) || len(users) > most(ch) {
		return choiceInvalid("choose.count", n.ID, "too few or too many people").With("min", max(ch.Min, 1)).With("max", most(ch))
	}
	if slices.Contains(users, "") {
		return choiceInvalid("choose.unknown", n.ID, "one of them is no active user, or is named twice")
	}
	r.c.Chosen[n.ID] = users // so that the command goes on to its further questions
	found, ok := r.who(schema.Who{Users: users})
	if !ok {
		return nil
	}
	if len(found) != len(users) {
		return choiceInvalid("choose.unknown", n.ID, "one of them is no active user, or is named twice")
	}
	if len(ch.From) > 0 {
		within, ok := r.resolve(&schema.Node{ID: n.ID, Who: ch.From})
		outside := func(u string) bool {
			return !slices.ContainsFunc(within, func(s seat) bool { return s.user == u })
		}
		if ok && slices.ContainsFunc(found, outside) {
			return choiceInvalid("choose.outside", n.ID, "one of them may not be chosen here")
		}
	}
	r.c.Chosen[n.ID] = found
	return nil
}

func choiceInvalid(code, node, text string) *fault.Error {
	path := "/choose"
	if node != "" {
		path += "/" + node
	}
	return fault.New(fault.Invalid, code, text).With("node", node).At(fault.Field{Path: path, Code: code, Message: text})
}

// chosen gives the people chosen for a node. Whoever gives the command and
// should have chosen is told so; where he is not at hand, nobody was found.
func (r *run) chosen(n *schema.Node, ch *schema.Chosen) ([]string, bool) {
	if users := r.c.Chosen[n.ID]; len(users) > 0 {
		if len(r.cmd.Choose[n.ID]) > 0 {
			return users, true // asked for just now
		}
		return r.active(users)
	}
	byInitiator := r.cmd.Kind == CmdSubmit || r.cmd.Kind == CmdResubmit
	byApprover := r.cmd.Kind == CmdApprove || r.cmd.Kind == CmdHandle
	switch {
	case r.dry != nil:
		return []string{""}, true
	case byInitiator || byApprover && ch.By == schema.ChosenByPrevious:
		r.fail(r.mustChoose(n, ch))
		return nil, false
	}
	return nil, true
}

// choicesMade refuses to submit while the people of a node that surely comes
// are not chosen. Of nodes in conditions it is asked when the case arrives there.
func (r *run) choicesMade() error {
	if r.cmd.Kind != CmdSubmit && r.cmd.Kind != CmdResubmit || r.dry != nil {
		return nil
	}
	for _, p := range r.f.order {
		ch := chosenOf(p.node)
		if ch != nil && ch.By == schema.ChosenByInitiator && !p.maybe() && len(r.c.Chosen[p.node.ID]) == 0 {
			return r.mustChoose(p.node, ch)
		}
	}
	return nil
}

func (r *run) mustChoose(n *schema.Node, ch *schema.Chosen) error {
	return choiceInvalid("choose.required", n.ID, "choose whom this node asks").With("title", n.Title).
		With("min", max(ch.Min, 1)).With("max", most(ch))
}
