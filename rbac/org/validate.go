package org

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/formwork-run/formwork/internal/fault"
)

// Limits of what is kept about people.
const (
	MaxName   = 100 // characters of a name
	MaxLogin  = 64  // characters of a login
	maxInList = 200 // departments of a user, heads of a department
)

var (
	idPattern    = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$`)
	rolePattern  = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}\.[a-z][a-z0-9_]{0,39}$`)
	planePattern = regexp.MustCompile(`^(org|(app|data):[a-z][a-z0-9_]{0,39})$`)
	langPattern  = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
)

// findings collects what is wrong with one input.
type findings []fault.Field

func (f *findings) add(path, code, format string, args ...any) {
	*f = append(*f, fault.Field{Path: path, Code: code, Message: fmt.Sprintf(format, args...)})
}

func (f findings) err(code, what string) error {
	if len(f) == 0 {
		return nil
	}
	return fault.New(fault.Invalid, code, what).At(f...)
}

// normalLogin makes logins comparable: as they are stored.
func normalLogin(login string) string { return strings.ToLower(strings.TrimSpace(login)) }

func loginOK(login string) bool {
	n := utf8.RuneCountInString(login)
	return n >= 1 && n <= MaxLogin && !strings.ContainsFunc(login, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("._@+-", r)
	})
}

// CheckUser tells what is wrong with a user, before anything is written:
// names, languages, unknown departments or managers, a login that is taken, a
// circle of managers. The login is compared as it would be stored.
func (s *Snapshot) CheckUser(u User) error {
	var f findings
	if u.ID != "" && !idPattern.MatchString(u.ID) {
		f.add("/id", "pattern", "an id is made of letters, digits, _ . and -")
	}
	if other := s.byLogin[normalLogin(u.ID)]; other != nil && other.ID != u.ID {
		f.add("/id", "duplicate", "%q is the login of somebody else", u.ID)
	}
	f.checkName(u.Name)
	s.checkLogin(&f, u)
	if u.Lang != "" && !langPattern.MatchString(u.Lang) {
		f.add("/lang", "pattern", "%q is not a language such as zh-CN or en", u.Lang)
	}
	if u.State != Active && u.State != Left {
		f.add("/state", "enum", "a user is active or left")
	}
	s.checkDepts(&f, "/depts", u.Depts)
	s.checkManager(&f, u)
	f.checkPlanes(u.Planes)
	return f.err("org.user", "this user cannot be saved")
}

func (f *findings) checkName(name string) {
	if strings.TrimSpace(name) == "" {
		f.add("/name", "required", "a name is needed")
	}
	if utf8.RuneCountInString(name) > MaxName {
		*f = append(*f, fault.Field{Path: "/name", Code: "max_length", Message: fmt.Sprintf("at most %d characters", MaxName), Params: map[string]any{"max": MaxName}})
	}
	if strings.ContainsFunc(name, unicode.IsControl) {
		f.add("/name", "pattern", "control characters are not part of a name")
	}
}

// checkPlanes knows the planes there are; whether their apps are published is not
// asked: a plane of an app that comes later waits for it.
func (f *findings) checkPlanes(planes []string) {
	if len(planes) > maxInList {
		*f = append(*f, fault.Field{Path: "/planes", Code: "max_items", Message: fmt.Sprintf("at most %d planes", maxInList), Params: map[string]any{"max": maxInList}})
		return
	}
	for i, plane := range planes {
		at := fmt.Sprintf("/planes/%d", i)
		if !planePattern.MatchString(plane) {
			f.add(at, "option", "a plane is org, app:<app> or data:<app>; the platform's is the administrator's mark")
		}
		if slices.Contains(planes[:i], plane) {
			f.add(at, "duplicate", "plane %q is named twice", plane)
		}
	}
}

// checkLogin also refuses a login that is somebody else's id: approvers and
// access groups may be written either way.
func (s *Snapshot) checkLogin(f *findings, u User) {
	login := normalLogin(u.Login)
	if !loginOK(login) {
		f.add("/login", "pattern", "a login has 1 to %d letters, digits or . _ @ + -", MaxLogin)
		return
	}
	other := s.byLogin[login]
	if (other != nil && other.ID != u.ID) || (s.users[login] != nil && login != u.ID) {
		f.add("/login", "duplicate", "the login %q is taken", login)
	}
}

