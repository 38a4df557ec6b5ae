package record

import (
	"context"
	"errors"
	"hash/fnv"
	"maps"
	"strings"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema/catalog"
	"github.com/formwork-run/formwork/schema/eval"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/storage"
)

// Change is one write in the making: a record as it stands, what the actor may
// do with it, and what will be different. Services fill it in; Change itself
// keeps the invariants (title, unique values, search tokens, outbox, revisions).
type Change struct {
	*Record
	Actor  *tenant.Actor
	Rights Rights
	// Action names the act in history and audit: create, save, submit, approve ….
	Action string
	// Choose are the people chosen for nodes of the flow, by node id, when it is submitted.
	Choose map[string][]string

	s        *Service
	before   map[string]any
	data     map[string]any
	ctx      *formula.Context
	result   eval.Result // of the last computation
	rejected []fault.Field
	effects  []Effect
	warnings []fault.Field
	related  related
	failed   error           // of reading a record for a formula
	stands   map[string]bool // relation values that are stored already, "app.form/id"
	isNew    bool
	stated   bool              // how each field stands is asked for, beside the values
	numbers  []issued          // serial numbers given out for this write
	owns     map[string]string // serial field → the key by which the record owns its number
}

// begin starts a change of a loaded record.
func (s *Service) begin(a *tenant.Actor, r *Record, g Rights, action string) *Change {
	return &Change{Record: r, Actor: a, Rights: g, Action: action, s: s, before: r.Data(), data: clone(r.Data()),
		owns: map[string]string{}, ctx: s.t.Context(a.Subject)}
}

// keptKeys is how many idempotency keys a record remembers.
const keptKeys = 8

// Once makes a command with an idempotency key happen once: for a key that the
// record has met from this actor it is ErrUnchanged. "" is no key.
func (c *Change) Once(key string) error {
	if key == "" {
		return nil
	}
	mark := ids.Derive("key", c.Actor.User, key)[:16]
	met := list(c.Doc, "keys")
	if contains(met, mark) {
		return ErrUnchanged
	}
	met = append(append([]any(nil), met...), mark)
	c.Doc = maps.Clone(c.Doc)
	c.Doc["keys"] = met[max(0, len(met)-keptKeys):]
	return nil
}

// Values are the data as they will be written.
func (c *Change) Values() map[string]any { return c.data }

// Context is the formula context of this change: one time, one actor.
func (c *Change) Context() *formula.Context { return c.ctx }

// Touched reports whether the data differ from what is stored.
func (c *Change) Touched() bool { return len(c.Form.Changed(c.before, c.data)) > 0 }

// Emit adds an effect to the write.
func (c *Change) Emit(kind string, data map[string]any) {
	c.effects = append(c.effects, Effect{Kind: kind, At: c.ctx.Now, By: c.Actor.User, Data: data})
}

// input is what the form's computation sees.
func (c *Change) input() eval.Input {
	in := eval.Input{Data: c.data, Before: c.before, Ctx: c.ctx, Sys: c.sys(), Editable: c.Rights.Writable, Require: c.Rights.Require,
		Bare: !c.stated, Frozen: c.HasCase() && c.Case.State.Final()}
	if c.isNew {
		in.Before = nil
	}
	if c.Form.Flow != nil {
		in.Case = caseVars(c.Case)
	}
	return in
}

// Vars are the record's values as formulas of flows and filters see them.
func (c *Change) Vars() formula.Vars {
	v := maps.Clone(c.data)
	if v == nil {
		v = formula.Vars{}
	}
	v["sys"], v["case"] = c.sys(), caseVars(c.Case)
	return v
}

func (c *Change) sys() map[string]any { return sysVars(c.Doc) }

func sysVars(d storage.Doc) map[string]any {
	out := map[string]any{"id": d[storage.ID]}
	for _, k := range []string{"title", "created_by", "created_at", "dept", "updated_by", "updated_at", "version"} {
		if v, ok := d[k]; ok {
			out[k] = v
		}
	}
	return out
}

func caseVars(c engine.Case) map[string]any {
	if c.State == "" {
		return nil
	}
	return c.Vars()
}

// load reads what the formulas need of other records.
func (c *Change) load(ctx context.Context) error {
	c.ctx.Lookup = func(form, match string, key any, field, fn string) (any, error) {
		return c.s.lookup(ctx, form, match, key, field, fn)
	}
	return errors.Join(c.loadRelated(ctx), c.loadRollups(ctx))
}

// Compute runs rules and formulas over the values, without asking whether they
// are complete. What points to nothing, or to what the actor may not see, is
// refused all the same: else its formulas would tell him about it.
func (c *Change) Compute(ctx context.Context) error {
	_, found, err := c.compute(ctx)
	if err != nil {
		return err
	}
	more, err := c.checkPointers(ctx)
	if err != nil {
		return err
	}
	return invalid(append(found, more...))
}

// compute replaces the values by the computed ones. found are files that are
// not there: they are looked at first, for what is known of them is computed with.
func (c *Change) compute(ctx context.Context) (in eval.Input, found []fault.Field, err error) {
	if found, err = c.checkFiles(ctx); err != nil {
		return in, nil, err
	}
	if err = c.load(ctx); err != nil {
		return in, nil, err
	}
	in = c.input()
	if c.result, err = c.Form.Compute(in); err != nil {
		return in, nil, runError(err)
	}
	if c.failed != nil {
		return in, nil, c.failed
	}
	c.data, c.warnings = c.result.Data, c.result.Warnings
	return in, found, nil
}

