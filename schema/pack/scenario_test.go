package pack_test

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/pack"
	"github.com/google/go-cmp/cmp"
)

// The scenario of the design, completed where it elides.
const designScenario = `scenario: 超预算的合同被拦住
given:
  users: {li: {roles: [cost_engineer]}, wang: {roles: [pm]}}
  records: [{form: project, as: p1, data: {name: 一号楼, pm: wang}}]
steps:
  - submit: {form: contract, by: li, data: {project: $p1}}
    expect: {error: ledger.exceeded, field: /lines/0/amount}
  - submit: {form: contract, by: li, as: c1, data: {project: $p1}}
    expect: {case: running, at: [pm], tasks: {wang: 1}}
  - approve: {case: c1, by: wang}
    expect: {at: [legal, finance]}
`

func designPack(scenario string) fstest.MapFS {
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	return fstest.MapFS{
		"pack.yaml":  file("key: c\nversion: 1.0.0\ntitle: C\n"),
		"roles.yaml": file("roles: [{key: cost_engineer, title: 成本员}, {key: pm, title: 项目经理}, {key: legal, title: 法务}, {key: finance, title: 财务}]\n"),
		"forms/project.yaml": file(`key: project
schema: {type: object, properties: {name: {type: string}, pm: {x-field: {type: member}}}}
`),
		"forms/contract.yaml": file(`key: contract
schema: {type: object, properties: {project: {x-field: {type: relation, form: project}}}}
flow: contract
`),
		"flows/contract.yaml": file(`key: contract
form: contract
nodes:
  - {id: start, type: start}
  - {id: pm, type: approve, who: [{role: pm}]}
  - id: review
    type: parallel
    branches:
      - {nodes: [{id: legal, type: approve, who: [{role: legal}]}]}
      - {nodes: [{id: finance, type: approve, who: [{role: finance}]}]}
settings: {empty: {then: admin}}
`),
		"scenarios/a.yaml": file(scenario),
	}
}

func TestDesignScenario(t *testing.T) {
	t.Parallel()
	p, problems := pack.Read(designPack(designScenario))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if len(p.Scenarios) != 1 {
		t.Fatalf("%d scenarios", len(p.Scenarios))
	}
	s := p.Scenarios[0]
	if s.Title != "超预算的合同被拦住" || s.File != "scenarios/a.yaml" || s.Line != 1 {
		t.Errorf("scenario = %q at %s:%d", s.Title, s.File, s.Line)
	}
	if got := s.Given.Users["li"].Roles; len(got) != 1 || got[0] != "c.cost_engineer" {
		t.Errorf("roles of li = %v: short names belong to the own app", got)
	}
	if r := s.Given.Records[0]; r.Form != "c.project" || r.As != "p1" || string(r.Data) != `{"name":"一号楼","pm":"wang"}` {
		t.Errorf("record = %+v", r)
	}
	first, last := s.Steps[0], s.Steps[2]
	if first.Kind != "submit" || first.Form != "c.contract" || first.By != "li" || first.Line != 6 || first.Expect.Error != "ledger.exceeded" || first.Expect.Field != "/lines/0/amount" || first.Expect.Count != -1 {
		t.Errorf("first step = %+v", first)
	}
	if last.Kind != "approve" || last.Record != "c1" || last.By != "wang" || !cmp.Equal(last.Expect.At, []string{"legal", "finance"}) {
		t.Errorf("last step = %+v", last)
	}
}

func TestSharedGiven(t *testing.T) {
	t.Parallel()
	p, problems := pack.Read(designPack(`scenarios:
  - scenario: 一
    steps: [{list: {form: project, by: li}, expect: {count: 0}}]
  - scenario: 二
    at: 2026-03-02
    given: {users: {wang: {roles: [pm]}}}
    steps: [{get: {record: p1, by: wang}, expect: {visible: false}}]
given:
  users: {li: {roles: [cost_engineer]}}
  records: [{form: project, as: p1, data: {name: 一号楼, pm: li}}]
at: "2026-03-01T10:00:00+08:00"
`))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	one, two := p.Scenarios[0], p.Scenarios[1]
	if len(one.Given.Users) != 1 || len(two.Given.Users) != 2 || len(two.Given.Records) != 1 {
		t.Errorf("users %d and %d, records %d", len(one.Given.Users), len(two.Given.Users), len(two.Given.Records))
	}
	zone := time.FixedZone("CST", 8*3600)
	if got := one.At.In(zone).Format(time.RFC3339); got != "2026-03-01T10:00:00+08:00" {
		t.Errorf("time = %s", got)
	}
	if got := two.At.In(zone).Format(time.RFC3339); got != "2026-03-02T09:00:00+08:00" {
		t.Errorf("a day alone = %s, want nine in the morning", got)
	}
	if v := two.Steps[0].Expect.Visible; v == nil || *v {
		t.Error("visible: false was lost")
	}
}

