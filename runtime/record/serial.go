package record

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// Serial numbers have no gaps within a reset period. A counter document keeps
//
//	base  the numbers up to it are settled: each belongs to a record, or is in free
//	log   one entry "ms:record" per number given since, in order: the last one is base+len(log)
//	free  numbers that came back, given next
//	re    entries "ms:n:record" of numbers given a second time
//
// so that giving a number is one push, and a number whose record never appeared
// is found and given again. A unique index over the records is the net.

// issued is a number given out to a write that has not been made yet.
type issued struct {
	counter string
	n       int64
	entry   string // its entry in re, "" for a new number
}

// serialGrace is how long a number may wait for its record; longer than any request lives.
const serialGrace = 2 * time.Minute

// settleAt is the length of a log at which it is shortened at once.
const settleAt = 256

// number gives every blank serial field of the record its number.
func (c *Change) number(ctx context.Context) error {
	for _, f := range c.Form.Def.Fields {
		if f.Type != schema.TypeSerial || f.Serial == nil || text(c.data, f.Key) != "" {
			continue
		}
		now := c.ctx.Now.In(c.s.t.Settings.Zone)
		counter := "serial:" + c.Ref() + ":" + f.Key + ":" + period(f.Serial.Reset, now)
		x, err := c.s.issue(ctx, counter, c.ID(), max(f.Serial.Start, 1), c.ctx.Now)
		if err != nil {
			return err
		}
		c.numbers = append(c.numbers, x)
		c.owns[f.Key] = serialKey(x)
		c.data[f.Key] = c.renderSerial(f.Serial.Pattern, x.n, now)
	}
	return nil
}

func period(reset string, t time.Time) string {
	switch reset {
	case "year":
		return t.Format("2006")
	case "month":
		return t.Format("200601")
	case "day":
		return t.Format("20060102")
	}
	return "all"
}

// renderSerial fills a pattern such as "HT-{yyyyMM}-{seq:4}".
func (c *Change) renderSerial(pattern string, n int64, t time.Time) string {
	var b strings.Builder
	for pattern != "" {
		i := strings.IndexByte(pattern, '{')
		j := strings.IndexByte(pattern, '}')
		if i < 0 || j < i {
			b.WriteString(pattern)
			break
		}
		b.WriteString(pattern[:i])
		b.WriteString(c.serialPart(pattern[i+1:j], n, t))
		pattern = pattern[j+1:]
	}
	return b.String()
}

var dateParts = strings.NewReplacer("yyyy", "2006", "yy", "06", "MM", "01", "dd", "02")

func (c *Change) serialPart(part string, n int64, t time.Time) string {
	if part == "seq" {
		return strconv.FormatInt(n, 10)
	}
	if width, ok := strings.CutPrefix(part, "seq:"); ok {
		w, _ := strconv.Atoi(width) // a pattern with another width does not publish
		return fmt.Sprintf("%0*d", w, n)
	}
	if f := c.Form.Def.Field(part); f != nil {
		return text(c.data, part)
	}
	return t.Format(dateParts.Replace(part))
}

func (s *Service) counters() storage.Collection { return s.t.Store.Collection("counters") }

// issue gives out the next number of a counter: one that came back first.
func (s *Service) issue(ctx context.Context, counter, record string, start int64, now time.Time) (issued, error) {
	stamp := strconv.FormatInt(now.UnixMilli(), 10)
	for range maxTries {
		doc, err := s.counters().Get(ctx, counter)
		if errors.Is(err, storage.ErrNotFound) {
			err = s.counters().Insert(ctx, storage.Doc{storage.ID: counter, "base": start - 1, "log": []any{stamp + ":" + record}})
			if errors.Is(err, storage.ErrDuplicate) {
				continue
			}
			return issued{counter: counter, n: start}, err
		}
		if err != nil {
			return issued{}, err
		}
		free := list(doc, "free")
		if len(free) == 0 {
			doc, err = s.counters().Patch(ctx, counter, storage.Guard{}, storage.Patch{Push: map[string][]any{"log": {stamp + ":" + record}}})
			if err != nil {
				return issued{}, err
			}
			n := int64(len(list(doc, "log")))
			if n == settleAt {
				s.background(func(ctx context.Context) error { return s.SettleSerial(ctx, counter) })
			}
			return issued{counter: counter, n: number(doc, "base") + n}, nil
		}
		n, _ := free[0].(int64)
		entry := fmt.Sprintf("%s:%d:%s", stamp, n, record)
		_, err = s.counters().Patch(ctx, counter, storage.Guard{Where: filter.Cmp{Path: "free", Op: filter.Eq, Value: n}},
			storage.Patch{Pull: map[string][]any{"free": {n}}, Push: map[string][]any{"re": {entry}}})
		if errors.Is(err, storage.ErrConflict) {
			continue
		}
		return issued{counter: counter, n: n, entry: entry}, err
	}
	return issued{}, fault.New(fault.Conflict, "serial.busy", "too many records ask for a number at once; try again")
}

