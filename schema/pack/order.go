package pack

import (
	"slices"

	"github.com/formwork-run/formwork/schema"
)

// Records gives the sample records in the order they must be imported: a record
// comes after those of this pack it points to, otherwise files go by name and
// records by their place. Records that point at one another in a circle were
// reported by Read; they come in file order.
func (p *Pack) Records() []Record {
	ordered, _ := orderRecords(p.Data, p.forms(nil), p.Meta.Key)
	return ordered
}

type formFinder func(ref string) *schema.Form

// forms finds forms of the pack's own app and of the apps it stands on.
func (p *Pack) forms(installed []*schema.App) formFinder {
	return func(ref string) *schema.Form {
		for _, a := range append([]*schema.App{p.App}, installed...) {
			for _, f := range a.Forms {
				if f.Ref() == ref {
					return f
				}
			}
		}
		return nil
	}
}

// orderRecords sorts by dependency; circular gives the records that stand in a circle.
func orderRecords(files []DataFile, find formFinder, app string) (ordered, circular []Record) {
	var all []Record
	for _, f := range files {
		all = append(all, f.Records...)
	}
	byAlias := map[string]int{}
	for i, r := range all {
		if r.As != "" {
			byAlias[fullRef(app, r.As)] = i
		}
	}
	state := make([]uint8, len(all)) // 0 new, 1 on the way, 2 done
	var visit func(i int)
	visit = func(i int) {
		if state[i] == 2 {
			return
		}
		if state[i] == 1 {
			circular = append(circular, all[i])
			return
		}
		state[i] = 1
		for _, a := range all[i].aliases(find) {
			if j, ok := byAlias[fullRef(app, a.name)]; ok && !a.user && j != i {
				visit(j)
			}
		}
		state[i] = 2
		ordered = append(ordered, all[i])
	}
	for i := range all {
		visit(i)
	}
	return ordered, circular
}

// aliases are all aliases a record's data and history use; pointers are relative to the record.
func (r Record) aliases(find formFinder) []alias {
	form := find(r.Form)
	if form == nil {
		return nil
	}
	out := under("/data", aliasesIn(r.Data, form))
	for _, s := range r.Steps {
		at := s.ptr[len(r.ptr):] + "/" + s.Kind
		out = append(out, under(at+"/data", aliasesIn(s.Data, form))...)
		out = append(out, under(at+"/rows", aliasesIn(s.Rows, form))...)
	}
	for nodeID, raw := range r.Fill {
		out = append(out, under(pointer("/fill", nodeID), aliasesIn(raw, form))...)
	}
	slices.SortStableFunc(out, func(a, b alias) int { return cmpText(a.ptr, b.ptr) })
	return out
}

func under(base string, list []alias) []alias {
	for i := range list {
		list[i].ptr = base + list[i].ptr
	}
	return list
}

func cmpText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