func TestScenarioProblems(t *testing.T) {
	t.Parallel()
	const head = "scenario: x\ngiven: {users: {li: {}}, records: [{form: contract, as: c1, data: {}}]}\nsteps:\n"
	for _, c := range []struct{ step, code string }{
		{"  - {approve: {case: c1, by: li}, reject: {case: c1, by: li}}", "step.two_actions"},
		{"  - {expect: {count: 1}}", "step.no_action"},
		{"  - approve: {case: c1}", "required"},
		{"  - approve: {by: li}", "required"},
		{"  - transfer: {case: c1, by: li}", "required"},
		{"  - submit: {by: li, data: {}}", "step.target"},
		{"  - submit: {by: li, form: contract, record: c1}", "step.target"},
		{"  - list: {by: li}", "required"},
		{"  - approve: {case: c1, by: li, back: true}", "unknown_key"},
		{"  - {approve: {case: c1, by: li}, expect: {case: finished}}", "value"},
		{"  - {get: {case: c1, by: li}, expect: {field: lines}}", "pointer"},
		{"  - {get: {case: c1, by: li}, expect: {tasks: {li: many}}}", "type"},
		{"  - submit: {by: li, form: contract, as: C1, data: {}}", "alias"},
		{"  - submit: {by: li, form: contract, data: {project: $p9}}", "alias.unknown"},
		{"  - {get: {case: c1, by: li}, expect: {records: [p9]}}", "alias.unknown"},
		{"  - approve: {case: c1, by: li, at: yesterday}", "when"},
		{"  - wait: {case: c1}", "step.wait"},
		{"  - wait: {hours: -1}", "step.wait"},
		{"  - wait: {days: 400}", "step.wait"},
		{"  - wait: {hours: 1, by: li, comment: x}", "unknown_key"},
		{"  - delegate: {case: c1, by: li}", "required"},
		{"  - delegation: {by: li, to: li}", "required"},
		{"  - delegation: {by: li, to: zoe, until: \"2026-05-01\"}", "alias.unknown"},
		{"  - add_signer: {case: c1, by: li, to: [li], where: above}", "value"},
		{"  - add_signer: {case: c1, by: li, to: [li, zoe], where: after}", "alias.unknown"},
		{"  - comment: {case: c1, by: li, comment: x, mention: [zoe]}", "alias.unknown"},
		{"  - jump: {case: c1, by: li, to: nowhere}", "reference.node"},
		{"  - approve: {case: c1, by: li, choose: {nowhere: [li]}}", "reference.node"},
		{"  - approve: {case: c1, by: li, choose: {pm: [zoe]}}", "alias.unknown"},
		{"  - result: {case: c1}", "required"},
		{"  - result: {case: c1, node: pm, answer: {a: 1}, failed: x}", "step.result"},
		{"  - started: {case: c1, as: c2}", "required"},
		{"  - started: {case: c1, node: pm}", "required"},
		{"  - started: {case: c1, node: pm, as: c2}", "reference.node"},
		{"  []", "scenario.no_steps"},
	} {
		_, problems := pack.Read(designPack(head + c.step + "\n"))
		found := false
		for _, p := range problems {
			found = found || p.Code == c.code && p.Line > 0 && strings.HasPrefix(p.Path, "scenarios/a.yaml#")
		}
		if !found {
			t.Errorf("%s: want %s, got %v", c.step, c.code, problems)
		}
	}
}

