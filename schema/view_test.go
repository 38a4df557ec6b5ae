package schema_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/formwork-run/formwork/schema"
)

func TestParseViewProblems(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ raw, path, code string }{
		{`{"form":"order","kind":"kanban"}`, "views/v#/kind", "view.kind"},
		{`{"form":"order","kind":"pie"}`, "views/v#/kind", "view.kind"},
		{`{"form":"Order"}`, "views/v#/form", "key"},
		{`{"columns":["a"]}`, "views/v#", "required"},
		{`{"form":"order","key":"w"}`, "views/v#/key", "key.mismatch"},
		{`{"form":"order","columns":"a"}`, "views/v#/columns", "type"},
		{`{"form":"order","columns":[1]}`, "views/v#/columns/0", "type"},
		{`{"form":"order","filters":"a"}`, "views/v#/filters", "unknown_key"},
		{`{"form":"order","colors":[{"when":"a"}]}`, "views/v#/colors/0", "required"},
		{`{"form":"order","colors":[{"when":"a","color":"pink"}]}`, "views/v#/colors/0/color", "view.color"},
		{`{"form":"order","totals":{"a":"total"}}`, "views/v#/totals/a", "view.total"},
		{`{"form":"order","title":{"ZH":"x"}}`, "views/v#/title/ZH", "text.language"},
		{`{"form":"order","columns":[` + strings.Repeat(`"a",`, 60) + `"a"]}`, "views/v#/columns", "view.columns"},
		{`[]`, "views/v#", "type"},
	} {
		_, problems := schema.ParseView("shop", "v", json.RawMessage(c.raw))
		if len(problems) != 1 || problems[0].Path != c.path || problems[0].Code != c.code {
			t.Errorf("%.60s: want %s %s, got %v", c.raw, c.path, c.code, problems)
		}
	}
}

func TestParseView(t *testing.T) {
	t.Parallel()
	v, problems := schema.ParseView("shop", "v", json.RawMessage(`{"form":"order","title":{"zh-CN":"全部","en":"All"},"columns":["a","case.state"],"sort":["-a"],"totals":{"a":"sum"},"colors":[{"when":"a > 1","color":"red"}]}`))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if v.Key != "v" || v.Kind != "table" || v.Title.In("en") != "All" || len(v.Columns) != 2 || v.Totals["a"] != "sum" || v.Colors[0].Color != "red" {
		t.Errorf("view = %+v", v)
	}
}

func TestParseAppMetaProblems(t *testing.T) {
	t.Parallel()
	const head = `{"key":"a","version":"1.0.0","title":"A",`
	for _, c := range []struct{ raw, path, code string }{
		{`{"version":"1.0.0","title":"A"}`, "app#", "required"},
		{`{"key":"1a","version":"1.0.0","title":"A"}`, "app#/key", "key"},
		{`{"key":"a","version":"01.0.0","title":"A"}`, "app#/version", "version"},
		{head + `"icon":"<svg>"}`, "app#/icon", "icon"},
		{head + `"requires":["b","b"]}`, "app#/requires/1", "duplicate"},
		{head + `"requires":["a"]}`, "app#/requires", "requires.self"},
		{head + `"menu":[{}]}`, "app#/menu/0", "menu.empty"},
		{head + `"menu":[{"form":"x","title":"X","items":[]}]}`, "app#/menu/0", "menu.both"},
		{head + `"menu":[{"title":"X","items":[]}]}`, "app#/menu/0", "menu.empty"},
		{head + `"menu":[{"form":"x","title":"X","items":[{"form":"y"}]}]}`, "app#/menu/0", "menu.both"},
		{head + `"menu":[{"items":[{"form":"y"}]}]}`, "app#/menu/0", "required"},
		{head + `"menu":[{"title":"1","items":[{"title":"2","items":[{"title":"3","items":[{"form":"x"}]}]}]}]}`, "app#/menu/0/items/0/items/0/items", "menu.too_deep"},
		{head + `"menus":[]}`, "app#/menus", "unknown_key"},
	} {
		_, problems := schema.ParseAppMeta(json.RawMessage(c.raw))
		found := false
		for _, p := range problems {
			found = found || p.Path == c.path && p.Code == c.code
		}
		if !found {
			t.Errorf("%s: want %s %s, got %v", c.raw, c.path, c.code, problems)
		}
	}
}
