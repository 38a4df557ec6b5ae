package schema

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// ParseAccess reads the access part of an app and checks it against the app's
// forms, which are given by key. Unknown keys, operations, states, fields and
// roles are problems with their JSON pointer ("access#/groups/0/can/1") and,
// where something similar exists, a suggestion. The access is never nil; it is
// to be used only when no problem is an error. Row formulas are kept as
// written: they are compiled, with the form's types, where rights are.
func ParseAccess(app string, raw json.RawMessage, forms map[string]*Form) (*Access, []Problem) {
	a := &Access{}
	if kind := jsonKind(raw); kind == "nothing" {
		return a, nil
	}
	p := &accessParser{defParser: defParser{part: "access"}, app: app, forms: forms, access: a}
	p.known("", raw, map[string]func(string, json.RawMessage){
		"roles":  p.roles,
		"menus":  p.menus,
		"groups": p.groups,
	})
	p.check()
	return a, p.problems
}

// accessParser adds to defParser what access definitions need: suggestions.
type accessParser struct {
	defParser
	app    string
	forms  map[string]*Form
	access *Access
}

// known is object with a suggestion for a misspelt key.
func (p *accessParser) known(at string, raw json.RawMessage, keys map[string]func(string, json.RawMessage), required ...string) {
	before := len(p.problems)
	p.object(at, raw, keys, required...)
	names := slices.Sorted(maps.Keys(keys))
	for i := before; i < len(p.problems); i++ {
		if q := &p.problems[i]; q.Code == "unknown_key" && strings.Count(q.Path, "/") == strings.Count(at, "/")+1 {
			if key, _ := q.Params["key"].(string); key != "" {
				p.suggest(q, key, names)
			}
		}
	}
}

// suggest adds the nearest of the names to a problem, if one is near.
func (p *accessParser) suggest(q *Problem, word string, names []string) {
	if near := nearest(word, names); near != "" {
		q.Message += fmt.Sprintf("; did you mean %q?", near)
		q.Params["suggestion"] = near
	}
}

// oneOf reports a word that is none of the names, with the nearest one.
func (p *accessParser) oneOf(at, code, what, word string, names []string) bool {
	if slices.Contains(names, word) {
		return true
	}
	p.fail(at, code, fmt.Sprintf("there is no %s %q", what, word), map[string]any{"value": word})
	p.suggest(&p.problems[len(p.problems)-1], word, names)
	return false
}

func (p *accessParser) warn(at, code, message string, params map[string]any) {
	p.fail(at, code, message, params)
	p.problems[len(p.problems)-1].Warning = true
}

func (p *accessParser) roles(at string, raw json.RawMessage) {
	p.list(at, raw, func(at string, raw json.RawMessage) {
		var r RoleDef
		p.known(at, raw, map[string]func(string, json.RawMessage){
			"key":   p.key(&r.Key),
			"title": p.localised(&r.Title),
		}, "key", "title")
		p.access.Roles = append(p.access.Roles, r)
	})
}

func (p *accessParser) menus(at string, raw json.RawMessage) {
	p.list(at, raw, func(at string, raw json.RawMessage) {
		var m MenuRule
		p.known(at, raw, map[string]func(string, json.RawMessage){
			"page":  p.key(&m.Page),
			"roles": p.strs(&m.Roles),
		}, "page", "roles")
		p.access.Menus = append(p.access.Menus, m)
	})
}

func (p *accessParser) groups(at string, raw json.RawMessage) {
	p.list(at, raw, func(at string, raw json.RawMessage) {
		var g GroupDef
		p.known(at, raw, map[string]func(string, json.RawMessage){
			"key":     p.key(&g.Key),
			"form":    p.key(&g.Form),
			"title":   p.localised(&g.Title),
			"members": p.members(&g.Members),
			"can":     p.strs(&g.Can),
			"when":    p.strs(&g.When),
			"rows":    p.str(&g.Rows),
			"fields":  p.groupFields(&g.Fields),
			"rows_of": p.rowsOf(&g.RowsOf),
		}, "key", "form", "members", "can")
		p.access.Groups = append(p.access.Groups, g)
	})
}

func (p *accessParser) members(to *[]MemberDef) func(string, json.RawMessage) {
	return func(at string, raw json.RawMessage) {
		p.list(at, raw, func(at string, raw json.RawMessage) {
			var m MemberDef
			p.known(at, raw, map[string]func(string, json.RawMessage){
				"role":     p.str(&m.Role),
				"dept":     p.str(&m.Dept),
				"children": p.yes(&m.Children),
				"user":     p.str(&m.User),
				"everyone": p.yes(&m.Everyone),
				"field":    p.str(&m.Field),
			})
			*to = append(*to, m)
		})
	}
}

func (p *accessParser) yes(to *bool) func(string, json.RawMessage) {
	return func(at string, raw json.RawMessage) {
		if jsonKind(raw) != "true or false" || json.Unmarshal(raw, to) != nil {
			p.wrongType(at, "true or false", raw)
		}
	}
}

func (p *accessParser) groupFields(to *GroupFields) func(string, json.RawMessage) {
	return func(at string, raw json.RawMessage) {
		p.known(at, raw, map[string]func(string, json.RawMessage){
			"hide":     p.strs(&to.Hide),
			"readonly": p.strs(&to.Readonly),
			"mask":     p.strs(&to.Mask),
		})
	}
}

// rowsOf reads a mapping whose keys are names of the user's, not ours.
func (p *accessParser) rowsOf(to *map[string][]string) func(string, json.RawMessage) {
	return func(at string, raw json.RawMessage) {
		var m map[string]json.RawMessage
		if err := json.Unmarshal(raw, &m); err != nil || m == nil {
			p.wrongType(at, "a mapping of subtables to add, edit, delete", raw)
			return
		}
		*to = map[string][]string{}
		for _, name := range slices.Sorted(maps.Keys(m)) {
			list := []string{} // an empty list allows nothing, which is not the same as no list
			p.strs(&list)(at+"/"+escapePointer(name), m[name])
			(*to)[name] = list
		}
	}
}
