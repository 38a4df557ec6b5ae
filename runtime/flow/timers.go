package flow

import (
	"context"
	"time"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/runtime/jobs"
	"github.com/formwork-run/formwork/runtime/record"
)

// Kinds of jobs.
const (
	TimerJob  = "flow.timer"
	LeaverJob = "flow.leaver"
)

// SetTimer is the handler of record.EffectTimer: a job whose id says which
// timer it is, so that the same one is never there twice.
func (s *Service) SetTimer(ctx context.Context, rec *record.Record, e record.Effect) error {
	visit, _ := e.Data["visit"].(int64)
	event, _ := e.Data["event"].(string)
	at, _ := e.Data["ring"].(time.Time)
	return s.queue.Add(ctx, jobs.Job{ID: timerID(rec, visit, event, at), Kind: TimerJob, At: at,
		Payload: map[string]any{"form": rec.Ref(), "record": rec.ID(), "visit": visit, "event": event}})
}

func timerID(rec *record.Record, visit int64, event string, at time.Time) string {
	return ids.Derive("timer", rec.Ref(), rec.ID(), event, at.UTC().Format(time.RFC3339Nano), time.Duration(visit).String())
}

// RunTimer is the handler of TimerJob: the engine decides whether there is still
// something to do. What has ended, moved or stopped by then is left alone.
func (s *Service) RunTimer(ctx context.Context, j jobs.Job) error {
	form, _ := j.Payload["form"].(string)
	id, _ := j.Payload["record"].(string)
	visit, _ := j.Payload["visit"].(int64)
	event, _ := j.Payload["event"].(string)
	return s.System(ctx, form, id, engine.Command{Kind: engine.CmdTimer, Visit: int(visit), Event: event}, nil)
}

// System gives a command that nobody gives: of a timer, of work outside, of the
// organisation. before, if any, changes the record in the same write. A case
// that is not there any more, and a command without a point, are no errors.
func (s *Service) System(ctx context.Context, ref, id string, cmd engine.Command, before func(*record.Change) error) error {
	_, err := s.records.ApplySystem(ctx, ref, id, "flow."+cmd.Kind, func(c *record.Change) error {
		if c.Form.Flow == nil || !c.HasCase() || c.State() != record.StateActive {
			return record.ErrUnchanged
		}
		if before != nil {
			if err := before(c); err != nil {
				return err
			}
		}
		return s.command(ctx, c, cmd)
	})
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	return err
}
