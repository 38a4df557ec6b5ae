package pack

import (
	"strings"

	"github.com/formwork-run/formwork/schema"
)

// checkData checks forms and aliases of the sample records.
func (a *assembly) checkData(p *Pack) {
	aliases := map[string]string{} // alias → form
	for _, f := range p.Data {
		for _, r := range f.Records {
			a.checkRecord(r)
			if r.As == "" {
				continue
			}
			if _, twice := aliases[r.As]; twice {
				a.at(a.docs[r.File], r.ptr+"/as", "alias.twice", "the alias %q is already used", r.As)
			}
			aliases[r.As] = r.Form
		}
	}
	for _, f := range p.Data {
		for _, r := range f.Records {
			a.checkAliases(r, aliases)
		}
	}
	_, circular := orderRecords(p.Data, a.find, a.app.Key)
	for _, r := range circular {
		a.at(a.docs[r.File], r.ptr, "record.circle", "this record points, through others, to itself: it can never be imported")
	}
}

// checkRecord checks the form of a record, and that its case states make sense for it.
func (a *assembly) checkRecord(r Record) {
	doc := a.docs[r.File]
	form, why := a.form(r.Form)
	if form == nil {
		a.at(doc, r.ptr+"/form", "reference.form", "%s", why)
		return
	}
	if form.Flow == "" && (len(r.Steps) > 0 || r.State != "" && r.State != "draft") {
		a.at(doc, r.ptr+"/case", "record.no_flow", "form %q has no flow, so a record of it has no case", form.Ref())
		return
	}
	if len(r.Fill) == 0 {
		return
	}
	app, _ := a.reach(form.App)
	flow := app.Flow(form.Flow)
	for nodeID := range r.Fill {
		if flow != nil && findNode(flow.Nodes, nodeID) == nil {
			a.at(doc, pointer(r.ptr+"/fill", nodeID), "reference.node", "flow %q has no node %q", flow.Key, nodeID)
		}
	}
}

// checkAliases checks that record aliases exist; people are known only where the data is imported.
func (a *assembly) checkAliases(r Record, own map[string]string) {
	for _, use := range r.aliases(a.find) {
		app, key, _ := strings.Cut(fullRef(a.app.Key, use.name), ".")
		if use.user || app != a.app.Key {
			continue
		}
		if _, ok := own[key]; !ok {
			a.at(a.docs[r.File], r.ptr+use.ptr, "alias.unknown", "no record of this pack has the alias %q", key)
		}
	}
}

func findNode(nodes []*schema.Node, id string) *schema.Node {
	for _, n := range nodes {
		if n.ID == id {
			return n
		}
		for _, b := range n.Branches {
			if x := findNode(b.Nodes, id); x != nil {
				return x
			}
		}
	}
	return nil
}
