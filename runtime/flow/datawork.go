package flow

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/formwork-run/formwork/internal/fault"
	mint "github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/catalog"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// dataWork writes or finds records of any form, with the access of the app and
// in the name of the case's initiator. What the other form demands holds.
func (s *Service) dataWork(ctx context.Context, w *piece) (*outcome, error) {
	if w.row != nil && len(w.row) == 0 {
		return &outcome{item: w.item}, nil // the row is gone: there is nothing to do for it
	}
	target := fullRef(w.look.Form, w.node.Data.Form)
	set, err := w.values(w.progs.Set)
	if err != nil {
		return nil, err
	}
	switch w.node.Data.Op {
	case schema.DataCreate:
		return s.dataCreate(ctx, w, target, set)
	case schema.DataFind:
		return s.dataFind(ctx, w, target)
	}
	return s.dataChange(ctx, w, target, set)
}

func (s *Service) dataCreate(ctx context.Context, w *piece, target string, set map[string]any) (*outcome, error) {
	if w.via.Depth > maxDepth {
		return nil, tooDeep()
	}
	form, err := s.t.Form(target)
	if err != nil {
		return nil, err
	}
	data, err := body(form.Def, set)
	if err != nil {
		return nil, err
	}
	id := mint.Derive(append([]string{"work.create"}, w.key()...)...)
	rec, _, err := s.records.Make(ctx, w.look.Actor, s, target, id, record.CreateInput{Data: data, Submit: true})
	if err != nil {
		return nil, err
	}
	return s.from(ctx, w, rec)
}

func tooDeep() error {
	return fault.Newf(fault.Refused, "work.depth", "flows have started one another %d times; this is where it ends", maxDepth)
}

// from is the outcome that is read off another record.
func (s *Service) from(ctx context.Context, w *piece, rec *record.Record) (*outcome, error) {
	out := &outcome{item: w.item, ref: rec.Ref() + "." + rec.ID()}
	var err error
	out.values, err = s.into(ctx, w, rec)
	return out, err
}

// into evaluates what the record gets from another one; nil = from nothing, then all is blank.
func (s *Service) into(ctx context.Context, w *piece, rec *record.Record) (map[string]any, error) {
	out := map[string]any{}
	if len(w.progs.Into) == 0 {
		return out, nil
	}
	if rec == nil {
		for name := range w.progs.Into {
			out[name] = nil
		}
		return out, nil
	}
	look, err := s.records.Look(ctx, w.look.Actor, rec)
	if err != nil {
		return nil, err
	}
	for name, p := range w.progs.Into {
		v, err := p.Eval(look.Context(), look.Vars())
		if err != nil {
			return nil, fault.Newf(fault.Refused, "work.formula", "the formula of %s failed", name).Because(err)
		}
		out[name] = wire(v, fieldOf(w, name))
	}
	return out, look.Failed()
}

// fieldOf is the field of the record, or the column of its rows, that a value is for.
func fieldOf(w *piece, name string) *schema.Field {
	form := w.look.Form
	if each := catalog.WorkEach(w.node); each != "" && form.Def.Field(name) == nil && !strings.Contains(name, ".") {
		return form.FieldAt(each + "." + name)
	}
	return form.FieldAt(name)
}

func (s *Service) dataFind(ctx context.Context, w *piece, target string) (*outcome, error) {
	where, err := w.where()
	if err != nil {
		return nil, err
	}
	found, err := s.records.Match(ctx, target, where, 1)
	if err != nil {
		return nil, err
	}
	if len(found) > 0 {
		return s.from(ctx, w, found[0])
	}
	out := &outcome{item: w.item}
	out.values, err = s.into(ctx, w, nil)
	return out, err
}

// where is the condition of the node, with this record as "form" and its row as "row".
func (w *piece) where() (filter.Expr, error) {
	vars := formula.Vars{"form": w.look.Vars(), "row": w.row}
	x, err := w.progs.Where.Filter(formula.FilterOptions{Path: schema.DocPath, Context: w.look.Context(), Vars: vars})
	if err != nil {
		return nil, fault.New(fault.Refused, "work.where", "the condition cannot be asked of the store").Because(err)
	}
	return x, w.look.Failed()
}

