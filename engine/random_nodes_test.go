package engine_test

import (
	"slices"

	"pgregory.net/rapid"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/schema"
)

// work draws what a node without people does.
func (g *flowGen) work(n *schema.Node) {
	t := g.t
	each := pick(t, "each", "", "lines")
	fail := pick(t, "fail", "", schema.FailRetry, schema.FailSkip, schema.FailWait)
	switch n.Type {
	case schema.NodeSubflow:
		n.Subflow = &schema.Subflow{Form: "payment", Each: each, Data: map[string]string{"amount": "amount"}, Wait: rapid.Bool().Draw(t, "wait")}
		if n.Subflow.Wait {
			n.Subflow.Rejected = pick(t, "rejected", "", schema.SubRejectedReject, schema.SubRejectedContinue, schema.SubRejectedWait)
			n.Subflow.Back = map[string]string{"opinion": "note"}
		}
	case schema.NodeData:
		n.Data = &schema.Data{Op: schema.DataUpdate, Form: "base.stock", Each: each, Where: "no == form.no", Set: map[string]string{"left": "0"},
			Many: rapid.Bool().Draw(t, "many"), Fail: fail}
	case schema.NodeCall:
		n.Call = &schema.Call{URL: "https://example.com/{no}", Body: map[string]string{"a": "amount"}, Into: map[string]string{"opinion": "/a"}, Fail: fail}
	default:
		n.Delay = &schema.Delay{Calendar: pick(t, "calendar", "", schema.CalendarAlways, "site")}
		switch pick(t, "delay", "hours", "days", "field", "until") {
		case "hours":
			n.Delay.Hours = 2
		case "days":
			n.Delay.Days = 1
		case "field":
			n.Delay.Field = pick(t, "date", "deliver", "period", "meeting")
		default:
			n.Delay.Until = "meeting"
		}
	}
}

// morePeople draws a deadline, and people who are chosen or were asked before.
func (g *flowGen) morePeople(n *schema.Node) {
	t := g.t
	switch pick(t, "source", "", "", "", "chosen", "node") {
	case "chosen":
		ch := &schema.Chosen{By: pick(t, "by", schema.ChosenByInitiator, schema.ChosenByPrevious), Max: pick(t, "max", 0, 1, 2)}
		if rapid.Bool().Draw(t, "range") {
			ch.From = []schema.Who{{Users: []string{"wang", "zhao", "chen"}}}
		}
		n.Who = append(n.Who, schema.Who{Chosen: ch})
	case "node":
		if len(g.before) > 0 {
			n.Who = append(n.Who, schema.Who{Node: pick(t, "earlier", g.before...)})
		}
	}
	if rapid.Bool().Draw(t, "deadline") {
		n.Deadline = g.deadline()
	}
}

func (g *flowGen) deadline() *schema.Deadline {
	t := g.t
	d := &schema.Deadline{Calendar: pick(t, "calendar", "", schema.CalendarAlways),
		Then: pick(t, "then", schema.DeadlineRemind, schema.DeadlineEscalate, schema.DeadlineTransfer, schema.DeadlineApprove, schema.DeadlineReturn)}
	switch pick(t, "kind", "hours", "days", "field") {
	case "hours":
		d.Hours = 3
	case "days":
		d.Days = 1
	default:
		d.Field = pick(t, "date", "deliver", "period", "meeting")
	}
	if rapid.Bool().Draw(t, "before") {
		d.Before = []int{2, 1}
	}
	if d.Then != schema.DeadlineTransfer && d.Then != schema.DeadlineReturn {
		d.Every = pick(t, "every", 0, 1)
	}
	if (d.Then == schema.DeadlineEscalate || d.Then == schema.DeadlineTransfer) && rapid.Bool().Draw(t, "to") {
		d.To = g.who()[:1]
	}
	return d
}

func drawDelegates(t *rapid.T, org map[string][]string) {
	for _, u := range []string{"wang", "chen", "sun"} {
		org["delegate:"+u] = pick(t, "delegate of "+u, nil, nil, []string{"zhao"}, []string{"li"}, []string{"qian"})
	}
}

// drawData draws what the record holds now.
func drawData(t *rapid.T, p *play) {
	p.data["lines"] = make([]any, rapid.IntRange(0, 2).Draw(t, "rows"))
	for _, f := range []string{"deliver", "meeting"} {
		p.data[f] = pick(t, f, nil, any("2026-03-02"), any("2026-03-03"))
	}
	if s, ok := p.data["meeting"].(string); ok {
		p.data["meeting"] = s + "T11:00:00Z"
	}
	p.data["period"] = pick(t, "period", nil, any("2026-02"), any("2026-03"))
}

// drawAny draws a command of a person or of the system.
func drawAny(t *rapid.T, p *play) engine.Command {
	if p.c.State != engine.Draft && rapid.IntRange(0, 2).Draw(t, "system") == 0 {
		return drawSystem(t, p)
	}
	cmd := drawCommand(t, p)
	switch cmd.Kind {
	case engine.CmdSubmit, engine.CmdResubmit, engine.CmdApprove, engine.CmdHandle:
		if rapid.IntRange(0, 9).Draw(t, "choose nobody") == 0 {
			return cmd
		}
		task := cmd.Task
		if cmd.Kind == engine.CmdSubmit || cmd.Kind == engine.CmdResubmit {
			task = 0
		}
		cmd.Choose = map[string][]string{}
		for _, c := range p.f.Choices(p.c, task) {
			cmd.Choose[c.Node] = pick(t, "choose", []string{"wang"}, []string{"zhao"}, []string{"chen"}, []string{"wang", "chen"}, []string{"ghost"})
		}
	}
	return cmd
}

// drawSystem draws what time, work outside or the organisation would tell, with a point or without.
func drawSystem(t *rapid.T, p *play) engine.Command {
	if rapid.IntRange(0, 9).Draw(t, "leaver") == 0 {
		return engine.Command{Kind: engine.CmdLeaver, To: []string{pick(t, "leaver", users...)}}
	}
	var sensible []engine.Command
	for _, v := range p.c.Visits {
		for _, x := range v.Timers {
			sensible = append(sensible, engine.Command{Kind: engine.CmdTimer, Visit: v.N, Event: x.Event})
		}
		if v.Work == nil {
			continue
		}
		for i := range v.Work.Items {
			sensible = append(sensible, engine.Command{Kind: engine.CmdResult, Visit: v.N, Item: i})
		}
	}
	if len(sensible) == 0 || rapid.IntRange(0, 9).Draw(t, "senseless") == 0 {
		return engine.Command{Kind: pick(t, "kind", engine.CmdTimer, engine.CmdResult), Visit: rapid.IntRange(-1, len(p.c.Visits)+1).Draw(t, "visit"),
			Event: pick(t, "event", "", "deadline", "delay", "before:x", "every"), Item: rapid.IntRange(-1, 3).Draw(t, "item")}
	}
	cmd := pick(t, "system", sensible...)
	if cmd.Kind == engine.CmdResult {
		cmd.Result = pick(t, "result", "", "approved", "approved", "rejected")
		cmd.Error = pick(t, "error", "", "", "out of stock")
		cmd.Ref = pick(t, "ref", "", "cost.payment.p1")
		return cmd
	}
	timers := p.c.Visits[cmd.Visit-1].Timers
	at := timers[slices.IndexFunc(timers, func(x engine.Timer) bool { return x.Event == cmd.Event })].At
	if rapid.IntRange(0, 4).Draw(t, "early") > 0 {
		p.now = later(p.now, at)
	}
	return cmd
}
