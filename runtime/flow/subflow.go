package flow

import (
	"context"
	"errors"
	"strconv"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	mint "github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
)

// subflow starts the flow of another form: a record under an id derived from the
// piece, made and submitted as its initiator would, with the access of the app.
func (s *Service) subflow(ctx context.Context, w *piece) (*outcome, error) {
	if w.row != nil && len(w.row) == 0 {
		return &outcome{item: w.item, result: string(engine.Approved)}, nil // the row is gone: nothing is to be started for it
	}
	if w.via.Depth > maxDepth {
		return nil, tooDeep()
	}
	set, err := w.values(w.progs.Set)
	if err != nil {
		return nil, err
	}
	a, err := s.starter(ctx, w)
	if err != nil {
		return nil, err
	}
	target := fullRef(w.look.Form, w.node.Subflow.Form)
	form, err := s.t.Form(target)
	if err != nil {
		return nil, err
	}
	data, err := body(form.Def, set)
	if err != nil {
		return nil, err
	}
	id := mint.Derive(append([]string{"work.subflow"}, w.key(strconv.Itoa(w.tries))...)...)
	rec, _, err := s.records.Make(ctx, a, s, target, id, record.CreateInput{Data: data, Submit: true})
	if err != nil {
		return nil, err
	}
	return s.started(ctx, w, rec)
}

// starter is who starts the flow: the initiator of this case, or whom the node names.
func (s *Service) starter(ctx context.Context, w *piece) (*tenant.Actor, error) {
	user := w.look.Case.Initiator
	if who := w.node.Subflow.Initiator; who != nil {
		found, err := s.answer(ctx, w.look, engine.Need{Kind: engine.NeedWho, Who: *who})
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, fault.New(fault.Refused, "subflow.initiator", "nobody was found who starts the flow")
		}
		user = found[0]
	}
	return s.t.AppActor(ctx, user, w.via)
}

// started tells the case what was started. When nobody waits for it any more, it is ended again.
func (s *Service) started(ctx context.Context, w *piece, rec *record.Record) (*outcome, error) {
	out := outcome{item: w.item, ref: rec.Ref() + "." + rec.ID()}
	if !w.node.Subflow.Wait {
		return &out, nil
	}
	if !rec.HasCase() { // nothing to be waited for
		out.result = string(engine.Approved)
	} else if rec.Case.State.Final() {
		out.result = string(rec.Case.State)
	}
	if out.result == string(engine.Approved) {
		var err error
		if out.values, err = s.into(ctx, w, rec); err != nil {
			return nil, err
		}
	}
	if err := s.report(ctx, w.ref, w.id, w.visit, out); err != nil {
		return nil, err
	}
	return nil, s.orphan(ctx, w, out.ref)
}

// orphan ends what was started while its case went another way.
func (s *Service) orphan(ctx context.Context, w *piece, ref string) error {
	rec, err := s.records.Load(ctx, w.ref, w.id)
	if fault.KindOf(err) == fault.NotFound {
		return s.stopCase(ctx, ref, w.look.Case.Initiator, w.via)
	}
	if err != nil {
		return err
	}
	if items := rec.Case.Visits[w.visit-1].Work.Items; items[w.item].Ref == ref {
		return nil
	}
	return s.stopCase(ctx, ref, w.look.Case.Initiator, w.via)
}

// WorkCancelled is the handler of record.EffectWorkCancelled: cases that a visit
// started, and that it waited for, are ended.
func (s *Service) WorkCancelled(ctx context.Context, rec *record.Record, e record.Effect) error {
	visit := intOf(e.Data["visit"])
	if visit < 1 || visit > len(rec.Case.Visits) || rec.Case.Visits[visit-1].Work == nil || rec.Form.Flow == nil {
		return nil
	}
	v := rec.Case.Visits[visit-1]
	n := rec.Form.Flow.Def.Node(v.Node)
	if n == nil || n.Subflow == nil {
		return nil
	}
	by := e.By
	if by == "" {
		by = rec.Case.Initiator
	}
	var failed []error
	for i, item := range v.Work.Items {
		if item.State == engine.WorkPending && item.Ref != "" {
			failed = append(failed, s.stopCase(ctx, item.Ref, by, &tenant.Via{Form: rec.Ref(), Record: rec.ID(), Node: v.Node, Visit: visit, Item: i}))
		}
	}
	return errors.Join(failed...)
}

// stopCase ends a running case in the name of whoever ended the one that started it.
func (s *Service) stopCase(ctx context.Context, caseID, by string, via *tenant.Via) error {
	ref, id, err := ParseCase(caseID)
	if fault.KindOf(err) == fault.NotFound {
		return nil // it names no case: nothing runs
	}
	a, err := s.t.AppActor(ctx, by, via)
	if err != nil {
		return err
	}
	_, err = s.records.Apply(ctx, a, ref, id, "terminate", func(c *record.Change) error {
		if !c.HasCase() || c.Case.State.Final() {
			return record.ErrUnchanged
		}
		return s.command(ctx, c, engine.Command{Kind: engine.CmdTerminate, Admin: true, Comment: word(s.t.Settings().Lang, "parent_ended", "")})
	})
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	return err
}

// Ended is the handler of record.EffectEnded: the case that a flow started tells
// how it ended. The parent takes it once, however often it is told.
func (s *Service) Ended(ctx context.Context, rec *record.Record, _ record.Effect) error {
	via, ok := rec.Origin()
	if !ok || !rec.Case.State.Final() {
		return nil
	}
	parent, err := s.records.Load(ctx, via.Form, via.Record)
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	n, ok := workNode(parent, via.Visit)
	if !ok || n.Subflow == nil || !n.Subflow.Wait {
		return nil
	}
	out := outcome{item: via.Item, ref: rec.Ref() + "." + rec.ID(), result: string(rec.Case.State)}
	if known := parent.Case.Visits[via.Visit-1].Work.Items[via.Item]; known.Ref != "" && known.Ref != out.ref {
		return nil // an earlier try, which an administrator has given up
	}
	if rec.Case.State == engine.Approved && len(n.Subflow.Back) > 0 {
		if out.values, out.err = s.back(ctx, parent, via, rec); out.err != nil && mayHelp(out.err) {
			return out.err
		}
	}
	return s.report(ctx, via.Form, via.Record, via.Visit, out)
}

// back evaluates what the parent gets from the record whose case has ended.
func (s *Service) back(ctx context.Context, parent *record.Record, via tenant.Via, rec *record.Record) (map[string]any, error) {
	a, err := s.t.AppActor(ctx, parent.Case.Initiator, &via)
	if err != nil {
		return nil, err
	}
	w := &piece{job: job{ref: via.Form, id: via.Record, visit: via.Visit}, item: via.Item, via: &via, node: parent.Form.Flow.Def.Node(via.Node)}
	if w.look, err = s.records.Look(ctx, a, parent); err != nil {
		return nil, err
	}
	if w.progs, err = s.programsOf(parent.Form, w.node); err != nil {
		return nil, err
	}
	return s.into(ctx, w, rec)
}
