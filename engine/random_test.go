package engine_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
)

var (
	users   = []string{"li", "wang", "zhao", "chen", "sun"}
	sources = []schema.Who{
		{Users: []string{"wang"}}, {Users: []string{"zhao", "chen"}}, {Initiator: true},
		{Role: "r1"}, {Role: "r2"}, {Field: "manager"}, {DeptHead: 1}, {DeptField: "unit"}, {Dept: "d1"},
		{DeptHeads: &schema.Levels{From: 1, To: 3}}, {Managers: &schema.Levels{From: 1}}, {Manager: 2}, {Group: "g"}, {Formula: "signers"},
	}
)

// flowGen draws whole flows: nested blocks, all node types, modes and policies.
type flowGen struct {
	t *rapid.T
	n int
	// before are the people nodes that surely come before the next one.
	before []string
}

func pick[T any](t *rapid.T, label string, from ...T) T {
	return rapid.SampledFrom(from).Draw(t, label)
}

func (g *flowGen) flow() *schema.Flow {
	t := g.t
	f := &schema.Flow{Key: "f", App: "cost", Form: "contract", Nodes: []*schema.Node{{ID: "start", Type: schema.NodeStart}}}
	f.Nodes = append(f.Nodes, g.list(3, false)...)
	f.Settings = schema.FlowSettings{
		Leaver:   pick(t, "leaver", "", schema.LeaverManager, schema.LeaverAdmin),
		Withdraw: pick(t, "withdraw", "", schema.WithdrawNever, schema.WithdrawBeforeFirst, schema.WithdrawAnyTime),
		Dedupe:   pick(t, "dedupe", "", schema.DedupeNone, schema.DedupeAdjacent, schema.DedupeAny),
		Self:     pick(t, "self", "", schema.SelfAct, schema.SelfSkip, schema.SelfManager),
		Resubmit: pick(t, "resubmit", "", schema.ResubmitStart, schema.ResubmitBack, schema.ResubmitChoose),

		WithdrawTo: pick(t, "withdrawTo", "", schema.WithdrawToEnd, schema.WithdrawToStart),
		TakeBack:   pick(t, "takeBack", "", "", schema.TakeBackAllow, schema.TakeBackNever),
		Empty:      g.empty(),
	}
	f.Normalize()
	return f
}

func (g *flowGen) empty() schema.EmptyWho {
	return pick(g.t, "empty", schema.EmptyWho{Then: schema.EmptyAdmin}, schema.EmptyWho{Then: schema.EmptySkip},
		schema.EmptyWho{Then: schema.EmptyUser, User: "sun"}, schema.EmptyWho{Then: schema.EmptyStop})
}

func (g *flowGen) list(depth int, parallel bool) []*schema.Node {
	var out []*schema.Node
	outer := len(g.before)
	for range rapid.IntRange(0, 3).Draw(g.t, "length") {
		n := g.node(depth)
		out = append(out, n)
		if n.Type == schema.NodeApprove || n.Type == schema.NodeHandle {
			g.before = append(g.before, n.ID)
		}
	}
	g.before = g.before[:outer]
	if !parallel && depth < 3 && rapid.IntRange(0, 9).Draw(g.t, "ends") == 0 {
		out = append(out, &schema.Node{ID: g.id(), Type: schema.NodeEnd})
	}
	return out
}

func (g *flowGen) id() string {
	g.n++
	return fmt.Sprintf("n%d", g.n)
}

func (g *flowGen) node(depth int) *schema.Node {
	types := []schema.NodeType{schema.NodeApprove, schema.NodeApprove, schema.NodeApprove, schema.NodeHandle, schema.NodeCC,
		schema.NodeSubflow, schema.NodeData, schema.NodeCall, schema.NodeDelay}
	if depth > 0 {
		types = append(types, schema.NodeCondition, schema.NodeParallel, schema.NodeInclusive)
	}
	n := &schema.Node{ID: g.id(), Type: pick(g.t, "type", types...)}
	switch n.Type {
	case schema.NodeCondition, schema.NodeInclusive:
		g.conditions(n, depth)
	case schema.NodeSubflow, schema.NodeData, schema.NodeCall, schema.NodeDelay:
		g.work(n)
	case schema.NodeParallel:
		for range rapid.IntRange(2, 3).Draw(g.t, "branches") {
			n.Branches = append(n.Branches, schema.Branch{Nodes: g.list(depth-1, true)})
		}
	case schema.NodeCC:
		n.Who = g.who()
	default:
		g.people(n)
	}
	return n
}

