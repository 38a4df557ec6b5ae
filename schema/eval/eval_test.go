package eval_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/eval"
	"github.com/google/go-cmp/cmp"
)

var decimals = cmp.Comparer(func(a, b decimal.Decimal) bool { return a.String() == b.String() })

func dec(s string) decimal.Decimal { return decimal.MustParse(s) }

// forms resolves references among the forms of a test.
type forms map[string]*schema.Form

func (f forms) Form(ref string) *schema.Form { return f[ref] }

func parse(t testing.TB, key, src string) *schema.Form {
	t.Helper()
	f, ps := schema.ParseForm("shop", key, json.RawMessage(src))
	if schema.HasErrors(ps) {
		t.Fatalf("problems: %+v", ps)
	}
	return f
}

func compile(t testing.TB, def *schema.Form, r eval.Resolver) *eval.Form {
	t.Helper()
	f, ps := eval.Compile(def, r)
	if schema.HasErrors(ps) {
		t.Fatalf("problems: %+v", ps)
	}
	return f
}

func contract(t testing.TB) *eval.Form {
	t.Helper()
	raw, err := os.ReadFile("../testdata/forms/expense_contract.json")
	if err != nil {
		t.Fatal(err)
	}
	return compile(t, parse(t, "expense_contract", string(raw)), nil)
}

// TestTheDesignsContract plays the complete form of the design from input to output.
func TestTheDesignsContract(t *testing.T) {
	t.Parallel()
	f := contract(t)
	raw := `{"no":"HT-202401-0001","project":"p1","party":"s1","name":"脚手架","lines":[
		{"id":"a","subject":"c1","qty":"3","price":100.10},{"id":"b","subject":"c2","qty":1.005,"price":"200000"}]}`
	data, errs := f.Decode(json.RawMessage(raw), nil)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	in := eval.Input{Data: data}
	res, err := f.Compute(in)
	if err != nil {
		t.Fatal(err)
	}
	if errs := f.Validate(in, res); len(errs) > 0 {
		t.Errorf("errors: %+v", errs)
	}
	if got := res.Data["amount"]; !cmp.Equal(got, dec("201300.30"), decimals) {
		t.Errorf("amount = %v", got)
	}
	if _, changed := data["amount"]; changed {
		t.Error("the input was changed")
	}
	if st := res.States["legal_opinion"]; st.Visible || st.Required {
		t.Errorf("legal opinion = %+v", st)
	}
	if got := f.Title(eval.Input{Data: res.Data}); got != "HT-202401-0001 脚手架" {
		t.Errorf("title = %q", got)
	}
	data["lines"].([]any)[0].(map[string]any)["qty"] = dec("5000")
	if res, err = f.Compute(in); err != nil {
		t.Fatal(err)
	}
	errs = f.Validate(in, res)
	if len(errs) != 1 || errs[0].Path != "/legal_opinion" || errs[0].Code != "required" {
		t.Errorf("over 500 000: %+v", errs)
	}
	in.Editable = func(path string) bool { return path != "legal_opinion" }
	if res, err = f.Compute(in); err != nil {
		t.Fatal(err)
	}
	if errs := f.Validate(in, res); len(errs) > 0 {
		t.Errorf("who cannot edit the opinion is asked for it: %+v", errs)
	}
}

func TestContractErrors(t *testing.T) {
	t.Parallel()
	f := contract(t)
	errs := submit(t, f, json.RawMessage(`{"project":"p1","name":"x","lines":[{"qty":1,"price":0},{"subject":"s"}]}`))
	want := []string{"/party required", "/lines/0/subject required", "/lines/1/qty required", "/lines/1/price required", "/amount check"}
	var got []string
	for _, e := range errs {
		got = append(got, e.Path+" "+e.Code)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(errs) == 5 && errs[4].Message != "合同金额必须大于零" {
		t.Errorf("message = %q", errs[4].Message)
	}
}
