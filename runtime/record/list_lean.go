package record

import (
	"context"
	"maps"
	"slices"

	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/runtime/vault"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/catalog"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// The inside of a case — visits, tasks, log — is half of what is left of a record
// in a list, and only says more about whoever has a part in the flow. Where his
// access groups let somebody read the whole record already, his part adds
// nothing that a list shows: the inside stays unread.

// shown are the parts of a record that every list shows or decides by. Search
// tokens, outbox and unique values stay unread: they are half of a document.
var shown = []string{"form", "version", "rev", "state", "title", "data", vault.Sealed, "acl",
	"created_by", "created_at", "dept", "updated_by", "updated_at"}

// listedLean has of a case what is shown, and the version of its flow.
var listedLean = append(slices.Clone(shown), "case.state", "case.nodes", "case.handlers", "case.result", "case.c.v")

// listed is a record of a page with the rights of its reader, as far as a list asks for them.
type listed struct {
	rec *Record
	g   Rights
}

// page turns lean documents into the records of a list, in their order; those
// that the actor may not see are left out.
func (s *Service) page(ctx context.Context, a *tenant.Actor, form *catalog.Form, docs []storage.Doc) ([]listed, error) {
	plan := a.Plan.Form(form.Ref())
	out := make([]listed, len(docs))
	var part []storage.Doc // those that his part in the flow may open further
	for i, doc := range docs {
		g, ok := opened(plan, doc)
		if !ok {
			part = append(part, doc)
			continue
		}
		rec, err := s.wrapLean(ctx, form, doc)
		if err != nil {
			return nil, err
		}
		out[i] = listed{rec, g}
	}
	if len(part) == 0 {
		return out, nil
	}
	whole, err := s.completed(ctx, form, part)
	if err != nil {
		return nil, err
	}
	for i := range docs {
		if out[i].rec != nil {
			continue
		}
		id, _ := docs[i][storage.ID].(string)
		if out[i], err = s.partOf(ctx, a, form, whole[id]); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(out, func(l listed) bool { return l.rec == nil }), nil
}

// completed gives lean documents the whole of their cases, by id. One that was
// written in between is read anew, so that nobody sees old values by new rights.
func (s *Service) completed(ctx context.Context, form *catalog.Form, docs []storage.Doc) (map[string]storage.Doc, error) {
	ids := make([]any, len(docs))
	for i, d := range docs {
		ids[i] = d[storage.ID]
	}
	page, err := s.t.Records(form.Ref()).Find(ctx, storage.Query{Where: filter.Cmp{Path: storage.ID, Op: filter.In, Value: ids},
		Limit: len(ids), Fields: []string{"case"}})
	if err != nil {
		return nil, err
	}
	cases := make(map[any]storage.Doc, len(page.Docs))
	for _, d := range page.Docs {
		cases[d[storage.ID]] = d
	}
	out := make(map[string]storage.Doc, len(docs))
	var changed []string
	for _, d := range docs {
		id, _ := d[storage.ID].(string)
		if c := cases[id]; c == nil || c[storage.Rev] != d[storage.Rev] {
			changed = append(changed, id)
			continue
		} else if inside, ok := c["case"]; ok {
			d = maps.Clone(d)
			d["case"] = inside
		}
		out[id] = d
	}
	if len(changed) == 0 {
		return out, nil
	}
	fresh, err := s.many(ctx, form.Ref(), changed)
	maps.Copy(out, fresh)
	return out, err
}

// partOf reads a whole record, nothing when it is gone meanwhile or not his to see.
func (s *Service) partOf(ctx context.Context, a *tenant.Actor, form *catalog.Form, doc storage.Doc) (listed, error) {
	if doc == nil {
		return listed{}, nil
	}
	rec, err := s.wrap(ctx, form, doc)
	if err != nil {
		return listed{}, err
	}
	g := RightsOn(a, rec)
	if !g.Visible {
		return listed{}, nil
	}
	return listed{rec, g}, nil
}

// opened tells whether access groups let a record that counts be read in all its
// fields. Its rights then are those of a reader: a list asks for no more.
func opened(plan *rbac.FormPlan, doc storage.Doc) (Rights, bool) {
	if text(doc, "state") != StateActive || !plan.Allows(schema.OpView, doc) {
		return Rights{}, false
	}
	fields := plan.Fields(doc)
	if fields.Default < rbac.FieldRead {
		return Rights{}, false
	}
	for _, right := range fields.By {
		if right < rbac.FieldRead {
			return Rights{}, false
		}
	}
	g := newRights()
	g.Visible, g.groups = true, &fieldSource{fields: fields}
	return g, true
}

// wrapLean is wrap for a document without the inside of its case.
func (s *Service) wrapLean(ctx context.Context, current *catalog.Form, doc storage.Doc) (*Record, error) {
	c := object(doc, "case")
	delete(doc, "case")
	r, err := s.wrap(ctx, current, doc)
	if err != nil || c == nil {
		return r, err
	}
	doc["case"] = c
	r.Case.Version = int(number(object(c, "c"), "v"))
	return r, s.pinFlow(ctx, r, r.Form)
}
