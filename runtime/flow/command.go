package flow

import (
	"context"
	"slices"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/record"
)

// maxAsks bounds how often the engine may ask for one command.
const maxAsks = 64

// Start implements record.Starter: the submit command on a new case.
func (s *Service) Start(ctx context.Context, c *record.Change) error {
	dept := ""
	if len(c.Actor.Depts) > 0 {
		dept = c.Actor.Depts[0]
	}
	c.Case = engine.Case{Flow: c.Form.Flow.Def.Key, Version: int(c.Form.App.Version), State: engine.Draft,
		Initiator: c.Actor.User, Dept: dept}
	return s.command(ctx, c, engine.Command{Kind: engine.CmdSubmit, Choose: c.Choose})
}

// command asks the engine, answering its needs, and puts the new case and its
// effects into the change. A command that changes nothing is record.ErrUnchanged.
func (s *Service) command(ctx context.Context, c *record.Change, cmd engine.Command) error {
	return s.decide(ctx, c, cmd, func(cmd engine.Command) (engine.Case, []engine.Effect, []engine.Need, error) {
		return c.Form.Flow.Apply(c.Case, cmd)
	})
}

// decide has the engine apply a command by a way of the caller's choice.
func (s *Service) decide(ctx context.Context, c *record.Change, cmd engine.Command,
	apply func(engine.Command) (engine.Case, []engine.Effect, []engine.Need, error)) error {
	cmd.By, cmd.At, cmd.Ctx, cmd.Record = c.Actor.User, c.Context().Now, c.Context(), c.Vars()
	cmd.Missing = func(node string) bool { return missing(c, node) }
	cmd.Rows = func(subtable string) int { rows, _ := c.Values()[subtable].([]any); return len(rows) }
	cmd.DateOf = s.dates(c)
	cmd.Answers = map[string][]string{}
	for range maxAsks {
		next, effects, needs, err := apply(cmd)
		if err != nil {
			return err
		}
		if len(needs) == 0 {
			return settle(c, next, effects)
		}
		for _, n := range needs {
			if cmd.Answers[n.Key], err = s.answer(ctx, c, n); err != nil {
				return err
			}
		}
	}
	return fault.New(fault.Internal, "flow.asks", "the flow asks without end")
}

// settle takes over what the engine decided.
func settle(c *record.Change, next engine.Case, effects []engine.Effect) error {
	if len(effects) == 0 && lastLine(next) == lastLine(c.Case) {
		return record.ErrUnchanged // a timer that came too late, or twice
	}
	before := c.Case
	c.Case = next
	emit(c, before, effects)
	return nil
}

func lastLine(c engine.Case) int {
	if len(c.Log) == 0 {
		return 0
	}
	return c.Log[len(c.Log)-1].Seq
}

// emit turns the engine's effects into effects of the record.
func emit(c *record.Change, before engine.Case, effects []engine.Effect) {
	for _, e := range effects {
		switch e.Kind {
		case engine.EffectNotify:
			if e.Event == engine.EventTaskArrived {
				continue // the to-do list itself tells: nothing would be done with the effect
			}
			c.Emit(record.EffectNotify, map[string]any{"to": texts(e.To), "event": e.Event, "node": e.Node, "task": int64(e.Task)})
		case engine.EffectLogArchived:
			c.Emit(record.EffectLog, map[string]any{"entries": e.Detail["entries"]})
		case engine.EffectTimer:
			c.Emit(record.EffectTimer, map[string]any{"visit": int64(e.Visit), "event": e.Event, "ring": e.At})
		}
	}
	c.Emit(record.EffectTasks, map[string]any{"tasks": changed(before, c.Case)})
	emitWork(c, effects)
}

func texts(l []string) []any {
	out := make([]any, len(l))
	for i, s := range l {
		out[i] = s
	}
	return out
}

// changed are the numbers of the tasks whose lines in the task centre are to follow.
func changed(before, now engine.Case) []any {
	out := []any{}
	was, is := opinions(before), opinions(now)
	for i := range now.Tasks {
		t := &now.Tasks[i]
		if i >= len(before.Tasks) || lineOf(before, was, &before.Tasks[i]) != lineOf(now, is, t) {
			out = append(out, int64(t.N))
		}
	}
	return slices.Clip(out)
}

// opinions are the tasks that wait for somebody's opinion, by number.
func opinions(c engine.Case) map[int]bool {
	out := map[int]bool{}
	for i := range c.Tasks {
		if t := &c.Tasks[i]; t.For != 0 && t.State == engine.TaskOpen {
			out[t.For] = true
		}
	}
	return out
}

// line is what the task centre keeps of a task.
type line struct {
	state                   engine.TaskState
	assignee, principal     string
	opened, done, urged, at int64
	void, waits             bool
}

func lineOf(c engine.Case, asked map[int]bool, t *engine.Task) line {
	l := line{state: t.State, assignee: t.Assignee, principal: t.Principal, opened: t.OpenedAt.UnixMilli(), done: t.DoneAt.UnixMilli(),
		urged: t.UrgedAt.UnixMilli(), void: t.Void, waits: asked[t.N]}
	if t.Visit > 0 && t.Visit <= len(c.Visits) {
		l.at = c.Visits[t.Visit-1].Due.UnixMilli()
	}
	return l
}
