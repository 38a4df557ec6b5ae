package runtime_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/comment"
	"github.com/formwork-run/formwork/runtime/flow"
	"github.com/formwork-run/formwork/runtime/internal/kit"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/task"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/storage"
)

// Every value of the zoo is a word that occurs nowhere else. So whatever an
// answer is made of, it tells something hidden only if it holds a word that the
// reference (access_reference_test.go) denies.

var ctx = context.Background()

const zooForm = `key: doc
title: Doc
titleFormula: name
schema:
  $schema: http://json-schema.org/draft-07/schema#
  type: object
  properties:
    name: {title: Name, type: string}
    secret: {title: Secret, type: string}
    amount: {title: Amount, x-field: {type: money}}
    phone: {title: Phone, x-field: {type: phone}}
    owner: {title: Owner, x-field: {type: member}}
    note: {title: Note, x-field: {type: relation, form: note}}
    file: {title: File, x-field: {type: attachment}}
    lines: {title: Lines, x-field: {type: subtable}, items: {type: object, properties: {a: {title: A, type: string}, b: {title: B, type: string}}}}
    sum: {title: Sum, x-field: {type: rollup, form: note, match: doc, of: num, fn: sum}}
flow: doc
`

const zooNote = `key: note
title: Note
titleFormula: name
schema:
  $schema: http://json-schema.org/draft-07/schema#
  type: object
  properties:
    name: {title: Name, type: string}
    secret: {title: Secret, type: string}
    team: {title: Team, x-field: {type: member, multiple: true}}
    doc: {title: Doc, x-field: {type: relation, form: doc, fill: {secret: secret}}}
    num: {title: Num, x-field: {type: number}}
    peek: {title: Peek, x-field: {type: lookup, via: doc, field: secret}}
`

const zooFlow = `key: doc
form: doc
nodes:
  - {id: start, type: start, fields: {edit: [name, secret, amount, phone, owner, note, file, lines], hide: []}}
  - {id: one, type: approve, who: [{users: [bob]}], fields: {hide: [secret, lines.b], edit: [name]}}
  - {id: two, type: approve, who: [{users: [amy]}], fields: {hide: [amount, name, lines]}}
  - {id: way, type: condition, branches: [{title: A, when: 'CONTAINS(secret, "zqold") or amount > 7300000', nodes: []}, {otherwise: true, nodes: []}]}
  - {id: three, type: cc, who: [{users: [hugo]}], fields: {hide: [phone, file]}}
settings: {self: act, withdraw: any_time}
`

var (
	zooUsers  = []string{"ann", "amy", "bob", "hugo", "eve"}
	zooFields = []string{"name", "secret", "amount", "phone", "owner", "note", "file", "lines", "lines.a", "lines.b", "sum"}
	zooNotes  = []string{"name", "secret", "num", "peek"}
	zooRows   = []string{"", "all", "mine", "my_dept", "my_depts", "headed", "took_part", "depts:site", "owner == USER.id", `note in MY("zoo.note", "team")`}
	zooOps    = []string{schema.OpView, schema.OpCreate, schema.OpEdit, schema.OpDelete, schema.OpRestore, schema.OpComment, schema.OpHistory}
)

// zoo is the world with its records; their rights change from try to try.
type zoo struct {
	*kit.World
	t     *testing.T
	docs  []*animal
	notes []*animal
	gone  []*animal // in the trash
}

// all are the records there are, and were.
func (z *zoo) all() []*animal { return slices.Concat(z.docs, z.notes, z.gone) }

// animal is a record with its words, by field.
type animal struct {
	form, id string
	words    map[string]string
	comment  string
	old      string // what stood in secret before, now only in the history
	doc      storage.Doc
	file     string
}

func newZoo(t *testing.T) *zoo {
	z := &zoo{World: kit.Empty(t), t: t}
	all := schema.Access{Groups: []schema.GroupDef{
		{Key: "d", Form: "doc", Members: []schema.MemberDef{{Everyone: true}}, Can: zooOps},
		{Key: "n", Form: "note", Members: []schema.MemberDef{{Everyone: true}}, Can: zooOps}}}
	z.access(all)
	for i, user := range []string{"ann", "amy", "hugo", "eve"} {
		z.notes = append(z.notes, z.note(i, user))
	}
	for i := range 12 {
		z.docs = append(z.docs, z.doc(i, zooUsers[i%len(zooUsers)]))
	}
	for i, n := range z.notes {
		to := z.docs[2*i]
		n.words["peek"], to.words["sum"] = to.words["secret"], n.words["num"] // one note points to it
		p := record.Patch{Set: map[string]json.RawMessage{"doc": kit.JSON(to.id)}}
		if _, err := z.Records.Save(ctx, z.As("root"), z.Flow, "zoo.note", n.id, record.SaveInput{Rev: 1, Patch: p}); err != nil {
			t.Fatal(err)
		}
	}
	for i, user := range []string{"ann", "amy", "hugo"} {
		x := z.note(50+i, user)
		z.gone = append(z.gone, x)
	}
	z.gone = append(z.gone, z.doc(59, "eve")) // a draft
	for _, x := range z.all() {
		x.doc = z.Stored(x.form, x.id)
	}
	for _, x := range z.gone {
		user, _ := x.doc["created_by"].(string)
		if err := z.Records.Delete(ctx, z.As(user), x.form, x.id, 0); err != nil {
			t.Fatal(err)
		}
	}
	return z
}

