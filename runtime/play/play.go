// Package play plays what packs bring: sample records with their history, and
// scenarios. It acts through the same services as the API, as the people named.
package play

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/clock"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac/org"
	"github.com/formwork-run/formwork/runtime"
	"github.com/formwork-run/formwork/runtime/flow"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema/pack"
)

// Player acts in one tenant. It moves its clock, so it is used only where no
// one else works: in tests, and before a demonstration opens.
type Player struct {
	S     *runtime.Services
	Clock *clock.Fake
	names pack.Names
	forms map[string]string // "app.alias" → form of the record
	admin string            // who creates what names nobody
}

// New makes a player. admin is the user who creates records that name nobody.
func New(s *runtime.Services, clk *clock.Fake, admin string) *Player {
	return &Player{S: s, Clock: clk, admin: admin, forms: map[string]string{},
		names: pack.Names{Records: map[string]string{}, Users: map[string]string{}, Depts: map[string]string{}}}
}

// step is the time between two acts that name no time.
const stepTime = time.Minute

// People brings an organisation in; aliases are its keys.
func (p *Player) People(ctx context.Context, o *pack.Org) error {
	var b org.Batch
	for _, d := range o.Depts {
		x := org.Dept{ID: d.Key, Name: d.Title.In("zh-CN"), Parent: d.Parent, Order: int64(len(b.Depts))}
		if d.Head != "" {
			x.Heads = []string{d.Head}
		}
		b.Depts = append(b.Depts, x)
		p.names.Depts[d.Key] = d.Key
	}
	holders := map[string][]org.Holder{}
	for _, u := range o.Users {
		b.Users = append(b.Users, org.User{ID: u.Key, Login: u.Key, Name: u.Name.In("zh-CN"), State: org.Active, Depts: u.Depts,
			Manager: u.Manager, Admin: u.Admin})
		p.names.Users[u.Key] = u.Key
		for _, r := range u.Roles {
			holders[r] = append(holders[r], org.Holder{User: u.Key})
		}
	}
	for id, h := range holders {
		role := org.Role{ID: id, Holders: h}
		if known := p.S.Org.Snapshot().Role(id); known != nil {
			role.Title = known.Title
		}
		b.Roles = append(b.Roles, role)
	}
	if err := p.S.Org.Apply(ctx, b); err != nil {
		return err
	}
	return p.S.Changed(ctx, tenant.SignalOrg)
}

// Samples makes the sample records of a pack, each brought to the state it names.
func (p *Player) Samples(ctx context.Context, pk *pack.Pack) error {
	p.names.App = pk.Meta.Key
	for _, r := range pk.Records() {
		if err := p.Record(ctx, r); err != nil {
			return fmt.Errorf("%s:%d: %w", r.File, r.Line, err)
		}
	}
	return nil
}

func (p *Player) bind(raw json.RawMessage, ref string) (json.RawMessage, error) {
	f, err := p.S.Form(ref)
	if err != nil {
		return nil, err
	}
	return pack.Bind(raw, f.Def, p.names)
}

func (p *Player) full(alias string) string {
	for i := range alias {
		if alias[i] == '.' {
			return alias
		}
	}
	return p.names.App + "." + alias
}

func (p *Player) moveTo(w pack.When) {
	if w.IsZero() {
		p.Clock.Advance(stepTime)
		return
	}
	p.Clock.Set(w.In(p.S.Settings().Zone))
}

func (p *Player) actor(ctx context.Context, alias string) (*tenant.Actor, error) {
	id := p.admin
	if alias != "" {
		var ok bool
		if id, ok = p.names.Users[alias]; !ok {
			return nil, fault.Newf(fault.Invalid, "alias.unknown", "there is nobody called %s", alias)
		}
	}
	return p.S.Actor(ctx, id)
}

// Record makes one sample record and plays its history.
func (p *Player) Record(ctx context.Context, r pack.Record) error {
	p.moveTo(r.At)
	a, err := p.actor(ctx, r.By)
	if err != nil {
		return err
	}
	rec, err := p.create(ctx, a, r.Form, r.As, r.Data, r.State != "draft", nil)
	if err != nil {
		return err
	}
	for _, st := range r.Steps {
		st.Record, st.Form = "", r.Form
		p.moveTo(st.At)
		if _, err := p.act(ctx, st, r.Form, rec.ID()); err != nil {
			return fmt.Errorf("line %d: %s by %s: %w", st.Line, st.Kind, st.By, err)
		}
	}
	if r.State == "approved" {
		return p.approveAll(ctx, r, rec.ID())
	}
	return p.arrived(ctx, r, rec.ID())
}

// arrived holds a record against the state it should have come to.
func (p *Player) arrived(ctx context.Context, r pack.Record, id string) error {
	if r.State == "" {
		return nil
	}
	rec, err := p.S.Records.Load(ctx, r.Form, id)
	if err != nil {
		return err
	}
	if got := string(rec.Case.State); got != r.State {
		return fmt.Errorf("the case is %s, not %s", got, r.State)
	}
	return nil
}

// maxApprovals bounds how many tasks one sample record may need.
const maxApprovals = 200

