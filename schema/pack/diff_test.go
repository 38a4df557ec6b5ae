package pack_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/formwork-run/formwork/schema/pack"
)

func TestDiff(t *testing.T) {
	t.Parallel()
	a, _ := pack.Read(good(t))
	files := good(t)
	edit := func(name, from, to string) {
		s := string(files[name].Data)
		if !strings.Contains(s, from) {
			t.Fatalf("%s has no %q", name, from)
		}
		files[name] = &fstest.MapFile{Data: []byte(strings.Replace(s, from, to, 1))}
	}
	edit("forms/order.yaml", "min: 0}}", "min: 1}}")
	edit("forms/order.yaml", "    owner: {title: 负责人, x-field: {type: member}}\n", "    buyer: {title: 采购员, x-field: {type: member}}\n")
	edit("flows/order.yaml", "field: owner", "field: buyer")
	edit("forms/item.yaml", "title: 物品", "title:    物品   # only the layout of the file changed")
	edit("views/all_orders.yaml", "[-sys.created_at]", "[name, -sys.created_at]")
	files["views/more.yaml"] = &fstest.MapFile{Data: []byte("form: item\n")}
	delete(files, "i18n/en.yaml")
	b, problems := pack.Read(files)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	var got []string
	for _, c := range pack.Diff(a, b) {
		got = append(got, string(c.Kind)+" "+c.Item)
		for _, v := range c.Values {
			got = append(got, "  "+string(v.Kind)+" "+v.Pointer+" "+string(v.Before)+" → "+string(v.After))
		}
	}
	want := `changed flows/order
  changed /nodes/2/who/0/field "owner" → "buyer"
changed forms/order
  added /schema/properties/buyer  → {"title":"采购员","x-field":{"type":"member"}}
  changed /schema/properties/lines/items/properties/qty/x-field/min 0 → 1
  removed /schema/properties/owner {"title":"负责人","x-field":{"type":"member"}} → 
removed i18n/en
changed views/all_orders
  changed /sort ["-sys.created_at"] → ["name","-sys.created_at"]
added views/more`
	if s := strings.Join(got, "\n"); s != want {
		t.Errorf("got\n%s\nwant\n%s", s, want)
	}
	if d := pack.Diff(a, a); len(d) != 0 {
		t.Errorf("a pack differs from itself: %v", d)
	}
}

func TestDiffSeesOrderOfFields(t *testing.T) {
	t.Parallel()
	a, _ := pack.Read(good(t))
	files := good(t)
	s := string(files["forms/item.yaml"].Data)
	name, price := "    name: {title: 名称, type: string, maxLength: 50}\n", "    price: {title: 单价, x-field: {type: money}}\n"
	files["forms/item.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(s, name+price, price+name, 1))}
	b, _ := pack.Read(files)
	d := pack.Diff(a, b)
	if len(d) != 1 || len(d[0].Values) != 1 || d[0].Values[0].Kind != pack.Moved || d[0].Values[0].Pointer != "/schema/properties" {
		t.Errorf("got %+v", d)
	}
}
