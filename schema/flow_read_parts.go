package schema

import "github.com/formwork-run/formwork/schema/internal/ordjson"

func intoWho(to *[]Who) func(problems, ordjson.Value) {
	return func(p problems, v ordjson.Value) {
		readEach(p, v, "a list of people", func(p problems, v ordjson.Value) { *to = append(*to, readWho(p, v)) })
	}
}

func intoInt(to *int, lo, hi int64) func(problems, ordjson.Value) {
	return func(p problems, v ordjson.Value) { *to = int(readInt(p, v, lo, hi)) }
}

// intoTrue takes true only: leaving the key out is the one way to say no.
func intoTrue(name string, to *bool) func(problems, ordjson.Value) {
	return func(p problems, v ordjson.Value) {
		if *to = readFlag(p, v); v.Kind == ordjson.Bool && !*to {
			p.add("value", "leave "+name+" out instead of writing false")
		}
	}
}

// intoTexts takes an object of texts: a field → its formula, a header → its value.
func intoTexts(to *map[string]string) func(problems, ordjson.Value) {
	return func(p problems, v ordjson.Value) {
		m := map[string]string{}
		readPairs(p, v, func(key string, p problems, v ordjson.Value) { m[key] = readString(p, v) })
		*to = m
	}
}

func readWho(p problems, v ordjson.Value) (w Who) {
	readObject(p, v, flowKeys{
		"users":      func(p problems, v ordjson.Value) { w.Users = readStrings(p, v) },
		"role":       intoString(&w.Role),
		"field":      intoString(&w.Field),
		"initiator":  intoTrue("initiator", &w.Initiator),
		"dept_head":  intoInt(&w.DeptHead, 1, MaxDeptHeadLevels),
		"dept_field": intoString(&w.DeptField),
		"dept":       intoString(&w.Dept),
		"dept_heads": func(p problems, v ordjson.Value) { w.DeptHeads = readLevels(p, v, MaxDeptHeadLevels) },
		"manager":    intoInt(&w.Manager, 1, MaxManagerLevels),
		"managers":   func(p problems, v ordjson.Value) { w.Managers = readLevels(p, v, MaxManagerLevels) },
		"chosen":     func(p problems, v ordjson.Value) { w.Chosen = readChosen(p, v) },
		"node":       intoString(&w.Node),
		"group":      intoString(&w.Group),
		"formula":    intoString(&w.Formula),
	})
	return w
}

func readLevels(p problems, v ordjson.Value, most int64) *Levels {
	l := &Levels{}
	readObject(p, v, flowKeys{"from": intoInt(&l.From, 1, most), "to": intoInt(&l.To, 0, most), "role": intoString(&l.Role)})
	return l
}

func readChosen(p problems, v ordjson.Value) *Chosen {
	c := &Chosen{}
	readObject(p, v, flowKeys{
		"by": intoString(&c.By), "from": intoWho(&c.From),
		"min": intoInt(&c.Min, 1, MaxWho), "max": intoInt(&c.Max, 0, MaxWho),
	})
	return c
}

func readVote(p problems, v ordjson.Value) *Vote {
	vote := &Vote{}
	readObject(p, v, flowKeys{"percent": intoInt(&vote.Percent, 1, 100), "veto": intoWho(&vote.Veto)})
	return vote
}

func readDeadline(p problems, v ordjson.Value) *Deadline {
	d := &Deadline{}
	readObject(p, v, flowKeys{
		"hours":    intoInt(&d.Hours, 1, MaxDeadlineHours),
		"days":     intoInt(&d.Days, 1, MaxDeadlineDays),
		"field":    intoString(&d.Field),
		"calendar": intoString(&d.Calendar),
		"then":     intoString(&d.Then),
		"to":       intoWho(&d.To),
		"before": func(p problems, v ordjson.Value) {
			readEach(p, v, "a list of hours", func(p problems, v ordjson.Value) {
				d.Before = append(d.Before, int(readInt(p, v, 1, MaxDeadlineHours)))
			})
		},
		"every": intoInt(&d.Every, 0, MaxDeadlineHours),
	})
	return d
}

func readDelay(p problems, v ordjson.Value) *Delay {
	d := &Delay{}
	readObject(p, v, flowKeys{
		"hours": intoInt(&d.Hours, 1, MaxDeadlineHours), "days": intoInt(&d.Days, 1, MaxDeadlineDays),
		"field": intoString(&d.Field), "until": intoString(&d.Until), "calendar": intoString(&d.Calendar),
	})
	return d
}

func readSubflow(p problems, v ordjson.Value) *Subflow {
	s := &Subflow{}
	readObject(p, v, flowKeys{
		"form": intoString(&s.Form), "each": intoString(&s.Each), "data": intoTexts(&s.Data),
		"initiator": func(p problems, v ordjson.Value) { w := readWho(p, v); s.Initiator = &w },
		"wait":      func(p problems, v ordjson.Value) { s.Wait = readFlag(p, v) },
		"rejected":  intoString(&s.Rejected), "back": intoTexts(&s.Back),
	})
	return s
}

func readData(p problems, v ordjson.Value) *Data {
	d := &Data{}
	readObject(p, v, flowKeys{
		"op": intoString(&d.Op), "form": intoString(&d.Form), "each": intoString(&d.Each), "where": intoString(&d.Where),
		"set": intoTexts(&d.Set), "into": intoTexts(&d.Into),
		"many": func(p problems, v ordjson.Value) { d.Many = readFlag(p, v) },
		"fail": intoString(&d.Fail),
	})
	return d
}

func readCall(p problems, v ordjson.Value) *Call {
	c := &Call{}
	readObject(p, v, flowKeys{
		"url": intoString(&c.URL), "method": intoString(&c.Method), "headers": intoTexts(&c.Headers), "body": intoTexts(&c.Body),
		"into": intoTexts(&c.Into), "secret": intoString(&c.Secret), "timeout": intoInt(&c.Timeout, 1, MaxCallTimeout), "fail": intoString(&c.Fail),
	})
	return c
}