// access publishes the zoo with other access groups.
func (z *zoo) access(a schema.Access) {
	z.Publish(kit.Files{"pack.yaml": "key: zoo\nversion: 1.0.0\ntitle: Zoo\n", "forms/doc.yaml": zooForm, "forms/note.yaml": zooNote,
		"flows/doc.yaml": zooFlow, "access/zoo.yaml": string(kit.JSON(a))})
}

func (z *zoo) note(i int, user string) *animal {
	a := &animal{form: "zoo.note", words: map[string]string{"name": fmt.Sprintf("zqnote%02d", i), "secret": fmt.Sprintf("zqhush%02d", i),
		"num": fmt.Sprint(9170000 + i)}}
	a.id = z.Create(user, a.form, kit.M{"name": a.words["name"], "secret": a.words["secret"], "num": a.words["num"], "team": []string{zooUsers[i%5], zooUsers[(i+2)%5]}}).ID()
	return a
}

// doc makes a record and brings it to one of the states a record can be in.
func (z *zoo) doc(i int, user string) *animal {
	w := func(f string) string { return fmt.Sprintf("zq%s%02d", f, i) }
	a := &animal{form: "zoo.doc", old: w("old"), comment: w("comment"), words: map[string]string{"name": w("name"), "secret": w("secret"),
		"amount": fmt.Sprint(7310000 + i), "phone": fmt.Sprint(13988520000 + i), "lines.a": w("linea"), "lines.b": w("lineb"), "file": w("file")}}
	a.file = z.upload(user, a.words["file"])
	data := kit.M{"name": a.words["name"], "secret": a.old, "amount": a.words["amount"], "phone": a.words["phone"], "owner": zooUsers[(i+1)%5],
		"note": z.notes[i%4].id, "lines": []kit.M{{"a": a.words["lines.a"], "b": a.words["lines.b"]}}, "file": []kit.M{{"id": a.file, "name": "f", "size": 1, "type": "x"}}}
	rec, err := z.TryCreate(user, a.form, data, i%6 != 5)
	if err != nil {
		z.t.Fatal(err)
	}
	a.id = rec.ID()
	saved, err := z.Records.Save(ctx, z.As(user), z.Flow, a.form, a.id, record.SaveInput{Rev: rec.Rev(), Patch: kit.Set(kit.M{"secret": a.words["secret"]})})
	if err != nil {
		z.t.Fatal(err)
	}
	if saved.State() == record.StateDraft {
		return a
	}
	if _, err := z.Comments.Add(ctx, z.As("root"), a.form, a.id, comment.Input{Text: a.comment}); err != nil {
		z.t.Fatal(err)
	}
	z.act(a.id, i%6)
	return a
}

func (z *zoo) act(id string, how int) {
	steps := [][2]string{}
	switch how {
	case 1:
		steps = append(steps, [2]string{"bob", "approve"})
	case 2:
		steps = append(steps, [2]string{"bob", "approve"}, [2]string{"amy", "approve"})
	case 3:
		steps = append(steps, [2]string{"bob", "return"})
	case 4:
		steps = append(steps, [2]string{"bob", "approve"}, [2]string{"amy", "reject"})
	}
	for n, s := range steps {
		if _, err := z.Flow.Task(ctx, z.As(s[0]), record.TaskID("zoo.doc", id, n+1), s[1], flow.TaskInput{}); err != nil {
			z.t.Fatalf("%s by %s: %v", s[1], s[0], err)
		}
	}
}

func (z *zoo) upload(user, content string) string {
	a := z.As(user)
	f, err := z.Files.Begin(ctx, a, "f.txt", int64(len(content)))
	if err == nil {
		err = z.Files.Part(ctx, a, f.ID, 1, []byte(content))
	}
	if err == nil {
		_, err = z.Files.Complete(ctx, a, f.ID)
	}
	if err != nil {
		z.t.Fatal(err)
	}
	return f.ID
}

