package runtime_test

import (
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/runtime/internal/kit"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/schema"
)

// explains holds explanations against the definitions, and against what is done:
// what is shown is explained as shown, what is explained as denied is not shown.
func (z *zoo) explains(t *rapid.T, r *reference) {
	a := z.As(r.user)
	words := rbac.Wording{Lang: "zh-CN", Self: true, Name: z.Org.Name}
	check := z.checker(t, r, r.learned())
	for _, x := range slices.Concat(z.docs, z.notes) {
		rec, err := z.Records.Load(ctx, x.form, x.id)
		if err != nil {
			t.Fatal(err)
		}
		words.Form = rec.Form.Def
		g := record.RightsOn(a, rec)
		if why := record.ExplainOp(a, rec, schema.OpView); why.Allowed != r.visible(x) {
			t.Fatalf("%s sees %s: %v, and it is explained as %+v", r.user, x.id, r.visible(x), why)
		}
		for _, op := range []string{schema.OpView, schema.OpEdit, schema.OpDelete, schema.OpComment, schema.OpHistory, schema.OpPrint, schema.OpTransfer} {
			why := record.ExplainOp(a, rec, op)
			if why.Allowed != g.Ops[op] {
				t.Fatalf("%s may %s %s: %v, and it is explained as %+v", r.user, op, x.id, g.Ops[op], why)
			}
			check("explanation of "+op, words.Tell(why.Reasons))
		}
		z.explainsFields(t, r, rec, g, x, words)
	}
}

func (z *zoo) explainsFields(t *rapid.T, r *reference, rec *record.Record, g record.Rights, x *animal, words rbac.Wording) {
	a := z.As(r.user)
	fields := zooFields
	if x.form == "zoo.note" {
		fields = zooNotes
	}
	for _, f := range fields {
		why := record.ExplainField(a, rec, f)
		if may := r.visible(x) && r.readable(x, f); (why.Right >= rbac.FieldRead) != may || why.Allowed != may {
			t.Fatalf("%s may read %s of %s: %v, and it is explained as %+v", r.user, f, x.id, may, why)
		}
		if is := g.Of(f); why.Right != is && (is != rbac.FieldWrite || rec.Form.FieldAt(f).Writable()) {
			t.Fatalf("%s has %v over %s of %s, and it is explained as %+v", r.user, is, f, x.id, why)
		}
		for _, told := range words.Tell(why.Reasons) {
			if told.Text == "" || strings.ContainsAny(told.Text, "{}") {
				t.Fatalf("no words for %+v", why.Reasons)
			}
		}
	}
}

// narrowed: an API key that reaches the notes alone tells nothing of the docs but
// what a lookup shows; one that reads writes nothing.
func (z *zoo) narrowed(t *rapid.T, r *reference) {
	a := z.As(r.user)
	a.Plan = a.Plan.Narrow(func(form, op string) bool { return form == "zoo.note" && op == schema.OpView })
	allowed := map[string]bool{}
	for _, x := range z.notes {
		r.learn(x, allowed)
	}
	check := z.checker(t, r, allowed)
	for _, x := range slices.Concat(z.docs, z.notes) {
		rec, g, err := z.Records.Get(ctx, a, x.form, x.id)
		if want := x.form == "zoo.note" && r.visible(x); (err == nil) != want {
			t.Fatalf("by a key %s sees %s %s: %v, want %v", r.user, x.form, x.id, err == nil, want)
		}
		if err != nil {
			continue
		}
		check("get by a key", must(z.Records.Show(ctx, a, rec)))
		for op := range g.Ops {
			if op != schema.OpView {
				t.Fatalf("a key that reads lets %s %s", r.user, op)
			}
		}
		for _, f := range zooNotes {
			if g.Of(f) == rbac.FieldWrite {
				t.Fatalf("a key that reads lets %s write %s", r.user, f)
			}
		}
	}
	for _, form := range []string{"zoo.doc", "zoo.note"} {
		out := must(z.Records.List(ctx, a, form, record.ListInput{Total: true, Limit: 200}))
		check("list by a key", out)
		if form == "zoo.doc" && *out.Total > 0 {
			t.Fatalf("a key that does not reach docs counts %d of them", *out.Total)
		}
	}
	if l, _, d, err := z.Records.Options(ctx, a, "zoo.note", "doc", "", "", nil); err == nil {
		check("picker by a key", kit.M{"items": l, "display": d})
	}
}
