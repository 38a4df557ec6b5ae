package record_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/flow"
	"github.com/formwork-run/formwork/runtime/internal/kit"
	"github.com/formwork-run/formwork/runtime/record"
)

func list(t *testing.T, w *kit.World, user, form string, in record.ListInput) (*record.ListOut, error) {
	t.Helper()
	return w.Records.List(ctx, w.As(user), form, in)
}

// names lists field "name" of what a list shows.
func names(t *testing.T, w *kit.World, user, form string, in record.ListInput) []string {
	t.Helper()
	out, err := list(t, w, user, form, in)
	if err != nil {
		t.Fatalf("list by %s: %v", user, err)
	}
	l := []string{}
	for _, it := range out.Items {
		l = append(l, fmt.Sprint(it.Data["name"]))
	}
	return l
}

func where(s string) record.ListInput {
	return record.ListInput{Filter: json.RawMessage(s), Sort: "name"}
}

func TestListFilters(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	w.Create("kim", "lab.item", m{"name": "a", "amount": "10.50", "day": "2024-05-01", "secret": "s1", "phone": "13800000001", "rows": []m{{"text": "x", "n": 1, "cost": 5}, {"text": "y", "n": 2}}})
	w.Create("kim", "lab.item", m{"name": "b", "amount": "9", "secret": "s2", "rows": []m{{"text": "x", "n": 2}}})
	w.Create("kim", "lab.item", m{"name": "c"})
	for _, c := range []struct {
		filter string
		want   []string
	}{
		{`{"path":"amount","op":"gt","value":"9.5"}`, []string{"a"}},
		{`{"path":"amount","op":"ge","value":9}`, []string{"a", "b"}},
		{`{"path":"amount","op":"eq","value":null}`, []string{"c"}},
		{`{"not":{"path":"amount","op":"eq","value":9}}`, []string{"a", "c"}},
		{`{"path":"day","op":"lt","value":"2024-06-01"}`, []string{"a"}},
		{`{"path":"name","op":"in","value":["a","c"]}`, []string{"a", "c"}},
		{`{"path":"rows.n","op":"eq","value":2}`, []string{"a", "b"}},
		{`{"path":"rows","op":"elem","value":{"and":[{"path":"text","op":"eq","value":"x"},{"path":"n","op":"eq","value":"2"}]}}`, []string{"b"}},
		{`{"path":"sys.created_by","op":"eq","value":"kim"}`, []string{"a", "b", "c"}},
		{`{"path":"sys.created_at","op":"gt","value":"2030-01-01T00:00:00Z"}`, []string{}},
		{`{"path":"sys.title","op":"contains","value":"s2"}`, []string{"b"}},
	} {
		same(t, c.filter, c.want, names(t, w, "kim", "lab.item", where(c.filter)))
	}
	for filter, code := range map[string]string{
		`{"path":"nope","op":"eq","value":1}`: "list.field", `{"path":"sys.acl","op":"eq","value":1}`: "list.field", `{"path":"amount","op":"eq","value":"x"}`: "list.value",
		`{"path":"amount","op":"$where","value":1}`: "list.filter", `{"$where":"1"}`: "list.filter", `{`: "list.filter",
		`{"path":"name","op":"elem","value":{"path":"x","op":"eq","value":1}}`: "list.filter", `{"path":"sys.created_at","op":"gt","value":"x"}`: "list.value",
		`{"path":"rows","op":"elem","value":{"path":"nope","op":"eq","value":1}}`: "list.field",
	} {
		_, err := list(t, w, "kim", "lab.item", where(filter))
		refused(t, err, code, "/filter", "")
	}
	for _, in := range []record.ListInput{{Sort: "nope"}, {Sort: "rows"}, {Sort: "a,b,c,d,e"}, {Limit: 1000}, {View: "nope"}, {Cursor: "nope"}, {Sort: "sys.nope"}, {Sort: "case.handlers"}} {
		if _, err := list(t, w, "kim", "lab.item", in); fault.KindOf(err) != fault.Malformed && fault.KindOf(err) != fault.NotFound {
			t.Errorf("%+v: %v", in, err)
		}
	}
}

