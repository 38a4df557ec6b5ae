package httpkit_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/internal/httpkit"
	"pgregory.net/rapid"
)

type inner struct {
	ID    string   `json:"id"`
	Names []string `json:"names,omitempty"`
	Deep  *inner   `json:"deep,omitempty"`
}

type kindText string

type answer struct {
	Text    string              `json:"text"`
	Kind    kindText            `json:"kind"`
	N       int64               `json:"n,omitempty"`
	Small   int32               `json:"small"`
	F       float64             `json:"f"`
	On      bool                `json:"on,omitempty"`
	At      time.Time           `json:"at"`
	Maybe   *time.Time          `json:"maybe,omitempty"`
	Raw     json.RawMessage     `json:"raw,omitempty"`
	Any     any                 `json:"any"`
	Data    map[string]any      `json:"data"`
	Texts   map[string]string   `json:"texts,omitempty"`
	Rows    map[string][]string `json:"rows"`
	Ints    map[string]int      `json:"ints"`
	Items   []inner             `json:"items"`
	Ptrs    []*inner            `json:"ptrs"`
	Bytes   []byte              `json:"bytes"`
	Amount  decimal.Decimal     `json:"amount"`
	Total   *int                `json:"total,omitempty"`
	Pair    [2]int              `json:"pair"`
	Plain   inner               `json:"plain,omitempty"`
	Untyped string
	Skip    string `json:"-"`
	private string
}

type embedding struct {
	inner
	Quoted int `json:"quoted,string"`
}

type failing struct{}

func (failing) MarshalJSON() ([]byte, error) { return nil, errors.New("no") }

// sameJSON holds JSON against encoding/json: the bytes, and whether it fails.
func sameJSON(t interface {
	Helper()
	Errorf(string, ...any)
}, v any) {
	t.Helper()
	want, werr := json.Marshal(v)
	got, err := httpkit.JSON(v)
	if (err == nil) != (werr == nil) || string(got) != string(want) {
		t.Errorf("%#v\n got %s %v\nwant %s %v", v, got, err, want, werr)
	}
}

func TestJSONIsThatOfTheStandardLibrary(t *testing.T) {
	t.Parallel()
	at, n := time.Date(2026, 11, 22, 1, 2, 3, 4_000_000, time.FixedZone("", 8*3600)), 5
	full := answer{Text: "<a&b>\u2028\x00\xff\"\\\b\f\n\r\t 钢筋 😀", Kind: "k", N: -1, Small: 3, F: 1.5, On: true, At: at, Maybe: &at, Raw: json.RawMessage(` {"x": 1 } `),
		Any:  []any{nil, true, "x", 1, int64(2), 2.5, json.Number("3.10"), map[string]any{"b": 1, "a": []string(nil)}, inner{ID: "i"}, &inner{}, at},
		Data: map[string]any{"z": 1, "a<": nil, "m": map[string]any{}}, Texts: map[string]string{"b": "1", "a": "2"}, Rows: map[string][]string{"l": {"add"}, "n": nil},
		Ints: map[string]int{"b": 1, "a": 2}, Items: []inner{{ID: "1", Deep: &inner{ID: "2"}}}, Ptrs: []*inner{nil, {ID: "3"}}, Bytes: []byte("abc"),
		Amount: decimal.MustParse("1.50"), Total: &n, Pair: [2]int{1, 2}, Untyped: "u", Skip: "s", private: "p"}
	for _, v := range []any{nil, "", "x", true, 1, int64(-5), uint8(3), math.MaxInt64, answer{}, full, &full, (*answer)(nil), []answer{{}, full}, embedding{}, map[string]any(nil),
		[]any(nil), []any{}, map[string]answer{"a": full}, map[int]string{1: "x"}, math.NaN(), failing{}, []any{failing{}}, map[string]any{"x": failing{}}, make(chan int),
		struct{}{}, [3]string{"a"}, []time.Time{at}, json.RawMessage("nonsense"), strings.Repeat("长", 5000)} {
		sameJSON(t, v)
	}
}

func TestJSONOfRandomValues(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { sameJSON(t, anyValue(3).Draw(t, "value")) })
}

func anyValue(depth int) *rapid.Generator[any] {
	leaf := []*rapid.Generator[any]{rapid.String().AsAny(), rapid.Bool().AsAny(), rapid.Int64().AsAny(), rapid.Float64().AsAny(), rapid.Just[any](nil),
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }).AsAny()}
	if depth > 0 {
		next := anyValue(depth - 1)
		leaf = append(leaf, rapid.SliceOfN(next, 0, 5).AsAny(), rapid.MapOfN(rapid.String(), next, 0, 20).AsAny())
	}
	return rapid.OneOf(leaf...)
}

func BenchmarkJSON(b *testing.B) {
	v := &answer{Text: "HRB400E 钢筋", Data: map[string]any{"amount": "102422.50", "buyer": "clerk", "due": "2026-12-20", "kind": "材料", "level": "大额", "name": "HRB400E 钢筋",
		"net": "90639.38", "note": "按月对账，次月付款", "ordered": "2026-11-20", "price": "3865.00", "qty": "26.5", "rate": "0.13", "supplier": "浙江钢联物资有限公司"},
		Texts: map[string]string{"amount": "write", "buyer": "write", "due": "write", "kind": "write"}, Items: []inner{{ID: "boss"}}}
	for name, f := range map[string]func(any) ([]byte, error){"own": httpkit.JSON, "std": json.Marshal} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := f(v); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