// TestMain tries fewer worlds than rapid would by itself: each is large. More
// are tried with -rapid.checks.
func TestMain(m *testing.M) {
	flag.Parse()
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue {
		_ = f.Value.Set("25") // a number
	}
	os.Exit(m.Run())
}

// TestNothingHiddenIsTold: with random groups, no path of the runtime tells a
// record or a value that the definitions deny.
func TestNothingHiddenIsTold(t *testing.T) {
	z := newZoo(t)
	rapid.Check(t, func(rt *rapid.T) {
		var acc schema.Access
		for i := range rapid.IntRange(1, 6).Draw(rt, "groups") {
			acc.Groups = append(acc.Groups, drawGroup(rt, i))
		}
		z.access(acc)
		for _, user := range zooUsers {
			r := &reference{z: z, acc: acc, user: user}
			z.tells(rt, r)
			z.finds(rt, r)
			z.explains(rt, r)
			z.narrowed(rt, r)
		}
	})
}

func drawGroup(t *rapid.T, i int) schema.GroupDef {
	some := func(from []string, label string) []string {
		return rapid.SliceOfNDistinct(rapid.SampledFrom(from), 0, 3, rapid.ID).Draw(t, label)
	}
	g := schema.GroupDef{Key: fmt.Sprint("g", i), Form: rapid.SampledFrom([]string{"doc", "doc", "note"}).Draw(t, "form"),
		Can: append(some(zooOps, "ops"), rapid.SampledFrom([]string{schema.OpView, schema.OpEdit}).Draw(t, "op"))}
	g.Can = slices.Compact(slices.Sorted(slices.Values(g.Can)))
	switch rapid.IntRange(0, 5).Draw(t, "member") {
	case 0:
		g.Members = []schema.MemberDef{{Everyone: true}}
	case 1:
		g.Members = []schema.MemberDef{{Dept: rapid.SampledFrom([]string{"hq", "works", "site"}).Draw(t, "dept"), Children: rapid.Bool().Draw(t, "children")}}
	case 2:
		if g.Form == "doc" && !slices.Contains(g.Can, schema.OpCreate) {
			g.Members = []schema.MemberDef{{Field: "owner"}}
			break
		}
		fallthrough
	case 3:
		if g.Form == "doc" && !slices.Contains(g.Can, schema.OpCreate) {
			g.Members = []schema.MemberDef{{Field: "note.team"}}
			break
		}
		fallthrough
	default:
		g.Members = []schema.MemberDef{{User: rapid.SampledFrom(zooUsers).Draw(t, "user")}}
	}
	if g.Form == "note" {
		g.Rows = rapid.SampledFrom([]string{"", "mine", "my_dept"}).Draw(t, "rows")
		hide := some(zooNotes, "hide")
		g.Fields = schema.GroupFields{Hide: hide, Mask: slices.DeleteFunc(some(zooNotes, "mask"), func(f string) bool { return slices.Contains(hide, f) })}
		return g
	}
	g.Rows = rapid.SampledFrom(zooRows).Draw(t, "rows")
	if rapid.IntRange(0, 2).Draw(t, "limited") == 0 {
		g.When = some([]string{"running", "approved", "returned", "rejected"}, "when")
	}
	hide := some(zooFields, "hide")
	mask := slices.DeleteFunc(some(zooFields, "mask"), func(f string) bool { return slices.Contains(hide, f) })
	g.Fields = schema.GroupFields{Hide: hide, Mask: mask}
	return g
}

// checker finds words in an answer that the user may not know.
func (z *zoo) checker(t *rapid.T, r *reference, allowed map[string]bool) func(string, any) {
	return func(path string, v any) {
		t.Helper()
		text := string(kit.JSON(v))
		for _, x := range z.all() {
			for f, word := range x.everything() {
				if strings.Contains(text, word) && !allowed[word] {
					t.Fatalf("%s tells %s the %s of %s %s: %s", path, r.user, f, x.form, x.id, text)
				}
			}
		}
	}
}