// approveAll lets everybody with an open task agree until the case is approved.
func (p *Player) approveAll(ctx context.Context, r pack.Record, id string) error {
	for range maxApprovals {
		rec, err := p.S.Records.Load(ctx, r.Form, id)
		if err != nil {
			return err
		}
		if rec.Case.State == engine.Approved {
			return nil
		}
		t := firstOpen(rec.Case)
		if t == nil {
			return fmt.Errorf("the case is %s and nobody has a task", rec.Case.State)
		}
		a, err := p.S.Actor(ctx, t.Assignee)
		if err != nil {
			return err
		}
		in := flow.TaskInput{Rev: t.Rev, RecordRev: rec.Rev()}
		if raw := r.Fill[t.Node]; len(raw) > 0 {
			if in.Data, err = p.patch(pack.Step{Data: raw}, r.Form); err != nil {
				return err
			}
		}
		p.Clock.Advance(47 * stepTime)
		if _, err := p.S.Flow.Task(ctx, a, record.TaskID(r.Form, id, t.N), taskAction(t), in); err != nil {
			return fmt.Errorf("%s at %s: %w", t.Assignee, t.Node, err)
		}
	}
	return fmt.Errorf("not approved after %d tasks", maxApprovals)
}

func taskAction(t *engine.Task) string {
	if t.Kind == "handle" {
		return "handle"
	}
	return "approve"
}

func firstOpen(c engine.Case) *engine.Task {
	for i := range c.Tasks {
		if c.Tasks[i].State == engine.TaskOpen {
			return &c.Tasks[i]
		}
	}
	return nil
}

func (p *Player) create(ctx context.Context, a *tenant.Actor, form, as string, data json.RawMessage, submit bool, choose map[string][]string) (*record.Record, error) {
	data, err := p.bind(data, form)
	if err != nil {
		return nil, err
	}
	rec, _, err := p.S.Records.Create(ctx, a, p.S.Flow, form, record.CreateInput{Data: data, Submit: submit, Choose: choose})
	if err != nil {
		return nil, err
	}
	if as != "" {
		p.names.Records[p.full(as)] = rec.ID()
		p.forms[p.full(as)] = form
	}
	return rec, nil
}

// patch turns a step's data, unset and rows into a change.
func (p *Player) patch(st pack.Step, ref string) (*record.Patch, error) {
	out := &record.Patch{Unset: st.Unset}
	if len(st.Data) > 0 {
		raw, err := p.bind(st.Data, ref)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(raw, &out.Set); err != nil {
			return nil, fault.New(fault.Malformed, "json", "data is no object").Because(err)
		}
	}
	if len(st.Rows) > 0 {
		raw, err := p.bind(st.Rows, ref)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(raw, &out.Rows); err != nil {
			return nil, fault.New(fault.Malformed, "json", "rows is no object of row changes").Because(err)
		}
	}
	return out, nil
}

// outcome is what came of a step.
type outcome struct {
	rec  *record.Record
	list *record.ListOut
}

// act does one step on a record (id "" = a new one).
func (p *Player) act(ctx context.Context, st pack.Step, ref, id string) (outcome, error) {
	switch st.Kind {
	case "wait", "timer":
		return outcome{}, p.passTime(ctx, st, ref, id)
	case "result":
		return outcome{}, p.result(ctx, st, ref, id)
	case "started":
		return outcome{}, p.started(ctx, st, ref, id)
	}
	a, err := p.actor(ctx, st.By)
	if err != nil {
		return outcome{}, err
	}
	switch st.Kind {
	case "submit", "save":
		rec, err := p.saveStep(ctx, a, st, ref, id)
		return outcome{rec: rec}, err
	case "get":
		rec, _, err := p.S.Records.Get(ctx, a, ref, id)
		return outcome{rec: rec}, err
	case "list":
		l, err := p.S.Records.List(ctx, a, ref, record.ListInput{Where: st.Filter, Query: st.Query, View: st.View, Sort: join(st.Sort), Limit: record.MaxPage})
		return outcome{list: l}, err
	case "delete":
		return outcome{}, p.S.Records.Delete(ctx, a, ref, id, 0)
	case "delegation":
		return outcome{}, p.delegation(ctx, a, st)
	case "leave":
		return outcome{}, p.leave(ctx, a.User)
	}
	if slices.Contains(flow.CaseActions(), st.Kind) {
		rec, err := p.caseStep(ctx, a, st, ref, id)
		return outcome{rec: rec}, err
	}
	rec, err := p.taskStep(ctx, a, st, ref, id)
	return outcome{rec: rec}, err
}

func join(l []string) string {
	out := ""
	for i, s := range l {
		if i > 0 {
			out += ","
		}
		out += s
	}
	return out
}

func (p *Player) saveStep(ctx context.Context, a *tenant.Actor, st pack.Step, ref, id string) (*record.Record, error) {
	if id == "" {
		return p.create(ctx, a, ref, st.As, st.Data, st.Kind == "submit", p.chosen(st))
	}
	patch, err := p.patch(st, ref)
	if err != nil {
		return nil, err
	}
	rec, err := p.S.Records.Load(ctx, ref, id)
	if err != nil {
		return nil, err
	}
	return p.S.Records.Save(ctx, a, p.S.Flow, ref, id, record.SaveInput{Rev: rec.Rev(), Patch: *patch, Submit: st.Kind == "submit", Choose: p.chosen(st)})
}

// taskOf finds the task a person acts on: an open one (at the node, if named),
// else the last he had, so that a refusal is the engine's own.
func taskOf(c engine.Case, user, node string) *engine.Task {
	var last *engine.Task
	for i := range c.Tasks {
		t := &c.Tasks[i]
		if t.Assignee != user && t.Principal != user || node != "" && t.Node != node {
			continue
		}
		if t.State == engine.TaskOpen {
			return t
		}
		last = t
	}
	return last
}

var errNoRecord = errors.New("the step names no record that was made before")

// locate finds the record a step is about: its form and id.
func (p *Player) locate(st pack.Step) (ref, id string, err error) {
	if st.Record == "" {
		return st.Form, "", nil
	}
	name := p.full(st.Record)
	id, ok := p.names.Records[name]
	if !ok {
		return "", "", fmt.Errorf("%w: %s", errNoRecord, st.Record)
	}
	return p.forms[name], id, nil
}