// TestListTellsNothingHidden: what a reader may not see is found by no filter,
// no search and no order — neither as a field nor in a title made of it.
func TestListTellsNothingHidden(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	w.Create("kim", "lab.item", m{"name": "a", "secret": "treasure", "phone": "13800000001", "rows": []m{{"text": "x", "cost": 5}}})
	w.Create("kim", "lab.item", m{"name": "b", "secret": "trifle", "phone": "13900000001", "rows": []m{{"text": "y", "cost": 6}}})
	for _, filter := range []string{`{"path":"secret","op":"eq","value":"treasure"}`, `{"path":"phone","op":"prefix","value":"138"}`,
		`{"path":"rows.cost","op":"eq","value":5}`, `{"path":"rows","op":"elem","value":{"path":"cost","op":"eq","value":5}}`} {
		_, err := list(t, w, "ann", "lab.item", where(filter))
		refused(t, err, "list.field", "/filter", "unknown_field")
	}
	same(t, "a title that is hidden", []string{}, names(t, w, "ann", "lab.item", where(`{"path":"sys.title","op":"contains","value":"treasure"}`)))
	same(t, "nor by what it is not", []string{"a", "b"}, names(t, w, "ann", "lab.item", where(`{"not":{"path":"sys.title","op":"contains","value":"treasure"}}`)))
	for _, sort := range []string{"secret", "phone", "sys.title"} {
		if _, err := list(t, w, "ann", "lab.item", record.ListInput{Sort: sort}); fault.KindOf(err) != fault.Malformed {
			t.Errorf("sorted by %s: %v", sort, err)
		}
	}
	for q, want := range map[string][]string{"treasure": {}, "13800000001": {}, "a": {"a"}} {
		same(t, "search "+q, want, names(t, w, "ann", "lab.item", record.ListInput{Query: q}))
	}
	same(t, "who may see it", []string{"a"}, names(t, w, "kim", "lab.item", record.ListInput{Query: "trea"}))
}

// TestListOfFlowSeesNoMoreThanTheNode: records that somebody sees only by his
// part in their flow are found by the fields his node shows, and by no other.
func TestListOfFlowSeesNoMoreThanTheNode(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	p := w.Create("kim", "lab.project", m{"name": "P", "pm": "bob", "team": []m{{"member": "ann"}}})
	w.Create("ann", "lab.order", m{"name": "a", "code": "hidden-a", "project": p.ID()})
	b := w.Create("ann", "lab.order", m{"name": "b", "code": "hidden-b", "project": p.ID()})
	if _, err := w.Flow.Task(ctx, w.As("bob"), record.TaskID("lab.order", b.ID(), 1), "approve", flow.TaskInput{}); err != nil {
		t.Fatal(err)
	}
	same(t, "dora was asked once", []string{"b"}, names(t, w, "dora", "lab.order", record.ListInput{}))
	if d := shows(t, w, "dora", "lab.order", b.ID()).Data; d["code"] != nil || d["name"] != "b" {
		t.Errorf("her node hides the code: %v", d)
	}
	_, err := list(t, w, "dora", "lab.order", where(`{"path":"code","op":"eq","value":"hidden-b"}`))
	refused(t, err, "list.field", "/filter", "unknown_field")
	if _, err := list(t, w, "dora", "lab.order", record.ListInput{Sort: "code"}); fault.KindOf(err) != fault.Malformed {
		t.Errorf("sorted by it: %v", err)
	}
	same(t, "search", []string{}, names(t, w, "dora", "lab.order", record.ListInput{Query: "hidden"}))
	same(t, "by what it shows", []string{"b"}, names(t, w, "dora", "lab.order", where(`{"path":"name","op":"eq","value":"b"}`)))
	same(t, "its initiator finds it by all he filled", []string{"b"}, names(t, w, "ann", "lab.order", where(`{"path":"code","op":"eq","value":"hidden-b"}`)))
	out, err := list(t, w, "dora", "lab.order", record.ListInput{Total: true})
	if err != nil || *out.Total != 1 {
		t.Errorf("total %v %v", out.Total, err)
	}
	if n := names(t, w, "eve", "lab.order", record.ListInput{}); len(n) != 0 {
		t.Errorf("eve sees %v", n)
	}
}

func TestListPages(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	for i := range 25 {
		w.Create("kim", "lab.item", m{"name": fmt.Sprintf("n%02d", i), "amount": i % 3})
	}
	if _, err := w.TryCreate("kim", "lab.item", m{"name": "draft"}, false); err != nil {
		t.Fatal(err)
	}
	var got []string
	in := record.ListInput{Sort: "-amount,name", Limit: 10, Total: true}
	for {
		out, err := list(t, w, "kim", "lab.item", in)
		if err != nil || *out.Total != 25 {
			t.Fatalf("%v %v", out, err)
		}
		for _, it := range out.Items {
			got = append(got, fmt.Sprint(it.Data["amount"], " ", it.Data["name"]))
		}
		if in.Cursor = out.Next; in.Cursor == "" {
			break
		}
	}
	if len(got) != 25 || got[0] != "2 n02" || got[24] != "0 n24" || len(slices.Compact(slices.Sorted(slices.Values(got)))) != 25 {
		t.Errorf("pages: %v", got)
	}
	same(t, "drafts", []string{"draft"}, names(t, w, "kim", "lab.item", record.ListInput{Drafts: true}))
	same(t, "drafts of others", []string{}, names(t, w, "root", "lab.item", record.ListInput{Drafts: true}))
}