func (g *flowGen) who() []schema.Who {
	return rapid.SliceOfNDistinct(rapid.SampledFrom(sources), 1, 3, func(w schema.Who) string { return fmt.Sprint(w) }).Draw(g.t, "who")
}

func (g *flowGen) people(n *schema.Node) {
	n.Who = g.who()
	n.Mode = pick(g.t, "mode", "", schema.ModeAny, schema.ModeAll, schema.ModeSequence, schema.ModeVote)
	if n.Mode == schema.ModeVote {
		n.Vote = &schema.Vote{Percent: pick(g.t, "percent", 1, 34, 50, 60, 67, 100)}
		if n.Type == schema.NodeApprove && rapid.Bool().Draw(g.t, "veto") {
			n.Vote.Veto = g.who()[:1]
		}
	}
	n.ReturnTo = pick(g.t, "returnTo", "", schema.ReturnStart, schema.ReturnPrevious, schema.ReturnAny)
	n.Comment = pick(g.t, "comment", "", "", schema.CommentRequired, schema.CommentOnReject)
	n.Always = n.Type == schema.NodeApprove && rapid.Bool().Draw(g.t, "always")
	if rapid.Bool().Draw(g.t, "own policy") {
		e := g.empty()
		n.Empty = &e
	}
	switch rapid.IntRange(0, 4).Draw(g.t, "actions") {
	case 0:
		n.Actions = schema.ActionsFor(n.Type)[:2]
	case 1, 2, 3:
		n.Actions = schema.KnownActions(n.Type)
	}
	n.Attachment = pick(g.t, "attachment", "", "", "", schema.Required)
	n.Signature = pick(g.t, "signature", "", "", "", schema.Required)
	g.morePeople(n)
}

// conditions makes branches of which the last is otherwise. No branch ends the
// flow there: that would make what follows unreachable in some draws.
func (g *flowGen) conditions(n *schema.Node, depth int) {
	for i := range rapid.IntRange(1, 2).Draw(g.t, "branches") {
		n.Branches = append(n.Branches, schema.Branch{When: fmt.Sprintf("amount >= %d", 100*(i+1)), Nodes: g.list(depth-1, true)})
	}
	n.Branches = append(n.Branches, schema.Branch{Otherwise: true, Nodes: g.list(depth-1, true)})
}

func drawOrg(t *rapid.T) map[string][]string {
	org := map[string][]string{"admins": {"root", "sun"}}
	people := rapid.SliceOfNDistinct(rapid.SampledFrom(users), 0, 3, rapid.ID)
	for _, key := range []string{"role:r1", "role:r2", "field:manager", "dept_head:1", "dept_field:unit", "dept:d1", "manager:li",
		"dept_heads:1-3:", "managers:1-0:", "manager_level:2", "group:g", "formula:signers", "manager:wang", "manager:zhao", "left"} {
		org[key] = people.Draw(t, key)
	}
	drawDelegates(t, org)
	if rapid.IntRange(0, 9).Draw(t, "no admins") == 0 {
		org["admins"] = nil
	}
	return org
}

// TestRandom plays random commands on random flows. Each command is checked by
// play.do: determinism, the argument unchanged, all invariants, storage, replay.
func TestRandom(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := &flowGen{t: t}
		def := g.flow()
		f, problems := engine.Compile(def, testForm(), testEnv())
		if schema.HasErrors(problems) {
			t.Fatalf("a drawn flow does not publish: %v", problems)
		}
		p := newPlay(t, f, drawOrg(t))
		for range rapid.IntRange(1, 25).Draw(t, "commands") {
			p.now = p.now.Add(time.Duration(rapid.IntRange(0, 20).Draw(t, "minutes")) * time.Minute)
			p.data["amount"] = mustDecimal(pick(t, "amount", "0", "100", "250"))
			p.empty = pick(t, "missing", nil, nil, nil, []string{"n1", "n2", "n3"})
			drawData(t, p)
			_, _ = p.do(drawAny(t, p))
		}
		checkAllowed(t, p)
		checkPredict(t, p)
	})
}

