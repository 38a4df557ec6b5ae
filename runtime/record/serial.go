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
//	log   one entry "ms:token" per number given since, in order: the last one is
//	      base+len(log); tokens are never used twice, for entries are removed by value
//	free  numbers that came back, given next
//	re    entries "ms:n:token" of numbers given a second time
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
		now := c.ctx.Now.In(c.s.t.Settings().Zone)
		counter := "serial:" + c.Ref() + ":" + f.Key + ":" + period(f.Serial.Reset, now)
		x, err := c.s.issue(ctx, counter, max(f.Serial.Start, 1), c.ctx.Now)
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

// freeTries is how often a number that came back is tried for, before a new one
// is taken: what stays free is given to a later one.
const freeTries = 3

// issue gives out the next number of a counter: one that came back first.
func (s *Service) issue(ctx context.Context, counter string, start int64, now time.Time) (issued, error) {
	stamp, token := strconv.FormatInt(now.UnixMilli(), 10), s.t.IDs.New()
	for try := range maxTries {
		doc, err := s.counters().Get(ctx, counter)
		if errors.Is(err, storage.ErrNotFound) {
			err = s.counters().Insert(ctx, storage.Doc{storage.ID: counter, "base": start - 1, "log": []any{stamp + ":" + token}})
			if errors.Is(err, storage.ErrDuplicate) {
				continue
			}
			return issued{counter: counter, n: start}, err
		}
		if err != nil {
			return issued{}, err
		}
		free := list(doc, "free")
		if len(free) == 0 || try >= freeTries {
			return s.issueNew(ctx, counter, stamp+":"+token)
		}
		n, _ := free[0].(int64)
		entry := fmt.Sprintf("%s:%d:%s", stamp, n, token)
		_, err = s.counters().Patch(ctx, counter, storage.Guard{Where: filter.Cmp{Path: "free", Op: filter.Eq, Value: n}},
			storage.Patch{Pull: map[string][]any{"free": {n}}, Push: map[string][]any{"re": {entry}}})
		if errors.Is(err, storage.ErrConflict) {
			continue
		}
		return issued{counter: counter, n: n, entry: entry}, err
	}
	return issued{}, fault.New(fault.Conflict, "serial.busy", "too many records ask for a number at once; try again")
}

func (s *Service) issueNew(ctx context.Context, counter, entry string) (issued, error) {
	doc, err := s.counters().Patch(ctx, counter, storage.Guard{}, storage.Patch{Push: map[string][]any{"log": {entry}}})
	if err != nil {
		return issued{}, err
	}
	n := int64(len(list(doc, "log")))
	if n%settleAt == 0 {
		s.background(func(ctx context.Context) error { return s.SettleSerial(ctx, counter) })
	}
	return issued{counter: counter, n: number(doc, "base") + n}, nil
}

// notWritten returns the numbers of a write that failed for a reason that says
// so. One that broke off in the dark may have been made: its numbers are looked
// into when the counter is settled. So is one that another record has already.
func (c *Change) notWritten(ctx context.Context, err error) {
	var fe *fault.Error
	if errors.Is(err, storage.ErrConflict) || errors.As(err, &fe) && fe.Kind != fault.Internal {
		c.giveBack(ctx)
	}
	c.numbers = nil
}

