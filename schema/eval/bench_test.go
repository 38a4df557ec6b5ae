package eval_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/formwork-run/formwork/schema/eval"
	"github.com/formwork-run/formwork/schema/formula"
)

// benchForm has fifteen fields, five of them formulas.
const benchForm = `{"key":"bench","schema":{"type":"object","required":["name","qty","price"],"properties":{
 "name":{"type":"string","maxLength":200},"code":{"x-field":{"type":"text","pattern":"^[A-Z0-9-]+$"}},"note":{"x-field":{"type":"textarea"}},
 "qty":{"x-field":{"type":"number","scale":3,"min":0}},"price":{"x-field":{"type":"money"}},"rate":{"x-field":{"type":"percent"}},
 "day":{"x-field":{"type":"date"}},"kind":{"x-field":{"type":"select","options":["a","b","c"]}},"owner":{"x-field":{"type":"member"}},"ok":{"x-field":{"type":"switch"}},
 "net":{"x-field":{"type":"money","formula":"qty * price"}},"tax":{"x-field":{"type":"money","formula":"net * rate"}},"total":{"x-field":{"type":"money","formula":"net + tax"}},
 "big":{"x-field":{"type":"formula","resultType":"switch","formula":"total > 1000"}},"label":{"x-field":{"type":"formula","resultType":"text","formula":"CONCAT(code, \" \", name)"}}}}`

const benchTail = `,"rules":[{"when":"big","then":{"require":["note"]}}],"checks":[{"assert":"total > 0"}]}`

var benchData = json.RawMessage(`{"name":"钢筋 HRB400 直径 12","code":"HRB-400-12","note":"三号楼地下室，周五前到场","qty":"12.500","price":4380.25,"rate":0.13,"day":"2024-05-06","kind":"b","owner":"0190b6c1d2e37a4f8b9c0d1e2f3a4b5c","ok":true}`)

func benchRecord(b *testing.B, f *eval.Form) {
	b.Helper()
	b.ReportAllocs()
	for b.Loop() {
		data, errs := f.Decode(benchData, nil)
		in := eval.Input{Data: data}
		res, err := f.Compute(in)
		if err != nil || len(errs) > 0 {
			b.Fatal(err, errs)
		}
		if errs := f.Validate(in, res); len(errs) > 0 {
			b.Fatal(errs)
		}
		f.Encode(res.Data)
	}
}

// BenchmarkRecord is one record through Decode, Compute, Validate and Encode.
func BenchmarkRecord(b *testing.B) {
	benchRecord(b, compile(b, parse(b, "bench", benchForm+benchTail), nil))
}

// BenchmarkRecordWithSchema adds a standard keyword that only gojsonschema checks.
func BenchmarkRecordWithSchema(b *testing.B) {
	src := benchForm[:len(benchForm)-1] + `,"if":{"properties":{"kind":{"const":"a"}}},"then":{"required":["ok"]}}` + benchTail
	benchRecord(b, compile(b, parse(b, "bench", src), nil))
}

func BenchmarkDecode(b *testing.B) {
	f := compile(b, parse(b, "bench", benchForm+benchTail), nil)
	b.ReportAllocs()
	for b.Loop() {
		f.Decode(benchData, nil)
	}
}

func BenchmarkCompute(b *testing.B) {
	f := compile(b, parse(b, "bench", benchForm+benchTail), nil)
	data, _ := f.Decode(benchData, nil)
	b.ReportAllocs()
	for b.Loop() {
		_, _ = f.Compute(eval.Input{Data: data})
	}
}

// BenchmarkRawJSON is what encoding/json alone takes for the same text.
func BenchmarkRawJSON(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		var m map[string]any
		if err := json.Unmarshal(benchData, &m); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRawFormulas is what the seven formulas alone take.
func BenchmarkRawFormulas(b *testing.B) {
	f := compile(b, parse(b, "bench", benchForm+benchTail), nil)
	data, _ := f.Decode(benchData, nil)
	res, err := f.Compute(eval.Input{Data: data})
	if err != nil {
		b.Fatal(err)
	}
	var progs []*formula.Program
	for _, src := range []string{"qty * price", "net * rate", "net + tax", "total > 1000", `CONCAT(code, " ", name)`, "big", "total > 0"} {
		p, errs := formula.Compile(src, f.Env, formula.Type{})
		if len(errs) > 0 {
			b.Fatal(errs)
		}
		progs = append(progs, p)
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, p := range progs {
			if _, err := p.Eval(nil, res.Data); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkRows is a record with a hundred rows of three columns and a row formula.
func BenchmarkRows(b *testing.B) {
	f := contract(b)
	raw := `{"project":"p","party":"q","name":"n","lines":[`
	for i := range 100 {
		if i > 0 {
			raw += ","
		}
		raw += fmt.Sprintf(`{"id":"r%d","subject":"s","qty":%d.5,"price":"10.25"}`, i, i)
	}
	b.ReportAllocs()
	for b.Loop() {
		data, _ := f.Decode(json.RawMessage(raw+"]}"), nil)
		in := eval.Input{Data: data}
		res, err := f.Compute(in)
		if err != nil {
			b.Fatal(err)
		}
		f.Validate(in, res)
		f.Encode(res.Data)
	}
}
