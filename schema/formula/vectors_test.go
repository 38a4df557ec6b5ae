package formula_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"reflect"
	"testing"
	"time"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/schema/formula"
)

var update = flag.Bool("update", false, "write the generated keys of the vectors and docs")

const vectorFile = "testdata/vectors.json"

type vector struct {
	Name   string                     `json:"name"`
	Expr   string                     `json:"expr"`
	Env    map[string]json.RawMessage `json:"env,omitempty"`
	Vars   map[string]json.RawMessage `json:"vars,omitempty"`
	Want   json.RawMessage            `json:"want,omitempty"`
	Now    string                     `json:"now,omitempty"`
	Zone   string                     `json:"zone,omitempty"`
	User   *formula.User              `json:"user,omitempty"`
	Type   json.RawMessage            `json:"type,omitempty"`
	Tree   json.RawMessage            `json:"tree,omitempty"`
	Server bool                       `json:"server,omitempty"`
	Result json.RawMessage            `json:"result,omitempty"`
	Error  string                     `json:"error,omitempty"`
	Warn   []string                   `json:"warn,omitempty"`
}

type vectors struct {
	Version int       `json:"version"`
	Vectors []*vector `json:"vectors"`
}

func readVectors(t testing.TB) vectors {
	t.Helper()
	raw, err := os.ReadFile(vectorFile)
	if err != nil {
		t.Fatal(err)
	}
	var vs vectors
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&vs); err != nil {
		t.Fatal(err)
	}
	return vs
}

func TestVectors(t *testing.T) {
	vs := readVectors(t)
	seen := map[string]bool{}
	for _, v := range vs.Vectors {
		if seen[v.Name] {
			t.Errorf("vector %q exists twice", v.Name)
		}
		seen[v.Name] = true
		t.Run(v.Name, func(t *testing.T) { runVector(t, v) })
	}
	if *update {
		writeVectors(t, vs)
	}
}

func writeVectors(t *testing.T, vs vectors) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\"version\":%d,\"vectors\":[\n", vs.Version)
	for i, v := range vs.Vectors {
		var line bytes.Buffer
		e := json.NewEncoder(&line)
		e.SetEscapeHTML(false)
		if err := e.Encode(v); err != nil {
			t.Fatal(err)
		}
		b.Write(bytes.TrimRight(line.Bytes(), "\n"))
		if i < len(vs.Vectors)-1 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
	}
	b.WriteString("]}\n")
	if err := os.WriteFile(vectorFile, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func runVector(t *testing.T, v *vector) {
	env := readEnv(t, v.Env)
	want := formula.Type{}
	if v.Want != nil {
		want = readType(t, v.Want)
	}
	p, errs := formula.Compile(v.Expr, env, want)
	if len(errs) > 0 {
		if errs[0].Code != v.Error {
			t.Errorf("%s: compile error %v, want %q", v.Expr, errs, v.Error)
		}
		v.Tree, v.Type, v.Server = nil, nil, false
		return
	}
	checkGenerated(t, v, p)
	var warned []string
	c := demoContext(t, v.Now, v.Zone)
	if v.User != nil {
		c.User = *v.User
	}
	c.Warn = func(code string) { warned = append(warned, code) }
	got, err := p.Eval(c, readVars(t, v, env))
	if !reflect.DeepEqual(warned, v.Warn) {
		t.Errorf("%s: warnings %v, want %v", v.Expr, warned, v.Warn)
	}
	var re *formula.RunError
	if errors.As(err, &re) || v.Error != "" {
		if re == nil || re.Code != v.Error {
			t.Errorf("%s: %v, %v; want error %q", v.Expr, got, err, v.Error)
		}
		return
	}
	if !sameWire(got, decode(t, v.Result)) {
		t.Errorf("%s = %v (%T), want %s", v.Expr, got, got, v.Result)
	}
}

func checkGenerated(t *testing.T, v *vector, p *formula.Program) {
	t.Helper()
	tree, typ := p.Tree(), writeType(p.Type())
	if *update {
		v.Tree, v.Type, v.Server = tree, typ, p.ServerOnly()
		return
	}
	if string(v.Tree) != string(tree) || string(v.Type) != string(typ) || v.Server != p.ServerOnly() {
		t.Errorf("%s: the generated keys are out of date: run with -update\n%s\n%s", v.Expr, v.Tree, tree)
	}
}

func decode(t testing.TB, raw json.RawMessage) any {
	t.Helper()
	if raw == nil {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// sameWire compares a stored value with a wire value; numbers by value, instants as instants.
func sameWire(got, want any) bool {
	switch g := got.(type) {
	case decimal.Decimal:
		s, ok := want.(string)
		d, err := decimal.Parse(s)
		return ok && err == nil && d.Equal(g)
	case time.Time:
		s, ok := want.(string)
		at, err := time.Parse(time.RFC3339Nano, s)
		return ok && err == nil && at.Equal(g)
	case []any:
		l, ok := want.([]any)
		if !ok || len(l) != len(g) {
			return false
		}
		for i := range g {
			if !sameWire(g[i], l[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		m, ok := want.(map[string]any)
		if !ok {
			return false
		}
		for k := range m {
			if !sameWire(g[k], m[k]) {
				return false
			}
		}
		return len(m) == len(g)
	}
	return reflect.DeepEqual(got, want)
}

func demoContext(t testing.TB, now, zone string) *formula.Context {
	t.Helper()
	if now == "" {
		now = "2024-03-15T08:30:45Z"
	}
	if zone == "" {
		zone = "Asia/Shanghai"
	}
	at, err := time.Parse(time.RFC3339Nano, now)
	if err != nil {
		t.Fatal(err)
	}
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	people := map[string]any{"u1/name": "张三", "u1/workno": "007", "u1/director": "u9", "u1/id": "u1", "u9/name": "李四", "u9/director": "u10", "u9/id": "u9"}
	return &formula.Context{
		Now: at, Zone: loc, Lang: "zh-CN",
		User:   formula.User{ID: "u1", Name: "张三", Dept: "d1", Depts: []string{"d1", "d2"}, Roles: []string{"pm"}},
		Person: func(id, attr string) any { return people[id+"/"+attr] },
		Dept:   func(id, attr string) any { return map[string]any{"d1/name": "工程部"}[id+"/"+attr] },
		Record: func(form, id, field string) any {
			return map[string]any{"base.project/p1/name": "一号楼"}[form+"/"+id+"/"+field]
		},
		Holiday: func(day string) (bool, bool) {
			work, known := map[string]bool{"2024-04-04": false, "2024-04-05": false, "2024-04-07": true}[day]
			return work, known
		},
		Random: func() float64 { return 0.5 },
		NewID:  func() string { return "id-1" },
		Lookup: demoLookup,
	}
}

func demoLookup(form, match string, key any, field, fn string) (any, error) {
	if form != "base.price" || match != "item" || field != "price" {
		return nil, fmt.Errorf("there is no %s with %s and %s", form, match, field)
	}
	if key != "C-1" {
		return nil, nil
	}
	return decimal.MustParse("42"), nil
}
