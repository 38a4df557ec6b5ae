package record

import (
	"context"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/catalog"
)

// MaxExportPage is the most records of one page of an export.
const MaxExportPage = 500

// Export is List for what leaves the program: only records that the actor may
// export (record.export_forbidden without the operation), at most MaxExportPage
// at once, and sensitive values masked unless he may reveal them in that record.
func (s *Service) Export(ctx context.Context, a *tenant.Actor, ref string, in ListInput) (*ListOut, error) {
	if err := s.MayExport(a, ref); err != nil {
		return nil, err
	}
	in.export, in.Drafts = true, false
	in.Limit = min(in.Limit, MaxExportPage)
	return s.List(ctx, a, ref, in)
}

// MayExport refuses whoever may export no record of a form.
func (s *Service) MayExport(a *tenant.Actor, ref string) error {
	if _, err := s.t.Form(ref); err != nil {
		return err
	}
	plan := a.Plan.Form(ref)
	if plan.Can(schema.OpExport) {
		return nil
	}
	if plan.Can(schema.OpView) || plan.Can(schema.OpCreate) {
		return fault.New(fault.Forbidden, "record.export_forbidden", "you may not export records here")
	}
	return fault.Newf(fault.NotFound, "form.unknown", "there is no form %s", ref)
}

// CountExport counts what Export would give, up to most.
func (s *Service) CountExport(ctx context.Context, a *tenant.Actor, ref string, in ListInput, most int) (int, error) {
	in.export, in.Drafts, in.Limit, in.Cursor = true, false, 0, ""
	_, q, err := s.query(a, ref, in)
	if err != nil {
		return 0, err
	}
	return s.t.Records(ref).Count(ctx, q.Where, most)
}

// Shows reports whether lists of a form may show an actor something of a field
// ("amount", "lines.qty"), be it masked: a field for which it is false is not there for him.
func Shows(a *tenant.Actor, form *catalog.Form, path string) bool {
	return a.Plan.Form(form.Ref()).Shows(path) || sees(a, form, false).scope(path) != nil
}

// veilSensitive masks the sensitive values of records that their reader sees in
// the clear but may not take away so.
func veilSensitive(a *tenant.Actor, shown []rendered) {
	for _, r := range shown {
		if a.Plan.Form(r.rec.Ref()).Allows(schema.OpReveal, r.rec.Doc) {
			continue
		}
		for _, f := range r.rec.Form.Def.Fields {
			if f.Type == schema.TypeSubtable {
				veilRows(r, f)
			} else {
				veilValue(r.out.Data, r.g, f, f.Key, r.rec.Data()[f.Key])
			}
		}
	}
}

func veilRows(r rendered, f *schema.Field) {
	stored := list(r.rec.Data(), f.Key)
	out, _ := r.out.Data[f.Key].([]any)
	for i, row := range out {
		m, _ := row.(map[string]any)
		if m == nil || i >= len(stored) {
			continue
		}
		was, _ := stored[i].(map[string]any)
		for _, c := range f.Columns {
			veilValue(m, r.g, c, f.Key+"."+c.Key, was[c.Key])
		}
	}
}

func veilValue(into map[string]any, g Rights, f *schema.Field, path string, stored any) {
	if f.Sensitive && into[f.Key] != nil && stored != nil && g.Of(path) > rbac.FieldMasked {
		into[f.Key] = Mask(f, stored)
	}
}
