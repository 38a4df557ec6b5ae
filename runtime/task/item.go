package task

import (
	"context"
	"slices"
	"time"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
)

// Item is one line of a box, read from its record.
type Item struct {
	ID        string        `json:"id"`
	Form      string        `json:"form"`
	FormTitle string        `json:"form_title"`
	App       string        `json:"app"`
	Record    string        `json:"record"`
	Title     string        `json:"title"`
	Summary   []SummaryLine `json:"summary"`
	Node      string        `json:"node,omitempty"`
	NodeTitle string        `json:"node_title,omitempty"`
	Kind      string        `json:"kind"`
	State     string        `json:"state"`
	Result    string        `json:"result,omitempty"`
	Rev       int64         `json:"rev"`
	Initiator string        `json:"initiator"`
	CaseState string        `json:"case_state"`
	Handlers  []string      `json:"handlers"`
	OpenedAt  time.Time     `json:"opened_at"`
	DoneAt    *time.Time    `json:"done_at,omitempty"`
	UrgedAt   *time.Time    `json:"urged_at,omitempty"`
	// Due is when it should be decided; LeftMinutes how much working time that
	// is from now, 0 when it is Overdue.
	Due         *time.Time `json:"due,omitempty"`
	LeftMinutes *int       `json:"left_minutes,omitempty"`
	Overdue     bool       `json:"overdue,omitempty"`
	// Assignee has the task when the reader is not it: he stands in for Principal, or was asked for an opinion.
	Assignee  string `json:"assignee,omitempty"`
	Principal string `json:"principal,omitempty"`
	Added     string `json:"added,omitempty"` // before, after, beside: he is an added signer
	// Can are the actions that need nothing but a tap, so that many tasks can be decided at once.
	Can []string `json:"can"`
}

// SummaryLine is one of the few facts shown with a task. Type and the wire
// value let the client format it.
type SummaryLine struct {
	Field string `json:"field"`
	Title string `json:"title"`
	Type  string `json:"type"`
	Value any    `json:"value"`
}

func (s *Service) item(ctx context.Context, a *tenant.Actor, v *record.Viewer, rec *record.Record, n int) (Item, error) {
	g := record.RightsOn(a, rec)
	o := v.Record(a, rec, g, false)
	it := Item{ID: record.TaskID(rec.Ref(), rec.ID(), n), Form: rec.Ref(), FormTitle: rec.Form.Def.Title.In(a.Lang),
		App: rec.Form.App.Def.Key, Record: rec.ID(), Title: o.Title, Summary: summary(rec, o, a.Lang), Kind: "case",
		Initiator: rec.Case.Initiator, CaseState: string(rec.Case.State), OpenedAt: rec.Case.StartedAt, Handlers: o.Case.Handlers, Can: []string{}}
	v.User(rec.Case.Initiator)
	if n == 0 || n > len(rec.Case.Tasks) {
		return it, nil
	}
	t := &rec.Case.Tasks[n-1]
	it.Node, it.NodeTitle, it.Kind = t.Node, record.NodeTitle(rec, t.Node, a.Lang), t.Kind
	it.State, it.Result, it.Rev, it.OpenedAt = string(t.State), t.Result, t.Rev, t.OpenedAt
	it.DoneAt, it.UrgedAt = known(t.DoneAt), known(t.UrgedAt)
	it.Principal, it.Added, it.Can = t.Principal, t.Added, tapped(rec, t, a.User)
	if t.Assignee != a.User {
		it.Assignee = t.Assignee
	}
	if t.State == engine.TaskDelegated {
		it.Assignee = askedFor(&rec.Case, t)
	}
	v.User(it.Assignee)
	v.User(it.Principal)
	return it, s.deadline(ctx, rec, t, &it)
}

// askedFor is whoever still owes an opinion to a task that waits for it, "" when nobody does.
func askedFor(c *engine.Case, t *engine.Task) string {
	for i := range c.Tasks {
		if x := &c.Tasks[i]; x.For == t.N && x.State == engine.TaskOpen {
			return x.Assignee
		}
	}
	return ""
}

func (s *Service) deadline(ctx context.Context, rec *record.Record, t *engine.Task, it *Item) error {
	due := dueOf(rec, t)
	if due.IsZero() {
		return nil
	}
	it.Due, it.Overdue = &due, s.t.Clock.Now().After(due)
	if s.clockwork == nil {
		return nil
	}
	left, err := s.clockwork.Left(ctx, rec, t.Node, due)
	it.LeftMinutes = &left
	return err
}

// tapped are the decisions of a task that need neither words nor files nor fields.
func tapped(rec *record.Record, t *engine.Task, user string) []string {
	out := []string{}
	if t.State != engine.TaskOpen || rec.Form.Flow == nil {
		return out
	}
	for _, x := range rec.Form.Flow.Allowed(rec.Case, user) {
		if x.Task == t.N && !x.CommentRequired && !x.AttachmentRequired && !x.SignatureRequired && simple(rec, t, x.Kind) {
			out = append(out, x.Kind)
		}
	}
	return out
}

// simple reports a decision that asks for nothing that is not in the record already.
func simple(rec *record.Record, t *engine.Task, kind string) bool {
	switch kind {
	case engine.CmdReject:
		return true
	case engine.CmdApprove, engine.CmdHandle:
	default:
		return false
	}
	n := rec.Form.Flow.Def.Node(t.Node)
	return n != nil && !slices.ContainsFunc(n.Fields.Require, func(path string) bool { return schema.IsBlank(rec.Data()[path]) })
}

func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// summaryLines is how many facts a task shows.
const summaryLines = 3

// summary picks the facts shown with a task: the first amount, then the
// relations that say what it is about, then further facts in the order of the
// form; what is in the title is not repeated.
func summary(rec *record.Record, o *record.Out, lang string) []SummaryLine {
	out := []SummaryLine{}
	inTitle := map[string]bool{}
	for _, d := range rec.Form.TitleDeps() {
		inTitle[d] = true
	}
	shown := map[string]bool{}
	take := func(most int, types ...schema.FieldType) {
		for _, f := range rec.Form.Def.Fields {
			if most == 0 || len(out) == summaryLines {
				return
			}
			val, ok := o.Data[f.Key]
			if !ok || inTitle[f.Key] || shown[f.Key] || !slices.Contains(types, f.Type) {
				continue
			}
			out, shown[f.Key] = append(out, SummaryLine{f.Key, f.Title.In(lang), string(f.Type), val}), true
			most--
		}
	}
	take(1, schema.TypeMoney)
	take(summaryLines, schema.TypeRelation)
	take(summaryLines, schema.TypeMoney, schema.TypeNumber, schema.TypeDate, schema.TypeSelect, schema.TypeRadio, schema.TypeText, schema.TypeMember)
	return out
}
