package app_test

import (
	"strings"
	"testing"
)

// The names of what li may not see stand in every place of a definition that can
// name a field.
const tellingForm = `rules:
  - when: secret > 100
    then: {show: [note], require: [secret], set: {n: "secret > 5 ? 1 : 2"}}
  - when: n > 100
    then: {show: [secret], set: {secret: n}}
checks:
  - {assert: n > secret, message: {zh-CN: 低于底价, en: Below}, level: block, field: n}
  - {assert: n > 0, message: {zh-CN: 要正数, en: Positive}, level: block, field: secret}
  - {assert: n < 1000, message: {zh-CN: 太大, en: Large}, level: block, field: n}
unique: [[code]]`

const tellingFields = `twice: {title: {zh-CN: 两倍, en: Twice}, x-field: {type: number, formula: secret * 2}}
    sixth: {title: {zh-CN: 六倍, en: Six}, x-field: {type: number, formula: n * 6}}
    hint: {title: {zh-CN: 提示, en: Hint}, x-field: {type: number, default: "=secret + 1"}}
    note:`

const tellingView = `key: telling
form: item
title: {zh-CN: 全部, en: All}
kind: table
columns: [name, secret]
sort: ["-secret", name]
group: secret
totals: {secret: sum, n: sum}
colors: [{when: secret > 3, color: red}, {when: n > 3, color: blue}]
`

// What somebody may not see, the definition of the form does not tell either:
// neither formulas, rules, checks, titles, defaults nor views name it.
func TestAccessDefinitionTellsNothingHidden(t *testing.T) {
	t.Parallel()
	w := apart(t)
	pack := labZip(t, "forms/item.yaml", "titleFormula: name", "titleFormula: CONCAT(name, secret)",
		"forms/item.yaml", "unique: [[code]]", tellingForm, "forms/item.yaml", "note:", tellingFields,
		"views/telling.yaml", "", tellingView)
	w.call(t, "admin", "POST", "/api/builder/v1/packs/import", pack, "Content-Type", "application/zip").want(t, 200, "")

	all := w.call(t, "admin", "GET", "/api/v1/forms/lab.item", nil).want(t, 200, "")
	if n := strings.Count(string(all.raw), "secret"); n < 15 {
		t.Fatalf("the form names the field only %d times to whoever sees it: the test would find nothing", n)
	}
	got := w.call(t, "li", "GET", "/api/v1/forms/lab.item", nil).want(t, 200, "")
	if strings.Contains(string(got.raw), "secret") || strings.Contains(string(got.raw), "cost") || strings.Contains(string(got.raw), "底价") {
		t.Errorf("told: %s", got.raw)
	}
	for path, want := range map[string]any{
		"titleTree": nil, "checks.0.message": "太大", "rules.0.when": nil, "rules.0.then.show": []any{"note"},
		"rules.0.then.set.0.field": "n", "rules.0.then.set.0.tree": nil,
		"views.0.columns": []any{"name"}, "views.0.sort": []any{"name"}, "views.0.totals": map[string]any{"n": "sum"},
	} {
		got.equal(t, path, want)
	}
	for list, n := range map[string]int{"checks": 1, "rules": 1, "views.0.colors": 1} {
		if len(got.list(list)) != n {
			t.Errorf("%s: %v, want %d", list, got.at(list), n)
		}
	}
	computed := map[string]map[string]any{}
	for _, x := range got.list("computed") {
		c := x.(map[string]any)
		computed[c["field"].(string)] = c
	}
	if computed["twice"]["server"] != true || computed["sixth"]["server"] != false || computed["total"]["server"] != false {
		t.Errorf("computed: %v", computed)
	}
}
