package flow_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/runtime/flow"
	"github.com/formwork-run/formwork/runtime/internal/kit"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/storage"
)

const plain = `
schema:
  $schema: http://json-schema.org/draft-07/schema#
  type: object
`

// shop is an app whose order works outside: nodes are those between start and a last approval by bob.
func shop(nodes string) kit.Files {
	return kit.Files{
		"pack.yaml": "key: shop\nversion: 1.0.0\ntitle: 店\n",
		"forms/order.yaml": `
key: order
title: 订单
titleFormula: name` + plain + `  properties:
    name: {title: 名称, type: string}
    code: {title: 编码, type: string}
    amount: {title: 金额, x-field: {type: money, scale: 2}}
    double: {title: 两倍, x-field: {type: money, formula: amount * 2}}
    found: {title: 查到, type: string}
    no: {title: 编号, type: string}
    boss: {title: 主管, x-field: {type: member}}
    lines:
      title: 清单
      x-field: {type: subtable}
      items:
        type: object
        properties:
          item: {title: 品名, type: string}
          qty: {title: 数量, x-field: {type: number}}
          got: {title: 收到, type: string}
flow: order
`,
		"forms/stock.yaml": `
key: stock
title: 库存
titleFormula: name` + plain + `  required: [name]
  properties:
    no: {title: 编号, x-field: {type: serial, pattern: "S{seq:3}"}}
    name: {title: 名称, type: string, maxLength: 20}
    kind: {title: 类别, type: string}
    qty: {title: 数量, x-field: {type: number, min: 0}}
    state: {title: 状态, type: string}
unique: [[name]]
`,
		"forms/buy.yaml": `
key: buy
title: 采购
titleFormula: what` + plain + `  required: [what]
  properties:
    what: {title: 什么, type: string}
    qty: {title: 数量, x-field: {type: number}}
    price: {title: 价, x-field: {type: money}}
flow: buy
`,
		"flows/order.yaml": `
key: order
form: order
title: 订单流程
nodes:
  - {id: start, type: start, fields: {edit: all}}
` + nodes + `
  - {id: last, type: approve, title: 收尾, who: [{users: [bob]}], actions: [approve, reject, return]}
settings: {withdraw: any_time, resubmit: choose}
`,
		"flows/buy.yaml": `
key: buy
form: buy
nodes:
  - {id: start, type: start, fields: {edit: all}}
  - {id: check, type: approve, who: [{users: [hugo]}], fields: {edit: [price]}}
settings: {withdraw: any_time}
`,
		"access/shop.yaml": `
roles: [{key: seller, title: 销售}]
groups:
  - {key: all, form: order, members: [{everyone: true}], can: [view, create, edit, delete]}
  - {key: keepers, form: stock, members: [{role: seller}], can: [view]}
  - {key: buyers, form: buy, members: [{role: seller}], can: [view]}
`,
	}
}

// store is a world with the shop.
type store struct {
	*kit.World
	t *testing.T
}

func openShop(t *testing.T, nodes string) *store {
	t.Helper()
	s := &store{World: kit.Empty(t), t: t}
	s.Publish(shop(nodes))
	return s
}

// order submits one as ann.
func (s *store) order(data m) *record.Record {
	s.t.Helper()
	all := m{"name": "o1"}
	for k, v := range data {
		all[k] = v
	}
	return s.load("shop.order", s.Create("ann", "shop.order", all).ID())
}

