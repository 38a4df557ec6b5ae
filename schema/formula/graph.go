package formula

import "sort"

// Order sorts the nodes of a graph so that each comes after what it depends
// on: nodes maps a name to the names it needs; needed names that are no nodes
// themselves are ignored. The order is the same on every call. If there is a
// cycle, order is nil and cycle names its members in the order they need each
// other, the first repeated at the end.
func Order(nodes map[string][]string) (order []string, cycle []string) {
	s := sorter{nodes: nodes, state: map[string]uint8{}}
	names := make([]string, 0, len(nodes))
	for n := range nodes {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		if s.visit(n); s.cycle != nil {
			return nil, s.cycle
		}
	}
	return s.order, nil
}

type sorter struct {
	nodes map[string][]string
	state map[string]uint8 // 1 on the path, 2 done
	path  []string
	order []string
	cycle []string
}

func (s *sorter) visit(n string) {
	needs, known := s.nodes[n]
	if !known || s.state[n] == 2 || s.cycle != nil {
		return
	}
	if s.state[n] == 1 {
		for i, p := range s.path {
			if p == n {
				s.cycle = append(append([]string(nil), s.path[i:]...), n)
			}
		}
		return
	}
	s.state[n] = 1
	s.path = append(s.path, n)
	needs = append([]string(nil), needs...)
	sort.Strings(needs)
	for _, need := range needs {
		s.visit(need)
	}
	s.path = s.path[:len(s.path)-1]
	s.state[n] = 2
	s.order = append(s.order, n)
}
