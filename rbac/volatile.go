package rbac

import (
	"encoding/json"

	"github.com/formwork-run/formwork/schema/formula"
)

// unfit names a function in a formula's tree whose answer may change while a
// plan is in use: the time, chance, other records, what the organisation says
// about somebody else. Who acts is known to the plan, and MY is resolved with it.
func unfit(tree json.RawMessage) string {
	var root struct {
		E any `json:"e"`
	}
	if err := json.Unmarshal(tree, &root); err != nil {
		return "this formula" // not a tree of ours: nothing is known of it
	}
	volatile := map[string]bool{}
	for _, f := range formula.Functions() {
		volatile[f.Name] = f.Volatile && f.Name != "MY"
	}
	return findCall(root.E, volatile)
}

// findCall finds a call of one of the functions: ["call", NAME, …].
func findCall(node any, of map[string]bool) string {
	list, ok := node.([]any)
	if !ok {
		return ""
	}
	if len(list) > 1 && list[0] == "call" {
		if name, _ := list[1].(string); of[name] {
			return name
		}
	}
	for _, child := range list {
		if name := findCall(child, of); name != "" {
			return name
		}
	}
	return ""
}
