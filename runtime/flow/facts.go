package flow

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/formwork-run/formwork/engine"
	mint "github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/runtime/calendar"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/storage"
)

// FactsCollection holds what is analysed of flows: one document for each visit
// of a node that has ended, and one for each case. Their ids are derived, so
// that noting a fact twice notes it once.
const FactsCollection = "flowfacts"

// The kinds of facts.
const (
	factVisit = "visit"
	factCase  = "case"
)

func (s *Service) facts() storage.Collection { return s.t.Store.Collection(FactsCollection) }

// Facts is the handler of record.EffectFacts, for many writes at once.
func (s *Service) Facts(ctx context.Context, l []record.Pending) error {
	cal := s.t.Calendars.Get("")
	var docs []storage.Doc
	for _, p := range l {
		for _, n := range intsOf(p.Effect.Data["visits"]) {
			if d := visitFact(p.Rec, n, cal); d != nil {
				docs = append(docs, d)
			}
		}
		if p.Effect.Data["ended"] == true {
			if d := caseFact(p.Rec, cal); d != nil {
				docs = append(docs, d)
			}
		}
	}
	return s.note(ctx, docs)
}

// note keeps facts that are not there yet.
func (s *Service) note(ctx context.Context, docs []storage.Doc) error {
	if len(docs) == 0 {
		return nil
	}
	err := s.facts().Insert(ctx, docs...)
	if !errors.Is(err, storage.ErrDuplicate) {
		return err
	}
	for _, d := range docs { // some are there already: a second run
		if err := s.facts().Insert(ctx, d); err != nil && !errors.Is(err, storage.ErrDuplicate) {
			return err
		}
	}
	return nil
}

// visitFact is what is kept of a visit that has ended; nil for nodes that take no time.
func visitFact(rec *record.Record, n int, cal *calendar.Calendar) storage.Doc {
	if rec.Form.Flow == nil || n < 1 || n > len(rec.Case.Visits) {
		return nil
	}
	v := rec.Case.Visits[n-1]
	if v.Open || v.Ended.IsZero() || !timed(rec.Form.Flow.Def.Node(v.Node)) {
		return nil
	}
	due := dueOf(v, rec.Form.Flow.Def.Node(v.Node), cal)
	people := []any{}
	for _, t := range rec.Case.Tasks {
		if t.Visit == n && t.State == engine.TaskDone && t.Kind != engine.KindCC {
			people = append(people, map[string]any{"user": t.Assignee, "minutes": int64(cal.Left(t.OpenedAt, t.DoneAt)),
				"calendar": minutes(t.OpenedAt, t.DoneAt), "result": t.Result, "overdue": late(due, t.DoneAt)})
		}
	}
	return storage.Doc{storage.ID: mint.Derive("fact", rec.Ref(), rec.ID(), strconv.Itoa(n)), "kind": factVisit, "form": rec.Ref(), "record": rec.ID(),
		"version": int64(rec.Case.Version), "node": v.Node, "began": v.Began, "ended": v.Ended, "minutes": int64(cal.Left(v.Began, v.Ended)),
		"calendar": minutes(v.Began, v.Ended), "result": v.Result, "overdue": late(due, v.Ended), "people": people}
}

// timed reports whether a node can keep a case waiting.
func timed(n *schema.Node) bool {
	if n == nil {
		return false
	}
	switch n.Type {
	case schema.NodeApprove, schema.NodeHandle, schema.NodeSubflow, schema.NodeData, schema.NodeCall, schema.NodeDelay:
		return true
	}
	return false
}

// caseFact is what is kept of a case that has ended.
func caseFact(rec *record.Record, cal *calendar.Calendar) storage.Doc {
	c := rec.Case
	if !c.State.Final() || c.EndedAt.IsZero() || rec.Form.Flow == nil {
		return nil
	}
	returns, overdue := int64(0), false
	for _, v := range c.Visits {
		if v.Result == engine.ResultReturn {
			returns++
		}
		if n := rec.Form.Flow.Def.Node(v.Node); n != nil {
			overdue = overdue || late(dueOf(v, n, cal), v.Ended)
		}
	}
	return storage.Doc{storage.ID: mint.Derive("fact", rec.Ref(), rec.ID(), "case"), "kind": factCase, "form": rec.Ref(), "record": rec.ID(),
		"version": int64(c.Version), "state": string(c.State), "initiator": c.Initiator, "began": c.StartedAt, "ended": c.EndedAt,
		"minutes": int64(cal.Left(c.StartedAt, c.EndedAt)), "calendar": minutes(c.StartedAt, c.EndedAt), "returns": returns, "overdue": overdue}
}

// dueOf is when a visit was due. A return has stopped its clock and taken that
// away: then it is counted from the arrival, as the node says.
func dueOf(v engine.Visit, n *schema.Node, cal *calendar.Calendar) (due time.Time) {
	if !v.Due.IsZero() || n.Deadline == nil || v.Result != engine.ResultReturn {
		return v.Due
	}
	switch d := n.Deadline; {
	case d.Hours > 0:
		due, _ = cal.Due(v.Began, d.Hours*60)
	case d.Days > 0:
		due, _ = cal.DueDays(v.Began, d.Days)
	}
	return due
}

// late reports whether something was over only after it was due.
func late(due, ended time.Time) bool { return !due.IsZero() && ended.After(due) }

// minutes are the whole minutes of calendar time between two instants, not negative.
func minutes(from, to time.Time) int64 { return int64(max(to.Sub(from), 0) / time.Minute) }
