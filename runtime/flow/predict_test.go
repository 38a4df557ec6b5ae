package flow_test

import (
	"testing"

	"github.com/formwork-run/formwork/runtime/flow"
	"github.com/formwork-run/formwork/runtime/internal/kit"
)

func (o *office) predict(user, id string, data m) *flow.Prediction {
	o.t.Helper()
	p, err := o.Flow.Predict(ctx, o.As(user), "lab.order", id, kit.JSON(data))
	if err != nil {
		o.t.Fatalf("predict %v: %v", data, err)
	}
	return p
}

func codes(l []flow.Warning) []string {
	out := []string{}
	for _, w := range l {
		s := w.Code
		for _, x := range []string{w.Node, w.Path, w.Reason} {
			if x != "" {
				s += " " + x
			}
		}
		for _, f := range w.Fields {
			s += " " + f
		}
		out = append(out, s)
	}
	return out
}

// TestPredictIncomplete: a form that is half filled, or filled wrongly, has a
// prediction all the same, and it says what it does not know yet.
func TestPredictIncomplete(t *testing.T) {
	t.Parallel()
	o := openWith(t, kit.LabFiles().Edit(t, "flows/order.yaml", "amount >= 1000", `amount >= 1000 or contact == "big"`))
	hidden := o.Create("kim", "lab.project", m{"name": "Q", "pm": "hugo"}).ID()
	everybody := []string{"bob", "carl", "cora", "dora", "dan", "arc", "ann"}
	nobodyKnown := []string{"root", "carl", "cora", "dora", "dan", "arc", "ann"}
	for name, x := range map[string]struct {
		data     m
		people   []string
		warnings []string
	}{
		"nothing filled": {m{}, nobodyKnown,
			[]string{"branch_undecided big contact", "people_undecided pm project", "people_undecided cc manager"}},
		"an amount is missing": {m{"project": o.project, "manager": "kim"}, append(everybody[:7:7], "kim"),
			[]string{"branch_undecided big contact"}},
		"a number that is none": {m{"project": o.project, "manager": "kim", "lines": []m{{"item": "i", "qty": "many", "price": 5}}},
			append(everybody[:7:7], "kim"), []string{"field_invalid /lines/0/qty type", "branch_undecided big contact"}},
		"a field that is not there": {m{"project": o.project, "contact": "1", "manager": "kim", "nothing": 1, "lines": []m{{"item": "i", "qty": 1, "price": 5}}},
			append(everybody[:7:7], "kim"), []string{"field_invalid /nothing unknown_field"}},
		"a project that he cannot see": {m{"project": hidden, "contact": "1", "manager": "kim", "lines": []m{{"item": "i", "qty": 1, "price": 5}}},
			append(nobodyKnown[:7:7], "kim"), []string{"field_invalid /project relation_missing", "people_undecided pm project"}},
	} {
		p := o.predict("ann", "", x.data)
		same(t, name+": people", x.people, assignees(p.Tree))
		same(t, name+": warnings", x.warnings, codes(p.Warnings))
	}
}

// TestPredictReasons: branches say why, and which of them cannot be told yet.
func TestPredictReasons(t *testing.T) {
	t.Parallel()
	o := openWith(t, kit.LabFiles().Edit(t, "flows/order.yaml", "amount >= 1000", `contact == "big"`))
	branches := func(data m) []flow.Branch {
		t.Helper()
		for _, n := range o.predict("ann", "", data).Tree {
			if n.Node == "big" {
				return n.Branches
			}
		}
		t.Fatal("no condition in the tree")
		return nil
	}
	type fact struct {
		taken, undecided bool
		reason           string
	}
	for name, x := range map[string]struct {
		data m
		want [2]fact
	}{
		"large":   {m{"contact": "big"}, [2]fact{{true, false, `contact == "big"`}, {}}},
		"small":   {m{"contact": "small"}, [2]fact{{}, {true, false, "otherwise"}}},
		"unknown": {m{}, [2]fact{{false, true, ""}, {true, false, "otherwise"}}},
	} {
		b := branches(x.data)
		for i, want := range x.want {
			if got := (fact{b[i].Taken, b[i].Undecided, b[i].Reason}); got != want {
				t.Errorf("%s, branch %d: %+v, want %+v", name, i, got, want)
			}
		}
	}
}

// TestPredictReturned: what would come after a resubmission, with the values being changed.
func TestPredictReturned(t *testing.T) {
	t.Parallel()
	o := open(t)
	rec := o.order(nil)
	o.must("bob", rec.ID(), "return", flow.TaskInput{})
	p := o.predict("ann", rec.ID(), m{"name": "x", "project": o.project, "manager": "amy", "lines": []m{{"item": "i", "qty": 1, "price": 5000}}})
	same(t, "people", []string{"bob", "carl", "cora", "dora", "dan", "hugo", "arc", "ann", "amy"}, assignees(p.Tree))
	if got := o.load(rec.ID()); string(got.Case.State) != "returned" {
		t.Errorf("predicting changed the case: %s", got.Case.State)
	}
}
