package eval

import (
	"encoding/json"

	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/formula"
)

// ClientForm is what the browser needs to compute a record as the server does.
// A tree is a formula as docs/formula-tree.md describes it; null where only
// the server can evaluate it.
type ClientForm struct {
	Computed []ClientComputed `json:"computed"` // in evaluation order
	Rules    []ClientRule     `json:"rules"`
	Checks   []ClientCheck    `json:"checks"`
	Title    json.RawMessage  `json:"titleTree"` // null = none
	// Defaults are the trees of formula defaults, by field path; server-only ones are absent.
	Defaults map[string]json.RawMessage `json:"defaults"`
	// TitleReads and DefaultReads are the names these formulas read, as Program.Deps gives them.
	TitleReads   []string            `json:"-"`
	DefaultReads map[string][]string `json:"-"`
}

// ClientComputed is one computed field or column ("lines.amount").
type ClientComputed struct {
	Field    string          `json:"field"`
	Tree     json.RawMessage `json:"tree"`
	Server   bool            `json:"server"`
	Volatile bool            `json:"volatile"`
	Reads    []string        `json:"-"` // as Program.Deps gives them: the row first
}

// ClientRule is a rule with trees.
type ClientRule struct {
	When  json.RawMessage `json:"when"`
	Then  ClientThen      `json:"then"`
	Else  *ClientThen     `json:"else,omitempty"`
	Reads []string        `json:"-"` // what the condition reads
}

// ClientThen is a branch of a rule.
type ClientThen struct {
	Show     []string    `json:"show,omitempty"`
	Hide     []string    `json:"hide,omitempty"`
	Require  []string    `json:"require,omitempty"`
	Optional []string    `json:"optional,omitempty"`
	Lock     []string    `json:"lock,omitempty"`
	Unlock   []string    `json:"unlock,omitempty"`
	Set      []ClientSet `json:"set,omitempty"`
}

// ClientSet assigns the value of a formula to a field.
type ClientSet struct {
	Field string          `json:"field"`
	Tree  json.RawMessage `json:"tree"`
	Reads []string        `json:"-"`
}

// ClientCheck is a check; the HTTP layer picks the language of the message.
type ClientCheck struct {
	Assert  json.RawMessage `json:"assert"`
	Message schema.Text     `json:"message"`
	Level   string          `json:"level"`
	Field   string          `json:"field"` // "" = the record as a whole
	Reads   []string        `json:"-"`
}

var noTree = json.RawMessage("null")

func tree(p *formula.Program) json.RawMessage {
	if p == nil || p.ServerOnly() {
		return noTree
	}
	return p.Tree()
}

func reads(p *formula.Program) []string {
	if p == nil {
		return nil
	}
	return p.Deps()
}

// Client exports the form's formulas for the browser.
func (f *Form) Client() ClientForm {
	out := ClientForm{
		Computed: []ClientComputed{}, Rules: []ClientRule{}, Checks: []ClientCheck{},
		Title: tree(f.title), TitleReads: reads(f.title), Defaults: map[string]json.RawMessage{}, DefaultReads: map[string][]string{},
	}
	for _, s := range f.steps {
		switch {
		case !s.byDefault:
			out.Computed = append(out.Computed, ClientComputed{Field: s.slot.path, Tree: tree(s.prog), Server: s.prog.ServerOnly(), Volatile: s.prog.Volatile(), Reads: s.prog.Deps()})
		case !s.prog.ServerOnly():
			out.Defaults[s.slot.path] = s.prog.Tree()
			out.DefaultReads[s.slot.path] = s.prog.Deps()
		}
	}
	for _, r := range f.rules {
		c := ClientRule{When: tree(r.when), Then: clientThen(r.then), Reads: reads(r.when)}
		if r.els != nil {
			t := clientThen(r.els)
			c.Else = &t
		}
		out.Rules = append(out.Rules, c)
	}
	for _, c := range f.checks {
		out.Checks = append(out.Checks, ClientCheck{Assert: tree(c.prog), Message: c.def.Message, Level: c.def.Level, Field: c.path, Reads: reads(c.prog)})
	}
	return out
}

func clientThen(b *branch) ClientThen {
	t := ClientThen{
		Show: paths(b.show), Hide: paths(b.hide), Require: paths(b.require),
		Optional: paths(b.optional), Lock: paths(b.lock), Unlock: paths(b.unlock),
	}
	for _, a := range b.sets {
		t.Set = append(t.Set, ClientSet{Field: a.slot.path, Tree: tree(a.prog), Reads: reads(a.prog)})
	}
	return t
}

func paths(slots []*slot) []string {
	var out []string
	for _, s := range slots {
		out = append(out, s.path)
	}
	return out
}
