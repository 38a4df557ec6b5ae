package record

import "github.com/formwork-run/formwork/rbac"

// knownRights remembers rights that were worked out, for one request. Most forms
// have few fields: looking through a short list costs no more than a map, whose
// memory every request would pay for twice.
type knownRights struct {
	few  []knownRight
	many map[string]rbac.FieldRight // made when there are more than fewRights
}

type knownRight struct {
	path  string
	right rbac.FieldRight
}

const fewRights = 24

// of gives the right over a path, by work when nobody asked before.
func (k *knownRights) of(path string, work func(path string) rbac.FieldRight) rbac.FieldRight {
	for i := range k.few {
		if k.few[i].path == path {
			return k.few[i].right
		}
	}
	if right, ok := k.many[path]; ok {
		return right
	}
	right := work(path)
	switch {
	case len(k.few) < fewRights:
		if k.few == nil {
			k.few = make([]knownRight, 0, 16)
		}
		k.few = append(k.few, knownRight{path, right})
	case k.many == nil:
		k.many = map[string]rbac.FieldRight{path: right}
	default:
		k.many[path] = right
	}
	return right
}
