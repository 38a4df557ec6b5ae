package runtime_test

import (
	"slices"
	"strings"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/storage"
)

// reference says what a user may know, straight from the definitions: slow,
// and with nothing in common with what it judges.
type reference struct {
	z    *zoo
	acc  schema.Access
	user string
}

var (
	zooDept  = map[string]string{"ann": "works", "amy": "site", "bob": "works", "hugo": "works", "eve": "hq"}
	zooUnder = map[string][]string{"hq": {"hq", "works", "site"}, "works": {"works", "site"}, "site": {"site"}}
)

func (x *animal) everything() map[string]string {
	out := map[string]string{"comment": x.comment, "old secret": x.old}
	for f, w := range x.words {
		out[f] = w
	}
	for f, w := range out {
		if w == "" {
			delete(out, f)
		}
	}
	return out
}

// learned are all words that the user may know.
func (r *reference) learned() map[string]bool {
	words := map[string]bool{}
	for _, x := range slices.Concat(r.z.docs, r.z.notes) {
		r.learn(x, words)
	}
	for _, x := range r.z.gone { // the title is all that the trash tells
		if r.restores(x) && r.groupReads(x, "name") {
			words[x.words["name"]] = true
		}
	}
	return words
}

// restores: he may bring it back from the trash; a draft is its author's.
func (r *reference) restores(x *animal) bool {
	if x.doc["state"] == "draft" && x.doc["created_by"] != r.user {
		return false
	}
	return r.byGroup(x.form, x.doc) && slices.ContainsFunc(r.acc.Groups, func(g schema.GroupDef) bool {
		return "zoo."+g.Form == x.form && slices.Contains(g.Can, schema.OpRestore) && r.member(g, x.doc) && r.holds(g, x.doc)
	})
}

// learn notes the words of a record that the user may know.
func (r *reference) learn(x *animal, words map[string]bool) {
	if !r.visible(x) {
		return
	}
	words[x.comment] = true
	for f, w := range x.words {
		if r.readable(x, f) {
			words[w] = true
		}
	}
	if r.readable(x, "secret") {
		words[x.old] = true
	}
}

func (r *reference) draft(x *animal) bool { return x.doc["state"] == "draft" }

func (r *reference) visible(x *animal) bool {
	d := x.doc
	if d["state"] == "draft" {
		return d["created_by"] == r.user
	}
	return r.byGroup(x.form, d) || r.part(x, d)
}

func (r *reference) byGroup(form string, d storage.Doc) bool {
	for _, g := range r.acc.Groups {
		if "zoo."+g.Form == form && slices.Contains(g.Can, schema.OpView) && r.member(g, d) && r.holds(g, d) {
			return true
		}
	}
	return false
}

func (r *reference) member(g schema.GroupDef, d storage.Doc) bool {
	return slices.ContainsFunc(g.Members, func(m schema.MemberDef) bool {
		switch {
		case m.Everyone:
			return true
		case m.User != "":
			return m.User == r.user
		case m.Dept != "" && m.Children:
			return slices.Contains(zooUnder[m.Dept], zooDept[r.user])
		case m.Dept != "":
			return m.Dept == zooDept[r.user]
		case m.Field == "note.team":
			return d != nil && r.inTeam(d)
		}
		return d != nil && d["data"].(map[string]any)[m.Field] == r.user
	})
}

func (r *reference) holds(g schema.GroupDef, d storage.Doc) bool {
	if len(g.When) > 0 {
		c, _ := d["case"].(map[string]any)
		state, _ := c["state"].(string)
		if !slices.Contains(g.When, state) {
			return false
		}
	}
	dept, _ := d["dept"].(string)
	data, _ := d["data"].(map[string]any)
	switch g.Rows {
	case "", "all":
		return true
	case "mine":
		return d["created_by"] == r.user
	case "my_dept":
		return dept == zooDept[r.user]
	case "my_depts":
		return slices.Contains(zooUnder[zooDept[r.user]], dept)
	case "headed":
		return r.user == "hugo" && slices.Contains(zooUnder["works"], dept)
	case "took_part":
		return r.asked(d)
	case "depts:site":
		return dept == "site"
	case "owner == USER.id":
		return data["owner"] == r.user
	}
	return r.inTeam(d) // note in MY(…)
}

