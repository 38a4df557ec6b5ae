package engine_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/formula"
)

// tb is what the helpers need of *testing.T and *rapid.T alike.
type tb interface {
	Helper()
	Errorf(format string, args ...any)
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

var day = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

var shanghai = time.FixedZone("UTC+8", 8*3600)

// testForm is the form all flows of these tests belong to.
func testForm() *schema.Form {
	return &schema.Form{Key: "contract", App: "cost", Fields: []*schema.Field{
		{Key: "name", Type: schema.TypeText, Required: true},
		{Key: "amount", Type: schema.TypeMoney},
		{Key: "total", Type: schema.TypeMoney, Formula: "amount * 2"},
		{Key: "no", Type: schema.TypeSerial},
		{Key: "manager", Type: schema.TypeMember},
		{Key: "unit", Type: schema.TypeDepartment},
		{Key: "project", Type: schema.TypeRelation, Relation: &schema.Relation{Form: "base.project"}},
		{Key: "opinion", Type: schema.TypeTextarea},
		{Key: "legal_opinion", Type: schema.TypeTextarea},
		{Key: "scan", Type: schema.TypeAttachment},
		{Key: "deliver", Type: schema.TypeDate},
		{Key: "period", Type: schema.TypeDate, Precision: "month"},
		{Key: "meeting", Type: schema.TypeDate, Precision: "minute"},
		{Key: "signers", Type: schema.TypeMember, Multiple: true},
		{Key: "lines", Type: schema.TypeSubtable, Columns: []*schema.Field{
			{Key: "qty", Type: schema.TypeNumber}, {Key: "owner", Type: schema.TypeMember},
		}},
	}}
}

func testEnv() formula.Type {
	num, text := formula.Type{Kind: formula.Number}, formula.Type{Kind: formula.String}
	row := formula.Type{Kind: formula.Row, Fields: map[string]formula.Type{"qty": num, "owner": {Kind: formula.Person}}}
	project := formula.Type{Kind: formula.Record, Fields: map[string]formula.Type{"pm": {Kind: formula.Person}, "name": text}}
	return formula.Type{Kind: formula.Row, Fields: map[string]formula.Type{
		"name": text, "amount": num, "total": num, "no": text, "opinion": text,
		"manager": {Kind: formula.Person}, "unit": {Kind: formula.Dept}, "project": project,
		"lines": {Kind: formula.List, Elem: &row}, "deliver": {Kind: formula.Date}, "period": {Kind: formula.Date},
		"meeting": {Kind: formula.DateTime}, "signers": {Kind: formula.List, Elem: &formula.Type{Kind: formula.Person}},
	}}
}

func mustParse(t tb, src string) *schema.Flow {
	t.Helper()
	def, problems := schema.ParseFlow("cost", "", json.RawMessage(src))
	if len(problems) > 0 {
		t.Fatalf("definition: %v", problems)
	}
	return def
}

func mustCompile(t tb, def *schema.Flow) *engine.Flow {
	t.Helper()
	f, problems := engine.Compile(def, testForm(), testEnv())
	if schema.HasErrors(problems) {
		t.Fatalf("compile: %v", problems)
	}
	return f
}

// play is a case being played with people who answer every question.
type play struct {
	t     tb
	f     *engine.Flow
	c     engine.Case
	log   []engine.LogEntry // whole, archived lines too
	now   time.Time
	org   map[string][]string // need key → people; "users:x" is x himself unless given
	data  formula.Vars
	empty []string             // nodes whose required field is empty
	flows map[int]*engine.Flow // by version, for migrations
	asked []string             // keys of the needs of the last command, round by round
	zone  *time.Location
	days  map[string]bool // days on which the calendar says otherwise than the week: works or not
	clock []alarm         // timers asked for, as a service would keep them
	seen  audit
}

func newPlay(t tb, f *engine.Flow, org map[string][]string) *play {
	return &play{t: t, f: f, c: engine.NewCase(f.Def.Key, 3, "li", "d1"), now: day, org: org, data: formula.Vars{}, zone: time.UTC}
}

func (p *play) answer(n engine.Need) []string {
	if people, ok := p.org[n.Key]; ok {
		return people
	}
	switch n.Kind {
	case engine.NeedWho:
		return n.Who.Users
	case engine.NeedActive:
		return slices.DeleteFunc(slices.Clone(n.Users), func(u string) bool { return slices.Contains(p.org["left"], u) })
	case engine.NeedDue:
		return []string{p.due(n).Format(time.RFC3339Nano)}
	case engine.NeedLeft:
		return []string{strconv.Itoa(p.left(n))}
	}
	return nil
}

// do applies a command, answers its needs, and checks what holds for every command.
func (p *play) do(cmd engine.Command) ([]engine.Effect, error) {
	p.t.Helper()
	cmd.At, cmd.Record = p.now, p.data
	cmd.Ctx, cmd.Rows, cmd.DateOf = &formula.Context{Now: p.now, Zone: p.zone}, p.rows, p.dateOf
	cmd.Missing = func(node string) bool { return slices.Contains(p.empty, node) }
	cmd.Answers, p.asked = map[string][]string{}, nil
	before := bytesOf(p.t, p.c)
	for range 100 {
		after, effects, needs, err := p.apply(cmd)
		p.same(cmd, after, effects, needs, err)
		if string(before) != string(bytesOf(p.t, p.c)) {
			p.t.Fatalf("%s changed its argument", cmd.Kind)
		}
		if err != nil {
			p.refusal(err)
			return nil, err
		}
		if len(needs) == 0 {
			p.accept(after, effects)
			return effects, nil
		}
		for _, n := range needs {
			if _, again := cmd.Answers[n.Key]; again {
				p.t.Fatalf("asked again for %s", n.Key)
			}
			if n.Kind != engine.NeedDelegate { // asked for everybody
				p.asked = append(p.asked, n.Key)
			}
			cmd.Answers[n.Key] = p.answer(n)
		}
	}
	p.t.Fatalf("%s keeps asking", cmd.Kind)
	return nil, nil
}

// try applies a command to see whether it is refused; the case stays as it is.
func (p *play) try(cmd engine.Command) error {
	cmd.At, cmd.Record, cmd.Answers = p.now, p.data, map[string][]string{}
	for {
		_, _, needs, err := p.apply(cmd)
		if err != nil || len(needs) == 0 {
			return err
		}
		for _, n := range needs {
			cmd.Answers[n.Key] = p.answer(n)
		}
	}
}

// same checks that applying again gives the same answer, byte for byte.
func (p *play) same(cmd engine.Command, c engine.Case, effects []engine.Effect, needs []engine.Need, err error) {
	p.t.Helper()
	c2, effects2, needs2, err2 := p.apply(cmd)
	one := fmt.Sprintf("%s %v %v %v", bytesOf(p.t, c), effects, needs, err)
	two := fmt.Sprintf("%s %v %v %v", bytesOf(p.t, c2), effects2, needs2, err2)
	if one != two {
		p.t.Fatalf("two answers to one question:\n%s\n%s", one, two)
	}
	if err != nil && (len(needs) > 0 || len(effects) > 0) || len(needs) > 0 && len(effects) > 0 {
		p.t.Fatalf("more than one kind of answer: %v %v %v", err, needs, effects)
	}
}

func (p *play) refusal(err error) {
	p.t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind == fault.Internal || !slices.Contains(refusalCodes(p.t), f.Code) {
		p.t.Fatalf("refused with an undocumented error: %v", err)
	}
}

// accept takes the new case over and checks the invariants.
func (p *play) accept(c engine.Case, effects []engine.Effect) {
	p.t.Helper()
	for _, e := range effects {
		if e.Kind != engine.EffectLogArchived {
			continue
		}
		for _, d := range e.Detail["entries"].([]any) {
			entry, err := engine.LogFromDoc(d.(map[string]any))
			if err != nil {
				p.t.Fatal(err)
			}
			p.log = append(p.log[:entry.Seq-1:entry.Seq-1], entry)
		}
	}
	if len(c.Log) > 0 {
		p.log = append(p.log[:c.Log[0].Seq-1:c.Log[0].Seq-1], c.Log...)
	}
	if f := p.flows[c.Version]; f != nil {
		p.f = f
	}
	checkInvariants(p.t, p.f, p.c, c, effects)
	p.checkOutside(p.c, c, effects)
	checkStored(p.t, c)
	if len(p.log) == 0 { // still a draft
		return
	}
	replayed, err := engine.ReplayVersions(p.version, p.log)
	if err != nil {
		p.t.Fatalf("replay: %v", err)
	}
	if a, b := bytesOf(p.t, c), bytesOf(p.t, replayed); string(a) != string(b) {
		p.t.Fatalf("replay differs:\n live %s\nagain %s", a, b)
	}
	p.c = c
	p.keep(effects)
}

// apply decides a command; a migration is decided by the flow it goes to.
func (p *play) apply(cmd engine.Command) (engine.Case, []engine.Effect, []engine.Need, error) {
	if f := p.flows[cmd.Version]; f != nil && cmd.Kind == engine.CmdMigrate {
		return f.Migrate(p.f, p.c, cmd)
	}
	return p.f.Apply(p.c, cmd)
}

// version gives the flow of a version to a replay.
func (p *play) version(n int) (*engine.Flow, error) {
	if f := p.flows[n]; f != nil {
		return f, nil
	}
	return p.f, nil
}

func bytesOf(t tb, c engine.Case) []byte {
	t.Helper()
	raw, err := json.Marshal(c.ToDoc())
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// checkStored checks that a case survives being stored.
func checkStored(t tb, c engine.Case) {
	t.Helper()
	d := c.ToDoc()
	if at := foreign(d, ""); at != "" {
		t.Fatalf("not a storage value: %s", at)
	}
	back, err := engine.FromDoc(d)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(c, back); diff != "" {
		t.Fatalf("stored and read: %s", diff)
	}
}

// foreign finds a value that is no storage value.
func foreign(v any, at string) string {
	switch v := v.(type) {
	case nil, bool, string, int64, decimal.Decimal:
	case time.Time:
		if v.Location() != time.UTC || v.Nanosecond()%1e6 != 0 {
			return at + " " + v.String()
		}
	case []any:
		for i, x := range v {
			if s := foreign(x, fmt.Sprintf("%s/%d", at, i)); s != "" {
				return s
			}
		}
	case map[string]any:
		for k, x := range v {
			if strings.ContainsAny(k, ".\x00") || strings.HasPrefix(k, "$") {
				return at + "/" + k
			}
			if s := foreign(x, at+"/"+k); s != "" {
				return s
			}
		}
	default:
		return fmt.Sprintf("%s is a %T", at, v)
	}
	return ""
}
