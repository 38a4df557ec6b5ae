package engine

// detail notes something in the command's own line of the log.
func (r *run) detail(key string, value any) {
	if r.entry.Detail == nil {
		r.entry.Detail = map[string]any{}
	}
	r.entry.Detail[key] = value
}

// noteInput keeps in the log what the command says beyond the columns of the line; commandOf reads it back.
func (r *run) noteInput() {
	d, c := doc{}, r.cmd
	d.flag("admin", c.Admin)
	d.flag("back", c.Back)
	d.text("where", c.Where)
	d.list("mention", len(c.Mention), func(i int) any { return c.Mention[i] })
	d.list("files", len(c.Files), func(i int) any { return c.Files[i] })
	d.text("signature", c.Signature)
	d.lists("choose", c.Choose)
	d.int("visit", c.Visit)
	d.text("event", c.Event)
	d.int("item", c.Item)
	d.text("result", c.Result)
	d.text("error", c.Error)
	d.text("ref", c.Ref)
	d.int("to_version", c.Version)
	if len(d) > 0 {
		r.entry.Detail = d
	}
}

// logAuto adds a line that no command asked for.
func (r *run) logAuto(e LogEntry) {
	e.At = r.cmd.At
	r.auto = append(r.auto, e)
}

// writeLog appends the lines of this command and hands out what is too old to stay.
func (r *run) writeLog() {
	seq := 0
	if n := len(r.c.Log); n > 0 {
		seq = r.c.Log[n-1].Seq
	}
	for _, e := range append([]LogEntry{r.entry}, r.auto...) {
		seq++
		e.Seq = seq
		r.c.Log = append(r.c.Log, e)
	}
	over := len(r.c.Log) - MaxLog
	if over <= 0 {
		return
	}
	entries := make([]any, over)
	for i := range entries {
		entries[i] = logDoc(r.c.Log[i])
	}
	r.c.Log = r.c.Log[over:]
	r.effect(Effect{Kind: EffectLogArchived, State: r.c.State, Detail: map[string]any{"entries": entries}})
}