func mustDecimal(s string) decimal.Decimal {
	d, err := decimal.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// drawCommand mostly draws what somebody may do, sometimes anything at all.
func drawCommand(t *rapid.T, p *play) engine.Command {
	user := pick(t, "user", append([]string{"root", "nobody"}, users...)...)
	if p.c.State == engine.Draft {
		user = "li"
	}
	if open := p.c.OpenTasks(""); len(open) > 0 && rapid.IntRange(0, 3).Draw(t, "at work") > 0 {
		user = pick(t, "task", open...).Assignee
	}
	actions := p.f.Allowed(p.c, user)
	if rapid.IntRange(0, 9).Draw(t, "administrator") == 0 {
		if user, actions = "root", p.f.AllowedAdmin(p.c); len(actions) > 0 {
			cmd := completed(t, pick(t, "action", actions...), user)
			cmd.Admin = true
			return cmd
		}
	}
	if len(actions) == 0 || rapid.IntRange(0, 5).Draw(t, "anything") == 0 {
		return anything(t, p, user)
	}
	return completed(t, pick(t, "action", actions...), user)
}

// excuses are refusals that depend on the organisation, the clock or the data, not on the case.
var excuses = []string{"approver.none", "urge.too_soon", "fields.required", "transfer.self", "transfer.already_asked",
	"signer.self", "signer.already_asked", "choose.required"}

// checkAllowed: what Allowed lists is accepted, and what it does not list is refused.
func checkAllowed(t *rapid.T, p *play) {
	for _, user := range append([]string{"root"}, users...) {
		listed := map[string]bool{}
		for _, a := range p.f.Allowed(p.c, user) {
			listed[fmt.Sprint(a.Kind, a.Task)] = true
			if err := p.try(completed(t, a, user)); err != nil && !slices.Contains(excuses, fault.CodeOf(err)) {
				t.Fatalf("%s may %s task %d, but: %v", user, a.Kind, a.Task, err)
			}
		}
		for _, kind := range []string{"submit", "withdraw", "urge", "cancel", "jump", "suspend", "resume", "retry", "skip", "reassign", "terminate"} {
			if err := p.try(engine.Command{Kind: kind, By: user, Comment: "x"}); err == nil && !listed[kind+"0"] {
				t.Fatalf("%s was not offered to %s, but accepted", kind, user)
			}
		}
		for _, task := range p.c.Tasks {
			for _, kind := range []string{"approve", "handle", "reject", "return", "transfer", "delegate", "add_signer", "remove_signer", "take_back", "save"} {
				err := p.try(engine.Command{Kind: kind, By: user, Task: task.N, Comment: "x", Files: []string{"f"}, Signature: "s", Where: "before",
					To: pick(t, "to", []string{"start"}, []string{"ghost"}, []string{"sun"})})
				if err == nil && !listed[fmt.Sprint(kind, task.N)] {
					t.Fatalf("%s of task %d was not offered to %s, but accepted", kind, task.N, user)
				}
			}
		}
	}
}

// checkPredict: a prediction ends, and names somebody at every node it would stop at.
func checkPredict(t *rapid.T, p *play) {
	tree, err := p.f.Predict(engine.Command{By: "li", At: p.now, Record: p.data, Rows: p.rows, DateOf: p.dateOf}, func(n engine.Need) ([]string, error) { return p.answer(n), nil })
	if err != nil && !slices.Contains([]string{"approver.none"}, fault.CodeOf(err)) {
		t.Fatalf("predict: %v", err)
	}
	for _, n := range flatten(tree) {
		if n.State == engine.PathCurrent || n.State == engine.PathDone {
			t.Fatalf("a prediction says %s is %s", n.Node, n.State)
		}
		people := n.Type == schema.NodeApprove || n.Type == schema.NodeHandle
		if err == nil && people && n.State == engine.PathPending && len(n.Tasks) == 0 {
			t.Fatalf("nobody at %s", n.Node)
		}
	}
}

// TestRandomDefinitionsSurviveText: a flow written as JSON and read again is the same flow.
func TestRandomDefinitionsSurviveText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		def := (&flowGen{t: t}).flow()
		raw, err := json.Marshal(def)
		if err != nil {
			t.Fatal(err)
		}
		back, problems := schema.ParseFlow("cost", "f", raw)
		if len(problems) > 0 {
			t.Fatalf("%s: %v", raw, problems)
		}
		again, err := json.Marshal(back)
		if err != nil || string(raw) != string(again) {
			t.Fatalf("written %s\nread and written %s", raw, again)
		}
	})
}
