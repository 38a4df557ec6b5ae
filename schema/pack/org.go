package pack

import (
	"github.com/formwork-run/formwork/schema"
)

// Org is an organisation as a file: departments and people for demonstrations and tests.
type Org struct {
	Depts []OrgDept
	Users []OrgUser
}

// OrgDept is a department.
type OrgDept struct {
	// Key is how the file and sample data name it.
	Key    string
	Title  schema.Text
	Parent string // key, "" = at the top
	Head   string // user key, "" = none
}

// OrgUser is a person.
type OrgUser struct {
	// Key is the login name, and the alias in sample data.
	Key   string
	Name  schema.Text
	Title schema.Text // what he is, for the login page of a demonstration
	Depts []string    // department keys, the main one first
	Roles []string    // "app.role"
	// Manager is the direct manager's key, "" = the head of the department.
	Manager string
	Phone   string
	Email   string
	Admin   bool
}

// ReadOrg reads an organisation file. Its password, if any, is not in it: the
// caller decides with what people log in.
func ReadOrg(file string, src []byte) (*Org, []schema.Problem) {
	doc, problems := parseYAML(file, src)
	if len(problems) > 0 {
		return nil, problems
	}
	r := &reader{doc: doc}
	o := &Org{}
	r.object(doc.root, keys{
		"depts": r.each(func(n *node) { o.Depts = append(o.Depts, r.orgDept(n)) }),
		"users": r.each(func(n *node) { o.Users = append(o.Users, r.orgUser(n)) }),
	})
	r.required(doc.root, "users")
	if len(r.problems) == 0 {
		r.checkOrg(o)
	}
	return o, r.problems
}

func (r *reader) orgDept(n *node) OrgDept {
	var d OrgDept
	r.object(n, keys{
		"key": r.text(&d.Key), "title": r.localised(&d.Title), "parent": r.text(&d.Parent), "head": r.text(&d.Head),
	})
	r.required(n, "key", "title")
	return d
}

func (r *reader) orgUser(n *node) OrgUser {
	var u OrgUser
	r.object(n, keys{
		"key": r.text(&u.Key), "name": r.localised(&u.Name), "title": r.localised(&u.Title),
		"depts": r.texts(&u.Depts), "roles": r.texts(&u.Roles), "manager": r.text(&u.Manager),
		"phone": r.text(&u.Phone), "email": r.text(&u.Email), "admin": r.flag(&u.Admin),
	})
	r.required(n, "key", "name")
	return u
}

// checkOrg checks that keys are unique, names lead somewhere, and departments form a tree.
func (r *reader) checkOrg(o *Org) {
	depts, users := map[string]string{}, map[string]bool{}
	for i, d := range o.Depts {
		r.orgKey(index("/depts", i), d.Key, depts[d.Key] != "")
		depts[d.Key] = "/" + d.Parent
	}
	for i, u := range o.Users {
		r.orgKey(index("/users", i), u.Key, users[u.Key])
		users[u.Key] = true
	}
	missing := func(ptr, key string, ok bool) {
		if key != "" && !ok {
			n, _ := r.doc.root.find(ptr)
			r.fail(n, "reference.org", "there is no %q in this file", key)
		}
	}
	for i, d := range o.Depts {
		missing(index("/depts", i)+"/parent", d.Parent, depts[d.Parent] != "")
		missing(index("/depts", i)+"/head", d.Head, users[d.Head])
		if circular(depts, d.Key) {
			n, _ := r.doc.root.find(index("/depts", i) + "/parent")
			r.fail(n, "org.circle", "department %q is, through others, below itself", d.Key)
		}
	}
	for i, u := range o.Users {
		missing(index("/users", i)+"/manager", u.Manager, users[u.Manager])
		for j, key := range u.Depts {
			missing(index(index("/users", i)+"/depts", j), key, depts[key] != "")
		}
	}
}

func (r *reader) orgKey(ptr, key string, taken bool) {
	n, _ := r.doc.root.find(ptr + "/key")
	switch {
	case !aliasPattern.MatchString(key):
		r.fail(n, "alias", "%q is not a key: lower-case letters, digits, _ and -", key)
	case taken:
		r.fail(n, "alias.twice", "%q is already used", key)
	}
}

// circular follows parents ("/key" each) upwards from a department.
func circular(parents map[string]string, from string) bool {
	at := from
	for range parents {
		up := parents[at]
		if len(up) <= 1 {
			return false
		}
		if at = up[1:]; at == from {
			return true
		}
	}
	return false
}
