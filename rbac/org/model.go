// Package org keeps users, departments and roles of one tenant, and answers
// from an immutable snapshot of them: who somebody is, who is meant by an
// approver source, whom a picker shows.
package org

import (
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/storage"
)

// Collections of the organisation.
const (
	UsersCollection = "users"
	DeptsCollection = "depts"
	RolesCollection = "roles"
)

// States of a user.
const (
	Active = "active"
	Left   = "left"
)

// User is a person with an account.
type User struct {
	ID    string
	Login string // lower case, unique among all users, also those who left
	Name  string
	Lang  string // "" = the tenant's
	State string // active or left
	// Depts are the departments he is in, the main one first.
	Depts   []string
	Manager string // user id, "" = the head of his main department
	Avatar  string // file id
	Admin   bool   // platform administrator
	// Planes of administration besides the platform's: "org", "app:<app>", "data:<app>".
	Planes []string
	Rev    int64 // of the stored document; 0 on a write = not checked
}

// Dept is a department.
type Dept struct {
	ID     string
	Name   string
	Parent string   // "" = at the top
	Heads  []string // user ids, the first one in charge
	Order  int64    // among its siblings, ascending; equal ones by name
	Rev    int64
}

// Role says who holds a role of an app.
type Role struct {
	ID      string // "app.role"
	Title   schema.Text
	Holders []Holder
	Rev     int64
}

// Holder is a user with a role. With Depts he holds it for those departments
// and all below them only, otherwise everywhere.
type Holder struct {
	User  string
	Depts []string
}

func (u *User) doc() storage.Doc {
	return storage.Doc{storage.ID: u.ID, "login": u.Login, "name": u.Name, "lang": u.Lang, "state": u.State,
		"depts": list(u.Depts), "manager": u.Manager, "avatar": u.Avatar, "admin": u.Admin, "planes": list(u.Planes)}
}

func userOf(d storage.Doc) *User {
	return &User{ID: str(d, storage.ID), Login: str(d, "login"), Name: str(d, "name"), Lang: str(d, "lang"),
		State: str(d, "state"), Depts: strs(d["depts"]), Manager: str(d, "manager"), Avatar: str(d, "avatar"),
		Admin: d["admin"] == true, Planes: strs(d["planes"]), Rev: num(d, storage.Rev)}
}

func (p *Dept) doc() storage.Doc {
	return storage.Doc{storage.ID: p.ID, "name": p.Name, "parent": p.Parent, "heads": list(p.Heads), "order": p.Order}
}

func deptOf(d storage.Doc) *Dept {
	return &Dept{ID: str(d, storage.ID), Name: str(d, "name"), Parent: str(d, "parent"), Heads: strs(d["heads"]),
		Order: num(d, "order"), Rev: num(d, storage.Rev)}
}

func (r *Role) doc() storage.Doc {
	titles := []any{} // a list: a language tag is no key of a document
	for _, lang := range sorted(r.Title) {
		titles = append(titles, map[string]any{"lang": lang, "text": r.Title[lang]})
	}
	holders := []any{}
	for _, h := range r.Holders {
		holders = append(holders, map[string]any{"user": h.User, "depts": list(h.Depts)})
	}
	return storage.Doc{storage.ID: r.ID, "titles": titles, "holders": holders}
}

func roleOf(d storage.Doc) *Role {
	r := &Role{ID: str(d, storage.ID), Title: schema.Text{}, Rev: num(d, storage.Rev)}
	for _, t := range items(d["titles"]) {
		r.Title[str(t, "lang")] = str(t, "text")
	}
	for _, h := range items(d["holders"]) {
		r.Holders = append(r.Holders, Holder{User: str(h, "user"), Depts: strs(h["depts"])})
	}
	return r
}

func str(d map[string]any, key string) string { s, _ := d[key].(string); return s }

func num(d map[string]any, key string) int64 { n, _ := d[key].(int64); return n }

func list(values []string) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = v
	}
	return out
}

func strs(v any) []string {
	var out []string
	values, _ := v.([]any)
	for _, v := range values {
		if s, ok := v.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

func items(v any) []map[string]any {
	var out []map[string]any
	values, _ := v.([]any)
	for _, v := range values {
		if m, ok := v.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}
