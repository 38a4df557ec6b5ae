package formula

import "github.com/formwork-run/formwork/internal/decimal"

// ExampleEnv is the environment and the values the examples of the catalogue
// run over: one contract with two lines. The user is u1 (张三), today is
// 15 March 2024 and the zone Asia/Shanghai.
func ExampleEnv() (Type, Vars) {
	line := Type{Kind: Row, Fields: map[string]Type{
		"item": of(String), "kind": of(String), "qty": of(Number), "price": of(Number), "amount": of(Number),
	}}
	env := Type{Kind: Row, Fields: map[string]Type{
		"code": of(String), "qty": of(Number), "price": of(Number), "day": of(Date), "tags": listOf(of(String)), "lines": listOf(line),
		"period": {Kind: Row, Fields: map[string]Type{"start": of(Date), "end": of(Date)}},
		"site":   {Kind: Row, Fields: map[string]Type{"lng": of(Number), "lat": of(Number), "address": of(String)}},
	}}
	n := func(s string) any { return decimal.MustParse(s) }
	return env, Vars{
		"code": "C-1", "qty": n("3"), "price": n("100"), "day": "2024-01-31", "tags": []any{"急", "大额"},
		"period": map[string]any{"start": "2024-02-25", "end": "2024-03-05"},
		"site":   map[string]any{"lng": n("121.4737"), "lat": n("31.2304"), "address": "南京东路 1 号"},
		"lines": []any{
			map[string]any{"item": "钢筋", "kind": "材料", "qty": n("2"), "price": n("100"), "amount": n("200")},
			map[string]any{"item": "瓦工", "kind": "人工", "qty": n("3"), "price": n("50"), "amount": n("150")},
		},
	}
}