// tells holds every answer about records against what the user may know.
func (z *zoo) tells(t *rapid.T, r *reference) {
	a := z.As(r.user)
	check := z.checker(t, r, r.learned())
	for _, x := range slices.Concat(z.docs, z.notes) {
		z.tellsOne(t, a, r, x, check)
	}
	for _, form := range []string{"zoo.doc", "zoo.note"} {
		for _, in := range []record.ListInput{{Total: true, Limit: 200}, {Drafts: true}, {Sort: "sys.created_at", Limit: 3}} {
			if out, err := z.Records.List(ctx, a, form, in); err == nil {
				check("list", out)
			}
		}
		l, _, _ := must3(z.Records.Trash(ctx, a, form, ""))
		check("trash", l)
	}
	for _, box := range []string{task.Todo, task.Done, task.Mine, task.CC} {
		check("tasks "+box, must(z.Tasks.List(ctx, a, task.ListInput{Box: box, Limit: 100})))
	}
	for _, field := range [][2]string{{"zoo.doc", "note"}, {"zoo.note", "doc"}} {
		if l, _, d, err := z.Records.Options(ctx, a, field[0], field[1], "", "", nil); err == nil {
			check("picker", kit.M{"items": l, "display": d})
		}
	}
	n, _, d, err := z.Notices.List(ctx, a, "")
	if err != nil {
		t.Fatal(err)
	}
	check("notices", kit.M{"items": n, "display": d})
}

func must[V any](v V, err error) V {
	if err != nil {
		panic(err)
	}
	return v
}

func must3[V, W any](v V, w W, err error) (V, W, error) {
	must(v, err)
	return v, w, nil
}

// tellsOne asks everything that can be asked about one record.
func (z *zoo) tellsOne(t *rapid.T, a *tenant.Actor, r *reference, x *animal, check func(string, any)) {
	rec, g, err := z.Records.Get(ctx, a, x.form, x.id)
	if seen := err == nil; seen != r.visible(x) {
		t.Fatalf("%s sees %s %s: %v, the definitions say %v (%v)", r.user, x.form, x.id, seen, r.visible(x), err)
	}
	if err != nil {
		z.unseen(t, a, x, check)
		return
	}
	out := must(z.Records.Show(ctx, a, rec))
	check("get", out)
	text := string(kit.JSON(out))
	for f, word := range x.words {
		if f != "file" && r.readable(x, f) && !strings.Contains(text, word) {
			t.Fatalf("%s may read the %s of %s and is not shown it: %s", r.user, f, x.id, text)
		}
	}
	v := z.Records.NewViewer(a)
	h, _, err := z.Records.History(ctx, v, rec, g, "")
	if err != nil {
		t.Fatal(err)
	}
	check("history", h)
	check("evaluate", must(z.Records.Evaluate(ctx, a, x.form, x.id, json.RawMessage("{}"))))
	c, _, _, err := z.Comments.List(ctx, a, x.form, x.id, "")
	if err != nil {
		t.Fatal(err)
	}
	check("comments", c)
	if rec.HasCase() && rec.State() != record.StateDraft {
		view := must(z.Flow.View(ctx, a, x.form+"."+x.id))
		check("case", view)
		if told := strings.Contains(string(kit.JSON(view)), "7300000"); told && !(r.readable(x, "secret") && r.readable(x, "amount")) {
			t.Fatalf("the case of %s tells %s a condition over what is hidden from him", x.id, r.user)
		}
		for _, node := range []string{"one", "two", "three"} {
			if out, err := z.Flow.Explain(ctx, a, x.form+"."+x.id, "", node); err == nil {
				check("case explained", out)
			}
		}
	}
	z.opens(t, a, r, x)
}

func (z *zoo) opens(t *rapid.T, a *tenant.Actor, r *reference, x *animal) {
	if x.file == "" {
		return
	}
	_, body, err := z.Files.Open(ctx, a, x.file, 0, -1)
	if err == nil {
		_, _ = io.Copy(io.Discard, body) // only that it opens matters
		_ = body.Close()
	}
	if got, want := err == nil, r.visible(x) && r.readable(x, "file"); got != want {
		t.Fatalf("%s opens the file of %s: %v, the definitions say %v", r.user, x.id, got, want)
	}
}

