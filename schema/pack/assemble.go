package pack

import (
	"slices"
	"strings"

	"github.com/formwork-run/formwork/schema"
)

// assembly is a pack being read.
type assembly struct {
	files     map[string][]byte
	docs      map[string]*document
	meta      Meta
	app       *schema.App
	access    accessMerge
	installed []*schema.App
	problems  []schema.Problem
}

// assemble turns collected files into a pack.
func assemble(c *collector, installed []*schema.App) (*Pack, []schema.Problem) {
	a := &assembly{files: c.files, docs: map[string]*document{}, problems: c.problems, installed: installed}
	a.parseAll()
	if a.docs["pack.yaml"] == nil {
		if _, there := a.files["pack.yaml"]; !there {
			a.problems = append(a.problems, fileProblem("pack.yaml", "pack.no_meta", "the pack has no pack.yaml"))
		}
		return nil, a.problems
	}
	a.readMeta()
	a.translate()
	a.readDefinitions()
	p := &Pack{Meta: a.meta, App: a.app, Source: a.files}
	a.readTests(p)
	switch {
	case len(a.docs) < a.yamlFiles():
		a.dropConsequences()
	case !schema.HasErrors(a.problems):
		a.checkAll(p)
	}
	a.checkDigest()
	sortProblems(a.problems)
	return p, a.problems
}

func (a *assembly) parseAll() {
	for _, name := range sortedNames(a.files) {
		if !strings.HasSuffix(name, ".yaml") {
			continue
		}
		doc, problems := parseYAML(name, a.files[name])
		a.problems = append(a.problems, problems...)
		if doc != nil && len(problems) == 0 {
			a.docs[name] = doc
		}
	}
}

func (a *assembly) yamlFiles() int {
	n := 0
	for name := range a.files {
		if strings.HasSuffix(name, ".yaml") {
			n++
		}
	}
	return n
}

// dropConsequences drops references to what is missing only because its file could not be read.
func (a *assembly) dropConsequences() {
	a.problems = slices.DeleteFunc(a.problems, func(p schema.Problem) bool {
		return strings.HasPrefix(p.Code, "reference.") || p.Code == "i18n.place"
	})
}

// names lists the parsed files of a folder ("forms/"), sorted.
func (a *assembly) names(folder string) []string {
	var out []string
	for _, name := range sortedNames(a.files) {
		if strings.HasPrefix(name, folder) && a.docs[name] != nil {
			out = append(out, name)
		}
	}
	return out
}

// take places the problems of a parser of package schema in their file.
func (a *assembly) take(doc *document, problems []schema.Problem) {
	for _, p := range problems {
		a.problems = append(a.problems, doc.locate(p))
	}
}

// readMeta reads pack.yaml: the pack's own keys here, the app's by schema.ParseAppMeta.
func (a *assembly) readMeta() {
	doc := a.docs["pack.yaml"]
	r := &reader{doc: doc}
	a.meta.Lang = "zh-CN"
	rest := &node{kind: kindObject}
	if r.want(doc.root, kindObject) {
		for _, e := range doc.root.keys {
			switch e.name {
			case "digest":
				r.text(&a.meta.Digest)(e.value)
			case "lang":
				r.text(&a.meta.Lang)(e.value)
				if !schema.IsLanguageTag(a.meta.Lang) {
					r.fail(e.value, "text.language", "%q is not a language such as zh-CN or en", a.meta.Lang)
				}
			default:
				rest.keys = append(rest.keys, e)
			}
		}
	}
	a.problems = append(a.problems, r.problems...)
	app, problems := schema.ParseAppMeta(rest.json())
	a.take(doc, problems)
	a.app = app
	a.meta.Key, a.meta.Version, a.meta.Title, a.meta.Description = app.Key, app.Version, app.Title, app.Description
	a.meta.Icon, a.meta.Requires, a.meta.Optional = app.Icon, app.Requires, app.Optional
}

// readDefinitions reads forms first: flows, access and views refer to them.
func (a *assembly) readDefinitions() {
	forms := map[string]*schema.Form{}
	for _, name := range a.names("forms/") {
		key := a.itemKey(name)
		form, problems := schema.ParseForm(a.app.Key, key, a.docs[name].root.json())
		a.take(a.docs[name], problems)
		if form != nil {
			a.app.Forms = append(a.app.Forms, form)
			forms[key] = form
		}
	}
	for _, name := range a.names("flows/") {
		flow, problems := schema.ParseFlow(a.app.Key, a.itemKey(name), a.docs[name].root.json())
		a.take(a.docs[name], problems)
		if flow != nil {
			a.app.Flows = append(a.app.Flows, flow)
		}
	}
	for _, name := range a.names("views/") {
		view, problems := schema.ParseView(a.app.Key, a.itemKey(name), a.docs[name].root.json())
		a.take(a.docs[name], problems)
		a.app.Views = append(a.app.Views, view)
	}
	a.readAccess(forms)
}

// itemKey is the key of a definition by its file; a key in the file must be the same.
func (a *assembly) itemKey(name string) string {
	_, base, _ := strings.Cut(name, "/")
	key := strings.TrimSuffix(base, ".yaml")
	root := a.docs[name].root
	if own := root.get("key"); own != nil && own.text != key {
		a.problems = append(a.problems, a.docs[name].problem(own, "key.mismatch", "the key is %q but the file is named %s", own.text, base))
	}
	return key
}

// readTests reads sample data and scenarios.
func (a *assembly) readTests(p *Pack) {
	for _, name := range a.names("data/") {
		f, problems := parseData(a.docs[name], a.app.Key)
		a.problems = append(a.problems, problems...)
		p.Data = append(p.Data, f)
	}
	for _, name := range a.names("scenarios/") {
		s, problems := parseScenarios(a.docs[name], a.app.Key)
		a.problems = append(a.problems, problems...)
		p.Scenarios = append(p.Scenarios, s...)
	}
}

func (a *assembly) checkDigest() {
	if a.meta.Digest == "" {
		return
	}
	if sum := digest(a.files); sum != a.meta.Digest {
		doc := a.docs["pack.yaml"]
		a.problems = append(a.problems, doc.problem(doc.root.get("digest"), "pack.digest",
			"the files do not match the digest: the pack was changed after it was built (take the line out, or build again)"))
	}
}
