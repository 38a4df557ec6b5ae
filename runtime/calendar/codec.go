package calendar

import "github.com/formwork-run/formwork/storage"

func (d Def) doc() storage.Doc {
	week := map[string]any{}
	for day, spans := range d.Week {
		week[day] = spansDoc(spans)
	}
	holidays, workdays := []any{}, []any{}
	for _, h := range d.Holidays {
		holidays = append(holidays, map[string]any{"date": h.Date, "title": h.Title})
	}
	for _, w := range d.Workdays {
		workdays = append(workdays, map[string]any{"date": w.Date, "title": w.Title, "hours": spansDoc(w.Hours)})
	}
	return storage.Doc{storage.ID: d.Key, "title": d.Title, "zone": d.Zone, "week": week, "holidays": holidays, "workdays": workdays}
}

func spansDoc(l [][2]string) []any {
	out := make([]any, 0, len(l))
	for _, s := range l {
		out = append(out, map[string]any{"from": s[0], "to": s[1]})
	}
	return out
}

func defOf(doc storage.Doc) Def {
	d := Def{Key: text(doc, storage.ID), Title: text(doc, "title"), Zone: text(doc, "zone"), Week: map[string][][2]string{},
		Holidays: []Holiday{}, Workdays: []Workday{}}
	d.Rev, _ = doc[storage.Rev].(int64)
	week, _ := doc["week"].(map[string]any)
	for day, spans := range week {
		d.Week[day] = spansOf(spans)
	}
	for _, m := range maps(doc["holidays"]) {
		d.Holidays = append(d.Holidays, Holiday{Date: text(m, "date"), Title: text(m, "title")})
	}
	for _, m := range maps(doc["workdays"]) {
		d.Workdays = append(d.Workdays, Workday{Date: text(m, "date"), Title: text(m, "title"), Hours: spansOf(m["hours"])})
	}
	return d
}

func spansOf(v any) [][2]string {
	out := [][2]string{}
	for _, m := range maps(v) {
		out = append(out, [2]string{text(m, "from"), text(m, "to")})
	}
	return out
}

func maps(v any) []map[string]any {
	l, _ := v.([]any)
	out := make([]map[string]any, 0, len(l))
	for _, x := range l {
		if m, ok := x.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

func text(m map[string]any, key string) string { s, _ := m[key].(string); return s }
