package play

import (
	"context"
	"slices"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/delegation"
	"github.com/formwork-run/formwork/runtime/flow"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema/pack"
)

// user turns an alias into a user's id; what is none stays as it is (a node).
func (p *Player) user(alias string) string {
	if id, ok := p.names.Users[alias]; ok {
		return id
	}
	return alias
}

func (p *Player) users(aliases []string) []string {
	var out []string
	for _, a := range aliases {
		out = append(out, p.user(a))
	}
	return out
}

// targets are whom or what a step names with "to". A node may be called as somebody is.
func (p *Player) targets(st pack.Step) flow.Targets {
	switch {
	case st.To == "":
		return flow.Targets(p.users(st.Others))
	case st.Kind == engine.CmdReturn || st.Kind == engine.CmdJump:
		return flow.Targets{st.To}
	}
	return flow.Targets{p.user(st.To)}
}

func (p *Player) chosen(st pack.Step) map[string][]string {
	if len(st.Choose) == 0 {
		return nil
	}
	out := map[string][]string{}
	for node, aliases := range st.Choose {
		out[node] = p.users(aliases)
	}
	return out
}

// attach uploads the files a step names, and a picture when it is signed.
func (p *Player) attach(ctx context.Context, a *tenant.Actor, st pack.Step) (files []string, signature string, err error) {
	for _, name := range st.Files {
		id, err := p.upload(ctx, a, name)
		if err != nil {
			return nil, "", err
		}
		files = append(files, id)
	}
	if st.Sign {
		signature, err = p.upload(ctx, a, "signature.txt")
	}
	return files, signature, err
}

func (p *Player) upload(ctx context.Context, a *tenant.Actor, name string) (string, error) {
	content := []byte(name + " by " + a.User)
	f, err := p.S.Files.Begin(ctx, a, name, int64(len(content)))
	if err != nil {
		return "", err
	}
	if err := p.S.Files.Part(ctx, a, f.ID, 1, content); err != nil {
		return "", err
	}
	_, err = p.S.Files.Complete(ctx, a, f.ID)
	return f.ID, err
}

func (p *Player) caseStep(ctx context.Context, a *tenant.Actor, st pack.Step, ref, id string) (*record.Record, error) {
	patch, err := p.patch(st, ref)
	if err != nil {
		return nil, err
	}
	rec, err := p.S.Records.Load(ctx, ref, id)
	if err != nil {
		return nil, err
	}
	in := flow.CaseInput{Rev: rec.Rev(), Comment: st.Comment, Data: patch, Back: st.Back, To: p.targets(st), Mention: p.users(st.Mention), Choose: p.chosen(st)}
	if in.Files, in.Signature, err = p.attach(ctx, a, st); err != nil {
		return nil, err
	}
	if st.Kind == engine.CmdReassign {
		t := p.givenAway(rec.Case, st)
		if t == nil {
			return nil, noTask(st.From)
		}
		in.Task, in.Rev = record.TaskID(ref, id, t.N), t.Rev
	}
	return p.S.Flow.Case(ctx, a, ref+"."+id, st.Kind, in)
}

// givenAway is the open task that a reassign gives away: of the one named, or the first.
func (p *Player) givenAway(c engine.Case, st pack.Step) *engine.Task {
	if st.From != "" {
		return taskOf(c, p.user(st.From), st.Node)
	}
	for i := range c.Tasks {
		if t := &c.Tasks[i]; t.State == engine.TaskOpen && (st.Node == "" || t.Node == st.Node) {
			return t
		}
	}
	return nil
}

func noTask(who string) error {
	return fault.Newf(fault.NotFound, "task.not_found", "%s has no task here", who)
}

// stepActions are the steps that have another name than their action: "save" is
// what the initiator does, "keep" what an assignee does.
var stepActions = map[string]string{"keep": engine.CmdSave}

func (p *Player) taskStep(ctx context.Context, a *tenant.Actor, st pack.Step, ref, id string) (*record.Record, error) {
	patch, err := p.patch(st, ref)
	if err != nil {
		return nil, err
	}
	rec, err := p.S.Records.Load(ctx, ref, id)
	if err != nil {
		return nil, err
	}
	t := taskFor(rec.Case, a.User, st)
	if t == nil {
		return nil, noTask(st.By)
	}
	in := flow.TaskInput{Rev: t.Rev, RecordRev: rec.Rev(), Comment: st.Comment, Data: patch, To: p.targets(st), Where: st.Where, Back: st.Back,
		Mention: p.users(st.Mention), Choose: p.chosen(st)}
	if in.Files, in.Signature, err = p.attach(ctx, a, st); err != nil {
		return nil, err
	}
	action := st.Kind
	if other, ok := stepActions[action]; ok {
		action = other
	}
	return p.S.Flow.Task(ctx, a, record.TaskID(ref, id, t.N), action, in)
}

// taskFor finds the task of a step: what is taken back, or whose signers are
// removed, was decided already.
func taskFor(c engine.Case, user string, st pack.Step) *engine.Task {
	if st.Kind != engine.CmdTakeBack && st.Kind != engine.CmdRemoveSigner {
		return taskOf(c, user, st.Node)
	}
	states := []engine.TaskState{engine.TaskDone, engine.TaskDelegated, engine.TaskOpen}
	if st.Kind == engine.CmdTakeBack {
		states = states[:1]
	}
	var found *engine.Task
	for i := range c.Tasks {
		t := &c.Tasks[i]
		if (t.Assignee == user || t.Principal == user) && slices.Contains(states, t.State) && !t.Void && t.Kind != engine.KindStart && t.Kind != engine.KindCC &&
			(st.Node == "" || t.Node == st.Node) {
			found = t
		}
	}
	return found
}

// delegation lets somebody stand in from now on.
func (p *Player) delegation(ctx context.Context, a *tenant.Actor, st pack.Step) error {
	to, now, until := p.user(st.To), p.Clock.Now(), st.Until.In(p.S.Settings().Zone)
	in := delegation.Input{Delegate: &to, From: &now, Until: &until}
	if len(st.Forms) > 0 {
		in.Forms = &st.Forms
	}
	_, err := p.S.Delegations.Add(ctx, a, in)
	return err
}
