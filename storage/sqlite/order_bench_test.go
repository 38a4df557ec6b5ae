package sqlite

import (
	"strings"
	"testing"
	"time"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/storage"
)

func words(s string) []any {
	out := []any{}
	for w := range strings.FieldsSeq(s) {
		out = append(out, w)
	}
	return out
}

// orderDoc is a record as a submission stores it: data, case, outbox, search tokens.
func orderDoc() storage.Doc {
	type m = map[string]any
	at, num := time.UnixMilli(1700000000123).UTC(), decimal.MustParse
	flow := m{"f": "order", "i": "clerk", "s": at, "v": int64(1),
		"l":  []any{m{"a": at, "d": m{"dept": "", "version": int64(1)}, "k": "start", "n": int64(1), "q": []any{words("role:boss boss")}, "u": "clerk", "x": "submit"}},
		"ts": []any{m{"a": at, "k": "boss", "n": int64(1), "q": int64(1), "s": "open", "u": "boss", "v": int64(2), "y": "approve"}},
		"vs": []any{m{"a": at, "e": at, "k": "start", "n": int64(1), "r": "done"}, m{"a": at, "k": "boss", "n": int64(2), "o": true}}}
	return storage.Doc{"_id": "01a2045bd1ab7bfe9b7d165f9290e1d9", "acl": m{"part": words("boss")}, "due": at, "form": "bench.order",
		"case":       m{"c": flow, "handlers": words("boss"), "nodes": words("boss"), "result": "", "state": "running"},
		"created_at": at, "created_by": "clerk", "updated_at": at, "updated_by": "clerk", "version": int64(1), "rev": int64(1), "state": "active",
		"data": m{"amount": num("102422.50"), "buyer": "clerk", "due": "2026-12-20", "kind": "材料", "level": "大额", "name": "HRB400E 钢筋", "net": num("90639.38"),
			"note": "按月对账，次月付款", "ordered": "2026-11-20", "price": num("3865.00"), "qty": num("26.5"), "rate": num("0.13"), "supplier": "浙江钢联物资有限公司", "tax": num("11783.12")},
		"outbox": m{"e1_0": m{"at": at, "by": "clerk", "d_action": "create", "d_ip": "127.0.0.1", "d_request": "01a2045bd1ab7a50a7a8fac399758d78", "kind": "audit"},
			"e1_1": m{"at": at, "by": "clerk", "d_event": "task_arrived", "d_node": "boss", "d_task": int64(1), "d_to": words("boss"), "kind": "notify"},
			"e1_2": m{"at": at, "by": "clerk", "d_tasks": []any{int64(1)}, "kind": "tasks"}},
		"search": m{"name": words("hrb400e 钢 钢筋 筋 gj"), "note": words("按 按月 月 月对 对 对账 账 aydz 次 次月 月付 付 付款 款 cyfk"),
			"supplier": words("浙 浙江 江 江钢 钢 钢联 联 联物 物 物资 资 资有 有 有限 限 限公 公 公司 司 zjglwzyxgs")}}
}

func BenchmarkEncodeOrder(b *testing.B) {
	doc := orderDoc()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := encode(doc); err != nil {
			b.Fatal(err)
		}
	}
}

func benchText(b *testing.B, work func(text string) error) {
	text, err := encode(orderDoc())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := work(text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeOrder(b *testing.B) {
	benchText(b, func(text string) error { _, err := decode(text, nil); return err })
}

func BenchmarkDecodeListedOrder(b *testing.B) {
	want := wanted("form", "version", "rev", "state", "title", "data", "case", "acl", "created_by", "created_at", "updated_by", "updated_at")
	benchText(b, func(text string) error { _, err := decode(text, want); return err })
}

func BenchmarkCutOrder(b *testing.B) {
	benchText(b, func(text string) error { _, err := cutText(text, []string{"outbox", "due"}); return err })
}
