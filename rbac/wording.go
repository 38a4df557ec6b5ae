package rbac

import (
	"strings"

	"github.com/formwork-run/formwork/schema"
)

// Wording puts reasons in words for one reader. To somebody who asks about
// himself it tells nothing of groups that he is not in, and no condition of a
// group: a condition may be about what he may not see.
type Wording struct {
	Lang string // "en" for English, anything else for Chinese
	Self bool   // the reader is the subject
	Who  string // the subject's name, where he is not
	// Name is the name of a user, department or role ("users", "depts", "roles"), "" when unknown.
	Name func(kind, id string) string
	// Form is the form that is spoken of; nil names fields and buttons by their keys.
	Form *schema.Form
}

// Told is a reason in words. Group and Member are empty where the reader may not know them.
type Told struct {
	Allowed    bool   `json:"allowed"`
	Code       string `json:"code"`
	Source     string `json:"source"` // group, plane, flow, author, form
	Group      string `json:"group,omitempty"`
	GroupTitle string `json:"group_title,omitempty"`
	Member     string `json:"member,omitempty"`
	Text       string `json:"text"`
}

// Tell puts reasons in words, in their order. For the subject himself, the groups
// that he is not in are one line without a name.
func (w Wording) Tell(reasons []Reason) []Told {
	out, others := []Told{}, false
	for _, r := range reasons {
		if w.Self && r.Code == ReasonNotMember {
			if others {
				continue
			}
			others = true
		}
		out = append(out, w.One(r))
	}
	return out
}

// One puts one reason in words.
func (w Wording) One(r Reason) Told {
	t := Told{Allowed: r.Allowed, Code: r.Code, Source: sourceOf(r), Text: w.Text(r)}
	if w.Self && r.Code == ReasonNotMember {
		return t
	}
	t.Group = r.Group
	if r.Group != "" {
		t.GroupTitle = r.GroupTitle.In(w.Lang)
	}
	if r.Member != "" {
		t.Member = w.member(r.Member)
	}
	return t
}

func sourceOf(r Reason) string {
	switch r.Code {
	case ReasonAdmin, ReasonDataAdmin, ReasonKey:
		return "plane"
	case ReasonFlowPart, ReasonFlowNot, ReasonFlowField:
		return "flow"
	case ReasonAuthor, ReasonAuthorField, ReasonDraft, ReasonDeleted:
		return "author"
	}
	if r.Group != "" {
		return "group"
	}
	return "form"
}

// Text is the sentence of a reason.
func (w Wording) Text(r Reason) string {
	words := wordsZH
	if w.Lang == "en" {
		words = wordsEN
	}
	code := r.Code
	switch {
	case w.Self && words.says[code+"/self"] != "":
		code += "/self"
	case r.New && words.says[code+"/new"] != "":
		code += "/new"
	case !r.Allowed && words.says[code+"/not"] != "":
		code += "/not"
	}
	return strings.NewReplacer("{who}", w.who(words), "{be}", w.be(), "{op}", w.Op(r.Op), "{field}", w.FieldTitle(r.Field), "{right}", words.rights[r.Right.String()],
		"{group}", r.GroupTitle.In(w.Lang), "{member}", w.member(r.Member), "{members}", w.members(words, r.Members),
		"{range}", w.rangeText(words, r), "{node}", r.Node.In(w.Lang)).Replace(words.says[code])
}

func (w Wording) who(words words) string {
	if w.Self {
		return words.you
	}
	return w.Who
}

func (w Wording) be() string {
	if w.Self {
		return "are"
	}
	return "is"
}

// Op is the name of an operation; of a button, its title.
func (w Wording) Op(op string) string {
	words := wordsZH
	if w.Lang == "en" {
		words = wordsEN
	}
	if key, ok := schema.ButtonKey(op); ok && w.Form != nil {
		if b := w.Form.Button(key); b != nil {
			return strings.ReplaceAll(words.button, "{title}", b.Title.In(w.Lang))
		}
	}
	if name := words.ops[op]; name != "" {
		return name
	}
	return op
}

// FieldTitle is the title of a field, of a column with its subtable's.
func (w Wording) FieldTitle(path string) string {
	if w.Form == nil {
		return path
	}
	key, column, isColumn := strings.Cut(path, ".")
	f := w.Form.Field(key)
	if f == nil {
		return path
	}
	title := f.Title.In(w.Lang)
	if !isColumn {
		return orKey(title, key)
	}
	for _, c := range f.Columns {
		if c.Key == column {
			return orKey(title, key) + "." + orKey(c.Title.In(w.Lang), column)
		}
	}
	return path
}

func orKey(title, key string) string {
	if title == "" {
		return key
	}
	return title
}

func (w Wording) members(words words, members []string) string {
	var out []string
	for _, m := range members {
		out = append(out, w.member(m))
	}
	return strings.Join(out, words.comma)
}

// member says in words what makes somebody a member.
func (w Wording) member(member string) string {
	words := wordsZH
	if w.Lang == "en" {
		words = wordsEN
	}
	kind, ref, _ := strings.Cut(member, ":")
	names := map[string]string{"role": "roles", "dept": "depts", "tree": "depts", "user": "users"}
	switch {
	case member == memberAdmin || member == memberEveryone:
		return words.members[member]
	case kind == "plane":
		return words.members["plane"]
	case kind == "field":
		var titles []string
		for _, f := range strings.Split(ref, ", ") {
			titles = append(titles, w.FieldTitle(f))
		}
		ref = strings.Join(titles, words.comma)
	case names[kind] != "" && w.Name != nil:
		if name := w.Name(names[kind], ref); name != "" {
			ref = name
		}
	}
	return strings.ReplaceAll(words.members[kind], "{ref}", ref)
}

// rangeText says where a group holds. A formula is told to others than the
// subject only.
func (w Wording) rangeText(words words, r Reason) string {
	var parts []string
	switch list, byDept := strings.CutPrefix(r.Rows, schema.RowsDepts); {
	case byDept:
		parts = append(parts, strings.ReplaceAll(words.ranges[schema.RowsDepts], "{ref}", w.deptNames(words, list)))
	case words.ranges[r.Rows] != "":
		parts = append(parts, words.ranges[r.Rows])
	case w.Self:
		parts = append(parts, words.ranges["formula"])
	default:
		parts = append(parts, words.ranges["formula"]+words.colon+r.Rows)
	}
	if len(r.When) > 0 {
		parts = append(parts, strings.ReplaceAll(words.when, "{ref}", w.states(words, r.When)))
	}
	return strings.Join(parts, words.comma)
}

func (w Wording) deptNames(words words, list string) string {
	var names []string
	for ref := range strings.SplitSeq(list, ",") {
		ref = strings.TrimSpace(ref)
		if w.Name != nil && w.Name("depts", ref) != "" {
			ref = w.Name("depts", ref)
		}
		names = append(names, ref)
	}
	return strings.Join(names, words.comma)
}

func (w Wording) states(words words, states []string) string {
	var out []string
	for _, s := range states {
		out = append(out, words.states[s])
	}
	return strings.Join(out, words.comma)
}
