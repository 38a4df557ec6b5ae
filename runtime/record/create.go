package record

import (
	"context"
	"encoding/json"
	"errors"
	"maps"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/catalog"
)

// CreateInput is a new record as somebody filled it.
type CreateInput struct {
	Data   json.RawMessage // an object; absent = empty
	Submit bool            // false keeps it as a draft, without enforcing rules
	// Choose are the people chosen for nodes of the flow, by node id.
	Choose map[string][]string
	// Key makes a repeat return the first result: the record's id derives from it and the user.
	Key string
}

// Starter starts the flow of a record: the flow service, which knows how to
// answer the engine's questions.
type Starter interface {
	// Start puts a new case of the change's record on its way, with its effects.
	Start(ctx context.Context, c *Change) error
}

// Create makes a record. repeated reports that the same key made it before.
func (s *Service) Create(ctx context.Context, a *tenant.Actor, flow Starter, ref string, in CreateInput) (rec *Record, repeated bool, err error) {
	form, err := s.t.Form(ref)
	if err != nil {
		return nil, false, err
	}
	plan := a.Plan.Form(ref)
	if !plan.Can(schema.OpCreate) {
		if plan.Can(schema.OpView) {
			return nil, false, fault.New(fault.Forbidden, "record.create_forbidden", "you may not create records here")
		}
		return nil, false, fault.Newf(fault.NotFound, "form.unknown", "there is no form %s", ref)
	}
	id := s.t.IDs.New()
	if in.Key != "" {
		id = ids.Derive("record", ref, a.User, in.Key)
		if rec, err := s.repeat(ctx, a, ref, id); rec != nil || err != nil {
			return rec, true, err
		}
	}
	for try := 1; ; try++ {
		rec, err := s.createOnce(ctx, a, flow, form, id, in)
		switch {
		case err == nil:
			return s.Fresh(ctx, rec), false, nil
		case in.Key != "" && fault.Is(err, "record.exists"):
			rec, err := s.repeat(ctx, a, ref, id)
			return rec, true, err
		case !errors.Is(err, errNumberTaken) || try == maxTries:
			return nil, false, err
		}
	}
}

func (s *Service) createOnce(ctx context.Context, a *tenant.Actor, flow Starter, form *catalog.Form, id string, in CreateInput) (*Record, error) {
	c := s.newChange(a, form, id, "create")
	c.Choose = in.Choose
	if err := c.fill(in.Data); err != nil {
		return nil, err
	}
	if err := c.finish(ctx, flow, in.Submit); err != nil {
		c.giveBack(ctx)
		return nil, err
	}
	if err := c.write(ctx); err != nil {
		c.notWritten(ctx, err)
		return nil, err
	}
	return c.Record, nil
}

// newChange begins a record that is not there yet, with its defaults.
func (s *Service) newChange(a *tenant.Actor, form *catalog.Form, id, action string) *Change {
	fc := s.t.Context(a.Subject)
	return &Change{Record: newRecord(form, id, a, fc), Actor: a, Action: action, s: s, before: map[string]any{}, data: form.Defaults(fc),
		owns: map[string]string{}, ctx: fc, isNew: true, Rights: Creation(a, form)}
}

// repeat finds the record an idempotency key made before.
func (s *Service) repeat(ctx context.Context, a *tenant.Actor, ref, id string) (*Record, error) {
	rec, err := s.Load(ctx, ref, id)
	if fault.KindOf(err) == fault.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if rec.CreatedBy() != a.User {
		return nil, NotFound()
	}
	return rec, nil
}

// finish ends the filling: a draft is kept as it is, a submitted record is
// checked, numbered and started.
func (c *Change) finish(ctx context.Context, flow Starter, submit bool) error {
	if !submit {
		if len(c.rejected) > 0 {
			return invalid(c.rejected)
		}
		c.Doc["state"] = StateDraft
		if c.Form.Flow != nil {
			c.Case = engine.Case{State: engine.Draft, Initiator: c.Actor.User}
		}
		return c.Compute(ctx)
	}
	return c.submit(ctx, flow)
}

