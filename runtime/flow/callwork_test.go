package flow_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/flow"
	"github.com/formwork-run/formwork/storage"
)

// outside plays another system: it answers what it is told, in turn, and keeps what it was asked.
type outside struct {
	mu      sync.Mutex
	asked   []flow.CallRequest
	answers []func() (string, error)
}

func (o *outside) Call(_ context.Context, q flow.CallRequest) (flow.CallAnswer, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked = append(o.asked, q)
	next := o.answers[min(len(o.asked), len(o.answers))-1]
	body, err := next()
	return flow.CallAnswer{Status: 200, Body: []byte(body)}, err
}

func says(body string) func() (string, error) { return func() (string, error) { return body, nil } }

func fails(kind fault.Kind, code string) func() (string, error) {
	return func() (string, error) { return "", fault.New(kind, code, code).With("status", 503) }
}

func (s *store) asks(answers ...func() (string, error)) *outside {
	o := &outside{answers: answers}
	s.Flow.BindCalls(o)
	return o
}

const call = `  - {id: ask, type: call, title: 询价, call: {url: "https://erp.example/items/{code}?q={name}", headers: {X-Own: yes}, body: {name: name, sum: amount, rows: lines.item}, secret: erp, timeout: 7, into: {found: /data/no, amount: /data/price, no: /data/list/1}}}`

// TestCall: the request is made of the record, signed by the tenant's secret,
// and what the answer holds is written to it.
func TestCall(t *testing.T) {
	t.Parallel()
	s := openShop(t, call)
	if err := s.Flow.SetSecret(ctx, s.As("root"), "erp", "a long secret"); err != nil {
		t.Fatal(err)
	}
	o := s.asks(says(`{"data":{"no":17,"price":"12.345","list":["a","b"]}}`))
	rec := s.order(m{"name": "钉 & 锤", "code": "a/b", "amount": "1.50", "lines": []m{{"item": "x"}, {"item": "y"}}})
	if len(o.asked) != 0 {
		t.Fatal("called within the request")
	}
	s.run()
	if len(o.asked) != 1 {
		t.Fatalf("called %d times", len(o.asked))
	}
	q := o.asked[0]
	if q.URL != "https://erp.example/items/a%2Fb?q=%E9%92%89%20%26%20%E9%94%A4" || q.Method != http.MethodPost || q.Timeout != 7*time.Second || string(q.Secret) != "a long secret" ||
		q.Headers["X-Own"] != "yes" || q.Key == "" || string(q.Body) != `{"name":"钉 \u0026 锤","rows":["x","y"],"sum":"1.50"}` {
		t.Errorf("asked %+v %s", q, q.Body)
	}
	got := s.load("shop.order", rec.ID())
	if w := work(got, "ask")[0]; w.State != engine.WorkFailed || !strings.Contains(w.Error, "/amount: 小数位过多") {
		t.Errorf("a price with three places: %+v", w)
	}
	if got.Data()["found"] != nil {
		t.Error("half of what came back was written")
	}
	s.asks(says(`{"data":{"no":17,"price":"12.34","list":["a","b"]}}`))
	if _, err := s.Flow.Case(ctx, s.As("root"), "shop.order."+rec.ID(), "retry", flow.CaseInput{}); err != nil {
		t.Fatal(err)
	}
	s.run()
	got = s.load("shop.order", rec.ID())
	if got.Data()["found"] != "17" || got.Data()["no"] != "b" || text(got.Data()["double"]) != "24.68" || len(got.Case.OpenTasks("bob")) != 1 {
		t.Errorf("after the retry: %v at %v, %+v", got.Data(), got.Case.OpenNodes(), work(got, "ask"))
	}
	if doc := s.Docs(flow.SecretsCollection)[0]; strings.Contains(doc["sealed"].(string), "long secret") {
		t.Error("the secret lies open")
	}
}

func text(v any) string {
	if s, ok := v.(interface{ String() string }); ok {
		return s.String()
	}
	return ""
}

// TestCallRetries: what may help is tried again, later and later; then an
// administrator is told. What cannot help is not tried again.
func TestCallRetries(t *testing.T) {
	t.Parallel()
	const plain = `  - {id: ask, type: call, call: {url: "https://erp.example/", fail: %s}}`
	for name, x := range map[string]struct {
		policy  string
		answers []func() (string, error)
		calls   int
		state   string
		why     string
	}{
		"it comes back":    {"retry", []func() (string, error){fails(fault.Unavailable, "call.status"), fails(fault.Unavailable, "call.timeout"), says("{}")}, 3, engine.WorkDone, ""},
		"it stays away":    {"retry", []func() (string, error){fails(fault.Unavailable, "call.status")}, 6, engine.WorkFailed, "对方返回了错误状态 (503)"},
		"it refuses":       {"retry", []func() (string, error){fails(fault.Refused, "call.address")}, 1, engine.WorkFailed, "地址指向不允许访问的网络 (503)"},
		"policy wait":      {"wait", []func() (string, error){fails(fault.Unavailable, "call.status")}, 1, engine.WorkFailed, "对方返回了错误状态 (503)"},
		"policy skip":      {"skip", []func() (string, error){fails(fault.Unavailable, "call.status")}, 1, engine.WorkSkipped, "对方返回了错误状态 (503)"},
		"an error of ours": {"retry", []func() (string, error){func() (string, error) { return "", errors.New("secret detail") }}, 6, engine.WorkFailed, "内部错误，详见服务日志"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openShop(t, sprintf(plain, x.policy))
			o := s.asks(x.answers...)
			rec := s.order(nil)
			for range 10 {
				if _, err := s.Jobs.Run(ctx); err != nil {
					t.Fatal(err)
				}
				s.Clock.Advance(10 * time.Minute)
			}
			w := work(s.load("shop.order", rec.ID()), "ask")[0]
			if len(o.asked) != x.calls || w.State != x.state || w.Error != x.why {
				t.Errorf("%d calls, %+v", len(o.asked), w)
			}
			for _, q := range o.asked {
				if q.Key != o.asked[0].Key {
					t.Error("a repeat has another key")
				}
			}
			if n := len(s.Docs("jobs")); n != 0 {
				t.Errorf("%d jobs are left", n)
			}
		})
	}
}