// unseen asks about a record that the user may not know of, and with its id.
func (z *zoo) unseen(t *rapid.T, a *tenant.Actor, x *animal, check func(string, any)) {
	nothing := func(path string, err error) {
		t.Helper()
		if fault.KindOf(err) != fault.NotFound || err == nil {
			t.Fatalf("%s of a record that cannot be seen: %v", path, err)
		}
	}
	_, _, _, err := z.Comments.List(ctx, a, x.form, x.id, "")
	nothing("comments", err)
	_, err = z.Records.Evaluate(ctx, a, x.form, x.id, nil)
	nothing("evaluate", err)
	_, err = z.Records.Save(ctx, a, z.Flow, x.form, x.id, record.SaveInput{Rev: 1})
	nothing("save", err)
	nothing("delete", z.Records.Delete(ctx, a, x.form, x.id, 0))
	if x.form == "zoo.doc" {
		_, err = z.Flow.View(ctx, a, x.form+"."+x.id)
		nothing("case", err)
		_, err = z.Flow.Case(ctx, a, x.form+"."+x.id, "urge", flow.CaseInput{})
		nothing("urge", err)
		_, err = z.Flow.Explain(ctx, a, x.form+"."+x.id, "", "one")
		nothing("case explained", err)
		for _, in := range []kit.M{{"doc": x.id}} {
			if out, err := z.Records.Evaluate(ctx, a, "zoo.note", "", kit.JSON(in)); err == nil {
				check("evaluate with its id", out)
			}
		}
		if x.file != "" {
			if _, _, err := z.Files.Open(ctx, a, x.file, 0, -1); err == nil {
				t.Fatalf("%s opens a file of a record that he cannot see", a.User)
			}
		}
		return
	}
	if out, err := z.Flow.Predict(ctx, a, "zoo.doc", "", kit.JSON(kit.M{"note": x.id})); err == nil {
		check("predict with its id", out)
	}
}

// finds holds what is found by asking against what may be known.
func (z *zoo) finds(t *rapid.T, r *reference) {
	a := z.As(r.user)
	out := must(z.Records.List(ctx, a, "zoo.doc", record.ListInput{Total: true, Limit: 200}))
	visible := 0
	for _, x := range z.docs {
		if r.visible(x) && !r.draft(x) {
			visible++
		}
	}
	if len(out.Items) != visible || *out.Total != visible {
		t.Fatalf("%s lists %d of %d (total %d)", r.user, len(out.Items), visible, *out.Total)
	}
	for _, f := range []string{"name", "secret", "amount", "phone", "lines.a", "lines.b", "sum"} {
		hiddenIn := 0
		for _, x := range z.docs {
			if r.draft(x) || !r.visible(x) {
				continue
			}
			may := r.readable(x, f)
			if !may && x.words[f] == "" {
				hiddenIn++
			} else if !may {
				hiddenIn++
				z.findsOne(t, a, x, f)
			}
		}
		if _, err := z.Records.List(ctx, a, "zoo.doc", record.ListInput{Sort: f}); err == nil && hiddenIn > 0 {
			t.Fatalf("%s sorts by %s, which is hidden from him in %d records", r.user, f, hiddenIn)
		}
		if _, err := z.Records.List(ctx, a, "zoo.doc", record.ListInput{Sort: "sys.title"}); f == "name" && err == nil && hiddenIn > 0 {
			t.Fatalf("%s sorts by titles that are hidden from him in %d records", r.user, hiddenIn)
		}
	}
}

func (z *zoo) findsOne(t *rapid.T, a *tenant.Actor, x *animal, f string) {
	word := x.words[f]
	for _, in := range []record.ListInput{
		{Filter: kit.JSON(kit.M{"path": f, "op": "eq", "value": word})}, {Query: word},
		{Filter: kit.JSON(kit.M{"path": f, "op": "in", "value": []string{word}})},
		{Filter: kit.JSON(kit.M{"path": "sys.title", "op": "contains", "value": word})}, {Where: "sys.title == \"" + word + "\""},
		{Where: f + " == " + literal(f, word)}, {Filter: kit.JSON(kit.M{"path": f, "op": "exists", "value": true})},
	} {
		in.Total = true
		out, err := z.Records.List(ctx, a, "zoo.doc", in)
		if err != nil {
			continue
		}
		if slices.ContainsFunc(out.Items, func(o *record.Out) bool { return o.ID == x.id }) {
			t.Fatalf("%s finds %s by its %s, which is hidden from him: %s %s %s", a.User, x.id, f, in.Filter, in.Where, in.Query)
		}
		if *out.Total != len(out.Items) {
			t.Fatalf("%s counts %d of what he finds by %s, and is shown %d", a.User, *out.Total, f, len(out.Items))
		}
	}
	not := record.ListInput{Limit: 200, Filter: kit.JSON(kit.M{"not": kit.M{"path": f, "op": "eq", "value": word}})}
	if out, err := z.Records.List(ctx, a, "zoo.doc", not); err == nil {
		if !slices.ContainsFunc(out.Items, func(o *record.Out) bool { return o.ID == x.id }) {
			t.Fatalf("%s learns the hidden %s of %s by what it is not", a.User, f, x.id)
		}
	}
}

// literal writes a value for a formula.
func literal(f, word string) string {
	if f == "amount" || f == "sum" {
		return word
	}
	return fmt.Sprintf("%q", word)
}