// inTeam: he is in the team of the note that a doc points to.
func (r *reference) inTeam(d storage.Doc) bool {
	data, _ := d["data"].(map[string]any)
	note, _ := data["note"].(string)
	for i, n := range r.z.notes {
		if n.id == note {
			return zooUsers[i%5] == r.user || zooUsers[(i+2)%5] == r.user
		}
	}
	return false
}

// tasks are those of the user in a record's case that he was ever shown.
func (r *reference) tasks(d storage.Doc) (out []engine.Task, c engine.Case) {
	raw, _ := d["case"].(map[string]any)
	if raw == nil || d["state"] == "draft" {
		return nil, c
	}
	c, err := engine.FromDoc(raw)
	if err != nil {
		panic(err)
	}
	for _, t := range c.Tasks {
		if t.Assignee == r.user && !t.OpenedAt.IsZero() && t.State != engine.TaskSkipped {
			out = append(out, t)
		}
	}
	return out, c
}

func (r *reference) asked(d storage.Doc) bool { l, _ := r.tasks(d); return len(l) > 0 }

func (r *reference) part(x *animal, d storage.Doc) bool {
	return x.form == "zoo.doc" && d["state"] == "active" && (r.asked(d) || d["created_by"] == r.user)
}

// limits tells whether a list of names limits a field: itself or its subtable.
func limits(names []string, f string) bool {
	table, _, _ := strings.Cut(f, ".")
	return slices.Contains(names, f) || slices.Contains(names, table)
}

func shown(g schema.GroupDef, f string) bool {
	return !limits(g.Fields.Hide, f) && !limits(g.Fields.Mask, f)
}

// readable: what a visible record shows of a field, in full.
func (r *reference) readable(x *animal, f string) bool {
	d := x.doc
	if d["state"] == "draft" {
		return r.creates(x.form, f)
	}
	return r.groupReads(x, f) || r.part(x, d) && r.atNode(x, d, f)
}

// groupReads: some group that shows him the record, or lets him edit it, shows the field.
func (r *reference) groupReads(x *animal, f string) bool {
	return r.byGroup(x.form, x.doc) && slices.ContainsFunc(r.acc.Groups, func(g schema.GroupDef) bool {
		return "zoo."+g.Form == x.form && (slices.Contains(g.Can, schema.OpView) || slices.Contains(g.Can, schema.OpEdit)) &&
			r.member(g, x.doc) && r.holds(g, x.doc) && shown(g, f)
	})
}

// creates: what somebody may see of a record that he makes himself.
func (r *reference) creates(form, f string) bool {
	for _, g := range r.acc.Groups {
		if "zoo."+g.Form == form && slices.Contains(g.Can, schema.OpCreate) && r.member(g, nil) && shown(g, f) {
			return true
		}
	}
	return false
}

var zooHides = map[string][]string{"one": {"secret", "lines.b"}, "two": {"amount", "name", "lines"}, "three": {"phone", "file"}, "start": nil}

func (r *reference) atNode(x *animal, d storage.Doc, f string) bool {
	mine, c := r.tasks(d)
	own := d["created_by"] == r.user
	var nodes []string
	for _, t := range mine {
		if t.State == engine.TaskOpen {
			nodes = append(nodes, t.Node)
		}
	}
	if len(nodes) == 0 && len(mine) > 0 {
		nodes = append(nodes, mine[len(mine)-1].Node)
		if own {
			nodes = append(nodes, "start")
		}
	}
	if own && (len(nodes) == 0 || nodes[0] == "start") && r.mayCreate(x.form) {
		return r.creates(x.form, f) // no more than a creator sees
	}
	if len(nodes) == 0 {
		nodes = []string{"start"}
	}
	_ = c
	return slices.ContainsFunc(nodes, func(n string) bool { return !limits(zooHides[n], f) })
}

func (r *reference) mayCreate(form string) bool {
	return slices.ContainsFunc(r.acc.Groups, func(g schema.GroupDef) bool {
		return "zoo."+g.Form == form && slices.Contains(g.Can, schema.OpCreate) && r.member(g, nil)
	})
}
