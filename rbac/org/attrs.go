package org

// Name is the name of a user, department or role ("users", "depts", "roles"); "" when unknown.
func (s *Snapshot) Name(kind, id string) string {
	switch kind {
	case UsersCollection:
		if u := s.users[id]; u != nil {
			return u.Name
		}
	case DeptsCollection:
		if d := s.depts[id]; d != nil {
			return d.Name
		}
	case RolesCollection:
		if r := s.roles[id]; r != nil {
			return r.Title.In("")
		}
	}
	return ""
}

// Attr is an attribute of a user in the stored form of formulas: id, name,
// login, state, lang, dept, depts, dept_name, manager, roles, avatar. nil when
// the user or the attribute is unknown, or it is not set.
func (s *Snapshot) Attr(id, attr string) any {
	u := s.users[id]
	if u == nil {
		return nil
	}
	main := ""
	if len(u.Depts) > 0 {
		main = u.Depts[0]
	}
	switch attr {
	case "id":
		return text(u.ID)
	case "name":
		return text(u.Name)
	case "login":
		return text(u.Login)
	case "state":
		return text(u.State)
	case "lang":
		return text(u.Lang)
	case "avatar":
		return text(u.Avatar)
	case "dept":
		return text(main)
	case "dept_name":
		return text(s.Name(DeptsCollection, main))
	case "depts":
		return list(u.Depts)
	case "roles":
		return list(s.rolesOf[u.ID])
	case "manager":
		if m := s.Manager(u.ID); len(m) > 0 {
			return m[0]
		}
	}
	return nil
}

// DeptAttr is an attribute of a department: id, name, path, parent, head (the
// first active one), heads (the active ones). nil as for Attr.
func (s *Snapshot) DeptAttr(id, attr string) any {
	d := s.depts[id]
	if d == nil {
		return nil
	}
	switch attr {
	case "id":
		return text(d.ID)
	case "name":
		return text(d.Name)
	case "path":
		return text(s.Path(id))
	case "parent":
		return text(d.Parent)
	case "heads":
		return list(s.active(d.Heads))
	case "head":
		if heads := s.active(d.Heads); len(heads) > 0 {
			return heads[0]
		}
	}
	return nil
}

// text is a value of formulas: nothing is nil, never "".
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}
