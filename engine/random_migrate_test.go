package engine_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
)

// changer makes another version of a flow: nodes vanish, change places, are
// new, move into a block, decide otherwise.
type changer struct {
	t *rapid.T
	n int
}

func (g *changer) version(def *schema.Flow) *engine.Flow {
	raw, err := json.Marshal(def)
	if err != nil {
		g.t.Fatal(err)
	}
	next, problems := schema.ParseFlow("cost", "f", raw)
	if len(problems) > 0 {
		g.t.Fatal(problems)
	}
	next.Nodes = append(next.Nodes[:1:1], g.list(next.Nodes[1:], 2)...)
	next.Normalize()
	f, problems := engine.Compile(next, testForm(), testEnv())
	if schema.HasErrors(problems) {
		g.t.Skip("not publishable")
	}
	return f
}

func (g *changer) list(nodes []*schema.Node, depth int) []*schema.Node {
	var out []*schema.Node
	for _, n := range nodes {
		for i := range n.Branches {
			n.Branches[i].Nodes = g.list(n.Branches[i].Nodes, depth-1)
		}
		switch rapid.IntRange(0, 14).Draw(g.t, "change of "+n.ID) {
		case 0:
			continue
		case 1:
			out = append(out, g.fresh(), n)
		case 2:
			if len(out) > 0 && n.Type != schema.NodeEnd {
				out = slices.Insert(out, len(out)-1, n)
				continue
			}
			out = append(out, n)
		case 3:
			out = append(out, g.wrapped(n, depth))
		case 4:
			g.decideOtherwise(n)
			out = append(out, n)
		case 5:
			if len(n.Branches) > 2 && n.Type == schema.NodeParallel {
				n.Branches = n.Branches[1:]
			}
			out = append(out, n)
		default:
			out = append(out, n)
		}
	}
	return out
}

func (g *changer) fresh() *schema.Node {
	g.n++
	return &schema.Node{ID: fmt.Sprintf("new%d", g.n), Type: schema.NodeApprove, Who: []schema.Who{{Users: []string{"zhao"}}}}
}

func (g *changer) wrapped(n *schema.Node, depth int) *schema.Node {
	if depth < 1 || n.Type == schema.NodeEnd {
		return n
	}
	g.n++
	return &schema.Node{ID: fmt.Sprintf("new%d", g.n), Type: schema.NodeParallel,
		Branches: []schema.Branch{{Nodes: []*schema.Node{n}}, {Nodes: []*schema.Node{g.fresh()}}}}
}

func (g *changer) decideOtherwise(n *schema.Node) {
	switch {
	case n.Vote != nil:
		n.Vote.Percent = pick(g.t, "percent", 1, 50, 100)
	case n.Type == schema.NodeApprove || n.Type == schema.NodeHandle:
		n.Mode = pick(g.t, "mode", schema.ModeAny, schema.ModeAll, schema.ModeSequence)
	}
}

// TestRandomMigrations: a case moves to another version while it runs. What Fits foretells comes
// true, and all invariants, storage and the replay over both versions hold before and after.
func TestRandomMigrations(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		def := (&flowGen{t: t}).flow()
		old, problems := engine.Compile(def, testForm(), testEnv())
		if schema.HasErrors(problems) {
			t.Fatalf("a drawn flow does not publish: %v", problems)
		}
		p := newPlay(t, old, drawOrg(t))
		p.flows = map[int]*engine.Flow{3: old, 4: (&changer{t: t}).version(def)}
		for range rapid.IntRange(1, 12).Draw(t, "before") {
			_, _ = p.do(drawCommand(t, p))
		}
		migrateAtRandom(t, p)
		for range rapid.IntRange(0, 12).Draw(t, "after") {
			_, _ = p.do(drawCommand(t, p))
		}
		checkAllowed(t, p)
	})
}

func migrateAtRandom(t *rapid.T, p *play) {
	cmd := engine.Command{Kind: engine.CmdMigrate, By: "root", Admin: true, Version: 4}
	if rapid.IntRange(0, 3).Draw(t, "to another node") == 0 {
		var nodes []string
		p.flows[4].Def.Walk(func(n *schema.Node, _ string) { nodes = append(nodes, n.ID) })
		cmd.To = []string{pick(t, "node", nodes...)}
	}
	fits, at, problems := p.flows[4].Fits(p.f, p.c)
	was := p.c
	_, err := p.do(cmd)
	if err != nil && was.Version != p.c.Version {
		t.Fatal("refused, but moved")
	}
	if len(cmd.To) > 0 {
		return
	}
	switch code := fault.CodeOf(err); {
	case fits && err != nil && code != "approver.none":
		t.Fatalf("fits, but: %v", err)
	case !fits && (err == nil || len(problems) == 0):
		t.Fatalf("does not fit (%v), but: %v", problems, err)
	case fits && err == nil && len(p.c.Visits) == len(was.Visits) && p.c.State == was.State:
		var open []string
		for _, v := range p.c.Visits {
			if v.Open && len(v.Branches) == 0 {
				open = append(open, v.Node)
			}
		}
		if d := cmp.Diff(at, open); d != "" {
			t.Fatalf("stands otherwise than foretold (-said +is): %s", d)
		}
	}
}
