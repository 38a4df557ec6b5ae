package flow

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/formula"
)

// Prediction is the way a record would take, with the people asked.
type Prediction struct {
	Tree []Node `json:"tree"`
	// Choose are the nodes whose people somebody chooses.
	Choose   []Choice        `json:"choose"`
	Warnings []Warning       `json:"warnings"`
	Display  *record.Display `json:"display,omitempty"`
}

// Choice is a node whose people are chosen: by the initiator when he submits, or
// by whoever approves before it.
type Choice struct {
	Node  string   `json:"node"`
	Title string   `json:"title"`
	By    string   `json:"by"`             // initiator, previous
	Min   int      `json:"min"`            // at least 1
	Max   int      `json:"max"`            // 0 = no bound
	From  []string `json:"from,omitempty"` // user ids; empty = anybody
}

// Warning is why a dry run may not be what will happen.
type Warning struct {
	// Code: branch_undecided, people_undecided, field_invalid, stopped.
	Code   string   `json:"code"`
	Text   string   `json:"text"`
	Node   string   `json:"node,omitempty"`
	Title  string   `json:"title,omitempty"`
	Branch *int     `json:"branch,omitempty"` // index
	Fields []string `json:"fields,omitempty"` // those still blank
	Path   string   `json:"path,omitempty"`   // of field_invalid: JSON pointer
	Reason string   `json:"reason,omitempty"` // of field_invalid and stopped: the error's code
}

// Predict runs the flow over a record being filled, everybody agreeing. It
// predicts with what is there: values that cannot be taken count as blank and
// are named in the warnings. With an id it is that record being changed.
func (s *Service) Predict(ctx context.Context, a *tenant.Actor, ref, id string, data json.RawMessage) (*Prediction, error) {
	c, err := s.records.Trial(ctx, a, ref, id, data)
	if c == nil || err != nil && !fault.Is(err, "record.invalid") {
		return nil, err
	}
	out := &Prediction{Tree: []Node{}, Choose: []Choice{}, Warnings: []Warning{}}
	if c.Form.Flow == nil {
		return out, nil
	}
	d := dryRun{s: s, c: c, lang: a.Lang}
	d.unread(err)
	if err := d.compute(ctx); err != nil {
		return nil, err
	}
	return out, d.predict(ctx, out)
}

// dryRun is a run of a flow that is never written.
type dryRun struct {
	s        *Service
	c        *record.Change
	lang     string
	warnings []Warning
}

// unread notes the values that could not be read.
func (d *dryRun) unread(err error) {
	var fe *fault.Error
	if errors.As(err, &fe) {
		d.invalid(fe.Fields)
	}
}

func (d *dryRun) invalid(fields []fault.Field) {
	for _, f := range fields {
		if !slices.ContainsFunc(d.warnings, func(w Warning) bool { return w.Path == f.Path && w.Code == "field_invalid" }) {
			d.warnings = append(d.warnings, Warning{Code: "field_invalid", Text: word(d.lang, "field_invalid", ""), Path: f.Path, Reason: f.Code})
		}
	}
}

// maxSettles bounds how often values are taken away that others then bring back.
const maxSettles = 3

// compute runs rules and formulas. What points to nothing, or to what the actor
// may not see, is taken away: else the people found by it would tell him of it.
func (d *dryRun) compute(ctx context.Context) error {
	for range maxSettles {
		err := d.c.Compute(ctx)
		var fe *fault.Error
		switch {
		case err == nil:
			return nil
		case !errors.As(err, &fe) || fe.Kind != fault.Invalid:
			return err
		case len(fe.Fields) == 0: // a formula failed: the values stay as they came
			d.invalid([]fault.Field{{Code: fe.Code}})
			return nil
		}
		d.invalid(fe.Fields)
		for _, f := range fe.Fields {
			takeAway(d.c.Values(), f.Path)
		}
	}
	return nil
}

