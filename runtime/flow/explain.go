package flow

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
)

// Explained says why the people of a node are those who are asked there.
type Explained struct {
	Case  string          `json:"case"`
	Node  string          `json:"node"`
	Title string          `json:"title"`
	Mode  string          `json:"mode,omitempty"` // any, all, sequence, vote
	Text  string          `json:"text"`
	Items []ExplainedTask `json:"items"`
	// None is there where the node's sources gave nobody.
	None    *ExplainedNone  `json:"none,omitempty"`
	Display *record.Display `json:"display"`
}

// ExplainedTask is one person's task with what made it his.
type ExplainedTask struct {
	Task  string            `json:"task"`
	User  string            `json:"user,omitempty"` // "" = nobody was found, and the node was passed
	State string            `json:"state"`
	From  []ExplainedSource `json:"from"`  // the sources of the node that named him, or whom his task came from
	Steps []ExplainedStep   `json:"steps"` // how it came to him from there
	Text  string            `json:"text"`
}

// ExplainedSource is one source of people; Kind is role, field, dept_head …, or
// hidden where its field is hidden from the reader.
type ExplainedSource struct {
	Kind string `json:"kind"`
	Ref  string `json:"ref,omitempty"`
	Text string `json:"text"`
}

// ExplainedStep is a policy that decided, or a person's act.
type ExplainedStep struct {
	Kind string     `json:"kind"`
	By   string     `json:"by,omitempty"`
	From string     `json:"from,omitempty"`
	At   *time.Time `json:"at,omitempty"`
	Text string     `json:"text"`
}

// ExplainedNone is what the flow did where nobody was found.
type ExplainedNone struct {
	Policy string `json:"policy"` // skip, admin, user, stop
	Text   string `json:"text"`
}

// Explain says why somebody is asked in a case: about one task, by its id, or about
// a node as it was last visited. Whoever may see the case may ask; sources that are
// fields hidden from him are not named.
func (s *Service) Explain(ctx context.Context, a *tenant.Actor, caseID, taskID, node string) (*Explained, error) {
	ref, id, err := ParseCase(caseID)
	if err != nil {
		return nil, err
	}
	rec, g, err := s.records.Get(ctx, a, ref, id)
	if err != nil {
		return nil, err
	}
	if rec.Form.Flow == nil || !rec.HasCase() {
		return nil, record.NotFound()
	}
	older, err := s.records.ArchivedLog(ctx, rec)
	if err != nil {
		return nil, err
	}
	x := explainer{s: s, v: s.records.NewViewer(a), rec: rec, g: g, lang: a.Lang, log: append(older, rec.Case.Log...)}
	tasks, err := x.tasks(caseID, taskID, node)
	if err != nil {
		return nil, err
	}
	out := x.explain(caseID, tasks)
	out.Display, err = x.v.Names(ctx)
	return out, err
}

// explainer explains one case to one reader.
type explainer struct {
	s    *Service
	v    *record.Viewer
	rec  *record.Record
	g    record.Rights
	lang string
	log  []engine.LogEntry
}

// tasks are those asked about: all of one visit.
func (x explainer) tasks(caseID, taskID, node string) ([]engine.Task, error) {
	c, missing := x.rec.Case, fault.New(fault.NotFound, "task.not_found", "there is no such task")
	if taskID != "" {
		ref, id, n, err := ParseTask(taskID)
		t, ok := c.Task(n)
		if err != nil || !ok || ref+"."+id != caseID {
			return nil, missing
		}
		return []engine.Task{t}, nil
	}
	visit := 0
	for _, v := range c.Visits {
		if v.Node == node {
			visit = v.N
		}
	}
	var out []engine.Task
	for _, t := range c.Tasks {
		if t.Visit == visit && visit > 0 {
			out = append(out, t)
		}
	}
	if len(out) == 0 {
		return nil, missing
	}
	return out, nil
}

func (x explainer) explain(caseID string, tasks []engine.Task) *Explained {
	node := tasks[0].Node
	out := &Explained{Case: caseID, Node: node, Title: record.NodeTitle(x.rec, node, x.lang), Items: []ExplainedTask{}}
	if n := x.rec.Form.Flow.Def.Node(node); n != nil && n.Type != schema.NodeStart {
		out.Mode = n.Mode
	}
	found := x.rec.Form.Flow.Why(x.rec.Case, x.log, tasks[0].Visit)
	if found.Empty {
		out.None = &ExplainedNone{Policy: found.Policy, Text: x.say("empty_"+found.Policy, "")}
	}
	var texts []string
	for _, t := range tasks {
		item := x.task(t, found)
		out.Items, texts = append(out.Items, item), append(texts, item.Text)
	}
	out.Text = strings.Join(texts, x.say("then", ""))
	return out
}

