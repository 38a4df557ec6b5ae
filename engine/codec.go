package engine

// ToDoc and FromDoc turn a case into its stored form and back. The stored form
// has at its top: state, nodes (open node ids), handlers (open assignees), result, and the rest under "c".
// It holds storage values only, and FromDoc(ToDoc(c)) equals c for every case Apply made.
func (c Case) ToDoc() map[string]any {
	d := c.Vars()
	d["c"] = c.inner()
	return d
}

// Vars is what formulas and filters see of a case: the top of its stored form,
// without the rest.
func (c Case) Vars() map[string]any {
	state := c.State
	if state == "" {
		state = Draft
	}
	return map[string]any{
		"state":    string(state),
		"nodes":    texts(c.OpenNodes()),
		"handlers": texts(c.Handlers()),
		"result":   c.Result(),
	}
}

func (c Case) inner() map[string]any {
	d := doc{}
	d.text("f", c.Flow)
	d.int("v", c.Version)
	d.text("i", c.Initiator)
	d.text("d", c.Dept)
	d.int("r", c.ReturnTo)
	d.lists("ch", c.Chosen)
	d.time("s", c.StartedAt)
	d.time("e", c.EndedAt)
	d.list("vs", len(c.Visits), func(i int) any { return visitDoc(c.Visits[i]) })
	d.list("ts", len(c.Tasks), func(i int) any { return taskDoc(c.Tasks[i]) })
	d.list("l", len(c.Log), func(i int) any { return logDoc(c.Log[i]) })
	return d
}

func visitDoc(v Visit) map[string]any {
	d := doc{"n": int64(v.N), "k": v.Node}
	d.int("p", v.Parent)
	d.int("b", v.Branch)
	d.flag("o", v.Open)
	d.time("a", v.Began)
	d.time("e", v.Ended)
	d.text("r", v.Result)
	d.list("t", len(v.Branches), func(i int) any { return int64(v.Branches[i]) })
	d.text("w", v.Reason)
	d.flag("x", v.Void)
	d.time("d", v.Due)
	d.int("l", v.Left)
	d.int("bh", v.Behind)
	d.list("m", len(v.Timers), func(i int) any { return map[string]any{"e": v.Timers[i].Event, "a": v.Timers[i].At} })
	if v.Work != nil {
		d["j"] = workDoc(*v.Work)
	}
	return d
}

func workDoc(w Work) map[string]any {
	d := doc{}
	d.time("u", w.Until)
	d.list("i", len(w.Items), func(i int) any {
		item := doc{"s": w.Items[i].State}
		item.text("k", w.Items[i].Ref)
		item.text("r", w.Items[i].Result)
		item.text("e", w.Items[i].Error)
		item.int("n", w.Items[i].Tries)
		return map[string]any(item)
	})
	return d
}

func taskDoc(t Task) map[string]any {
	d := doc{"n": int64(t.N), "s": string(t.State)}
	d.int("v", t.Visit)
	d.text("k", t.Node)
	d.text("y", t.Kind)
	d.text("u", t.Assignee)
	d.int("q", int(t.Rev))
	d.text("r", t.Result)
	d.text("w", t.Reason)
	d.text("c", t.Comment)
	d.int("f", t.From)
	d.time("a", t.OpenedAt)
	d.time("e", t.DoneAt)
	d.time("g", t.UrgedAt)
	d.text("p", t.Principal)
	d.text("b", t.Added)
	d.int("o", t.For)
	d.flag("x", t.Void)
	d.list("fl", len(t.Files), func(i int) any { return t.Files[i] })
	d.text("sg", t.Signature)
	return d
}

func logDoc(e LogEntry) map[string]any {
	d := doc{"n": int64(e.Seq), "x": e.Action}
	d.time("a", e.At)
	d.text("u", e.By)
	d.text("k", e.Node)
	d.int("t", e.Task)
	d.text("c", e.Comment)
	d.list("to", len(e.To), func(i int) any { return e.To[i] })
	d.lists("q", e.Answers)
	if len(e.Detail) > 0 {
		d["d"] = e.Detail
	}
	return d
}

func texts(s []string) []any {
	out := make([]any, len(s))
	for i := range s {
		out[i] = s[i]
	}
	return out
}
