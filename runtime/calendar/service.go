package calendar

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"sync"
	"sync/atomic"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/signal"
)

// Collection holds one document per calendar, by its key.
const Collection = "calendars"

// MaxCalendars bounds how many calendars a tenant has.
const MaxCalendars = 100

// Service keeps the calendars of one tenant. Reads are answered from memory; a
// write tells the other nodes through the signal "calendars". Safe for concurrent use.
type Service struct {
	store storage.Tenant
	zone  func() *time.Location
	now   atomic.Pointer[book]
	load  sync.Mutex // one load at a time, so that an older one never wins
}

// book is one state of all calendars. What was read of them once is kept.
type book struct {
	defs   map[string]Def
	parsed sync.Map // key and zone → *Calendar
}

// Open loads the calendars; zone tells the tenant's zone at this moment.
func Open(ctx context.Context, store storage.Tenant, zone func() *time.Location) (*Service, error) {
	s := &Service{store: store, zone: zone}
	return s, s.Load(ctx)
}

// Load reads the calendars from the store.
func (s *Service) Load(ctx context.Context) error {
	s.load.Lock()
	defer s.load.Unlock()
	page, err := s.store.Collection(Collection).Find(ctx, storage.Query{Limit: storage.MaxFindLimit})
	if err != nil {
		return fmt.Errorf("calendars: %w", err)
	}
	b := &book{defs: make(map[string]Def, len(page.Docs))}
	for _, doc := range page.Docs {
		d := defOf(doc)
		b.defs[d.Key] = d
	}
	s.now.Store(b)
	return nil
}

// Has reports whether a key names a calendar.
func (s *Service) Has(key string) bool {
	_, ok := s.now.Load().defs[key]
	return ok || key == DefaultKey || key == AlwaysKey
}

// Get is the calendar with a key; "", and one that is not there any more, is
// the organisation's. It is never nil.
func (s *Service) Get(key string) *Calendar {
	b, zone := s.now.Load(), s.zone()
	if _, ok := b.defs[key]; !ok && key != AlwaysKey {
		key = DefaultKey
	}
	place := key + " " + zone.String()
	if c, ok := b.parsed.Load(place); ok {
		return c.(*Calendar)
	}
	c := b.calendar(key, zone)
	b.parsed.Store(place, c)
	return c
}

func (b *book) calendar(key string, zone *time.Location) *Calendar {
	if key == AlwaysKey {
		return Always(zone)
	}
	d, ok := b.defs[key]
	if !ok {
		d = Builtin()
	}
	c, err := Parse(d, zone)
	if err != nil { // stored by hand: every calendar is checked before it is stored
		return Always(zone)
	}
	return c
}

// Holiday tells formulas what the organisation's calendar says of a day. An
// organisation that has saved none has no opinion.
func (s *Service) Holiday(day string) (work, known bool) {
	if _, saved := s.now.Load().defs[DefaultKey]; !saved {
		return false, false
	}
	work, _ = s.Get(DefaultKey).Works(day)
	return work, true
}

// List gives all calendars by key, the organisation's first.
func (s *Service) List() []Def {
	out := []Def{s.def(DefaultKey)}
	for key, d := range s.now.Load().defs {
		if key != DefaultKey {
			out = append(out, d)
		}
	}
	sort.Slice(out[1:], func(i, j int) bool { return out[1+i].Key < out[1+j].Key })
	return out
}

func (s *Service) def(key string) Def {
	if d, ok := s.now.Load().defs[key]; ok {
		return d
	}
	return Builtin()
}

// Def finds a calendar to show.
func (s *Service) Def(key string) (Def, error) {
	if _, ok := s.now.Load().defs[key]; !ok && key != DefaultKey {
		return Def{}, fault.New(fault.NotFound, "calendar.not_found", "there is no such calendar")
	}
	return s.def(key), nil
}

// Put saves a calendar, a new one or over the revision it was made from (Rev 0
// = not checked). Deadlines that are running keep the time they were given.
func (s *Service) Put(ctx context.Context, d Def) (Def, error) {
	if _, err := Parse(d, s.zone()); err != nil {
		return Def{}, err
	}
	known := s.now.Load().defs
	if _, there := known[d.Key]; !there && len(known) >= MaxCalendars {
		return Def{}, fault.Newf(fault.Refused, "calendar.too_many", "there are %d calendars already", MaxCalendars)
	}
	if err := s.put(ctx, d); err != nil {
		return Def{}, err
	}
	if err := s.changed(ctx); err != nil {
		return Def{}, err
	}
	return s.Def(d.Key)
}

func (s *Service) put(ctx context.Context, d Def) error {
	col, doc := s.store.Collection(Collection), d.doc()
	set := map[string]any{}
	for k, v := range doc {
		if k != storage.ID {
			set[k] = v
		}
	}
	_, err := col.Patch(ctx, d.Key, storage.Guard{Rev: d.Rev}, storage.Patch{Set: set})
	if errors.Is(err, storage.ErrNotFound) && d.Rev == 0 {
		err = col.Insert(ctx, doc)
	}
	if errors.Is(err, storage.ErrConflict) || errors.Is(err, storage.ErrDuplicate) || errors.Is(err, storage.ErrNotFound) {
		return fault.New(fault.Conflict, "calendar.stale", "somebody else changed the calendar meanwhile").Because(err)
	}
	return err
}

// Delete removes a calendar; the organisation's goes back to what it is from
// the start. Flows that name it count by the organisation's.
func (s *Service) Delete(ctx context.Context, key string) error {
	err := s.store.Collection(Collection).Delete(ctx, key, storage.Guard{})
	if errors.Is(err, storage.ErrNotFound) || errors.Is(err, storage.ErrInvalid) {
		return fault.New(fault.NotFound, "calendar.not_found", "there is no such calendar")
	}
	if err != nil {
		return err
	}
	return s.changed(ctx)
}

func (s *Service) changed(ctx context.Context) error {
	if err := signal.Bump(ctx, s.store, signal.Calendars); err != nil {
		return err
	}
	return s.Load(ctx)
}