func (s *store) load(ref, id string) *record.Record {
	s.t.Helper()
	r, err := s.Records.Load(ctx, ref, id)
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

// all are the records of a form, by title.
func (s *store) all(form string) map[string]storage.Doc {
	out := map[string]storage.Doc{}
	for _, d := range s.Docs("rec_shop__" + form) {
		out[d["title"].(string)] = d
	}
	return out
}

// run works on the jobs that are due, until none is.
func (s *store) run() {
	s.t.Helper()
	for range 20 {
		n, err := s.Jobs.Run(ctx)
		if err != nil {
			s.t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
	s.t.Fatal("the jobs never end")
}

// act decides the open task of a user in a record of a form.
func (s *store) act(user, ref, id, action string) *record.Record {
	s.t.Helper()
	rec := s.load(ref, id)
	open := rec.Case.OpenTasks(user)
	if len(open) == 0 {
		s.t.Fatalf("%s has no task in %s: %v", user, ref, rec.Case.OpenTasks(""))
	}
	if _, err := s.Flow.Task(ctx, s.As(user), record.TaskID(ref, id, open[0].N), action, flow.TaskInput{Rev: open[0].Rev, RecordRev: rec.Rev()}); err != nil {
		s.t.Fatalf("%s by %s: %v", action, user, err)
	}
	return s.load(ref, id)
}

// work are the pieces of the last visit of a node.
func work(rec *record.Record, node string) []engine.WorkItem {
	for _, v := range slices.Backward(rec.Case.Visits) {
		if v.Node == node && v.Work != nil {
			return v.Work.Items
		}
	}
	return nil
}

func cell(d storage.Doc, key string) any { return d["data"].(map[string]any)[key] }

// TestDataCreate: records are made with the access of the app, as their form
// demands, and what the record gets back is written and computed with.
func TestDataCreate(t *testing.T) {
	t.Parallel()
	s := openShop(t, `  - {id: make, type: data, title: 入库, data: {op: create, form: stock, set: {name: 'CONCAT("s-", name)', qty: amount}, into: {no: no, amount: qty * 3}}}`)
	rec := s.order(m{"amount": "2.50"})
	made := s.all("stock")["s-o1"]
	if made == nil || cell(made, "no") != "S001" || rec.Data()["no"] != "S001" {
		t.Fatalf("made %v; the order has %v", made, rec.Data())
	}
	if got := rec.Data()["double"]; got == nil || got.(interface{ String() string }).String() != "15.00" {
		t.Errorf("computed with what came back: %v", got)
	}
	if w := work(rec, "make")[0]; w.State != engine.WorkDone || w.Ref != "shop.stock."+made[storage.ID].(string) {
		t.Errorf("%+v", w)
	}
	if made["created_by"] != "ann" || made["origin"].(map[string]any)["record"] != rec.ID() {
		t.Errorf("by %v from %v", made["created_by"], made["origin"])
	}
	if open := rec.Case.OpenTasks("bob"); len(open) != 1 {
		t.Errorf("the case did not go on: %v", rec.Case.OpenNodes())
	}
}

// TestDataRefused: what the other form does not take is the work's error, with
// its place; an administrator has it done again.
func TestDataRefused(t *testing.T) {
	t.Parallel()
	s := openShop(t, `  - {id: make, type: data, data: {op: create, form: stock, set: {name: code}}}`)
	rec := s.order(nil)
	w := work(rec, "make")[0]
	if w.State != engine.WorkFailed || w.Error != "记录的字段不符合要求; /name: 必填" {
		t.Fatalf("%+v", w)
	}
	notices, _, _, err := s.Notices.List(ctx, s.As("root"), "")
	if err != nil || len(notices) != 1 || notices[0].Event != engine.EventWorkFailed {
		t.Errorf("the administrators were told %v, %v", notices, err)
	}
	if _, err := s.Flow.Case(ctx, s.As("ann"), "shop.order."+rec.ID(), "retry", flow.CaseInput{}); err == nil {
		t.Error("the initiator retries")
	}
	if _, err := s.Records.Save(ctx, s.As("ann"), s.Flow, "shop.order", rec.ID(), record.SaveInput{Rev: rec.Rev(), Patch: kit.Set(m{"code": "c1"})}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Flow.Case(ctx, s.As("root"), "shop.order."+rec.ID(), "retry", flow.CaseInput{}); err != nil {
		t.Fatal(err)
	}
	rec = s.load("shop.order", rec.ID())
	if w := work(rec, "make")[0]; w.State != engine.WorkDone || s.all("stock")["c1"] == nil {
		t.Errorf("after the retry: %+v", w)
	}
}

// TestDataSkip: an administrator goes on without it; policy skip does by itself.
func TestDataSkip(t *testing.T) {
	t.Parallel()
	s := openShop(t, `  - {id: one, type: data, data: {op: create, form: stock, set: {name: code}}}
  - {id: two, type: data, data: {op: create, form: stock, set: {name: code}, fail: skip}}`)
	rec := s.order(nil)
	if _, err := s.Flow.Case(ctx, s.As("root"), "shop.order."+rec.ID(), "skip", flow.CaseInput{}); err != nil {
		t.Fatal(err)
	}
	rec = s.load("shop.order", rec.ID())
	if a, b := work(rec, "one")[0].State, work(rec, "two")[0].State; a != engine.WorkSkipped || b != engine.WorkSkipped {
		t.Errorf("%s, %s", a, b)
	}
	if len(rec.Case.OpenTasks("bob")) != 1 {
		t.Errorf("stands at %v", rec.Case.OpenNodes())
	}
}

// TestDataChanges: update, upsert, delete and find, and what is written of them.
func TestDataChanges(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		node  string
		data  m
		want  map[string]string // title → state
		found any
		fails bool
	}{
		"update one":            {`op: update, form: stock, where: name == form.code, set: {state: '"used"'}, into: {found: kind}`, m{"code": "a"}, map[string]string{"a": "used", "b": "", "c": ""}, "x", false},
		"update none":           {`op: update, form: stock, where: name == form.code, set: {state: '"used"'}`, m{"code": "z"}, map[string]string{"a": "", "b": "", "c": ""}, nil, false},
		"update too many":       {`op: update, form: stock, where: kind == form.code, set: {state: '"used"'}`, m{"code": "x"}, map[string]string{"a": "", "b": "", "c": ""}, nil, true},
		"update many":           {`op: update, form: stock, where: kind == form.code, many: true, set: {state: '"used"'}`, m{"code": "x"}, map[string]string{"a": "used", "b": "used", "c": ""}, nil, false},
		"update by app":         {`op: update, form: shop.stock, where: name == form.code, set: {qty: amount}`, m{"code": "a", "amount": -1}, map[string]string{"a": "", "b": "", "c": ""}, nil, true},
		"upsert that is":        {`op: upsert, form: stock, where: name == form.code, set: {name: code, state: '"new"'}`, m{"code": "b"}, map[string]string{"a": "", "b": "new", "c": ""}, nil, false},
		"upsert that is not":    {`op: upsert, form: stock, where: name == form.code, set: {name: code, state: '"new"'}`, m{"code": "d"}, map[string]string{"a": "", "b": "", "c": "", "d": "new"}, nil, false},
		"delete":                {`op: delete, form: stock, where: kind == form.code, many: true`, m{"code": "x"}, map[string]string{"c": ""}, nil, false},
		"find":                  {`op: find, form: stock, where: kind == form.code and state == nil, into: {found: name}`, m{"code": "y"}, map[string]string{"a": "", "b": "", "c": ""}, "c", false},
		"find nothing":          {`op: find, form: stock, where: name == form.code, into: {found: name}`, m{"code": "z", "found": "old"}, map[string]string{"a": "", "b": "", "c": ""}, nil, false},
		"a value that is none":  {`op: update, form: stock, where: name == form.code, set: {name: 'CONCAT(name, "012345678901234567890")'}`, m{"code": "a"}, map[string]string{"a": "", "b": "", "c": ""}, nil, true},
		"a value that is taken": {`op: update, form: stock, where: name == form.code, set: {name: found}`, m{"code": "a", "found": "b"}, map[string]string{"a": "", "b": "", "c": ""}, "b", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openShop(t, "  - {id: do, type: data, data: {"+x.node+"}}")
			for n, kind := range map[string]string{"a": "x", "b": "x", "c": "y"} {
				s.Create("root", "shop.stock", m{"name": n, "kind": kind, "qty": 1})
			}
			rec := s.order(x.data)
			got := map[string]string{}
			for title, d := range s.all("stock") {
				got[title], _ = cell(d, "state").(string)
			}
			same(t, "records", x.want, got)
			if rec.Data()["found"] != x.found {
				t.Errorf("the record got %v, want %v", rec.Data()["found"], x.found)
			}
			if failed := work(rec, "do")[0].State == engine.WorkFailed; failed != x.fails {
				t.Errorf("%+v", work(rec, "do")[0])
			}
		})
	}
}

// TestDataRows: each row is worked through once, and gets its own values back.
func TestDataRows(t *testing.T) {
	t.Parallel()
	s := openShop(t, `  - {id: each, type: data, data: {op: create, form: stock, each: lines, set: {name: 'CONCAT(form.name, "-", item)', qty: qty}, into: {lines.got: name}}}`)
	rec := s.order(m{"lines": []m{{"item": "a", "qty": 1}, {"item": "b", "qty": 2}}})
	rows := rec.Data()["lines"].([]any)
	for i, want := range []string{"o1-a", "o1-b"} {
		if got := rows[i].(m)["got"]; got != want {
			t.Errorf("row %d has %v, want %v", i, got, want)
		}
	}
	if n := len(s.all("stock")); n != 2 {
		t.Errorf("%d records were made", n)
	}
	none := s.order(m{"name": "o2"})
	if len(none.Case.OpenTasks("bob")) != 1 {
		t.Errorf("without rows it stands at %v", none.Case.OpenNodes())
	}
}

// TestDataOnce: a second run of the same work, late or beside the first, does nothing again.
func TestDataOnce(t *testing.T) {
	t.Parallel()
	s := openShop(t, `  - {id: one, type: data, data: {op: update, form: stock, where: state == nil, set: {state: '"used"', qty: amount}}}`)
	s.Create("root", "shop.stock", m{"name": "a"})
	rec := s.order(m{"amount": 5})
	s.Create("root", "shop.stock", m{"name": "b"})
	for range 3 {
		e := record.Effect{ID: rec.ID() + ":1:0", Kind: record.EffectWork, Data: map[string]any{"visit": int64(2), "items": []any{int64(0)}}}
		if err := s.Flow.Work(ctx, rec, e); err != nil {
			t.Fatal(err)
		}
	}
	if b := s.all("stock")["b"]; cell(b, "state") != nil {
		t.Errorf("a second run changed another record: %v", b)
	}
	step := func() int64 {
		r, err := s.Records.Step(ctx, s.As("root"), "shop.stock", s.all("stock")["b"][storage.ID].(string), "step", kit.Set(m{"qty": 9}))
		if err != nil {
			t.Fatal(err)
		}
		return r.Rev()
	}
	if first, second := step(), step(); first != second {
		t.Errorf("one step changed the record twice: %d, %d", first, second)
	}
}

// TestDataHistory: a record tells which flow changed it.
func TestDataHistory(t *testing.T) {
	t.Parallel()
	s := openShop(t, `  - {id: use, type: data, title: 领用, data: {op: update, form: stock, where: name == form.code, set: {state: '"used"'}}}`)
	id := s.Create("root", "shop.stock", m{"name": "a"}).ID()
	s.order(m{"code": "a"})
	root := s.As("root")
	rec, g, err := s.Records.Get(ctx, root, "shop.stock", id)
	if err != nil {
		t.Fatal(err)
	}
	h, _, err := s.Records.History(ctx, s.Records.NewViewer(root), rec, g, "")
	if err != nil || len(h) != 1 {
		t.Fatalf("%v %v", h, err)
	}
	same(t, "via", &record.HistoryVia{Form: "shop.order", Title: "订单流程", Node: "领用"}, h[0].Via)
	if h[0].By != "ann" {
		t.Errorf("by %s", h[0].By)
	}
}

// TestSubflow: another form's flow is started as the initiator's, waited for,
// and brings its values back once.
func TestSubflow(t *testing.T) {
	t.Parallel()
	const node = `  - {id: sub, type: subflow, subflow: {form: buy, data: {what: name, qty: amount}, wait: true, rejected: %s, back: {amount: price, found: case.state}}}`
	for name, x := range map[string]struct {
		rejected, action string
		state            engine.State
		item             string
	}{
		"approved":           {"reject", "approve", engine.Running, engine.WorkDone},
		"rejected rejects":   {"reject", "reject", engine.Rejected, engine.WorkDone},
		"rejected continues": {"continue", "reject", engine.Running, engine.WorkDone},
		"rejected waits":     {"wait", "reject", engine.Running, engine.WorkFailed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openShop(t, sprintf(node, x.rejected))
			rec := s.order(m{"amount": 7})
			if n := len(s.all("buy")); n != 0 {
				t.Fatalf("%d were started within the request", n)
			}
			s.run()
			child := s.all("buy")["o1"]
			if child == nil || child["created_by"] != "ann" {
				t.Fatalf("started %v", child)
			}
			id := child[storage.ID].(string)
			if w := work(s.load("shop.order", rec.ID()), "sub")[0]; w.State != engine.WorkPending || w.Ref != "shop.buy."+id {
				t.Fatalf("waits for %+v", w)
			}
			s.run() // a second time starts nothing
			if x.action == "approve" {
				c := s.load("shop.buy", id)
				p := kit.Set(m{"price": "12.5"})
				open := c.Case.OpenTasks("hugo")[0]
				if _, err := s.Flow.Task(ctx, s.As("hugo"), record.TaskID("shop.buy", id, open.N), "approve", flow.TaskInput{Rev: open.Rev, RecordRev: c.Rev(), Data: &p}); err != nil {
					t.Fatal(err)
				}
			} else {
				s.act("hugo", "shop.buy", id, x.action)
			}
			got := s.load("shop.order", rec.ID())
			if got.Case.State != x.state || work(got, "sub")[0].State != x.item {
				t.Errorf("%s, %+v", got.Case.State, work(got, "sub"))
			}
			if want := map[bool]any{true: "approved", false: nil}[x.action == "approve"]; got.Data()["found"] != want {
				t.Errorf("got back %v, want %v", got.Data()["found"], want)
			}
			if len(s.all("buy")) != 1 {
				t.Errorf("%d were started", len(s.all("buy")))
			}
			told := s.load("shop.buy", id)
			before := got.Rev()
			if err := s.Flow.Ended(ctx, told, record.Effect{}); err != nil || s.load("shop.order", rec.ID()).Rev() != before {
				t.Errorf("told twice: %v", err)
			}
		})
	}
}

// TestSubflowRows: one for each row; the case goes on when all have ended.
func TestSubflowRows(t *testing.T) {
	t.Parallel()
	s := openShop(t, `  - {id: sub, type: subflow, subflow: {form: buy, each: lines, data: {what: item, qty: qty}, wait: true, rejected: continue, back: {lines.got: what}}}`)
	rec := s.order(m{"lines": []m{{"item": "a", "qty": 1}, {"item": "b", "qty": 2}}})
	s.run()
	a, b := s.all("buy")["a"], s.all("buy")["b"]
	s.act("hugo", "shop.buy", a[storage.ID].(string), "approve")
	if got := s.load("shop.order", rec.ID()); len(got.Case.OpenTasks("bob")) != 0 {
		t.Error("went on after one of two")
	}
	s.act("hugo", "shop.buy", b[storage.ID].(string), "reject")
	got := s.load("shop.order", rec.ID())
	if len(got.Case.OpenTasks("bob")) != 1 {
		t.Errorf("stands at %v", got.Case.OpenNodes())
	}
	rows := got.Data()["lines"].([]any)
	if rows[0].(m)["got"] != "a" || rows[1].(m)["got"] != nil {
		t.Errorf("rows are %v", rows)
	}
}

// TestSubflowErrors: what keeps a flow from being started is said with its place.
func TestSubflowErrors(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct{ sub, want string }{
		"a required field": {`{form: buy, data: {what: code}, wait: true}`, "记录的字段不符合要求; /what: 必填"},
		"no initiator":     {`{form: buy, data: {what: name}, wait: true, initiator: {field: boss}}`, "找不到子流程的发起人"},
	} {
		s := openShop(t, "  - {id: sub, type: subflow, subflow: "+x.sub+"}")
		rec := s.order(nil)
		s.run()
		if w := work(s.load("shop.order", rec.ID()), "sub")[0]; w.State != engine.WorkFailed || w.Error != x.want {
			t.Errorf("%s: %+v", name, w)
		}
	}
}

// TestSubflowInitiator: the node names who starts it.
func TestSubflowInitiator(t *testing.T) {
	t.Parallel()
	s := openShop(t, `  - {id: sub, type: subflow, subflow: {form: buy, data: {what: name}, initiator: {field: boss}}}`)
	rec := s.order(m{"boss": "amy"})
	s.run()
	child := s.all("buy")["o1"]
	if child == nil || child["created_by"] != "amy" || child["dept"] != "site" {
		t.Fatalf("started %v", child)
	}
	got := s.load("shop.order", rec.ID())
	if w := work(got, "sub")[0]; w.State != engine.WorkDone || len(got.Case.OpenTasks("bob")) != 1 {
		t.Errorf("without waiting: %+v, %v", w, got.Case.OpenNodes())
	}
}

// TestSubflowCancelled: what was started ends with the case that waits for it,
// also when it is only being started at that moment.
func TestSubflowCancelled(t *testing.T) {
	t.Parallel()
	const node = `  - {id: sub, type: subflow, subflow: {form: buy, data: {what: name}, wait: true}}`
	s := openShop(t, node)
	rec := s.order(nil)
	s.run()
	if _, err := s.Flow.Case(ctx, s.As("ann"), "shop.order."+rec.ID(), "withdraw", flow.CaseInput{}); err != nil {
		t.Fatal(err)
	}
	child := s.load("shop.buy", s.all("buy")["o1"][storage.ID].(string))
	if child.Case.State != engine.Terminated {
		t.Errorf("the subflow is %s", child.Case.State)
	}
	late := s.order(m{"name": "o2"})
	if _, err := s.Flow.Case(ctx, s.As("ann"), "shop.order."+late.ID(), "withdraw", flow.CaseInput{}); err != nil {
		t.Fatal(err)
	}
	s.run()
	if d := s.all("buy")["o2"]; d != nil {
		t.Errorf("started after the end: %v", d["case"])
	}
}

// TestDepth: forms that start one another come to an end.
func TestDepth(t *testing.T) {
	t.Parallel()
	s := openShop(t, `  - {id: sub, type: subflow, subflow: {form: order, data: {name: 'CONCAT(name, "+")'}}}`)
	s.order(nil)
	s.run()
	all := s.all("order")
	if len(all) != 6 {
		t.Fatalf("%d orders: %v", len(all), slices.Sorted(mapsKeys(all)))
	}
	deepest := s.load("shop.order", all["o1+++++"][storage.ID].(string))
	if w := work(deepest, "sub")[0]; w.State != engine.WorkFailed {
		t.Errorf("the deepest: %+v", w)
	}
}

// TestCrashedWork: work whose process died before or after it was done is done
// by the sweeper, once.
func TestCrashedWork(t *testing.T) {
	t.Parallel()
	died := errors.New("the process died")
	for name, done := range map[string]bool{"before": false, "after": true} {
		s := openShop(t, `  - {id: make, type: data, data: {op: create, form: stock, set: {name: name}}}`)
		s.Records.Handle(record.EffectWork, func(ctx context.Context, rec *record.Record, e record.Effect) error {
			if done {
				return errors.Join(s.Flow.Work(ctx, rec, e), died)
			}
			return died
		})
		rec := s.order(nil)
		if n := len(s.all("stock")); (n == 1) != done {
			t.Fatalf("%s: %d records before the sweep", name, n)
		}
		s.Records.Handle(record.EffectWork, s.Flow.Work)
		s.Clock.Advance(time.Minute)
		if err := s.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		if n := len(s.all("stock")); n != 1 {
			t.Errorf("%s: %d records after the sweep", name, n)
		}
		if got := s.load("shop.order", rec.ID()); len(got.Case.OpenTasks("bob")) != 1 {
			t.Errorf("%s: stands at %v", name, got.Case.OpenNodes())
		}
	}
}

func sprintf(format string, args ...any) string { return fmt.Sprintf(format, args...) }

func mapsKeys[V any](m map[string]V) iter.Seq[string] { return maps.Keys(m) }

// TestAnswerIsFresh: whoever decides gets the case as the work after his
// decision has left it.
func TestAnswerIsFresh(t *testing.T) {
	t.Parallel()
	s := openShop(t, `  - {id: one, type: approve, who: [{users: [hugo]}]}
  - {id: make, type: data, data: {op: create, form: stock, set: {name: name}, into: {no: no}}}`)
	rec := s.order(nil)
	open := rec.Case.OpenTasks("hugo")[0]
	got, err := s.Flow.Task(ctx, s.As("hugo"), record.TaskID("shop.order", rec.ID(), open.N), "approve", flow.TaskInput{Rev: open.Rev})
	if err != nil || got.Data()["no"] != "S001" || len(got.Case.OpenTasks("bob")) != 1 {
		t.Errorf("%v at %v, %v", got.Data(), got.Case.OpenNodes(), err)
	}
}

// TestAnswerToASubmitIsFresh: also who submits, at once or from a draft, gets
// the case as the work has left it.
func TestAnswerToASubmitIsFresh(t *testing.T) {
	t.Parallel()
	s := openShop(t, `  - {id: make, type: data, data: {op: create, form: stock, set: {name: name}, into: {no: no}}}
  - {id: count, type: data, data: {op: update, form: stock, where: name == form.name, set: {state: '"seen"'}}}`)
	check := func(rec *record.Record, err error, no string) {
		t.Helper()
		if err != nil || rec.Data()["no"] != no || len(rec.Case.OpenTasks("bob")) != 1 {
			t.Errorf("%v, %v", rec, err)
		}
	}
	rec, _, err := s.Records.Create(ctx, s.As("ann"), s.Flow, "shop.order", record.CreateInput{Data: kit.JSON(m{"name": "o1"}), Submit: true})
	check(rec, err, "S001")
	draft, _, err := s.Records.Create(ctx, s.As("ann"), s.Flow, "shop.order", record.CreateInput{Data: kit.JSON(m{"name": "o2"})})
	if err != nil {
		t.Fatal(err)
	}
	rec, err = s.Records.Save(ctx, s.As("ann"), s.Flow, "shop.order", draft.ID(), record.SaveInput{Rev: draft.Rev(), Submit: true})
	check(rec, err, "S002")
}