func TestSearch(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	for _, n := range []string{"C30 混凝土浇筑", "钢筋 HRB400", "混合砂浆"} {
		w.Create("kim", "lab.item", m{"name": n})
	}
	for q, want := range map[string][]string{"混凝": {"C30 混凝土浇筑"}, "混": {"C30 混凝土浇筑", "混合砂浆"}, "hnt": {"C30 混凝土浇筑"}, "hrb": {"钢筋 HRB400"}, "c30 混凝土": {"C30 混凝土浇筑"}, "HRB500": {}} {
		same(t, q, want, names(t, w, "kim", "lab.item", record.ListInput{Query: q, Sort: "name"}))
	}
}

func TestViews(t *testing.T) {
	t.Parallel()
	w := kit.Empty(t)
	lab := kit.LabFiles()
	lab["views/big.yaml"] = "form: item\ntitle: 大\nkind: table\ncolumns: [name]\nfilter: amount > 5 and sys.created_by == USER.id\nsort: [-secret, -amount]\n"
	w.Publish(lab)
	w.Create("kim", "lab.item", m{"name": "a", "amount": 6})
	w.Create("kim", "lab.item", m{"name": "b", "amount": 7})
	w.Create("kim", "lab.item", m{"name": "c", "amount": 1})
	w.Create("ann", "lab.item", m{"name": "d", "amount": 8})
	same(t, "filter and order", []string{"b", "a"}, names(t, w, "kim", "lab.item", record.ListInput{View: "big"}))
	same(t, "who may not use its order gets the rest of it", []string{"d"}, names(t, w, "ann", "lab.item", record.ListInput{View: "big"}))
	lab["views/big.yaml"] = "form: item\ntitle: 大\nkind: table\ncolumns: [name]\nfilter: LEN(name) > 3\n"
	problems, err := w.TryPublish(lab)
	refused(t, err, "publish.problems", "", "")
	if len(problems) != 1 || problems[0].Code != "view_filter" || problems[0].Path != "views/big#/filter" {
		t.Errorf("a view that no store can answer: %+v", problems)
	}
}

func TestPicker(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	mine := w.Create("kim", "lab.project", m{"name": "mine", "pm": "bob", "phone": "13800001234", "team": []m{{"member": "ann"}}})
	w.Create("kim", "lab.project", m{"name": "foreign"})
	w.Create("kim", "lab.project", m{"name": "shut", "open": false, "team": []m{{"member": "ann"}}})
	pick := func(user, form, field, q string) []record.Option {
		t.Helper()
		l, _, _, err := w.Records.Options(ctx, w.As(user), form, field, q, "", nil)
		if err != nil {
			t.Fatalf("%s: %v", user, err)
		}
		return l
	}
	same(t, "what she sees and the filter lets pass; what is masked to her is nothing to take over",
		[]record.Option{{ID: mine.ID(), Title: "mine", Fill: m{"manager": "bob"}}}, pick("ann", "lab.order", "project", ""))
	same(t, "search", 0, len(pick("ann", "lab.order", "project", "foreign")))
	same(t, "choices of another form", []record.Option{{ID: "mine", Title: "mine"}}, pick("ann", "lab.item", "kind", "mine"))
	for _, c := range [][3]string{{"eve", "lab.order", "project"}, {"ann", "lab.order", "name"}, {"ann", "lab.order", "nope"}, {"ann", "lab.none", "x"}} {
		if _, _, _, err := w.Records.Options(ctx, w.As(c[0]), c[1], c[2], "", "", nil); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%v: %v", c, err)
		}
	}
	// Whoever is asked in the flow may come to fill the field, without any group.
	w.Create("ann", "lab.order", m{"name": "x", "project": mine.ID()})
	if n := len(pick("bob", "lab.order", "project", "")); n != 0 {
		t.Errorf("bob sees no project, and gets %d", n)
	}
	hidden := kit.LabFiles().Edit(t, "access/lab.yaml", "hide: [budget, left]", "hide: [name, budget, left]")
	w.Publish(hidden)
	same(t, "choices made of a hidden field", 0, len(pick("ann", "lab.item", "kind", "")))
}
