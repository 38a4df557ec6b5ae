package engine_test

import (
	"fmt"
	"time"

	"github.com/formwork-run/formwork/engine"
)

// expectedMore is what a step may expect of times, of work outside and of people.
type expectedMore struct {
	Due     map[string]string // node → when its visit should be decided, "" = never
	Left    map[string]int    // node → minutes left while the case stands
	Timers  []string          // "node event time" asked for in this step
	Work    map[string]string // node → states of its pieces of work
	Sent    []string          // "node[items]" of work sent in this step, and "node cancelled"
	Reasons map[string]string // "node:user" → reason of his last task there
	For     map[string]string // assignee → whom he stands in for, of open tasks
	Chosen  map[string][]string
	Taken   map[string][]string // branch node → reasons of the branches taken
	Choices []string            // nodes whose people may be chosen by the one who acts next
	Nothing bool                // the command changed nothing
}

// setTimes sets the clock and the calendar of a scenario.
func (p *play) setTimes(s scenario) {
	p.t.Helper()
	p.days = s.Days
	var err error
	if s.Zone != "" {
		if p.zone, err = time.LoadLocation(s.Zone); err != nil {
			p.t.Fatal(err)
		}
	}
	if s.Start != "" {
		if p.now, err = time.Parse(time.RFC3339, s.Start); err != nil {
			p.t.Fatal(err)
		}
		p.now = p.now.UTC()
	}
}

// command makes the command of a step.
func (p *play) command(kind string, args stepArgs) engine.Command {
	cmd := engine.Command{Kind: kind, By: args.By, Rev: args.Rev, Comment: args.Comment, To: args.To, Back: args.Back, Admin: args.Admin,
		Event: args.Event, Item: args.Item, Result: args.Result, Error: args.Error, Ref: args.Ref, Choose: args.Choose, Version: args.Version,
		Where: args.Where, Signature: args.Signature, Mention: args.Mention, Files: args.Files}
	switch kind {
	case engine.CmdTimer, engine.CmdResult, engine.CmdRetry, engine.CmdSkip:
		for _, v := range p.c.Visits {
			if v.Node == args.At && (v.Open || cmd.Visit == 0) {
				cmd.Visit = v.N
			}
		}
	default:
		cmd.Task = p.find(args)
	}
	return cmd
}

func (p *play) expectMore(want expectedMore, effects []engine.Effect) {
	p.t.Helper()
	for _, n := range flatten(p.f.Tree(p.c)) {
		p.expectNode(want, n)
	}
	p.expectSent(want, effects)
	p.expectPeople(want)
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

func (p *play) expectNode(want expectedMore, n engine.PathNode) {
	p.t.Helper()
	if due, ok := want.Due[n.Node]; ok && due != stamp(n.Due) {
		p.t.Errorf("%s is due %q, want %q", n.Node, stamp(n.Due), due)
	}
	if left, ok := want.Left[n.Node]; ok && left != n.Left {
		p.t.Errorf("%s has %d minutes left, want %d", n.Node, n.Left, left)
	}
	if states, ok := want.Work[n.Node]; ok && (n.Work == nil || states != stateOfWork(n.Work)) {
		p.t.Errorf("work of %s is %+v, want %s", n.Node, n.Work, states)
	}
	if taken, ok := want.Taken[n.Node]; ok {
		var got []string
		for _, b := range n.Branches {
			if b.Taken {
				got = append(got, b.Reason)
			}
		}
		p.diff("taken", taken, got)
	}
}

func (p *play) expectSent(want expectedMore, effects []engine.Effect) {
	p.t.Helper()
	var sent, timers []string
	for _, e := range effects {
		switch e.Kind {
		case engine.EffectWork:
			sent = append(sent, fmt.Sprint(e.Node, e.Items))
		case engine.EffectWorkCancelled:
			sent = append(sent, e.Node+" cancelled")
		case engine.EffectTimer:
			timers = append(timers, e.Node+" "+e.Event+" "+stamp(e.At))
		}
	}
	p.diff("sent", want.Sent, sent)
	p.diff("timers", want.Timers, timers)
}

func (p *play) expectPeople(want expectedMore) {
	p.t.Helper()
	reasons, principals := map[string]string{}, map[string]string{}
	for _, t := range p.c.Tasks {
		key := t.Node + ":" + t.Assignee
		if _, ok := want.Reasons[key]; ok {
			reasons[key] = t.Reason
		}
		if t.State == engine.TaskOpen && t.Principal != "" {
			principals[t.Assignee] = t.Principal
		}
	}
	p.diff("reasons", want.Reasons, reasons)
	p.diff("for", want.For, principals)
	for node, users := range want.Chosen {
		p.diff("chosen", users, p.c.Chosen[node])
	}
	if want.Choices == nil {
		return
	}
	task := 0
	if open := p.c.OpenTasks(""); len(open) > 0 {
		task = open[0].N
	}
	got := []string{}
	for _, c := range p.f.Choices(p.c, task) {
		got = append(got, c.Node)
	}
	p.diff("choices", want.Choices, got)
}
