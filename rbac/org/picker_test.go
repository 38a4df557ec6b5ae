package org_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac/org"
)

func names(p org.Page[org.UserItem]) []string {
	out := []string{}
	for _, i := range p.Items {
		out = append(out, i.ID)
	}
	return out
}

func TestUserPicker(t *testing.T) {
	t.Parallel()
	snap := company(t).Snapshot()
	tests := []struct {
		name string
		q    org.Search
		want []string
	}{
		{"all, by pinyin, without who left", org.Search{}, []string{"chen", "admin", "li", "wang", "zhang", "zhao"}},
		{"part of a name", org.Search{Q: "四"}, []string{"li"}},
		{"initials", org.Search{Q: "zs"}, []string{"zhang"}},
		{"pinyin and initial", org.Search{Q: "ZhangS"}, []string{"zhang"}},
		{"beginnings", org.Search{Q: "zhsa"}, []string{"zhang"}},
		{"given name alone", org.Search{Q: "qi"}, []string{"zhao"}},
		{"login", org.Search{Q: "dmi"}, []string{"admin"}},
		{"latin name", org.Search{Q: "wei"}, []string{"chen"}},
		{"nobody", org.Search{Q: "xq"}, []string{}},
		{"department and below", org.Search{Dept: "eng"}, []string{"chen", "li", "wang"}},
		{"by id, also who left, in that order", org.Search{IDs: []string{"guo", "li", "x"}}, []string{"guo", "li"}},
		{"by no ids", org.Search{IDs: []string{}}, []string{}},
	}
	for _, tt := range tests {
		got, err := snap.Users(tt.q)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if diff := cmp.Diff(tt.want, names(got)); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
	if _, err := snap.Users(org.Search{Cursor: "%%"}); fault.KindOf(err) != fault.Malformed {
		t.Errorf("a foreign cursor: %v", err)
	}
}

func TestPickersPage(t *testing.T) {
	t.Parallel()
	s := company(t)
	var got []string
	q := org.Search{Limit: 2}
	for range 10 {
		p, err := s.Snapshot().Users(q)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, names(p)...)
		if q.Cursor = p.Next; q.Cursor == "" {
			break
		}
	}
	if diff := cmp.Diff([]string{"chen", "admin", "li", "wang", "zhang", "zhao"}, got); diff != "" {
		t.Error(diff)
	}
	depts, err := s.Snapshot().Depts(org.Search{})
	if err != nil {
		t.Fatal(err)
	}
	want := []org.DeptItem{{ID: "hq", Name: "总部", Path: "总部", Children: true},
		{ID: "eng", Name: "工程部", Parent: "hq", Path: "总部/工程部", Children: true},
		{ID: "team1", Name: "一组", Parent: "eng", Path: "总部/工程部/一组"},
		{ID: "fin", Name: "财务部", Parent: "hq", Path: "总部/财务部"}}
	if diff := cmp.Diff(want, depts.Items); diff != "" {
		t.Error(diff)
	}
	some, _ := s.Snapshot().Depts(org.Search{Q: "gcb"})
	roles, _ := s.Snapshot().Roles(org.Search{Q: "xmjl"})
	if len(some.Items) != 1 || some.Items[0].ID != "eng" || len(roles.Items) != 1 || roles.Items[0].ID != "cost.pm" {
		t.Errorf("%+v %+v", some, roles)
	}
}