// Validate runs rules and formulas, and then everything that must hold for a
// record to count: required fields, schema, checks, relations, options.
func (c *Change) Validate(ctx context.Context) error {
	in, found, err := c.compute(ctx)
	if err != nil {
		return err
	}
	found = append(found, c.placed(c.Form.Validate(in, c.result))...)
	more, err := c.checkRelations(ctx)
	if err != nil {
		return err
	}
	return invalid(append(append(c.rejected, found...), more...))
}

// placed moves what is wrong with a field that the actor cannot see to the
// nearest place that he can: his subtable, or the record as a whole.
func (c *Change) placed(errs []fault.Field) []fault.Field {
	for i, e := range errs {
		segs := strings.Split(strings.TrimPrefix(e.Path, "/"), "/")
		switch {
		case segs[0] == "" || c.Form.Def.Field(segs[0]) == nil:
		case !c.Rights.Readable(segs[0]):
			errs[i].Path, errs[i].Params = "", nil
		case len(segs) > 2 && !c.Rights.Readable(segs[0]+"."+segs[2]):
			errs[i].Path, errs[i].Params = "/"+segs[0], nil
		}
	}
	return errs
}

// invalid turns field errors into one error, nil when there are none.
func invalid(fields []fault.Field) error {
	if len(fields) == 0 {
		return nil
	}
	for _, f := range fields {
		if f.Code == "too_large" {
			return fault.New(fault.TooLarge, "record.too_large", "the record is too large").At(fields...)
		}
	}
	return fault.New(fault.Invalid, "record.invalid", "some fields are not right").At(fields...)
}

// runError is the error of a formula that failed on this record's values.
func runError(err error) error {
	var re *formula.RunError
	if errors.As(err, &re) {
		return fault.New(fault.Invalid, "formula."+re.Code, re.Message).Because(err)
	}
	return err
}

// apply is the loop of every change of an existing record: load, decide, change,
// write; on a lost race that did not touch what people see, again from the start.
func (s *Service) apply(ctx context.Context, a *tenant.Actor, ref, id, action string, fn func(*Change) error) (*Change, error) {
	return s.applyAs(ctx, a, func(r *Record) Rights { return RightsOn(a, r) }, ref, id, action, fn)
}

// applyAs is apply with rights of the caller's choice.
func (s *Service) applyAs(ctx context.Context, a *tenant.Actor, rights func(*Record) Rights, ref, id, action string, fn func(*Change) error) (*Change, error) {
	for try := 1; ; try++ {
		c, err := s.applyOnce(ctx, a, rights, ref, id, action, fn)
		if !errors.Is(err, storage.ErrConflict) && !errors.Is(err, errNumberTaken) {
			return c, err
		}
		if try == maxTries {
			return nil, fault.New(fault.Conflict, "record.busy", "the record is being changed by many at once; try again").Because(err)
		}
		if isWithin(ctx) { // whoever holds the turn may wait for us
			if err := pause(ctx); err != nil {
				return nil, err
			}
			continue
		}
		if try == 1 {
			// Those who lost wait for one another: of a hundred at once each gets his turn.
			done, err := s.turn(ctx, ref+"/"+id)
			if err != nil {
				return nil, err
			}
			defer done()
		}
	}
}

func (s *Service) applyOnce(ctx context.Context, a *tenant.Actor, rights func(*Record) Rights, ref, id, action string, fn func(*Change) error) (*Change, error) {
	rec, err := s.Load(ctx, ref, id)
	if err != nil {
		return nil, err
	}
	g := rights(rec)
	if !g.Visible {
		return nil, NotFound()
	}
	c := s.begin(a, rec, g, action)
	if err := fn(c); err != nil {
		c.giveBack(ctx)
		if errors.Is(err, ErrUnchanged) {
			return c, nil
		}
		return nil, err
	}
	if err := c.write(ctx); err != nil {
		c.notWritten(ctx, err)
		return nil, err
	}
	return c, nil
}

// turns is over how many queues the records that are fought for are spread.
const turns = 256

// turn waits until nobody else on this node repeats a lost write to the record
// (or to one of the few that share its queue).
func (s *Service) turn(ctx context.Context, key string) (done func(), err error) {
	h := fnv.New32a()
	_, _ = h.Write([]byte(key)) // a hash takes everything
	queue := s.turns[h.Sum32()%turns]
	select {
	case queue <- struct{}{}:
		return func() { <-queue }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// ErrUnchanged ends a change without writing and without an error: what was
// asked for is already so.
var ErrUnchanged = errors.New("record: nothing to change")

// Apply changes an existing record: fn sees it with the actor's rights and fills
// in the change. It may run several times.
func (s *Service) Apply(ctx context.Context, a *tenant.Actor, ref, id, action string, fn func(*Change) error) (*Change, error) {
	return s.apply(ctx, a, ref, id, action, fn)
}

// clone copies stored values deeply, so that a change never reaches what is cached or compared.
func clone(v map[string]any) map[string]any {
	out := make(map[string]any, len(v)+4)
	for k, x := range v {
		out[k] = cloneValue(x)
	}
	return out
}

func cloneValue(v any) any {
	switch x := v.(type) {
	case map[string]any:
		return clone(x)
	case []any:
		out := make([]any, len(x))
		for i := range x {
			out[i] = cloneValue(x[i])
		}
		return out
	}
	return v
}

// newRecord is an empty record of the current version of a form.
func newRecord(form *catalog.Form, id string, a *tenant.Actor, c *formula.Context) *Record {
	doc := storage.Doc{storage.ID: id, "form": form.Ref(), "rev": int64(0), "state": StateActive, "data": map[string]any{},
		"version": form.App.Version, "created_by": a.User, "created_at": c.Now, "updated_by": a.User, "updated_at": c.Now}
	if len(a.Depts) > 0 {
		doc["dept"] = a.Depts[0]
	}
	return &Record{Doc: doc, Form: form}
}