// Every action of a flow can be written down, and time can pass.
func TestStepsOfFlows(t *testing.T) {
	t.Parallel()
	p, problems := pack.Read(designPack(`scenario: x
given: {users: {li: {}, wang: {}}, records: [{form: contract, as: c1, data: {}}]}
steps:
  - wait: {hours: 1, minutes: 30, days: 2, case: c1}
  - timer: {case: c1}
  - timer: {}
  - delegation: {by: li, to: wang, until: "2026-05-01", forms: [c]}
  - leave: {by: wang}
  - add_signer: {case: c1, by: li, to: [wang], where: beside}
  - remove_signer: {case: c1, by: li, to: wang}
  - approve: {case: c1, by: li, files: [offer.pdf], sign: true, mention: [wang], choose: {pm: [wang]}}
  - reassign: {case: c1, by: li, from: wang, to: li}
  - result: {case: c1, node: pm, item: 1, failed: no answer}
`))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	st := p.Scenarios[0].Steps
	if w := st[0]; w.Hours != 1 || w.Minutes != 30 || w.Days != 2 || w.By != "" {
		t.Errorf("wait: %+v", w)
	}
	if d := st[3]; d.Until.IsZero() || d.To != "wang" || len(d.Forms) != 1 {
		t.Errorf("delegation: %+v", d)
	}
	if one, many := st[6], st[5]; one.To != "wang" || len(many.Others) != 1 || many.Where != "beside" {
		t.Errorf("signers: %+v %+v", many, one)
	}
	if a := st[7]; !a.Sign || len(a.Files) != 1 || len(a.Mention) != 1 || len(a.Choose["pm"]) != 1 {
		t.Errorf("approve: %+v", a)
	}
	if r := st[9]; r.Item != 1 || r.Failed != "no answer" {
		t.Errorf("result: %+v", r)
	}
}

func testForm(t *testing.T) *schema.Form {
	t.Helper()
	f, problems := schema.ParseForm("c", "x", json.RawMessage(`{"schema":{"type":"object","properties":{
		"contract":{"x-field":{"type":"relation","form":"c.x"}},
		"who":{"x-field":{"type":"member","multiple":true}},
		"dept":{"x-field":{"type":"department"}},
		"text":{"type":"string"},
		"amount":{"x-field":{"type":"money"}},
		"lines":{"x-field":{"type":"subtable"},"items":{"type":"object","properties":{"part":{"x-field":{"type":"relation","form":"b.part"}}}}}
	}}}`))
	if schema.HasErrors(problems) {
		t.Fatal(problems)
	}
	return f
}

func TestBind(t *testing.T) {
	t.Parallel()
	names := pack.Names{
		App:     "c",
		Records: map[string]string{"c.c1": "id-c1", "b.part-1": "id-part"},
		Users:   map[string]string{"li": "id-li", "wang": "id-wang"},
		Depts:   map[string]string{"cost": "id-cost"},
	}
	for _, c := range []struct {
		name, in, want string
		noForm         bool
	}{
		{"record", `{"contract":"$c1"}`, `{"contract":"id-c1"}`, false},
		{"other pack's record in a row", `{"lines":[{"part":"$b.part-1"},{}]}`, `{"lines":[{"part":"id-part"},{}]}`, false},
		{"rows as a patch", `{"lines":{"add":[{"part":"$b.part-1"}],"remove":["$c1"]}}`, `{"lines":{"add":[{"part":"id-part"}],"remove":["$c1"]}}`, false},
		{"people", `{"who":["@li","wang","someone"]}`, `{"who":["id-li","id-wang","someone"]}`, false},
		{"department", `{"dept":"cost"}`, `{"dept":"id-cost"}`, false},
		{"text is left alone", `{"text":"$c1","amount":"1.50"}`, `{"amount":"1.50","text":"$c1"}`, false},
		{"numbers stay as written", `{"amount":1.50}`, `{"amount":1.50}`, false},
		{"without a form", `{"a":{"b":["$c1","@li","li","$5","a@b.c"]}}`, `{"a":{"b":["id-c1","id-li","li","$5","a@b.c"]}}`, true},
	} {
		form := testForm(t)
		if c.noForm {
			form = nil
		}
		got, err := pack.Bind(json.RawMessage(c.in), form, names)
		if err != nil || string(got) != c.want {
			t.Errorf("%s: got %s (%v), want %s", c.name, got, err, c.want)
		}
	}
	_, err := pack.Bind(json.RawMessage(`{"lines":[{"part":"$b.nothing"}],"who":["@nobody"]}`), testForm(t), names)
	var fe *fault.Error
	if !fault.Is(err, "alias.unknown") || !asFault(err, &fe) || len(fe.Fields) != 2 {
		t.Fatalf("error = %v", err)
	}
	for _, f := range fe.Fields {
		if f.Path != "/lines/0/part" && f.Path != "/who/0" {
			t.Errorf("place %s", f.Path)
		}
	}
}

func asFault(err error, to **fault.Error) bool {
	fe, ok := err.(*fault.Error)
	*to = fe
	return ok
}

func TestRecordsOrder(t *testing.T) {
	t.Parallel()
	p, problems := pack.Read(good(t))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	var order []string
	for _, r := range p.Records() {
		order = append(order, r.As)
	}
	if got := strings.Join(order, " "); got != "i1 o1 i2" {
		t.Errorf("order = %q: a record comes after those it points to, otherwise as written", got)
	}
}
