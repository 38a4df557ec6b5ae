package engine

import "github.com/formwork-run/formwork/internal/fault"

// FromDoc reads what ToDoc wrote. A document of another shape is an error of
// kind internal that names the place; a stored case is never half read.
func FromDoc(d map[string]any) (Case, error) {
	u := &undoc{}
	c := Case{State: State(u.text(d, "state"))}
	inner, ok := d["c"].(map[string]any)
	if !ok {
		u.wrong("c", d["c"])
		return Case{}, u.err
	}
	c.Flow, c.Version = u.text(inner, "f"), u.int(inner, "v")
	c.Initiator, c.Dept = u.text(inner, "i"), u.text(inner, "d")
	c.ReturnTo = u.int(inner, "r")
	c.Chosen = u.lists(inner, "ch")
	c.StartedAt, c.EndedAt = u.time(inner, "s"), u.time(inner, "e")
	for _, m := range u.docs(inner, "vs") {
		c.Visits = append(c.Visits, u.visit(m))
	}
	for _, m := range u.docs(inner, "ts") {
		c.Tasks = append(c.Tasks, u.task(m))
	}
	for _, m := range u.docs(inner, "l") {
		c.Log = append(c.Log, u.entry(m))
	}
	if u.err == nil {
		u.err = consistent(c)
	}
	if u.err != nil {
		return Case{}, u.err
	}
	return c, nil
}

// LogFromDoc reads one line of the log as effect log_archived hands it out.
func LogFromDoc(d map[string]any) (LogEntry, error) {
	u := &undoc{}
	e := u.entry(d)
	return e, u.err
}

func (u *undoc) visit(m map[string]any) Visit {
	v := Visit{
		N: u.int(m, "n"), Node: u.text(m, "k"), Parent: u.int(m, "p"), Branch: u.int(m, "b"),
		Open: u.flag(m, "o"), Began: u.time(m, "a"), Ended: u.time(m, "e"),
		Result: u.text(m, "r"), Reason: u.text(m, "w"), Void: u.flag(m, "x"),
		Due: u.time(m, "d"), Left: u.int(m, "l"), Behind: u.int(m, "bh"), Work: u.work(u.doc(m, "j")),
	}
	for _, b := range u.list(m, "t") {
		v.Branches = append(v.Branches, u.int(map[string]any{"t": b}, "t"))
	}
	for _, t := range u.docs(m, "m") {
		v.Timers = append(v.Timers, Timer{Event: u.text(t, "e"), At: u.time(t, "a")})
	}
	return v
}

func (u *undoc) work(m map[string]any) *Work {
	if m == nil {
		return nil
	}
	w := &Work{Until: u.time(m, "u")}
	for _, i := range u.docs(m, "i") {
		w.Items = append(w.Items, WorkItem{State: u.text(i, "s"), Ref: u.text(i, "k"), Result: u.text(i, "r"),
			Error: u.text(i, "e"), Tries: u.int(i, "n")})
	}
	return w
}

func (u *undoc) task(m map[string]any) Task {
	return Task{
		N: u.int(m, "n"), State: TaskState(u.text(m, "s")), Visit: u.int(m, "v"), Node: u.text(m, "k"),
		Kind: u.text(m, "y"), Assignee: u.text(m, "u"), Rev: int64(u.int(m, "q")), Result: u.text(m, "r"),
		Reason: u.text(m, "w"), Comment: u.text(m, "c"), From: u.int(m, "f"),
		OpenedAt: u.time(m, "a"), DoneAt: u.time(m, "e"), UrgedAt: u.time(m, "g"),
		Principal: u.text(m, "p"), Added: u.text(m, "b"), For: u.int(m, "o"), Void: u.flag(m, "x"),
		Files: u.strings(u.list(m, "fl"), "fl"), Signature: u.text(m, "sg"),
	}
}

func (u *undoc) entry(m map[string]any) LogEntry {
	e := LogEntry{
		Seq: u.int(m, "n"), Action: u.text(m, "x"), At: u.time(m, "a"), By: u.text(m, "u"),
		Node: u.text(m, "k"), Task: u.int(m, "t"), Comment: u.text(m, "c"),
		To: u.strings(u.list(m, "to"), "to"),
	}
	e.Answers = u.lists(m, "q")
	if v, ok := m["d"]; ok {
		if e.Detail, ok = v.(map[string]any); !ok {
			u.wrong("d", v)
		}
	}
	return e
}

// consistent checks what the engine indexes by: numbers that count from one
// and point to what is there.
func consistent(c Case) error {
	bad := func(what string, n int) error {
		return fault.Newf(fault.Internal, "case.unreadable", "the stored case has a wrong %s at %d", what, n)
	}
	for i, v := range c.Visits {
		if v.N != i+1 || v.Parent < 0 || v.Parent > i {
			return bad("visit", i+1)
		}
	}
	for i, t := range c.Tasks {
		if t.N != i+1 || t.Visit < 1 || t.Visit > len(c.Visits) || t.From < 0 || t.From > i || t.For < 0 || t.For > i {
			return bad("task", i+1)
		}
	}
	if c.ReturnTo < 0 || c.ReturnTo > len(c.Visits) {
		return bad("return", c.ReturnTo)
	}
	return nil
}
