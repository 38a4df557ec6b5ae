package record

import (
	"context"
	"strings"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
)

// Revealed is one value in the clear, in wire form.
type Revealed struct {
	Field string `json:"field"`
	Row   string `json:"row,omitempty"`
	Value any    `json:"value"`
}

// Reveal shows one value that is masked for the actor, if the operation reveal
// is granted to him on the record (record.reveal_forbidden), or one that he may
// read anyway. The caller logs every call that succeeds. A field that he may not
// even see masked is unknown; row names a row for a column ("lines.card").
func (s *Service) Reveal(ctx context.Context, a *tenant.Actor, ref, id, field, row string) (*Record, Revealed, error) {
	rec, g, err := s.Get(ctx, a, ref, id)
	if err != nil {
		return nil, Revealed{}, err
	}
	f := rec.Form.FieldAt(field)
	if f == nil || f.Type == schema.TypeSubtable || !g.Readable(field) {
		return nil, Revealed{}, fault.Newf(fault.NotFound, "field.unknown", "there is no field %s", field)
	}
	if g.Of(field) == rbac.FieldMasked && !g.Ops[schema.OpReveal] {
		return nil, Revealed{}, fault.New(fault.Forbidden, "record.reveal_forbidden", "you may see this value masked only")
	}
	val, ok := valueIn(rec, field, row)
	if !ok {
		return nil, Revealed{}, fault.New(fault.NotFound, "field.row_unknown", "there is no such row")
	}
	out := Revealed{Field: field, Row: row}
	if val != nil {
		out.Value = rec.Form.EncodeValue(field, val)
	}
	return rec, out, nil
}

// valueIn is the stored value of a field, or of a column in a row.
func valueIn(rec *Record, field, row string) (any, bool) {
	table, column, nested := strings.Cut(field, ".")
	if !nested {
		return rec.Data()[field], row == ""
	}
	for _, r := range list(rec.Data(), table) {
		if m, _ := r.(map[string]any); text(m, "id") == row {
			return m[column], true
		}
	}
	return nil, false
}