// giveBack returns the numbers of a write that was not made. If it fails, the
// numbers are found when the counter is settled.
func (c *Change) giveBack(ctx context.Context) {
	ctx = context.WithoutCancel(ctx)
	for _, x := range c.numbers {
		p := storage.Patch{Push: map[string][]any{"free": {x.n}}}
		if x.entry != "" {
			p.Pull = map[string][]any{"re": {x.entry}}
		}
		if _, err := c.s.counters().Patch(ctx, x.counter, storage.Guard{}, p); err != nil {
			c.s.log.WarnContext(ctx, "serial number not given back", "counter", x.counter, "n", x.n, "error", err)
		}
	}
	c.numbers = nil
}

// serialKey is what a record stores to own a number: "period:n", unique per field.
func serialKey(x issued) string {
	return x.counter[strings.LastIndexByte(x.counter, ':')+1:] + ":" + strconv.FormatInt(x.n, 10)
}

// SettleSerial shortens a counter: numbers whose record is there are settled,
// numbers whose record did not appear in time are freed.
func (s *Service) SettleSerial(ctx context.Context, counter string) error {
	doc, err := s.counters().Get(ctx, counter)
	if err != nil {
		return err
	}
	parts := strings.Split(counter, ":") // serial:app.form:field:period
	if len(parts) != 4 {
		return fmt.Errorf("counter %s is none of a serial number", counter)
	}
	base, entries := number(doc, "base"), texts(doc["log"])
	keys := make([]any, 0, len(entries))
	for i := range entries {
		keys = append(keys, serialKey(issued{counter: counter, n: base + int64(i) + 1}))
	}
	for _, e := range texts(doc["re"]) {
		n, _ := strconv.ParseInt(strings.Split(e, ":")[1], 10, 64)
		keys = append(keys, serialKey(issued{counter: counter, n: n}))
	}
	owned, err := s.owned(ctx, parts[1], "uniq.serial_"+parts[2], keys)
	if err != nil {
		return err
	}
	return s.settleLog(ctx, counter, doc, owned)
}

// owned tells which of the keys some record holds.
func (s *Service) owned(ctx context.Context, ref, path string, keys []any) (map[string]bool, error) {
	out := map[string]bool{}
	for len(keys) > 0 {
		n := min(len(keys), storage.MaxFindLimit)
		page, err := s.t.Records(ref).Find(ctx, storage.Query{Where: filter.Cmp{Path: path, Op: filter.In, Value: keys[:n]},
			Limit: storage.MaxFindLimit, Fields: []string{"uniq"}})
		if err != nil {
			return nil, err
		}
		field := strings.TrimPrefix(path, "uniq.")
		for _, d := range page.Docs {
			out[text(object(d, "uniq"), field)] = true
		}
		keys = keys[n:]
	}
	return out, nil
}

// settleLog writes what is settled. It needs no guard: entries are only ever
// appended behind those it removes, and a number is freed only when it is too
// old for any request to give it back.
func (s *Service) settleLog(ctx context.Context, counter string, doc storage.Doc, owned map[string]bool) error {
	old := s.t.Clock.Now().Add(-serialGrace).UnixMilli()
	base := number(doc, "base")
	known := map[int64]bool{}
	for _, n := range list(doc, "free") {
		known[n.(int64)] = true
	}
	var p storage.Patch
	var goneLog, goneRe, free []any
	for _, e := range texts(doc["re"]) {
		f := strings.SplitN(e, ":", 3)
		at, _ := strconv.ParseInt(f[0], 10, 64)
		n, _ := strconv.ParseInt(f[1], 10, 64)
		known[n] = true
		if owned[serialKey(issued{counter: counter, n: n})] {
			goneRe = append(goneRe, e)
		} else if at < old {
			goneRe, free = append(goneRe, e), append(free, n)
		}
	}
	for i, e := range texts(doc["log"]) {
		n := base + int64(i) + 1
		stamp, _, _ := strings.Cut(e, ":")
		at, _ := strconv.ParseInt(stamp, 10, 64)
		settled := owned[serialKey(issued{counter: counter, n: n})] || known[n]
		if !settled && at >= old {
			break // it may still come; what is behind it waits
		}
		if !settled {
			free = append(free, n)
		}
		goneLog = append(goneLog, e)
	}
	if len(goneLog)+len(goneRe) == 0 {
		return nil
	}
	p.Inc = map[string]any{"base": int64(len(goneLog))}
	p.Pull = map[string][]any{"log": goneLog, "re": goneRe}
	if len(free) > 0 {
		p.Push = map[string][]any{"free": free}
	}
	_, err := s.counters().Patch(ctx, counter, storage.Guard{}, p)
	return err
}

// SettleSerials settles every counter that has something open; called now and then.
func (s *Service) SettleSerials(ctx context.Context) error {
	q := storage.Query{Where: filter.Cmp{Path: storage.ID, Op: filter.Prefix, Value: "serial:"}, Limit: storage.MaxFindLimit, Fields: []string{storage.ID}}
	for {
		page, err := s.counters().Find(ctx, q)
		if err != nil {
			return err
		}
		for _, d := range page.Docs {
			if err := s.SettleSerial(ctx, text(d, storage.ID)); err != nil {
				return err
			}
		}
		if page.Next == "" {
			return nil
		}
		q.Cursor = page.Next
	}
}
