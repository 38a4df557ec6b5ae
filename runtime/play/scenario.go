package play

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sort"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac/org"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema/pack"
)

// Failure is an expectation that was not met, with its place in the scenario's file.
type Failure struct {
	File    string
	Line    int
	Message string
}

// String gives "file:line: message".
func (f Failure) String() string { return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Message) }

// Scenario plays a scenario in a tenant of its own that holds the packs and
// nothing else. It returns every expectation that was not met; an error means
// that the scenario could not be played.
func (p *Player) Scenario(ctx context.Context, app string, sc pack.Scenario) ([]Failure, error) {
	p.names.App = app
	p.S.Flow.BindCalls(held{})
	if !sc.At.IsZero() {
		p.Clock.Set(sc.At.In(p.S.Settings().Zone))
	}
	if err := p.given(ctx, sc.Given); err != nil {
		return nil, fmt.Errorf("%s:%d: given: %w", sc.File, sc.Line, err)
	}
	var out []Failure
	for _, st := range sc.Steps {
		for _, m := range p.step(ctx, st) {
			out = append(out, Failure{sc.File, st.Line, fmt.Sprintf("%s by %s: %s", st.Kind, st.By, m)})
		}
	}
	return out, nil
}

// given makes the scenario's small world.
func (p *Player) given(ctx context.Context, g pack.Given) error {
	var b org.Batch
	for _, key := range sortedKeys(g.Depts) {
		d := g.Depts[key]
		x := org.Dept{ID: key, Name: d.Title, Parent: d.Parent}
		if d.Head != "" {
			x.Heads = []string{d.Head}
		}
		b.Depts = append(b.Depts, x)
		p.names.Depts[key] = key
	}
	holders := map[string][]org.Holder{}
	for _, key := range sortedKeys(g.Users) {
		u := g.Users[key]
		name := u.Name
		if name == "" {
			name = key
		}
		b.Users = append(b.Users, org.User{ID: key, Login: key, Name: name, State: org.Active, Depts: u.Depts, Admin: u.Admin, Manager: u.Manager})
		p.names.Users[key] = key
		for _, r := range u.Roles {
			holders[r] = append(holders[r], org.Holder{User: key})
		}
	}
	for _, id := range sortedKeys(holders) {
		role := org.Role{ID: id, Holders: holders[id]}
		if known := p.S.Org.Snapshot().Role(id); known != nil {
			role.Title = known.Title
		}
		b.Roles = append(b.Roles, role)
	}
	if err := p.S.Org.Apply(ctx, b); err != nil {
		return err
	}
	if err := p.S.Changed(ctx, tenant.SignalOrg); err != nil {
		return err
	}
	for _, r := range g.Records {
		if err := p.Record(ctx, r); err != nil {
			return fmt.Errorf("line %d: %w", r.Line, err)
		}
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// step plays one step and returns what was not as expected.
func (p *Player) step(ctx context.Context, st pack.Step) []string {
	if err := p.pass(ctx, st); err != nil {
		return []string{err.Error()}
	}
	ref, id, err := p.locate(st)
	if err != nil {
		return []string{err.Error()}
	}
	got, err := p.act(ctx, st, ref, id)
	if err == nil && got.rec == nil && got.list == nil && id != "" && st.Kind != "delete" {
		got.rec, err = p.S.Records.Load(ctx, ref, id) // time passed: it is looked at as it is by now
	}
	if st.Expect.Visible != nil {
		if *st.Expect.Visible != (err == nil) {
			return []string{fmt.Sprintf("visible should be %v: %v", *st.Expect.Visible, err)}
		}
		if err != nil {
			return nil
		}
	}
	if st.Expect.Error != "" {
		return refusal(st.Expect, err)
	}
	if err != nil {
		return []string{"failed: " + err.Error()}
	}
	if got.list != nil {
		return p.checkList(st.Expect, got.list)
	}
	if got.rec == nil {
		return nil
	}
	return p.checkRecord(ctx, st, got.rec)
}

// pass moves the clock to the time of a step, or a little on. What is due by then happens.
func (p *Player) pass(ctx context.Context, st pack.Step) error {
	if st.At.IsZero() {
		return p.until(ctx, p.Clock.Now().Add(stepTime))
	}
	at := st.At.In(p.S.Settings().Zone)
	if at.Before(p.Clock.Now()) { // a scenario may go back to say what was before
		p.Clock.Set(at)
		return nil
	}
	return p.until(ctx, at)
}

// refusal holds an error against the one expected.
func refusal(want pack.Expect, err error) []string {
	var fe *fault.Error
	if !errors.As(err, &fe) {
		return []string{fmt.Sprintf("should fail with %s, got %v", want.Error, err)}
	}
	if (fe.Code == want.Error || string(fe.Kind) == want.Error) && want.Field == "" {
		return nil
	}
	for _, f := range fe.Fields {
		if (f.Code == want.Error || fe.Code == want.Error) && (want.Field == "" || f.Path == want.Field) {
			return nil
		}
	}
	return []string{fmt.Sprintf("should fail with %s %s, got %v", want.Error, want.Field, err)}
}

func (p *Player) checkList(want pack.Expect, got *record.ListOut) []string {
	var out []string
	if want.Count >= 0 && len(got.Items) != want.Count {
		out = append(out, fmt.Sprintf("lists %d records, not %d", len(got.Items), want.Count))
	}
	if want.Records == nil {
		return out
	}
	var have, need []string
	for _, it := range got.Items {
		have = append(have, it.ID)
	}
	for _, alias := range want.Records {
		need = append(need, p.names.Records[p.full(alias)])
	}
	slices.Sort(have)
	slices.Sort(need)
	if !slices.Equal(have, need) {
		out = append(out, fmt.Sprintf("lists %d records, and not those of %v", len(have), want.Records))
	}
	return out
}

// checkRecord holds a record, as the acting person sees it, against what is expected.
func (p *Player) checkRecord(ctx context.Context, st pack.Step, rec *record.Record) []string {
	want := st.Expect
	var out []string
	bad := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if want.Case != "" && string(rec.Case.State) != want.Case {
		bad("the case is %s, not %s", rec.Case.State, want.Case)
	}
	if want.At != nil {
		if at := rec.Case.OpenNodes(); !sameSet(at, want.At) {
			bad("the case stands at %v, not %v", at, want.At)
		}
	}
	for _, alias := range sortedKeys(want.Tasks) {
		if n := openTasks(rec.Case, p.names.Users[alias]); n != want.Tasks[alias] {
			bad("%s has %d open tasks, not %d", alias, n, want.Tasks[alias])
		}
	}
	for _, code := range want.Warnings {
		if !slices.ContainsFunc(rec.Warnings, func(f fault.Field) bool { return f.Code == code }) {
			bad("there is no warning %s", code)
		}
	}
	a, err := p.actor(ctx, st.By)
	if err != nil {
		return append(out, err.Error())
	}
	seen, err := p.S.Records.Show(ctx, a, rec)
	if err != nil {
		return append(out, err.Error())
	}
	if want.Title != "" && seen.Title != want.Title {
		bad("the title is %q, not %q", seen.Title, want.Title)
	}
	for _, key := range want.Absent {
		if _, ok := seen.Data[key]; ok {
			bad("%s is shown", key)
		}
	}
	return append(out, p.checkData(rec, want.Data, seen.Data)...)
}

func openTasks(c engine.Case, user string) int {
	n := 0
	for _, t := range c.Tasks {
		if t.Assignee == user && t.State == engine.TaskOpen {
			n++
		}
	}
	return n
}

func sameSet(a, b []string) bool {
	x, y := slices.Clone(a), slices.Clone(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

// checkData compares expected wire values with those shown.
func (p *Player) checkData(rec *record.Record, want json.RawMessage, got map[string]any) []string {
	if len(want) == 0 {
		return nil
	}
	bound, err := pack.Bind(want, rec.Form.Def, p.names)
	if err != nil {
		return []string{err.Error()}
	}
	var expected map[string]any
	if err := decode(bound, &expected); err != nil {
		return []string{err.Error()}
	}
	raw, err := json.Marshal(got)
	if err != nil {
		return []string{err.Error()}
	}
	var shown map[string]any
	if err := decode(raw, &shown); err != nil {
		return []string{err.Error()}
	}
	var out []string
	for _, key := range sortedKeys(expected) {
		out = append(out, differs("/"+key, expected[key], shown[key])...)
	}
	return out
}

// differs compares two wire values: numbers by value, objects by the members expected.
func differs(at string, want, got any) []string {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			return []string{fmt.Sprintf("%s is %v, not an object", at, got)}
		}
		var out []string
		for _, k := range sortedKeys(w) {
			out = append(out, differs(at+"/"+k, w[k], g[k])...)
		}
		return out
	case []any:
		g, _ := got.([]any)
		if len(g) != len(w) {
			return []string{fmt.Sprintf("%s has %d entries, not %d", at, len(g), len(w))}
		}
		var out []string
		for i := range w {
			out = append(out, differs(fmt.Sprintf("%s/%d", at, i), w[i], g[i])...)
		}
		return out
	}
	if want == got || sameNumber(want, got) {
		return nil
	}
	return []string{fmt.Sprintf("%s is %v, not %v", at, got, want)}
}

func sameNumber(a, b any) bool {
	x, err1 := decimal.Parse(fmt.Sprint(a))
	y, err2 := decimal.Parse(fmt.Sprint(b))
	return err1 == nil && err2 == nil && x.Cmp(y) == 0
}

// SystemUser is the administrator who makes the given records that name nobody.
const SystemUser = "scenario_admin"

// System makes that administrator.
func (p *Player) System(ctx context.Context) error {
	err := p.S.Org.Apply(ctx, org.Batch{Users: []org.User{{ID: SystemUser, Login: SystemUser, Name: "系统管理员", State: org.Active, Admin: true}}})
	if err != nil {
		return err
	}
	return p.S.Changed(ctx, tenant.SignalOrg)
}
