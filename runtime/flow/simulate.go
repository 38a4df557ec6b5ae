package flow

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/catalog"
)

// SimulateInput asks what a flow would do with sample data and people.
type SimulateInput struct {
	Form    string              // key
	Version string              // draft, published; "" = the draft if there is one
	Data    json.RawMessage     // as a client would send it
	By      string              // the initiator: a user
	At      time.Time           // zero = now
	People  map[string][]string // node → who is asked there, instead of whom the flow names
	Choose  map[string][]string // node → the people chosen
	// Decisions: node → what everybody asked there does: approve, handle, reject or
	// return; at a node that works outside how it ends: done, approved, rejected,
	// terminated or fail. One for each visit, the last repeats.
	Decisions map[string][]string
}

// Simulation is what came of it.
type Simulation struct {
	Version  int64           `json:"version"` // of the app; a draft has the next one
	Draft    bool            `json:"draft"`
	State    string          `json:"state"` // of the case in the end
	Steps    []SimStep       `json:"steps"`
	Tree     []Node          `json:"tree"`
	Log      []Line          `json:"log"`
	Stopped  *Warning        `json:"stopped,omitempty"` // why it came no further
	Warnings []Warning       `json:"warnings"`
	Display  *record.Display `json:"display"`
}

// SimStep is one visit of a node.
type SimStep struct {
	N        int         `json:"n"`
	Node     string      `json:"node"`
	Type     string      `json:"type"`
	Title    string      `json:"title"`
	Open     bool        `json:"open"` // it stands here in the end
	Result   string      `json:"result,omitempty"`
	Reason   string      `json:"reason,omitempty"`
	Why      string      `json:"why,omitempty"`      // the reason in words
	Branches []SimBranch `json:"branches,omitempty"` // those taken, with their conditions
	Tasks    []Task      `json:"tasks,omitempty"`
	Text     string      `json:"text"`
}

// SimBranch is a branch that was taken.
type SimBranch struct {
	Index  int    `json:"index"`
	Title  string `json:"title"`
	Reason string `json:"reason,omitempty"`
}

// Simulate runs the real engine over sample data of a draft or of what is
// published, deciding as it is told. Nothing is written. a designs the app;
// records that he may not see count as not there.
func (s *Service) Simulate(ctx context.Context, a *tenant.Actor, app string, in SimulateInput) (*Simulation, error) {
	form, draft, err := s.simulated(ctx, app, in)
	if err != nil {
		return nil, err
	}
	if err := s.checkSample(form, in); err != nil {
		return nil, err
	}
	by, err := s.t.Org.Subject(ctx, in.By)
	if err != nil {
		return nil, sampleInvalid("/by", "unknown_member", "there is no such user")
	}
	by.Zone, by.Lang = s.t.Settings().Zone, a.Lang
	c, err := s.records.Sample(&tenant.Actor{Subject: by, Plan: a.Plan}, form, in.Data)
	if err != nil && !fault.Is(err, "record.invalid") {
		return nil, err
	}
	if !in.At.IsZero() {
		c.Context().Now = in.At.UTC().Truncate(time.Millisecond)
	}
	d := dryRun{s: s, c: c, lang: a.Lang}
	d.unread(err)
	if err := d.compute(ctx); err != nil {
		return nil, err
	}
	out := &Simulation{Version: form.App.Version, Draft: draft, Steps: []SimStep{}, Warnings: []Warning{}}
	return out, d.simulate(ctx, in, out)
}

// simulated finds the form as the draft, or what is published, has it.
func (s *Service) simulated(ctx context.Context, app string, in SimulateInput) (form *catalog.Form, draft bool, err error) {
	if in.Version != "" && in.Version != "draft" && in.Version != "published" {
		return nil, false, fault.New(fault.Malformed, "simulate.version", "version is draft or published").
			At(fault.Field{Path: "/version", Code: "option", Message: "draft or published"})
	}
	a := s.t.Catalog.Snapshot().Apps[app]
	if in.Version != "published" {
		d, err := s.t.Catalog.Draft(ctx, app)
		switch {
		case err == nil:
			if a, err = s.compileDraft(ctx, d.App); err != nil {
				return nil, false, err
			}
			draft = true
		case fault.KindOf(err) != fault.NotFound || in.Version == "draft":
			return nil, false, err
		}
	}
	if a == nil {
		return nil, false, fault.Newf(fault.NotFound, "app.unknown", "there is no app %s", app)
	}
	if form = a.Forms[strings.TrimPrefix(in.Form, app+".")]; form == nil {
		return nil, false, fault.Newf(fault.NotFound, "form.unknown", "there is no form %s.%s", app, in.Form)
	}
	if form.Flow == nil {
		return nil, false, fault.Newf(fault.Refused, "flow.none", "form %s has no flow", form.Ref())
	}
	return form, draft, nil
}

// compileDraft compiles a draft against what is published; its errors are the answer.
func (s *Service) compileDraft(ctx context.Context, doc catalog.AppDoc) (*catalog.App, error) {
	apps, problems := s.t.Catalog.Check(ctx, doc)
	if !schema.HasErrors(problems) {
		return apps[doc.Key], nil
	}
	e := fault.New(fault.Invalid, "publish.problems", "the draft has errors and cannot be simulated")
	for _, p := range problems {
		if !p.Warning {
			e = e.At(fault.Field{Path: p.Path, Code: p.Code, Message: p.Message, Params: p.Params})
		}
	}
	return nil, e
}

