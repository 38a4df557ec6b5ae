package formula

import "github.com/formwork-run/formwork/internal/decimal"

// node is one node of the checked tree; docs/formula-tree.md lists the operators.
type node struct {
	op     string
	kids   []*node
	str    string          // name of id, user, ".", col and call; text of "s"
	num    decimal.Decimal // of "n"
	k      int             // of "#", "#i" and var; 1 for a true "b"
	fn     *function       // of call
	typ    Type
	origin string // the dotted name this reads, "" if none
	from   int    // rune range in the text
	to     int
}

func (n *node) isBlankLiteral() bool { return n.op == "nil" || n.op == "s" && n.str == "" }

// span widens the range to the kids, so that an error marks the whole expression.
func (n *node) span() *node {
	for _, k := range n.kids {
		if k.to > k.from {
			n.from, n.to = min(n.from, k.from), max(n.to, k.to)
		}
	}
	return n
}

// array is the compact array the browser runs.
func (n *node) array() []any {
	out := []any{n.op}
	switch n.op {
	case "n":
		return append(out, n.num.String())
	case "s", "id", "user":
		return append(out, n.str)
	case "b":
		return append(out, n.k == 1)
	case "#", "#i", "var":
		return append(out, n.k)
	case ".", "col":
		return append(out, n.kids[0].array(), n.str)
	case "call":
		out = append(out, n.str)
	}
	for _, k := range n.kids {
		out = append(out, k.array())
	}
	return out
}

// walk visits the tree from the root.
func (n *node) walk(visit func(*node)) {
	visit(n)
	for _, k := range n.kids {
		k.walk(visit)
	}
}