// takeAway unsets the field, or the column of a row, that a pointer leads to; of
// a list of ids all of it.
func takeAway(values map[string]any, pointer string) {
	segs := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	rows, _ := values[segs[0]].([]any)
	if len(segs) > 2 && rows != nil {
		i, err := strconv.Atoi(segs[1])
		if err == nil && i >= 0 && i < len(rows) {
			if row, ok := rows[i].(map[string]any); ok {
				delete(row, segs[2])
				return
			}
		}
	}
	delete(values, segs[0])
}

// predict asks the engine and renders its answer.
func (d *dryRun) predict(ctx context.Context, out *Prediction) error {
	cmd := d.submit()
	tree, err := d.c.Form.Flow.Predict(cmd, func(n engine.Need) ([]string, error) { return d.s.answer(ctx, d.c, n) })
	if err != nil {
		if err := d.stopped(err); err != nil {
			return err
		}
	}
	r := renderer{v: d.s.records.NewViewer(d.c.Actor), rec: d.c.Record, g: d.c.Rights}
	out.Tree = unnumbered(r.nodes(tree))
	d.undecided(out.Tree)
	d.unasked(out.Tree)
	if out.Choose, err = d.s.choices(ctx, d.c, r); err != nil {
		return err
	}
	out.Warnings = append(out.Warnings, d.warnings...)
	out.Display, err = r.v.Names(ctx)
	return err
}

// unnumbered takes the ids of tasks away: nobody can act on what is predicted.
func unnumbered(nodes []Node) []Node {
	for i := range nodes {
		for j := range nodes[i].Tasks {
			nodes[i].Tasks[j].ID = ""
		}
		for j := range nodes[i].Branches {
			unnumbered(nodes[i].Branches[j].Nodes)
		}
	}
	return nodes
}

// submit begins a new case of whoever asks, or of the initiator of the case there is.
func (d *dryRun) submit() engine.Command {
	c := d.c
	initiator, dept := c.Actor.User, ""
	if len(c.Actor.Depts) > 0 {
		dept = c.Actor.Depts[0]
	}
	if c.Case.Initiator != "" && c.Case.State != engine.Draft {
		initiator, dept = c.Case.Initiator, c.Case.Dept
	}
	c.Case = engine.Case{Flow: c.Form.Flow.Def.Key, State: engine.Draft, Initiator: initiator, Dept: dept}
	return engine.Command{Kind: engine.CmdSubmit, By: initiator, At: c.Context().Now, Ctx: c.Context(), Record: c.Vars(),
		Rows: func(subtable string) int { rows, _ := c.Values()[subtable].([]any); return len(rows) }, DateOf: d.s.dates(c)}
}

// stopped notes why the prediction goes no further; an error that is no refusal stays one.
func (d *dryRun) stopped(err error) error {
	w, err := d.stop(err)
	if err == nil {
		d.warnings = append(d.warnings, w)
	}
	return err
}

func (d *dryRun) warn(w Warning) {
	if w.Node != "" {
		w.Title = record.NodeTitle(d.c.Record, w.Node, d.lang)
	}
	d.warnings = append(d.warnings, w)
}

// undecided marks the branches on the way whose conditions did not hold because
// fields they read are still blank.
func (d *dryRun) undecided(nodes []Node) {
	for i := range nodes {
		n := &nodes[i]
		def := d.c.Form.Flow.Def.Node(n.Node)
		if def == nil || !slices.ContainsFunc(n.Branches, func(b Branch) bool { return b.Taken }) {
			continue
		}
		for j := range n.Branches {
			b := &n.Branches[j]
			if b.Taken {
				d.undecided(b.Nodes)
				if def.Type == schema.NodeCondition {
					break // those behind it were not asked
				}
				continue
			}
			if blank := d.blankIn(def.Branches[j].When); len(blank) > 0 {
				b.Undecided = true
				at := j
				d.warn(Warning{Code: "branch_undecided", Text: word(d.lang, "branch_undecided", ""), Node: n.Node, Branch: &at, Fields: blank})
			}
		}
	}
}

