package org

import (
	"cmp"
	"slices"
	"strings"
)

func (s *Snapshot) deptsInOrder() []string {
	order := sorted(s.depts)
	slices.SortStableFunc(order, func(a, b string) int {
		x, y := s.depts[a], s.depts[b]
		return cmp.Or(cmp.Compare(x.Order, y.Order), cmp.Compare(x.Name, y.Name))
	})
	return order
}

// nameDepts maps names and paths to ids. A name that two departments have means
// neither: a rule that names it must say which, by its path or id.
func (s *Snapshot) nameDepts() {
	seen := map[string]int{}
	for _, id := range sorted(s.depts) {
		names := []string{s.depts[id].Name}
		if path := s.Path(id); path != names[0] {
			names = append(names, path)
		}
		for _, name := range names {
			seen[name]++
			s.deptNames[name] = id
		}
	}
	for name, n := range seen {
		if _, isID := s.depts[name]; n > 1 || isID {
			delete(s.deptNames, name)
		}
	}
}

// DeptID finds a department by id, by name, or by path ("总部/工程部"); "" when
// there is none, or several have the name.
func (s *Snapshot) DeptID(ref string) string {
	if s.depts[ref] != nil {
		return ref
	}
	return s.deptNames[ref]
}

// Path is a department's name with those above it: "总部/工程部".
func (s *Snapshot) Path(id string) string {
	var names []string
	for _, up := range s.Above(id) {
		names = append(names, s.depts[up].Name)
	}
	slices.Reverse(names)
	return strings.Join(names, "/")
}

// Above lists a department and those above it, itself first.
func (s *Snapshot) Above(id string) []string {
	var out []string
	// A race of two moves can leave a cycle in the store; it must not hang a reader.
	for d := s.depts[id]; d != nil && !slices.Contains(out, d.ID); d = s.depts[d.Parent] {
		out = append(out, d.ID)
	}
	return out
}

// Below lists a department and all below it, itself first; nothing when there is no such department.
func (s *Snapshot) Below(id string) []string {
	if s.depts[id] == nil {
		return nil
	}
	out, seen := []string{id}, map[string]bool{id: true}
	for i := 0; i < len(out); i++ {
		for _, c := range s.children[out[i]] {
			if !seen[c] {
				seen[c] = true
				out = append(out, c)
			}
		}
	}
	return out
}
