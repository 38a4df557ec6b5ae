package record

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
)

// Evaluated is a record being filled, as the server computes it.
type Evaluated struct {
	Data     map[string]any        `json:"data"`
	States   map[string]FieldState `json:"states"` // by field, "lines.qty" for a column; hidden ones are absent
	Errors   []fault.Field         `json:"errors"`
	Warnings []fault.Field         `json:"warnings"`
}

// FieldState is how a field stands after the rules, for whoever fills the record.
type FieldState struct {
	Visible  bool `json:"visible"`
	Required bool `json:"required"`
	Readonly bool `json:"readonly"`
}

// Evaluate computes a record being filled without saving it: what needs the
// server, and everything it would find wrong at submit. With an id it is that
// record being changed: what the actor may not see comes from what is stored.
func (s *Service) Evaluate(ctx context.Context, a *tenant.Actor, ref, id string, data json.RawMessage) (*Evaluated, error) {
	c, err := s.Trial(ctx, a, ref, id, data)
	if err != nil && (c == nil || !fault.Is(err, "record.invalid")) {
		return nil, err
	}
	unread := c.rejected
	c.rejected, c.stated = nil, true
	out := &Evaluated{Errors: append([]fault.Field{}, unread...), Warnings: []fault.Field{}}
	err = c.Validate(ctx)
	var fe *fault.Error
	switch {
	case errors.As(err, &fe) && len(fe.Fields) > 0:
		out.Errors = append(out.Errors, beside(unread, fe.Fields)...)
	case err != nil:
		return nil, err
	}
	out.Warnings = append(out.Warnings, c.warnings...)
	out.Data, out.States = c.shown(), c.states()
	return out, nil
}

// shown are the values as the actor may see them.
func (c *Change) shown() map[string]any {
	v, out := c.s.NewViewer(c.Actor), map[string]any{}
	for _, f := range c.Form.Def.Fields {
		if val := v.value(c.Record, c.Rights, f, f.Key, c.data[f.Key]); val != nil {
			out[f.Key] = val
		}
	}
	return out
}

func (c *Change) states() map[string]FieldState {
	out := map[string]FieldState{}
	for path, st := range c.result.States {
		table, _, _ := strings.Cut(path, ".")
		if c.Rights.Readable(table) && c.Rights.Readable(path) {
			out[path] = FieldState{st.Visible, st.Required, st.Readonly}
		}
	}
	return out
}

// beside leaves out what was only found because values could not be read: it is
// about their places or what holds them.
func beside(unread, found []fault.Field) []fault.Field {
	var out []fault.Field
	for _, f := range found {
		if !slices.ContainsFunc(unread, func(u fault.Field) bool { return u.Path == f.Path || strings.HasPrefix(u.Path, f.Path+"/") }) {
			out = append(out, f)
		}
	}
	return out
}

// Trial is a change that will not be written: a new record as it would be, or
// with an id that record as it would become. Values that cannot be taken are an
// error record.invalid; the change then holds the others.
func (s *Service) Trial(ctx context.Context, a *tenant.Actor, ref, id string, data json.RawMessage) (*Change, error) {
	form, err := s.t.Form(ref)
	if err != nil {
		return nil, err
	}
	if id != "" {
		return s.trialOf(ctx, a, ref, id, data)
	}
	if !a.Plan.Form(ref).Can(schema.OpCreate) && !a.Plan.Form(ref).Can(schema.OpView) {
		return nil, fault.Newf(fault.NotFound, "form.unknown", "there is no form %s", ref)
	}
	c := s.newChange(a, form, s.t.IDs.New(), "try")
	return c, c.fill(data)
}

func (s *Service) trialOf(ctx context.Context, a *tenant.Actor, ref, id string, data json.RawMessage) (*Change, error) {
	rec, g, err := s.Get(ctx, a, ref, id)
	if err != nil {
		return nil, err
	}
	c := s.begin(a, rec, g, "try")
	if err := c.settleVersion(ctx); err != nil {
		return nil, err
	}
	return c, c.overlay(data)
}

// overlay puts what somebody sees of a record being changed over what is
// stored: a field he may write and leaves out is blank, one he cannot see stays.
func (c *Change) overlay(raw json.RawMessage) error {
	if len(bytes.TrimSpace(raw)) == 0 {
		raw = json.RawMessage("{}")
	}
	p := Patch{}
	if err := json.Unmarshal(raw, &p.Set); err != nil {
		return fault.New(fault.Malformed, "body.type", "data must be an object").Because(err)
	}
	for _, f := range c.Form.Def.Fields {
		_, byKey := p.Set[f.Key]
		_, byName := p.Set[f.Name]
		if !byKey && !(f.Name != "" && byName) && c.data[f.Key] != nil && c.Rights.Writable(f.Key) {
			p.Unset = append(p.Unset, f.Key)
		}
	}
	return c.ApplyPatch(p)
}