// blankIn lists the fields of the record that a condition reads and that are
// blank. A switch that is off is an answer.
func (d *dryRun) blankIn(when string) []string {
	if when == "" {
		return nil
	}
	p, errs := formula.Compile(when, d.c.Form.Env, formula.Type{Kind: formula.Bool})
	if len(errs) > 0 {
		return nil // it was published: it compiles
	}
	var out []string
	for _, dep := range p.Deps() {
		key, column, _ := strings.Cut(dep, ".")
		f := d.c.Form.Def.Field(key)
		if f == nil || f.Type == schema.TypeSwitch || !d.c.Rights.Readable(key) || slices.Contains(out, key) {
			continue
		}
		if blankAt(d.c.Values()[key], f, column) {
			out = append(out, key)
		}
	}
	return out
}

// blankAt reports that a field is blank, or that a column is blank in every row.
func blankAt(v any, f *schema.Field, column string) bool {
	rows, _ := v.([]any)
	if f.Type != schema.TypeSubtable || column == "" || len(rows) == 0 {
		return schema.IsBlank(v)
	}
	return !slices.ContainsFunc(rows, func(r any) bool {
		row, _ := r.(map[string]any)
		return !schema.IsBlank(row[column])
	})
}

// unasked tells of nodes on the way whose people are named by a field that is still blank.
func (d *dryRun) unasked(nodes []Node) {
	for _, n := range nodes {
		if n.State == engine.PathPending || n.State == engine.PathSkipped {
			d.unaskedAt(n)
		}
		for _, b := range n.Branches {
			if b.Taken {
				d.unasked(b.Nodes)
			}
		}
	}
}

func (d *dryRun) unaskedAt(n Node) {
	def := d.c.Form.Flow.Def.Node(n.Node)
	if def == nil {
		return
	}
	var blank []string
	for _, w := range def.Who {
		key, _, _ := strings.Cut(w.Field+w.DeptField, ".")
		if key != "" && schema.IsBlank(d.c.Values()[key]) && d.c.Rights.Readable(key) && !slices.Contains(blank, key) {
			blank = append(blank, key)
		}
	}
	if len(blank) > 0 {
		d.warn(Warning{Code: "people_undecided", Text: word(d.lang, "people_undecided", ""), Node: n.Node, Fields: blank})
	}
}

// choices lists the nodes of a flow whose people somebody chooses.
func (s *Service) choices(ctx context.Context, c *record.Change, r renderer) ([]Choice, error) {
	out := []Choice{}
	var failed error
	c.Form.Flow.Def.Walk(func(n *schema.Node, _ string) {
		for _, w := range n.Who {
			if w.Chosen == nil || failed != nil {
				continue
			}
			x := Choice{Node: n.ID, Title: record.NodeTitle(c.Record, n.ID, r.v.Lang), By: w.Chosen.By, Min: max(w.Chosen.Min, 1), Max: w.Chosen.Max}
			x.From, failed = s.within(ctx, c, w.Chosen.From)
			for _, u := range x.From {
				r.v.User(u)
			}
			out = append(out, x)
		}
	})
	return out, failed
}

// within are the people of several sources, each once.
func (s *Service) within(ctx context.Context, c *record.Change, sources []schema.Who) ([]string, error) {
	var out []string
	for _, w := range sources {
		found, err := s.answer(ctx, c, engine.Need{Kind: engine.NeedWho, Who: w})
		if err != nil {
			return nil, err
		}
		for _, u := range found {
			if !slices.Contains(out, u) {
				out = append(out, u)
			}
		}
	}
	return out, nil
}

// otherwise is the reason of the branch that is taken when no other one is.
const otherwise = "otherwise"

// branchReason says why a branch was taken: its condition as it is written.
func branchReason(f *schema.Flow, node string, i int, taken bool) string {
	n := f.Node(node)
	if !taken || n == nil || i >= len(n.Branches) || n.Type == schema.NodeParallel {
		return ""
	}
	if n.Branches[i].Otherwise {
		return otherwise
	}
	return n.Branches[i].When
}
