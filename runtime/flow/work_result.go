package flow

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/catalog"
)

// report writes what came of a piece of work: the values it brings and the
// engine's answer by one compare-and-set. A piece that is not waited for any
// more changes nothing, so an outcome that is told twice is told once.
func (s *Service) report(ctx context.Context, ref, id string, visit int, out outcome) error {
	a, err := s.t.AppActor(ctx, "", nil)
	if err != nil {
		return err
	}
	_, err = s.records.Apply(ctx, a, ref, id, "work", func(c *record.Change) error {
		n, ok := workNode(c.Record, visit)
		if !ok || out.item >= len(c.Case.Visits[visit-1].Work.Items) || c.Case.Visits[visit-1].Work.Items[out.item].State != engine.WorkPending {
			return record.ErrUnchanged
		}
		a.Via = &tenant.Via{Form: ref, Record: id, Node: n.ID, Visit: visit, Item: out.item}
		cmd := engine.Command{Kind: engine.CmdResult, Visit: visit, Item: out.item, Ref: out.ref, Result: out.result}
		failed := out.err
		if failed == nil && len(out.values) > 0 {
			failed = s.writeBack(ctx, c, n, visit, out)
		}
		if failed != nil {
			if mayHelp(failed) && out.err == nil {
				return failed // nothing was written: the outcome is told again
			}
			cmd.Result, cmd.Error = "", s.because(failed)
		}
		return s.command(ctx, c, cmd)
	})
	if fault.KindOf(err) == fault.NotFound {
		return nil // the record is gone, and nobody waits
	}
	return err
}

// writeBack puts the values that work brought into the record. When one of
// them does not fit its field, none is written.
func (s *Service) writeBack(ctx context.Context, c *record.Change, n *schema.Node, visit int, out outcome) error {
	before := maps.Clone(c.Values())
	p := record.Patch{Set: map[string]json.RawMessage{}, Rows: map[string]record.RowPatch{}}
	row := map[string]any{}
	each := catalog.WorkEach(n)
	for name, v := range out.values {
		if column, ok := columnOf(c, each, name); ok {
			row[column] = v
			continue
		}
		raw, err := json.Marshal(v)
		if err != nil {
			return fault.Newf(fault.Refused, "work.value", "the value for %s cannot be taken", name).Because(err)
		}
		p.Set[name] = raw
	}
	if len(row) > 0 {
		if err := s.rowPatch(ctx, c, &p, each, visit, out.item, row); err != nil {
			return err
		}
	}
	err := c.ApplyPatch(p)
	if err == nil {
		err = c.Compute(ctx)
	}
	if err != nil {
		now := c.Values()
		clear(now)
		maps.Copy(now, before)
	}
	return err
}

// columnOf tells whether a name is a column of the rows that a node works through.
func columnOf(c *record.Change, each, name string) (string, bool) {
	f := c.Form.Def.Field(each)
	if f == nil {
		return "", false
	}
	column, qualified := strings.CutPrefix(name, each+".")
	if !qualified && c.Form.Def.Field(name) != nil {
		return "", false
	}
	return column, slices.ContainsFunc(f.Columns, func(x *schema.Field) bool { return x.Key == column })
}

// rowPatch changes the row that a piece was about; one that is gone is left alone.
func (s *Service) rowPatch(ctx context.Context, c *record.Change, p *record.Patch, each string, visit, item int, row map[string]any) error {
	order, err := s.rowOrder(ctx, c.Ref(), c.ID(), visit, c.Values()[each])
	if err != nil || item >= len(order) {
		return err
	}
	if i, _ := rowBy(c.Values()[each], order[item]); i < 0 {
		return nil
	}
	row["id"] = order[item]
	raw, err := json.Marshal(row)
	if err != nil {
		return fault.New(fault.Refused, "work.value", "a value for the row cannot be taken").Because(err)
	}
	p.Rows[each] = record.RowPatch{Change: []json.RawMessage{raw}}
	return nil
}

// maxReason bounds what is kept of an error, in characters.
const maxReason = 500

// because says in the organisation's language why work failed, with the places.
func (s *Service) because(err error) string {
	lang := s.t.Settings().Lang
	var fe *fault.Error
	if !errors.As(err, &fe) || fe.Kind == fault.Internal {
		return word(lang, "work.internal", "")
	}
	text := word(lang, fe.Code, fe.Message)
	if status, ok := fe.Params["status"].(int); ok {
		text += " (" + strconv.Itoa(status) + ")"
	}
	for _, f := range fe.Fields {
		text += "; " + f.Path + ": " + word(lang, "field."+f.Code, f.Message)
	}
	if r := []rune(text); len(r) > maxReason {
		text = string(r[:maxReason]) + "…"
	}
	return text
}
