package pack

import (
	"strconv"
	"strings"

	"github.com/formwork-run/formwork/schema"
)

// readAccess joins roles.yaml and access/*.yaml into the app's one access part,
// and puts the problems found in it back to where they came from.
func (a *assembly) readAccess(forms map[string]*schema.Form) {
	m := &a.access
	m.root = &node{kind: kindObject}
	files := a.names("access/")
	if a.docs["roles.yaml"] != nil {
		files = append([]string{"roles.yaml"}, files...)
	}
	for _, name := range files {
		a.problems = append(a.problems, m.add(a.docs[name])...)
	}
	access, problems := schema.ParseAccess(a.app.Key, m.root.json(), forms)
	for _, p := range problems {
		a.problems = append(a.problems, m.locate(p))
	}
	if access != nil {
		a.app.Access = *access
	}
}

// accessMerge remembers which file each role, menu rule and group came from.
type accessMerge struct {
	root *node
	from map[string][]origin // list name → by index
}

type origin struct {
	doc   *document
	index int
}

var accessLists = []string{"roles", "menus", "groups"}

func (m *accessMerge) add(doc *document) []schema.Problem {
	r := &reader{doc: doc}
	known := keys{}
	for _, list := range accessLists {
		if doc.file == "roles.yaml" && list != "roles" {
			continue
		}
		known[list] = func(n *node) {
			if r.want(n, kindList) {
				m.append(list, doc, n.items)
			}
		}
	}
	r.object(doc.root, known)
	return r.problems
}

func (m *accessMerge) append(list string, doc *document, items []*node) {
	if m.from == nil {
		m.from = map[string][]origin{}
	}
	to := m.root.get(list)
	if to == nil {
		to = &node{kind: kindList}
		m.root.keys = append(m.root.keys, entry{name: list, value: to})
	}
	for i, item := range items {
		to.items = append(to.items, item)
		m.from[list] = append(m.from[list], origin{doc: doc, index: i})
	}
}

// locate turns "access#/groups/5/rows" into the file and place the group was read from.
func (m *accessMerge) locate(p schema.Problem) schema.Problem {
	_, ptr, _ := strings.Cut(p.Path, "#")
	parts := strings.SplitN(strings.TrimPrefix(ptr, "/"), "/", 3)
	if len(parts) < 2 {
		return p
	}
	i, err := strconv.Atoi(parts[1])
	if err != nil || i < 0 || i >= len(m.from[parts[0]]) {
		return p
	}
	o := m.from[parts[0]][i]
	p.Path = "#" + index("/"+parts[0], o.index)
	if len(parts) == 3 {
		p.Path += "/" + parts[2]
	}
	return o.doc.locate(p)
}

// place finds the node of an item of the merged access part.
func (m *accessMerge) place(list string, i int) (*document, *node) {
	o := m.from[list][i]
	return o.doc, o.doc.root.get(list).items[o.index]
}