func sampleInvalid(path, code, text string) error {
	return fault.New(fault.Invalid, "simulate.invalid", "this cannot be simulated").At(fault.Field{Path: path, Code: code, Message: text})
}

// decisions that people and work may come to.
var simDecisions = []string{"approve", "handle", "reject", "return", "done", "approved", "rejected", "withdrawn", "terminated", "fail"}

// checkSample holds the people and decisions of a sample against the flow.
func (s *Service) checkSample(form *catalog.Form, in SimulateInput) error {
	for part, m := range map[string]map[string][]string{"people": in.People, "choose": in.Choose} {
		for node, users := range m {
			if form.Flow.Def.Node(node) == nil {
				return sampleInvalid("/"+part+"/"+node, "unknown_node", "there is no such node")
			}
			for _, u := range users {
				if s.t.Org.Name("users", u) == "" {
					return sampleInvalid("/"+part+"/"+node, "unknown_member", "there is no such user")
				}
			}
		}
	}
	for node, l := range in.Decisions {
		if form.Flow.Def.Node(node) == nil {
			return sampleInvalid("/decisions/"+node, "unknown_node", "there is no such node")
		}
		for _, d := range l {
			if !slices.Contains(simDecisions, d) {
				return sampleInvalid("/decisions/"+node, "option", "one of "+strings.Join(simDecisions, ", "))
			}
		}
	}
	return nil
}

func (d *dryRun) simulate(ctx context.Context, in SimulateInput, out *Simulation) error {
	sample := engine.Sample{People: in.People, Choose: in.Choose, Decisions: map[string][]string{}}
	for node, l := range in.Decisions {
		for _, x := range l {
			switch x {
			case "done":
				x = ""
			case "fail":
				x = "error"
			}
			sample.Decisions[node] = append(sample.Decisions[node], x)
		}
	}
	got, err := d.c.Form.Flow.Simulate(d.submit(), sample, func(n engine.Need) ([]string, error) { return d.s.answer(ctx, d.c, n) })
	if err != nil {
		stop, err := d.stop(err)
		if err != nil {
			return err
		}
		out.Stopped = &stop
	}
	d.c.Case = got.Case
	r := renderer{v: d.s.records.NewViewer(d.c.Actor), rec: d.c.Record, g: d.c.Rights}
	r.v.Lang = d.lang
	out.State, out.Tree, out.Log = string(got.Case.State), unnumbered(r.nodes(got.Tree)), r.timeline(got.Case)
	d.undecided(out.Tree)
	for _, p := range got.Path {
		out.Steps = append(out.Steps, d.step(r, p))
	}
	out.Warnings = append(out.Warnings, d.warnings...)
	out.Display, err = r.v.Names(ctx)
	return err
}

// step renders one visit.
func (d *dryRun) step(r renderer, p engine.Step) SimStep {
	def := d.c.Form.Flow.Def
	n := def.Node(p.Visit.Node)
	x := SimStep{N: p.Visit.N, Node: p.Visit.Node, Title: record.NodeTitle(d.c.Record, p.Visit.Node, d.lang), Open: p.Visit.Open,
		Result: p.Visit.Result, Reason: p.Reason, Why: reasonText(d.lang, p.Reason)}
	if n != nil {
		x.Type = string(n.Type)
		for _, b := range p.Visit.Branches {
			if b < len(n.Branches) {
				x.Branches = append(x.Branches, SimBranch{Index: b, Title: n.Branches[b].Title.In(d.lang), Reason: branchReason(def, n.ID, b, true)})
			}
		}
	}
	for _, t := range p.Tasks {
		task := r.task(t)
		task.ID, task.From = "", ""
		x.Tasks = append(x.Tasks, task)
	}
	x.Text = d.sentence(x)
	return x
}

// sentence says in one line what happened at a step.
func (d *dryRun) sentence(x SimStep) string {
	comma := word(d.lang, "sim.comma", "")
	parts := []string{x.Title}
	for _, b := range x.Branches {
		name := b.Title
		if name == "" {
			name = word(d.lang, "sim.branch", "")
		}
		if b.Reason != "" {
			name += " (" + word(d.lang, "sim."+b.Reason, b.Reason) + ")"
		}
		parts = append(parts, name)
	}
	for _, t := range x.Tasks {
		who := d.s.t.Org.Name("users", t.Assignee)
		did := word(d.lang, "sim."+t.Result, "")
		if did == "" {
			did = word(d.lang, "sim."+t.State, "")
		}
		if t.Why != "" {
			did += " (" + t.Why + ")"
		}
		parts = append(parts, strings.TrimSpace(who+" "+did))
	}
	if x.Why != "" && len(x.Tasks) == 0 {
		parts = append(parts, x.Why)
	}
	if x.Open && len(x.Tasks) == 0 {
		parts = append(parts, word(d.lang, "sim.open", ""))
	}
	return strings.Join(parts, comma)
}

// stop turns a refusal on the way into what is said of it; any other error stays one.
func (d *dryRun) stop(err error) (Warning, error) {
	var fe *fault.Error
	if !errors.As(err, &fe) || fe.Kind != fault.Refused && fe.Kind != fault.Invalid {
		return Warning{}, err
	}
	w := Warning{Code: "stopped", Reason: fe.Code, Text: word(d.lang, fe.Code, word(d.lang, "stopped", ""))}
	if w.Node, _ = fe.Params["node"].(string); w.Node != "" {
		w.Title = record.NodeTitle(d.c.Record, w.Node, d.lang)
	}
	return w, nil
}
