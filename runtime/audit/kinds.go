package audit

import (
	"slices"
	"strings"

	"github.com/formwork-run/formwork/storage/filter"
)

// Kinds of acts.
const (
	KindData      = "data"      // records were created, changed, deleted, restored
	KindFlow      = "flow"      // tasks were decided, cases withdrawn …
	KindLogin     = "login"     // logins, failed ones, sessions, passwords, second factors
	KindDesign    = "design"    // drafts published, packs imported, releases put in use
	KindAccess    = "access"    // users, departments, roles, delegations, API keys
	KindExport    = "export"    // data left the program
	KindSensitive = "sensitive" // masked values were shown
	KindAdmin     = "admin"     // settings, jobs, encryption keys, and what is none of the others
)

// rules give each action its kind: an action itself, or with a dot at its end all that begin so.
var rules = map[string][]string{
	KindData:      {"create", "save", "submit", "delete", "restore", "batch_edit", "import", "record.", "share", "button", "button."},
	KindFlow:      {"task.", "case.", "flow.", "migrate"},
	KindLogin:     {"login", "login.", "logout", "session.", "password.", "totp.", "setup", "user.password_link", "user.password_expired", "user.session_ended", "user.sessions_ended", "user.unlocked"},
	KindDesign:    {"design.", "app.", "pack.", "release."},
	KindAccess:    {"user.", "dept.", "role.", "key.", "org.", "delegation.", "group."},
	KindExport:    {"export", "export.", "print", "print.", "audit.exported", "webhook."},
	KindSensitive: {"reveal"},
}

// KindOf is the kind of an action; one that no rule knows is KindAdmin.
func KindOf(action string) string {
	kind, best := KindAdmin, 0
	for k, list := range rules {
		for _, r := range list {
			if matches(r, action) && len(r) > best {
				kind, best = k, len(r)
			}
		}
	}
	return kind
}

func matches(rule, action string) bool {
	if strings.HasSuffix(rule, ".") {
		return strings.HasPrefix(action, rule)
	}
	return rule == action
}

// Kinds lists the kinds.
func Kinds() []string {
	return []string{KindData, KindFlow, KindLogin, KindDesign, KindAccess, KindExport, KindSensitive, KindAdmin}
}

// asks is the condition for one word of a query: a kind, or an action.
func asks(word string) filter.Expr {
	switch {
	case word == KindAdmin:
		none := filter.And{}
		for k := range rules {
			none = append(none, filter.Not{X: ofKind(k)})
		}
		return none
	case rules[word] != nil && !slices.Contains(rules[word], word):
		return ofKind(word)
	case rules[word] != nil: // "login" is both: the kind is wider
		return ofKind(word)
	}
	return filter.Cmp{Path: "action", Op: filter.Eq, Value: word}
}

// ofKind holds for the actions of a kind, also where a wider rule of another kind takes them in.
func ofKind(kind string) filter.Expr {
	own, others := filter.Or{}, filter.And{}
	for k, list := range rules {
		for _, r := range list {
			switch {
			case k == kind:
				own = append(own, ruleExpr(r))
			case slices.ContainsFunc(rules[kind], func(mine string) bool { return len(mine) < len(r) && matches(mine, r) }):
				others = append(others, filter.Not{X: ruleExpr(r)})
			}
		}
	}
	return append(others, own)
}

func ruleExpr(r string) filter.Expr {
	if strings.HasSuffix(r, ".") {
		return filter.Cmp{Path: "action", Op: filter.Prefix, Value: r}
	}
	return filter.Cmp{Path: "action", Op: filter.Eq, Value: r}
}
