package pack_test

import (
	"testing"

	"github.com/formwork-run/formwork/schema/pack"
)

func TestReadOrgProblems(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, in, code string
		line           int
	}{
		{"unknown key", "users:\n  - {key: li, name: 李, password: x}\n", "unknown_key", 2},
		{"no name", "users:\n  - {key: li}\n", "required", 2},
		{"bad key", "users:\n  - {key: Li, name: 李}\n", "alias", 2},
		{"twice", "users:\n  - {key: li, name: 李}\n  - {key: li, name: 黎}\n", "alias.twice", 3},
		{"no such dept", "users:\n  - {key: li, name: 李, depts: [x]}\n", "reference.org", 2},
		{"no such manager", "users:\n  - {key: li, name: 李, manager: x}\n", "reference.org", 2},
		{"no such head", "depts:\n  - {key: a, title: A, head: x}\nusers: []\n", "reference.org", 2},
		{"circle", "depts:\n  - {key: a, title: A, parent: b}\n  - {key: b, title: B, parent: a}\nusers: []\n", "org.circle", 2},
		{"below itself", "depts:\n  - {key: a, title: A, parent: a}\nusers: []\n", "org.circle", 2},
	} {
		_, problems := pack.ReadOrg("org.yaml", []byte(c.in))
		if len(problems) == 0 || problems[0].Code != c.code || problems[0].Line != c.line {
			t.Errorf("%s: want %s in line %d, got %v", c.name, c.code, c.line, problems)
		}
	}
}

func TestReadOrg(t *testing.T) {
	t.Parallel()
	o, problems := pack.ReadOrg("org.yaml", []byte(`
depts: [{key: hq, title: 总部, head: li}, {key: a, title: {zh-CN: 甲部, en: A}, parent: hq}]
users: [{key: li, name: {zh-CN: 李娜, en: Li Na}, depts: [a, hq], roles: [base.pm], admin: true}]
`))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if u := o.Users[0]; u.Key != "li" || u.Name.In("en") != "Li Na" || len(u.Depts) != 2 || !u.Admin || u.Roles[0] != "base.pm" {
		t.Errorf("user = %+v", u)
	}
	if d := o.Depts[1]; d.Parent != "hq" || d.Title.In("zh-CN") != "甲部" {
		t.Errorf("dept = %+v", d)
	}
}
