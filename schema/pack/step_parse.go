package pack

import (
	"encoding/json"
	"slices"
	"strings"
)

// step reads one step; expect is allowed in scenarios only.
func (r *scenarioReader) step(n *node, inScenario bool) Step {
	s := Step{Line: n.line, ptr: n.ptr, Expect: Expect{Count: -1}}
	known := keys{}
	for kind := range stepKeys {
		if !inScenario && !slices.Contains(historyKinds, kind) {
			continue
		}
		known[kind] = func(n *node) {
			if s.Kind != "" {
				r.fail(n, "step.two_actions", "a step has one action; this one has %s and %s", s.Kind, kind)
				return
			}
			s.Kind = kind
			r.action(&s, n, inScenario)
		}
	}
	if inScenario {
		known["expect"] = r.expect(&s.Expect)
	}
	if r.object(n, known) && s.Kind == "" {
		r.fail(n, "step.no_action", "a step has one action out of %s", stepNames(known))
	}
	return s
}

func stepNames(k keys) string {
	rest := keys{}
	for name, f := range k {
		if name != "expect" {
			rest[name] = f
		}
	}
	return known(rest)
}

// action reads what stands under approve:, submit: and so on.
func (r *scenarioReader) action(s *Step, n *node, inScenario bool) {
	all := keys{
		"form":    r.ref(&s.Form),
		"as":      r.aliasText(&s.As),
		"case":    r.text(&s.Record),
		"record":  r.text(&s.Record),
		"data":    r.wire(&s.Data),
		"unset":   r.texts(&s.Unset),
		"rows":    r.wire(&s.Rows),
		"comment": r.text(&s.Comment),
		"to":      r.oneOrMany(&s.To, &s.Others),
		"where":   r.oneOf(&s.Where, "before", "after", "beside"),
		"mention": r.texts(&s.Mention),
		"files":   r.texts(&s.Files),
		"sign":    r.flag(&s.Sign),
		"choose":  r.choose(&s.Choose),
		"from":    r.text(&s.From),
		"hours":   r.int(&s.Hours),
		"minutes": r.int(&s.Minutes),
		"days":    r.int(&s.Days),
		"until":   r.when(&s.Until),
		"forms":   r.texts(&s.Forms),
		"item":    r.int(&s.Item),
		"result":  r.text(&s.Result),
		"failed":  r.text(&s.Failed),
		"answer":  r.wire(&s.Answer),
		"node":    r.text(&s.Node),
		"back":    r.flag(&s.Back),
		"filter":  r.text(&s.Filter),
		"sort":    r.texts(&s.Sort),
		"q":       r.text(&s.Query),
		"view":    r.text(&s.View),
	}
	allowed := keys{"by": r.text(&s.By), "at": r.when(&s.At)}
	for _, name := range stepKeys[s.Kind] {
		if !inScenario && (name == "case" || name == "record" || name == "form" || name == "as") {
			continue
		}
		allowed[name] = all[name]
	}
	if !r.object(n, allowed) {
		return
	}
	if !slices.Contains(idle, s.Kind) {
		r.required(n, "by")
	}
	r.checkTarget(s, n, inScenario)
}

// checkTarget checks that a step says what it acts on.
func (r *scenarioReader) checkTarget(s *Step, n *node, inScenario bool) {
	switch {
	case slices.Contains(needTo, s.Kind) && s.To == "" && len(s.Others) == 0:
		r.required(n, "to")
	case s.Kind == "wait" && !s.waits():
		r.fail(n, "step.wait", "say how long: hours, minutes or days, a year at most")
	case s.Kind == "delegation" && s.Until.IsZero():
		r.required(n, "until")
	case (s.Kind == "result" || s.Kind == "started") && s.Node == "":
		r.required(n, "node")
	case s.Kind == "started" && s.As == "":
		r.required(n, "as")
	case len(s.Answer) > 0 && s.Result+s.Failed != "":
		r.fail(n, "step.result", "a call either has an answer or has failed")
	case !inScenario || slices.Contains(caseless, s.Kind):
	case s.Kind == "list":
		r.required(n, "form")
	case s.Kind == "submit" || s.Kind == "save":
		if (s.Form == "") == (s.Record == "") {
			r.fail(n, "step.target", "%s names either a form (for a new record) or a record", s.Kind)
		}
	case s.Record == "":
		r.fail(n, "required", `"case" is missing: which record is this about?`)
	}
}

// waits reports that a wait has a length, none of it negative, of a year at most.
func (s *Step) waits() bool {
	const year = 366 * 24 * 60
	if min(s.Hours, s.Minutes, s.Days) < 0 || max(s.Hours, s.Minutes, s.Days) > year {
		return false
	}
	total := s.Minutes + 60*s.Hours + 24*60*s.Days
	return total > 0 && total <= year
}

// needTo are the steps that name somebody, or a node.
var needTo = []string{"transfer", "delegate", "add_signer", "remove_signer", "jump", "reassign", "delegation"}

// oneOrMany reads one text, or a list of them.
func (r *scenarioReader) oneOrMany(one *string, many *[]string) func(*node) {
	return func(n *node) {
		if n.kind == kindList {
			r.texts(many)(n)
			return
		}
		r.text(one)(n)
	}
}

// choose reads node: [users].
func (r *scenarioReader) choose(to *map[string][]string) func(*node) {
	return func(n *node) {
		*to = map[string][]string{}
		r.pairs(func(id string, n *node) {
			var users []string
			r.texts(&users)(n)
			(*to)[id] = users
		})(n)
	}
}

func (r *scenarioReader) ref(to *string) func(*node) {
	return func(n *node) {
		r.text(to)(n)
		*to = fullRef(r.app, *to)
	}
}

// wire keeps an object as JSON; its content is checked when it is played.
func (r *scenarioReader) wire(to *json.RawMessage) func(*node) {
	return func(n *node) {
		if r.want(n, kindObject) {
			*to = n.json()
		}
	}
}

func (r *scenarioReader) alias(n *node, alias string) {
	if !aliasPattern.MatchString(alias) {
		r.fail(n, "alias", "%q is not an alias: lower-case letters, digits, _ and -", alias)
	}
}

func (r *scenarioReader) aliasText(to *string) func(*node) {
	return func(n *node) {
		r.text(to)(n)
		r.alias(n, *to)
	}
}

func (r *scenarioReader) expect(e *Expect) func(*node) {
	return func(n *node) {
		var visible bool
		r.object(n, keys{
			"error": r.text(&e.Error),
			"field": r.text(&e.Field),
			"case":  r.oneOf(&e.Case, caseStates...),
			"at":    r.texts(&e.At),
			"tasks": func(n *node) {
				e.Tasks = map[string]int{}
				r.pairs(func(user string, n *node) {
					var count int
					r.int(&count)(n)
					e.Tasks[user] = count
				})(n)
			},
			"data":     r.wire(&e.Data),
			"absent":   r.texts(&e.Absent),
			"title":    r.text(&e.Title),
			"visible":  func(n *node) { r.flag(&visible)(n); e.Visible = &visible },
			"count":    r.int(&e.Count),
			"records":  r.texts(&e.Records),
			"warnings": r.texts(&e.Warnings),
		})
		if e.Field != "" && !strings.HasPrefix(e.Field, "/") {
			r.fail(n.get("field"), "pointer", "%q is not a JSON pointer such as /lines/0/qty", e.Field)
		}
	}
}