// dataChange updates, upserts or deletes. Which records it is about is decided
// once and kept: after the change, the condition may hold for others.
func (s *Service) dataChange(ctx context.Context, w *piece, target string, set map[string]any) (*outcome, error) {
	plan, err := s.planOf(ctx, w, target)
	if err != nil {
		return nil, err
	}
	if len(plan) == 0 && w.node.Data.Op == schema.DataUpsert {
		return s.dataCreate(ctx, w, target, set)
	}
	var last *record.Record
	for _, id := range plan {
		rec, err := s.changeOne(ctx, w, target, id, set)
		if err != nil {
			return nil, err
		}
		if rec != nil {
			last = rec
		}
	}
	if last == nil || len(plan) > 1 {
		out := &outcome{item: w.item}
		if last != nil {
			out.values, err = s.into(ctx, w, last)
		}
		return out, err
	}
	return s.from(ctx, w, last)
}

// changeOne updates or deletes one record, once. A record that is gone meanwhile is left out.
func (s *Service) changeOne(ctx context.Context, w *piece, target, id string, set map[string]any) (*record.Record, error) {
	if w.node.Data.Op == schema.DataDelete {
		err := s.records.Delete(ctx, w.look.Actor, target, id, 0)
		if fault.KindOf(err) == fault.NotFound {
			err = nil
		}
		return nil, err
	}
	form, err := s.t.Form(target)
	if err != nil {
		return nil, err
	}
	p := record.Patch{Set: map[string]json.RawMessage{}}
	for k, v := range set {
		raw, err := json.Marshal(wire(v, form.Def.Field(k)))
		if err != nil {
			return nil, fault.Newf(fault.Refused, "work.value", "the value for %s cannot be taken", k).Because(err)
		}
		p.Set[k] = raw
	}
	rec, err := s.records.Step(ctx, w.look.Actor, target, id, strings.Join(w.key(), "/"), p)
	if fault.KindOf(err) == fault.NotFound {
		return nil, nil
	}
	return rec, err
}

func (s *Service) plans() storage.Collection { return s.t.Store.Collection("workplans") }

// planOf finds the records that a piece changes, and keeps them: a second run
// changes the same. An administrator's retry looks anew.
func (s *Service) planOf(ctx context.Context, w *piece, target string) ([]string, error) {
	key := mint.Derive(append([]string{"work.plan"}, w.key(strconv.Itoa(w.tries))...)...)
	doc, err := s.plans().Get(ctx, key)
	if err == nil {
		return targets(doc), nil
	}
	if !errors.Is(err, storage.ErrNotFound) {
		return nil, err
	}
	found, err := s.matches(ctx, w, target)
	if err != nil {
		return nil, err
	}
	doc = storage.Doc{storage.ID: key, "form": w.ref, "record": w.id, "targets": found, "until": s.t.Clock.Now().Add(keptWork)}
	if err = s.plans().Insert(ctx, doc); errors.Is(err, storage.ErrDuplicate) {
		if doc, err = s.plans().Get(ctx, key); err != nil {
			return nil, err
		}
	}
	return targets(doc), err
}

func (s *Service) matches(ctx context.Context, w *piece, target string) ([]any, error) {
	where, err := w.where()
	if err != nil {
		return nil, err
	}
	limit := 1
	if w.node.Data.Many {
		limit = schema.MaxDataMatches
	}
	found, err := s.records.Match(ctx, target, where, limit+1)
	if err != nil {
		return nil, err
	}
	if len(found) > limit {
		return nil, fault.Newf(fault.Refused, "work.matches", "more than %d records match", limit).With("max", limit)
	}
	out := make([]any, len(found))
	for i, r := range found {
		out[i] = r.ID()
	}
	return out, nil
}

func targets(doc storage.Doc) []string {
	l, _ := doc["targets"].([]any)
	out := make([]string, 0, len(l))
	for _, x := range l {
		if id, ok := x.(string); ok {
			out = append(out, id)
		}
	}
	return out
}