func (s *Snapshot) checkDepts(f *findings, path string, depts []string) {
	if len(depts) > maxInList {
		*f = append(*f, fault.Field{Path: path, Code: "max_items", Message: fmt.Sprintf("at most %d departments", maxInList), Params: map[string]any{"max": maxInList}})
		return
	}
	for i, d := range depts {
		at := fmt.Sprintf("%s/%d", path, i)
		if s.depts[d] == nil {
			f.add(at, "unknown", "there is no department %q", d)
		}
		if slices.Contains(depts[:i], d) {
			f.add(at, "duplicate", "department %q is named twice", d)
		}
	}
}

func (s *Snapshot) checkManager(f *findings, u User) {
	if u.Manager == "" {
		return
	}
	if s.users[u.Manager] == nil && u.Manager != u.ID {
		f.add("/manager", "unknown", "there is no user %q", u.Manager)
		return
	}
	seen := map[string]bool{}
	for m := u.Manager; m != "" && !seen[m]; {
		if m == u.ID {
			f.add("/manager", "cycle", "he would be a manager of himself")
			return
		}
		seen[m] = true
		next := s.users[m]
		if next == nil {
			return
		}
		m = next.Manager
	}
}

// CheckDept tells what is wrong with a department: name, unknown parent or
// heads, a circle, a name that a sibling has.
func (s *Snapshot) CheckDept(d Dept) error {
	var f findings
	if d.ID != "" && !idPattern.MatchString(d.ID) {
		f.add("/id", "pattern", "an id is made of letters, digits, _ . and -")
	}
	f.checkName(d.Name)
	if strings.ContainsAny(d.Name, "/,") {
		f.add("/name", "pattern", "/ and , separate departments and are not part of a name")
	}
	if d.Parent != "" && s.depts[d.Parent] == nil && d.Parent != d.ID {
		f.add("/parent", "unknown", "there is no department %q", d.Parent)
	}
	if d.ID != "" && (d.Parent == d.ID || slices.Contains(s.Above(d.Parent), d.ID)) {
		f.add("/parent", "cycle", "a department cannot be below itself")
	}
	for _, sibling := range s.children[d.Parent] {
		if sibling != d.ID && s.depts[sibling].Name == d.Name {
			f.add("/name", "duplicate", "there is a department %q at this place", d.Name)
		}
	}
	s.checkUsers(&f, "/heads", d.Heads)
	return f.err("org.dept", "this department cannot be saved")
}

func (s *Snapshot) checkUsers(f *findings, path string, users []string) {
	if len(users) > maxInList {
		*f = append(*f, fault.Field{Path: path, Code: "max_items", Message: fmt.Sprintf("at most %d people", maxInList), Params: map[string]any{"max": maxInList}})
		return
	}
	for i, id := range users {
		at := fmt.Sprintf("%s/%d", path, i)
		if s.users[id] == nil {
			f.add(at, "unknown", "there is no user %q", id)
		}
		if slices.Contains(users[:i], id) {
			f.add(at, "duplicate", "user %q is named twice", id)
		}
	}
}

// CheckRole tells what is wrong with a role: its id, unknown holders or departments.
func (s *Snapshot) CheckRole(r Role) error {
	var f findings
	if !rolePattern.MatchString(r.ID) {
		f.add("/id", "pattern", "a role is written app.role")
	}
	seen := map[string]bool{}
	for i, h := range r.Holders {
		at := fmt.Sprintf("/holders/%d", i)
		if s.users[h.User] == nil {
			f.add(at+"/user", "unknown", "there is no user %q", h.User)
		}
		if seen[h.User] {
			f.add(at+"/user", "duplicate", "user %q is named twice", h.User)
		}
		seen[h.User] = true
		s.checkDepts(&f, at+"/depts", h.Depts)
	}
	return f.err("org.role", "this role cannot be saved")
}
