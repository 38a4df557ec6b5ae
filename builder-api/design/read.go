package design

import (
	"bytes"
	"encoding/json"
	"sort"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/catalog"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/schema/pack"
)

// AppInfo is an app as administrators see it in a list.
type AppInfo struct {
	Key     string `json:"key"`
	Title   string `json:"title"`
	Icon    string `json:"icon,omitempty"`
	Version int64  `json:"version"` // published
	Pack    string `json:"pack,omitempty"`
	Forms   int    `json:"forms"`
	Flows   int    `json:"flows"`
}

// Apps lists what is published, by key.
func (s *Service) Apps(lang string) []AppInfo {
	snap := s.catalog.Snapshot()
	out := []AppInfo{}
	for _, key := range snap.AppKeys() {
		a := snap.Apps[key]
		out = append(out, AppInfo{key, a.Def.Title.In(lang), a.Def.Icon, a.Version, a.Def.Version, len(a.Def.Forms), len(a.Def.Flows)})
	}
	return out
}

// Installed are the definitions of all published apps.
func (s *Service) Installed() []*schema.App {
	snap := s.catalog.Snapshot()
	var out []*schema.App
	for _, key := range snap.AppKeys() {
		out = append(out, snap.Apps[key].Def)
	}
	return out
}

// Plan is what an import would change, part by part.
type Plan struct {
	App      string           `json:"app"`
	Version  string           `json:"version"`
	Items    []PlanItem       `json:"items"`
	Problems []schema.Problem `json:"problems"`
}

// PlanItem is one part of a pack and what would happen to it: added, changed,
// same or removed.
type PlanItem struct {
	Item   string `json:"item"`
	Action string `json:"action"`
}

// Plan compares a pack with what is published under its key.
func (s *Service) Plan(p *pack.Pack) Plan {
	out := Plan{App: p.App.Key, Version: p.Meta.Version, Items: []PlanItem{}, Problems: []schema.Problem{}}
	next, err := catalog.Document(p.App)
	if err != nil {
		return out
	}
	now := parts(nil)
	if a := s.catalog.Snapshot().Apps[p.App.Key]; a != nil {
		if d, err := catalog.Document(a.Def); err == nil {
			now = parts(d)
		}
	}
	then := parts(next)
	names := map[string]bool{}
	for n := range now {
		names[n] = true
	}
	for n := range then {
		names[n] = true
	}
	for _, n := range sortedNames(names) {
		out.Items = append(out.Items, PlanItem{n, change(now[n], then[n])})
	}
	return out
}

func change(now, then json.RawMessage) string {
	switch {
	case now == nil:
		return "added"
	case then == nil:
		return "removed"
	case bytes.Equal(now, then):
		return "same"
	}
	return "changed"
}

func parts(d *catalog.AppDoc) map[string]json.RawMessage {
	out := map[string]json.RawMessage{}
	if d == nil {
		return out
	}
	add := func(folder string, l []catalog.KeyedDoc) {
		for _, x := range l {
			out[folder+"/"+x.Key] = x.Doc
		}
	}
	add("forms", d.Forms)
	add("flows", d.Flows)
	add("views", d.Views)
	if len(d.Access) > 0 {
		out["access"] = d.Access
	}
	return out
}

func sortedNames(m map[string]bool) []string {
	out := make([]string, 0, len(m))
	for n := range m {
		out = append(out, n)
	}
	sort.Strings(out)
	return out
}

// FormulaResult is the finding about one formula.
type FormulaResult struct {
	OK     bool            `json:"ok"`
	Type   string          `json:"type,omitempty"`
	Deps   []string        `json:"deps,omitempty"`
	Tree   json.RawMessage `json:"tree,omitempty"`
	Errors []formula.Error `json:"errors,omitempty"`
}

// expected are the result types a formula may be asked for.
var expected = map[string]formula.Kind{"": formula.Any, "number": formula.Number, "text": formula.String, "bool": formula.Bool,
	"date": formula.Date, "datetime": formula.DateTime}

// CheckFormula compiles a formula against a published form.
func (s *Service) CheckFormula(form, text, expect string) (FormulaResult, error) {
	f := s.catalog.Snapshot().Form(form)
	if f == nil {
		return FormulaResult{}, fault.Newf(fault.NotFound, "form.unknown", "there is no form %s", form)
	}
	kind, ok := expected[expect]
	if !ok {
		return FormulaResult{}, fault.Newf(fault.Malformed, "formula.expect", "there is no result type %q", expect).
			At(fault.Field{Path: "/expect", Code: "option", Message: "number, text, bool, date or datetime"})
	}
	p, errs := formula.Compile(text, f.Env, formula.Type{Kind: kind})
	if len(errs) > 0 {
		return FormulaResult{Errors: errs}, nil
	}
	return FormulaResult{OK: true, Type: p.Type().String(), Deps: p.Deps(), Tree: p.Tree()}, nil
}