func (x explainer) task(t engine.Task, found engine.Found) ExplainedTask {
	x.v.User(t.Assignee)
	out := ExplainedTask{Task: record.TaskID(x.rec.Ref(), x.rec.ID(), t.N), User: t.Assignee, State: string(t.State), From: x.sources(x.origin(t), found), Steps: []ExplainedStep{}}
	var parts []string
	for _, f := range out.From {
		parts = append(parts, f.Text)
	}
	for _, st := range engine.Steps(x.rec.Case, x.log, t.N) {
		step := ExplainedStep{Kind: st.Kind, By: st.By, From: st.From, Text: x.step(st)}
		if !st.Log.At.IsZero() {
			step.At = &st.Log.At
		}
		x.v.User(st.By)
		x.v.User(st.From)
		out.Steps, parts = append(out.Steps, step), append(parts, step.Text)
	}
	if len(parts) == 0 {
		parts = append(parts, x.say("unknown", ""))
	}
	who := x.name(t.Assignee)
	if t.Assignee == "" {
		who = x.say("nobody", "")
	}
	out.Text = who + x.say("colon", "") + strings.Join(parts, x.say("comma", ""))
	return out
}

// origin is the person whom the node's sources named before the task went its way.
func (x explainer) origin(t engine.Task) string {
	for range x.rec.Case.Tasks {
		from, ok := x.rec.Case.Task(t.From)
		if t.From == 0 || !ok {
			break
		}
		t = from
	}
	if t.Principal != "" {
		return t.Principal
	}
	return t.Assignee
}

func (x explainer) sources(user string, found engine.Found) []ExplainedSource {
	out := []ExplainedSource{}
	for _, f := range found.Sources {
		for _, u := range f.Users {
			if u == user && user != "" {
				out = append(out, x.source(f.Who))
				break
			}
		}
	}
	return out
}

// source names one source of people in words.
func (x explainer) source(w schema.Who) ExplainedSource {
	kind, ref, name := describe(w)
	switch kind {
	case "role":
		id := ref
		if !strings.Contains(id, ".") {
			id = x.rec.Form.App.Def.Key + "." + id
		}
		if r := x.s.t.Org.Snapshot().Role(id); r != nil && r.Title.In(x.lang) != "" {
			name = r.Title.In(x.lang)
		}
	case "dept":
		if d := x.s.t.Org.Snapshot().Dept(x.s.t.Org.Snapshot().DeptID(ref)); d != nil {
			name = d.Name
		}
	case "field", "dept_field":
		top, _, _ := strings.Cut(ref, ".")
		if x.g.Of(top) < rbac.FieldRead {
			return ExplainedSource{Kind: "hidden", Text: x.say("source_hidden", "")}
		}
		if f := x.rec.Form.FieldAt(top); f != nil && len(f.Title) > 0 {
			name = f.Title.In(x.lang)
		}
	case "node":
		name = record.NodeTitle(x.rec, ref, x.lang)
	case "formula":
		ref = "" // it may be about what the reader does not see
	}
	return ExplainedSource{Kind: kind, Ref: ref, Text: strings.ReplaceAll(x.say("source_"+kind, kind), "{ref}", name)}
}

// describe is the kind of a source, what it refers to, and how that is written.
func describe(w schema.Who) (kind, ref, name string) {
	number := func(kind string, n int) (string, string, string) { return kind, strconv.Itoa(n), strconv.Itoa(n) }
	switch {
	case w.Initiator:
		return "initiator", "", ""
	case len(w.Users) > 0:
		return "users", "", ""
	case w.Role != "":
		return "role", w.Role, w.Role
	case w.Field != "":
		return "field", w.Field, w.Field
	case w.DeptField != "":
		return "dept_field", w.DeptField, w.DeptField
	case w.Dept != "":
		return "dept", w.Dept, w.Dept
	case w.DeptHead > 0:
		return number("dept_head", w.DeptHead)
	case w.DeptHeads != nil:
		return "dept_heads", "", ""
	case w.Manager > 0:
		return number("manager", w.Manager)
	case w.Managers != nil:
		return "managers", "", ""
	case w.Chosen != nil:
		return "chosen_by_" + w.Chosen.By, "", ""
	case w.Node != "":
		return "node", w.Node, w.Node
	case w.Group != "":
		return "group", w.Group, w.Group
	}
	return "formula", "", ""
}

// step tells one step in words.
func (x explainer) step(st engine.TaskStep) string {
	return strings.NewReplacer("{by}", x.name(st.By), "{from}", x.name(st.From)).Replace(x.say("step_"+st.Kind, st.Kind))
}

func (x explainer) name(user string) string {
	if n := x.s.t.Org.Name("users", user); n != "" {
		return n
	}
	return user
}

func (x explainer) say(code, other string) string {
	w, ok := explainWords[code]
	switch {
	case !ok:
		return other
	case x.lang == "en":
		return w[1]
	}
	return w[0]
}