// TestCallErrors: what is missing here is said, and nothing is called.
func TestCallErrors(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		node, want string
		answer     string
	}{
		"no secret":        {`{url: "https://a.example/", secret: erp}`, "签名用的密钥不存在", "{}"},
		"no JSON":          {`{url: "https://a.example/", into: {found: /x}}`, "应答不是 JSON", "<html>"},
		"the wrong type":   {`{url: "https://a.example/", into: {amount: /x}}`, "记录的字段不符合要求; /amount: 类型不对", `{"x":"many"}`},
		"a list in a path": {`{url: "https://a.example/{lines}"}`, "公式无法计算", "{}"},
	} {
		s := openShop(t, "  - {id: ask, type: call, call: "+x.node+"}")
		s.asks(says(x.answer))
		rec := s.order(m{"lines": []m{{"item": "x"}}})
		s.run()
		if w := work(s.load("shop.order", rec.ID()), "ask")[0]; w.State != engine.WorkFailed || w.Error != x.want {
			t.Errorf("%s: %+v", name, w)
		}
	}
	s := openShop(t, `  - {id: ask, type: call, call: {url: "https://a.example/"}}`)
	s.Flow.BindCalls(nil)
	rec := s.order(nil)
	s.run()
	if w := work(s.load("shop.order", rec.ID()), "ask")[0]; w.Error != "没有开启外部调用" {
		t.Errorf("without calls: %+v", w)
	}
}

func TestSecrets(t *testing.T) {
	t.Parallel()
	s := openShop(t, call)
	root := s.As("root")
	for name, value := range map[string]string{"Upper": "long enough", "short": "short", "": "long enough", "long": strings.Repeat("x", flow.MaxSecret+1)} {
		if err := s.Flow.SetSecret(ctx, root, name, value); fault.CodeOf(err) != "secret.invalid" {
			t.Errorf("%q: %v", name, err)
		}
	}
	for _, v := range []string{"first value", "second value"} {
		if err := s.Flow.SetSecret(ctx, root, "erp", v); err != nil {
			t.Fatal(err)
		}
	}
	l, err := s.Flow.Secrets(ctx)
	if err != nil || len(l) != 1 || l[0].Name != "erp" || l[0].UpdatedBy != "root" {
		t.Errorf("%+v %v", l, err)
	}
	if err := errors.Join(s.Flow.DeleteSecret(ctx, "erp")); err != nil {
		t.Fatal(err)
	}
	if err := s.Flow.DeleteSecret(ctx, "erp"); fault.CodeOf(err) != "secret.not_found" {
		t.Errorf("twice: %v", err)
	}
}

// TestLinks: a case shows what it has started, and what has started it, to
// whoever may see both.
func TestLinks(t *testing.T) {
	t.Parallel()
	s := openShop(t, `  - {id: sub, type: subflow, title: 采购, subflow: {form: buy, data: {what: name}, wait: true}}`)
	rec := s.order(nil)
	s.run()
	child := "shop.buy." + s.all("buy")["o1"][storage.ID].(string)
	v, err := s.Flow.View(ctx, s.As("root"), "shop.order."+rec.ID())
	if err != nil || len(v.Children) != 1 || v.Children[0] != (flow.Link{Case: child, Title: "o1", FormTitle: "采购", State: "running", Node: "sub", NodeTitle: "采购"}) {
		t.Fatalf("%+v %v", v, err)
	}
	if w := v.Tree[1].Work[0]; w.Title != "o1" || w.Ref != child {
		t.Errorf("%+v", w)
	}
	if v, err = s.Flow.View(ctx, s.As("root"), child); err != nil || v.Parent == nil || v.Parent.Case != "shop.order."+rec.ID() || v.Parent.NodeTitle != "采购" {
		t.Errorf("%+v %v", v.Parent, err)
	}
	if v, err = s.Flow.View(ctx, s.As("eve"), "shop.order."+rec.ID()); err != nil || len(v.Children) != 0 || v.Tree[1].Work[0].Ref != "" || v.Tree[1].Work[0].State != "pending" {
		t.Errorf("to eve, who may not see it: %+v %v", v, err)
	}
}
