package flow

import (
	"context"

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
	return s.command(ctx, c, engine.Command{Kind: "submit"})
}

// command asks the engine, answering its needs, and puts the new case and its
// effects into the change.
func (s *Service) command(ctx context.Context, c *record.Change, cmd engine.Command) error {
	cmd.By, cmd.At, cmd.Ctx, cmd.Record = c.Actor.User, c.Context().Now, c.Context(), c.Vars()
	cmd.Missing = func(node string) bool { return missing(c, node) }
	cmd.Answers = map[string][]string{}
	for range maxAsks {
		next, effects, needs, err := c.Form.Flow.Apply(c.Case, cmd)
		if err != nil {
			return err
		}
		if len(needs) == 0 {
			c.Case = next
			emit(c, effects)
			return nil
		}
		for _, n := range needs {
			people, err := s.answer(ctx, c, n)
			if err != nil {
				return err
			}
			cmd.Answers[n.Key] = people
		}
	}
	return fault.New(fault.Internal, "flow.asks", "the flow asks without end")
}

// emit turns the engine's effects into effects of the record.
func emit(c *record.Change, effects []engine.Effect) {
	var touched []any
	for _, e := range effects {
		switch e.Kind {
		case engine.EffectTaskOpened, engine.EffectTaskClosed:
			touched = append(touched, int64(e.Task))
		case engine.EffectNotify:
			to := make([]any, len(e.To))
			for i, u := range e.To {
				to[i] = u
			}
			c.Emit(record.EffectNotify, map[string]any{"to": to, "event": e.Event, "node": e.Node, "task": int64(e.Task)})
		case engine.EffectLogArchived:
			c.Emit(record.EffectLog, map[string]any{"entries": e.Detail["entries"]})
		}
	}
	c.Emit(record.EffectTasks, map[string]any{"tasks": touched})
}
