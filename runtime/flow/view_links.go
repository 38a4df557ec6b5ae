package flow

import (
	"context"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
)

// Link is a case that this one has started, or that has started it. What the
// reader may not see of it is not there.
type Link struct {
	Case      string `json:"case"`
	Title     string `json:"title"`
	FormTitle string `json:"form_title"`
	State     string `json:"state,omitempty"` // of the case; "" = it has no flow
	Node      string `json:"node"`            // that started it
	NodeTitle string `json:"node_title"`
}

// links adds the cases and records that this one is linked with by the work of
// flows, as far as the reader may see them.
func (s *Service) links(ctx context.Context, a *tenant.Actor, r renderer, out *View) error {
	if via, ok := r.rec.Origin(); ok {
		parent, err := s.linked(ctx, a, r.v, via.Form+"."+via.Record)
		if err != nil {
			return err
		}
		if parent != nil {
			parent.link.Node, parent.link.NodeTitle = via.Node, record.NodeTitle(parent.rec, via.Node, a.Lang)
			out.Parent = &parent.link
		}
	}
	return s.children(ctx, a, r, out, out.Tree)
}

// children names what the nodes of a tree have made. A piece whose record the
// reader may not see loses its reference.
func (s *Service) children(ctx context.Context, a *tenant.Actor, r renderer, out *View, nodes []Node) error {
	for i := range nodes {
		n := &nodes[i]
		for j := range n.Work {
			w := &n.Work[j]
			child, err := s.linked(ctx, a, r.v, w.Ref)
			if err != nil {
				return err
			}
			if child == nil {
				w.Ref = ""
				continue
			}
			w.Title = child.link.Title
			child.link.Node, child.link.NodeTitle = n.Node, n.Title
			out.Children = append(out.Children, child.link)
		}
		for _, b := range n.Branches {
			if err := s.children(ctx, a, r, out, b.Nodes); err != nil {
				return err
			}
		}
	}
	return nil
}

type linked struct {
	rec  *record.Record
	link Link
}

// linked reads a record by its reference; nil where the reader may not see it.
func (s *Service) linked(ctx context.Context, a *tenant.Actor, v *record.Viewer, ref string) (*linked, error) {
	form, id, err := ParseCase(ref)
	if fault.KindOf(err) == fault.NotFound {
		return nil, nil // there is none
	}
	rec, g, err := s.records.Get(ctx, a, form, id)
	if fault.KindOf(err) == fault.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &linked{rec, Link{Case: ref, Title: v.Record(a, rec, g, false).Title, FormTitle: rec.Form.Def.Title.In(a.Lang), State: string(rec.Case.State)}}, nil
}
