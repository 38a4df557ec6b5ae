package eval

import "slices"

// Changed lists the dotted fields that differ between two sets of stored
// values, sorted. Rows are compared by id: a changed cell is "lines.qty"; rows that
// were added, removed or moved are "lines", and the cells of an added row are
// listed too. Computed fields count like any other; live ones never differ.
func (f *Form) Changed(before, after map[string]any) []string {
	var out []string
	for _, s := range f.slots {
		switch {
		case s.parent != nil || s.live:
		case s.cols != nil:
			out = append(out, changedRows(s, before[s.path], after[s.path])...)
		case !same(before[s.path], after[s.path]):
			out = append(out, s.path)
		}
	}
	slices.Sort(out)
	return out
}

func changedRows(s *slot, before, after any) []string {
	was, is := rowsByID(before), rowsByID(after)
	var out []string
	if !slices.Equal(rowIDs(before), rowIDs(after)) {
		out = append(out, s.path)
	}
	for _, col := range s.cols {
		for id, row := range is {
			if !same(was[id][col.field.Key], row[col.field.Key]) {
				out = append(out, col.path)
				break
			}
		}
	}
	return out
}

func rowIDs(v any) []string {
	list, _ := v.([]any)
	out := make([]string, 0, len(list))
	for _, x := range list {
		row, _ := x.(map[string]any)
		id, _ := row["id"].(string)
		out = append(out, id)
	}
	return out
}
