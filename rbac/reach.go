package rbac

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/formwork-run/formwork/schema"
)

// Reach is a place of a definition that reads records of another form with the
// rights of the app, or writes them: whoever sees the place learns what it read.
type Reach struct {
	Place  string // "forms/note#price", "flows/note#stock"
	From   string // key of the form it belongs to
	To     string // "app.form"
	Writes bool   // a flow makes or changes records there, or starts their flows

	text string
}

// Reaches are the places of a changed definition that reach into another form and
// were not there, or read otherwise: formulas with LOOKUP or ROLLUP or through a
// relation, lookup and rollup fields, data and subflow nodes. forms finds those of
// other apps. The order is that of the definition.
func Reaches(before, after *schema.App, forms schema.Forms) []Reach {
	had := map[Reach]bool{}
	for _, r := range reachesOf(before, forms) {
		had[r] = true
	}
	return slices.DeleteFunc(reachesOf(after, forms), func(r Reach) bool { return had[r] })
}

func reachesOf(app *schema.App, forms schema.Forms) []Reach {
	c := &reachFinder{app: app.Key, forms: func(ref string) *schema.Form {
		if key, own := strings.CutPrefix(ref, app.Key+"."); own {
			return app.Form(key)
		}
		return forms(ref)
	}}
	for _, f := range app.Forms {
		c.form(f)
	}
	for _, fl := range app.Flows {
		if f := app.Form(fl.Form); f != nil {
			fl.Walk(func(n *schema.Node, _ string) { c.node(f, "flows/"+fl.Key+"#"+n.ID, n) })
		}
	}
	return c.found
}

type reachFinder struct {
	app   string
	forms schema.Forms
	found []Reach
}

func (c *reachFinder) add(place, from, to, text string, writes bool) {
	if !strings.Contains(to, ".") {
		to = c.app + "." + to
	}
	if to != c.app+"."+from || writes {
		c.found = append(c.found, Reach{place, from, to, writes, text})
	}
}

func (c *reachFinder) form(f *schema.Form) {
	at := "forms/" + f.Key + "#"
	for _, fd := range f.Fields {
		c.field(f, at+fd.Key, f.Fields, fd)
		for _, col := range fd.Columns {
			c.field(f, at+fd.Key+"."+col.Key, fd.Columns, col)
		}
	}
	c.text(f, at+"titleFormula", f.TitleFormula, f)
	for _, r := range f.Rules {
		c.text(f, at+"rules", r.When, f)
		for _, t := range []*schema.RuleThen{&r.Then, r.Else} {
			if t == nil {
				continue
			}
			for _, a := range t.Set {
				c.text(f, at+"rules", a.Value, f)
			}
		}
	}
	for _, x := range f.Checks {
		c.text(f, at+"checks", x.Assert, f)
	}
}

func (c *reachFinder) field(f *schema.Form, at string, beside []*schema.Field, fd *schema.Field) {
	c.text(f, at, fd.Formula, f)
	c.text(f, at, fd.DefaultExpr, f)
	if fd.Relation != nil {
		c.text(f, at, fd.Relation.Filter, f)
	}
	l := fd.Link
	if l == nil || l.Field == "" && l.Fn == "" {
		return // a list of other records is shown with the reader's rights
	}
	to := l.Form
	for _, via := range slices.Concat(beside, f.Fields) {
		if to == "" && via.Key == l.Via && via.Relation != nil {
			to = via.Relation.Form
		}
	}
	if to != "" {
		c.add(at, f.Key, to, strings.Join([]string{l.Form, l.Match, l.Via, l.Field, l.Fn, l.Where}, "|"), false)
	}
}

// node finds what a node names in its formulas, and the form it works on.
func (c *reachFinder) node(f *schema.Form, at string, n *schema.Node) {
	alone := *n
	alone.Branches = nil
	for _, b := range n.Branches {
		b.Nodes = nil
		alone.Branches = append(alone.Branches, b)
	}
	seen := []*schema.Form{f}
	work := ""
	switch {
	case n.Data != nil:
		work = n.Data.Form
	case n.Subflow != nil:
		work = n.Subflow.Form
	}
	raw, err := json.Marshal(alone)
	if err != nil {
		return // it came from JSON
	}
	if work != "" {
		to := work
		if !strings.Contains(to, ".") {
			to = c.app + "." + to
		}
		c.add(at, f.Key, to, string(raw), true)
		if t := c.forms(to); t != nil {
			seen = append(seen, t)
		}
	}
	var all any
	if json.Unmarshal(raw, &all) == nil {
		c.leaves(f, at, all, seen)
	}
}

func (c *reachFinder) leaves(f *schema.Form, at string, v any, over []*schema.Form) {
	switch x := v.(type) {
	case string:
		c.text(f, at, x, over...)
	case []any:
		for _, e := range x {
			c.leaves(f, at, e, over)
		}
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(x)) {
			c.leaves(f, at, x[k], over)
		}
	}
}

var (
	formsAsked = regexp.MustCompile(`\b(?:LOOKUP|ROLLUP)\s*\(\s*["']([^"']+)["']`)
	namesRead  = regexp.MustCompile(`[a-z][a-z0-9_]*(?:\s*\??\.\s*[a-z][a-z0-9_]*)+`)
	betweenTwo = regexp.MustCompile(`\s*\??\.\s*`)
)

// text finds the forms that a formula over some of these forms reads. Where a name
// could mean several things, all are found.
func (c *reachFinder) text(f *schema.Form, at, src string, over ...*schema.Form) {
	for _, m := range formsAsked.FindAllStringSubmatch(src, -1) {
		c.add(at, f.Key, m[1], src, false)
	}
	for _, name := range namesRead.FindAllString(src, -1) {
		for _, start := range over {
			parts := betweenTwo.Split(name, -1)
			if parts[0] == "form" || parts[0] == "row" {
				parts = parts[1:]
			}
			c.follow(f, at, src, start, parts)
		}
	}
}

// follow walks a dotted name through subtables and relations.
func (c *reachFinder) follow(f *schema.Form, at, src string, over *schema.Form, parts []string) {
	if len(parts) < 2 {
		return
	}
	fields := over.Fields
	for _, t := range over.Fields { // in a row, its columns are names of their own
		fields = slices.Concat(fields, t.Columns)
	}
	for _, fd := range fields {
		switch {
		case fd.Key != parts[0]:
		case fd.Type == schema.TypeSubtable:
			c.follow(f, at, src, &schema.Form{Fields: fd.Columns}, parts[1:])
		case fd.Relation != nil && parts[1] != "id":
			c.add(at, f.Key, fd.Relation.Form, src, false)
			if to := c.forms(fd.Relation.Form); to != nil {
				c.follow(f, at, src, to, parts[1:])
			}
		}
	}
}