// giveBack returns the numbers of a write that was not made. If it fails, the
// numbers are found when the counter is settled.
func (c *Change) giveBack(ctx context.Context) {
	if len(c.numbers) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanTimeout)
	defer cancel()
	for _, x := range c.numbers {
		p, guard := storage.Patch{Push: map[string][]any{"free": {x.n}}}, storage.Guard{}
		if x.entry != "" {
			// Once only: settled meanwhile, it is free already.
			p.Pull, guard.Where = map[string][]any{"re": {x.entry}}, filter.Cmp{Path: "re", Op: filter.Eq, Value: x.entry}
		}
		if _, err := c.s.counters().Patch(ctx, x.counter, guard, p); err != nil && !errors.Is(err, storage.ErrConflict) {
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
	doc, owned, err := s.unsettled(ctx, counter)
	if err != nil {
		return err
	}
	return s.settleLog(ctx, counter, doc, owned)
}

// unsettled reads a counter, and which of its open numbers some record holds.
func (s *Service) unsettled(ctx context.Context, counter string) (doc storage.Doc, owned map[string]bool, err error) {
	doc, err = s.counters().Get(ctx, counter)
	if err != nil {
		return nil, nil, err
	}
	parts := strings.Split(counter, ":") // serial:app.form:field:period
	if len(parts) != 4 {
		return nil, nil, fmt.Errorf("counter %s is none of a serial number", counter)
	}
	base, entries := number(doc, "base"), texts(doc["log"])
	keys := make([]any, 0, len(entries))
	for i := range entries {
		keys = append(keys, serialKey(issued{counter: counter, n: base + int64(i) + 1}))
	}
	for _, e := range texts(doc["re"]) {
		n, _ := strconv.ParseInt(strings.SplitN(e, ":", 3)[1], 10, 64) // written by issue
		keys = append(keys, serialKey(issued{counter: counter, n: n}))
	}
	owned, err = s.owned(ctx, parts[1], serialPrefix+parts[2], keys)
	return doc, owned, err
}

// owned tells which of the keys some record holds: one that is there, or one in
// the trash, which keeps its numbers.
func (s *Service) owned(ctx context.Context, ref, field string, keys []any) (map[string]bool, error) {
	out := map[string]bool{}
	for len(keys) > 0 {
		n := min(len(keys), storage.MaxFindLimit)
		live := storage.Query{Where: filter.Cmp{Path: "uniq." + field, Op: filter.In, Value: keys[:n]}, Limit: storage.MaxFindLimit, Fields: []string{"uniq"}}
		if err := collect(ctx, s.t.Records(ref), live, func(d storage.Doc) { out[text(object(d, "uniq"), field)] = true }); err != nil {
			return nil, err
		}
		gone := storage.Query{Where: filter.And{filter.Cmp{Path: "form", Op: filter.Eq, Value: ref}, filter.Cmp{Path: "doc.uniq." + field, Op: filter.In, Value: keys[:n]}},
			Limit: storage.MaxFindLimit, Fields: []string{"doc.uniq"}}
		if err := collect(ctx, s.trash(), gone, func(d storage.Doc) { out[text(object(object(d, "doc"), "uniq"), field)] = true }); err != nil {
			return nil, err
		}
		keys = keys[n:]
	}
	return out, nil
}

// collect shows every document of a query, page by page.
func collect(ctx context.Context, col storage.Collection, q storage.Query, see func(storage.Doc)) error {
	for {
		page, err := col.Find(ctx, q)
		if err != nil {
			return err
		}
		for _, d := range page.Docs {
			see(d)
		}
		if page.Next == "" {
			return nil
		}
		q.Cursor = page.Next
	}
}

// settling is what one look at a counter finds to be settled.
type settling struct {
	counter string
	doc     storage.Doc
	owned   map[string]bool
	old     int64 // ms: what was given before is too old to come
	known   map[int64]bool
	log, re []any // entries that go
	free    []any // numbers that come back
}

// settleLog writes what is settled, if nobody settled it meanwhile. That entries
// are appended meanwhile does not matter: they are behind those that go.
func (s *Service) settleLog(ctx context.Context, counter string, doc storage.Doc, owned map[string]bool) error {
	x := &settling{counter: counter, doc: doc, owned: owned, old: s.t.Clock.Now().Add(-serialGrace).UnixMilli(), known: map[int64]bool{}}
	for _, n := range list(doc, "free") {
		if n, ok := n.(int64); ok {
			x.known[n] = true
		}
	}
	x.again()
	x.first()
	if len(x.log)+len(x.re) == 0 {
		return nil
	}
	p := storage.Patch{Inc: map[string]any{"base": int64(len(x.log))}, Pull: map[string][]any{"log": x.log, "re": x.re}}
	if len(x.free) > 0 {
		p.Push = map[string][]any{"free": x.free}
	}
	same := filter.And{filter.Cmp{Path: "base", Op: filter.Eq, Value: number(doc, "base")}}
	for _, e := range x.re {
		same = append(same, filter.Cmp{Path: "re", Op: filter.Eq, Value: e})
	}
	_, err := s.counters().Patch(ctx, counter, storage.Guard{Where: same}, p)
	if errors.Is(err, storage.ErrConflict) {
		return nil // another node did; the rest comes by the next look
	}
	return err
}

// maxAgain bounds how many numbers given again are settled at once.
const maxAgain = 200

// again looks at the numbers that were given a second time.
func (x *settling) again() {
	for _, e := range texts(x.doc["re"]) {
		f := strings.SplitN(e, ":", 3)
		at, _ := strconv.ParseInt(f[0], 10, 64)
		n, _ := strconv.ParseInt(f[1], 10, 64)
		x.known[n] = true
		switch {
		case len(x.re) == maxAgain:
		case x.owns(n):
			x.re = append(x.re, e)
		case at < x.old:
			x.re, x.free = append(x.re, e), append(x.free, n)
		}
	}
}

// first looks at the numbers given for the first time, up to the first one
// whose record may still come.
func (x *settling) first() {
	base := number(x.doc, "base")
	for i, e := range texts(x.doc["log"]) {
		n := base + int64(i) + 1
		stamp, _, _ := strings.Cut(e, ":")
		at, _ := strconv.ParseInt(stamp, 10, 64)
		settled := x.owns(n) || x.known[n]
		if !settled && at >= x.old {
			return
		}
		if !settled {
			x.free = append(x.free, n)
		}
		x.log = append(x.log, e)
	}
}

func (x *settling) owns(n int64) bool {
	return x.owned[serialKey(issued{counter: x.counter, n: n})]
}

// SettleSerials settles every counter that has something open; called now and
// then. One that cannot be settled does not hold up the others.
func (s *Service) SettleSerials(ctx context.Context) error {
	return s.openCounters(ctx, s.SettleSerial)
}

// openCounters visits the counters that have open numbers.
func (s *Service) openCounters(ctx context.Context, visit func(ctx context.Context, counter string) error) error {
	open := filter.Or{filter.Cmp{Path: "log", Op: filter.Prefix, Value: ""}, filter.Cmp{Path: "re", Op: filter.Prefix, Value: ""}}
	q := storage.Query{Where: filter.And{filter.Cmp{Path: storage.ID, Op: filter.Prefix, Value: "serial:"}, open}, Limit: storage.MaxFindLimit, Fields: []string{storage.ID}}
	var counters []string
	if err := collect(ctx, s.counters(), q, func(d storage.Doc) { counters = append(counters, text(d, storage.ID)) }); err != nil {
		return err
	}
	var failed []error
	for _, c := range counters {
		if err := visit(ctx, c); err != nil {
			failed = append(failed, fmt.Errorf("counter %s: %w", c, err))
		}
	}
	return errors.Join(failed...)
}
