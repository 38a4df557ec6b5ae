package schema

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
)

// keyPattern is what every key of a definition looks like.
var keyPattern = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// semver is a semantic version without build metadata.
var semver = regexp.MustCompile(`^(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})(-[0-9A-Za-z.-]{1,40})?$`)

var iconPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// Limits of an app's navigation.
const (
	maxMenuDepth = 3
	maxMenuItems = 200
)

// ParseAppMeta reads what an app says about itself: key, version, title,
// description, icon, requires, optional and menu. Whether the forms of the menu
// exist is checked where the whole app is known. Keys that belong to the pack
// alone must have been taken out; any other unknown key is a problem.
func ParseAppMeta(raw json.RawMessage) (*App, []Problem) {
	a := &App{}
	d := &defParser{part: "app"}
	d.object("", raw, map[string]func(string, json.RawMessage){
		"key":         d.key(&a.Key),
		"version":     d.matching(&a.Version, semver, "version", "a semantic version such as 1.2.0"),
		"title":       d.localised(&a.Title),
		"description": d.localised(&a.Description),
		"icon":        d.matching(&a.Icon, iconPattern, "icon", "an icon name such as file-text"),
		"requires":    d.keyList(&a.Requires),
		"optional":    d.keyList(&a.Optional),
		"menu":        func(at string, raw json.RawMessage) { a.Menu = d.menu(at, raw, 1) },
	}, "key", "version", "title")
	for _, list := range [][]string{a.Requires, a.Optional} {
		if slices.Contains(list, a.Key) && a.Key != "" {
			d.fail("/requires", "requires.self", "an app cannot require itself", nil)
		}
	}
	return a, d.problems
}

func (d *defParser) menu(at string, raw json.RawMessage, depth int) []MenuItem {
	out := []MenuItem{}
	d.list(at, raw, func(at string, raw json.RawMessage) {
		var m MenuItem
		d.object(at, raw, map[string]func(string, json.RawMessage){
			"form":  d.key(&m.Form),
			"title": d.localised(&m.Title),
			"icon":  d.matching(&m.Icon, iconPattern, "icon", "an icon name such as file-text"),
			"items": func(at string, raw json.RawMessage) {
				if depth == maxMenuDepth {
					d.fail(at, "menu.too_deep", fmt.Sprintf("a menu has at most %d levels", maxMenuDepth), map[string]any{"max": maxMenuDepth})
					return
				}
				m.Items = d.menu(at, raw, depth+1)
			},
		})
		switch {
		case m.Form == "" && len(m.Items) == 0:
			d.fail(at, "menu.empty", "a menu entry names a form or has items", nil)
		case m.Form != "" && m.Items != nil:
			d.fail(at, "menu.both", "a menu entry names a form or has items, not both", nil)
		case m.Items != nil && len(m.Title) == 0:
			d.fail(at, "required", "a menu group needs a title", map[string]any{"key": "title"})
		}
		if d.menuItems++; d.menuItems == maxMenuItems+1 {
			d.fail(at, "menu.too_many", fmt.Sprintf("a menu has at most %d entries", maxMenuItems), map[string]any{"max": maxMenuItems})
		}
		out = append(out, m)
	})
	return out
}

// CheckApp checks what only the whole app can tell about its own part: that the
// menu names forms that exist.
func CheckApp(a *App) []Problem {
	d := &defParser{part: "app"}
	d.checkMenu("/menu", a, a.Menu)
	return d.problems
}

func (d *defParser) checkMenu(at string, a *App, items []MenuItem) {
	for i, m := range items {
		here := fmt.Sprintf("%s/%d", at, i)
		if m.Form != "" && a.Form(m.Form) == nil {
			d.fail(here+"/form", "reference.form", fmt.Sprintf("there is no form %q in this app", m.Form), map[string]any{"form": m.Form})
		}
		d.checkMenu(here+"/items", a, m.Items)
	}
}