// submit makes a filled record count: Validate, serial numbers, and the start of its flow.
func (c *Change) submit(ctx context.Context, flow Starter) error {
	if err := c.Validate(ctx); err != nil {
		return err
	}
	c.Doc["state"], c.Doc["version"] = StateActive, c.Form.App.Version
	if err := c.number(ctx); err != nil {
		return err
	}
	c.audit()
	if c.Form.Flow == nil {
		c.Case = engine.Case{}
		return nil
	}
	return flow.Start(ctx, c)
}

// SaveInput is a change of an existing record.
type SaveInput struct {
	Rev    int64 // the revision it is based on
	Patch  Patch
	Submit bool                // submits a draft
	Choose map[string][]string // as in CreateInput
	Key    string              // idempotency key, "" = none
}

// Save changes a record outside of its flow's tasks.
func (s *Service) Save(ctx context.Context, a *tenant.Actor, flow Starter, ref, id string, in SaveInput) (*Record, error) {
	c, err := s.apply(ctx, a, ref, id, "save", func(c *Change) error {
		c.Choose = in.Choose
		if err := c.Once(in.Key); err != nil {
			return err
		}
		if err := c.CheckRev(ctx, in.Rev); err != nil {
			return err
		}
		if err := c.mayEdit(); err != nil {
			return err
		}
		draft := c.State() == StateDraft
		if err := c.settleVersion(ctx); err != nil {
			return err
		}
		if err := c.ApplyPatch(in.Patch); err != nil {
			return err
		}
		if draft {
			if in.Submit {
				c.Action = "submit"
				c.Doc["created_at"] = c.ctx.Now
			}
			return c.finish(ctx, flow, in.Submit)
		}
		if err := c.Validate(ctx); err != nil {
			return err
		}
		c.audit()
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s.Fresh(ctx, c.Record), nil
}

// mayEdit: writing needs the edit operation, or his own draft or returned record.
func (c *Change) mayEdit() error {
	if c.Rights.Ops[schema.OpEdit] || c.Rights.start != nil && c.Rights.start.writing {
		return nil
	}
	if c.Rights.Node != "" {
		return nil // saves the fields of his task
	}
	return fault.New(fault.Forbidden, "record.edit_forbidden", "you may not change this record")
}

// settleVersion moves a record to the version of its form that is in use, unless
// its case is running: that one ends as it began.
func (c *Change) settleVersion(ctx context.Context) error {
	if c.HasCase() && c.State() != StateDraft && !c.Case.State.Final() {
		return nil
	}
	return c.moveToCurrent(ctx)
}

// moveToCurrent puts a record without a running case into the current version of
// its form. A case that has ended stays in the version of its flow.
func (c *Change) moveToCurrent(ctx context.Context) error {
	f, err := c.s.t.Form(c.Ref())
	if err != nil {
		return err
	}
	c.Form = f
	c.Record = &Record{Doc: maps.Clone(c.Doc), Form: f, Case: c.Case}
	c.Doc["version"] = f.App.Version
	if c.State() != StateDraft {
		return c.s.pinFlow(ctx, c.Record, f)
	}
	return nil
}

// CheckRev refuses a change that is based on an old revision, and says what
// changed since. rev 0 is a missing revision.
func (c *Change) CheckRev(ctx context.Context, rev int64) error {
	if rev == c.Rev() {
		return nil
	}
	if rev <= 0 {
		return fault.New(fault.Malformed, "record.rev_missing", "rev is missing: the revision the change is based on").
			At(fault.Field{Path: "/rev", Code: "required", Message: "rev is required"})
	}
	e := fault.New(fault.Conflict, "record.stale", "the record was changed in the meantime").
		With("rev", c.Rev()).With("updated_by", c.Doc["updated_by"]).With("updated_at", moment(c.Doc, "updated_at"))
	changes, err := c.s.changesSince(ctx, c.Actor, c.Record, c.Rights, rev)
	if err != nil {
		return errors.Join(e, err)
	}
	return e.With("changes", changes)
}
