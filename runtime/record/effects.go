package record

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/formwork-run/formwork/storage"
)

// Kinds of effects that this package runs itself. The other kinds belong to
// the services that register a Handler for them.
const (
	EffectHistory = "history" // the differences of one change
	EffectLog     = "log"     // lines of a long case's log leave the record
	EffectTasks   = "tasks"   // rows of the task index are to follow the case
	EffectNotify  = "notify"  // people are to be told
	EffectAudit   = "audit"   // the act goes into the audit log
	EffectFiles   = "files"   // files were attached
	EffectAccess  = "access"  // the record decides somebody's access
	EffectTimer   = "timer"   // a deadline begins

	// Of the work that flows have done outside of their record.
	EffectWork          = "work"           // items of a visit are to be done
	EffectWorkCancelled = "work_cancelled" // what a visit started is no longer wanted
	EffectEnded         = "ended"          // the case of a record that a flow started has ended
	EffectFacts         = "facts"          // visits and cases that ended, for the analysis of flows
)

// Effect is something a write wants done. It is stored in the record's outbox
// by the same write, and removed when every handler is through.
type Effect struct {
	// ID is "record:rev:n"; what an effect makes derives its id from it.
	ID   string
	Kind string
	At   time.Time
	By   string
	Data map[string]any
}

// Handler runs one effect. rec is the record as that write left it, or later.
// It must be idempotent: it runs again when a process dies in between. Other
// handlers have the same rec at the same time: it is only to be read.
type Handler func(ctx context.Context, rec *Record, e Effect) error

func (e Effect) doc() map[string]any {
	d := map[string]any{"kind": e.Kind, "at": e.At, "by": e.By}
	for k, v := range e.Data {
		d["d_"+k] = v
	}
	return d
}

// outboxKey is the effect's key within the outbox: ids of the same record differ only in it.
func (e Effect) outboxKey() string {
	_, rest, _ := strings.Cut(e.ID, ":")
	return "e" + strings.ReplaceAll(rest, ":", "_")
}

func effectID(record string, rev int64, n int) string {
	return record + ":" + strconv.FormatInt(rev, 10) + ":" + strconv.Itoa(n)
}

// effects reads the outbox of a document, in the order they were made.
func effects(doc storage.Doc) []Effect {
	box := object(doc, "outbox")
	out := make([]Effect, 0, len(box))
	id := text(doc, storage.ID)
	for key, v := range box {
		m, _ := v.(map[string]any)
		e := Effect{ID: id + ":" + strings.ReplaceAll(strings.TrimPrefix(key, "e"), "_", ":"), Kind: text(m, "kind"),
			At: moment(m, "at"), By: text(m, "by"), Data: map[string]any{}}
		for k, x := range m {
			if name, ok := strings.CutPrefix(k, "d_"); ok {
				e.Data[name] = x
			}
		}
		out = append(out, e)
	}
	sortEffects(out)
	return out
}

func sortEffects(l []Effect) {
	order := func(e Effect) (rev, n int64) {
		parts := strings.Split(e.ID, ":")
		rev, _ = strconv.ParseInt(parts[len(parts)-2], 10, 64)
		n, _ = strconv.ParseInt(parts[len(parts)-1], 10, 64)
		return rev, n
	}
	for i := 1; i < len(l); i++ { // few, and nearly always sorted
		for j := i; j > 0; j-- {
			ar, an := order(l[j-1])
			br, bn := order(l[j])
			if ar < br || ar == br && an <= bn {
				break
			}
			l[j-1], l[j] = l[j], l[j-1]
		}
	}
}

// Pending is an effect with its record, as a Later handler gets it.
type Pending struct {
	Rec    *Record
	Effect Effect
}

// Later runs effects of many writes at once, soon after those were answered:
// for what no answer depends on. It must be idempotent like a Handler; when it
// fails, none counts as done and the sweeper runs each of them again.
type Later func(ctx context.Context, l []Pending) error

// RunLater registers the handler of a kind whose effects wait in the outbox for
// others of their kind. It must be called before the service is used.
func (s *Service) RunLater(kind string, h Later) {
	s.later[kind] = h
	s.handlers[kind] = func(ctx context.Context, rec *Record, e Effect) error { return h(ctx, []Pending{{rec, e}}) }
}

// run carries out effects of a record, side by side, and returns those that are
// done. It goes on after a failure: one broken handler holds up nothing else.
// Handlers share the record: none may change it.
// Only the move to the trash waits until all others are done: it takes the
// outbox away with the record.
func (s *Service) run(ctx context.Context, rec *Record, todo []Effect) (done []string, err error) {
	at := slices.IndexFunc(todo, func(e Effect) bool { return e.Kind == EffectTrash })
	if at < 0 {
		return s.together(ctx, rec, todo)
	}
	done, err = s.together(ctx, rec, slices.Delete(slices.Clone(todo), at, at+1))
	if err != nil {
		return done, err
	}
	moved, err := s.together(ctx, rec, todo[at:at+1])
	return append(done, moved...), err
}

func (s *Service) together(ctx context.Context, rec *Record, todo []Effect) (done []string, err error) {
	failed := make([]error, len(todo))
	var wg sync.WaitGroup
	for i, e := range todo {
		if i == len(todo)-1 {
			failed[i] = s.runOne(ctx, rec, e)
			continue
		}
		wg.Go(func() { failed[i] = s.runOne(ctx, rec, e) })
	}
	wg.Wait()
	for i, e := range todo {
		if failed[i] == nil {
			done = append(done, e.outboxKey())
		}
	}
	return done, errors.Join(failed...)
}

// runOne carries out one effect; a handler that panics has failed like any other.
func (s *Service) runOne(ctx context.Context, rec *Record, e Effect) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("effect %s (%s) panicked: %v", e.ID, e.Kind, p)
		}
	}()
	h := s.handlers[e.Kind]
	if h == nil {
		return fmt.Errorf("effect %s: no handler of kind %q", e.ID, e.Kind)
	}
	if err := h(within(ctx), rec, e); err != nil {
		return fmt.Errorf("effect %s (%s): %w", e.ID, e.Kind, err)
	}
	return nil
}

// runMany carries out effects of one kind; a handler that panics has failed like any other.
func (s *Service) runMany(ctx context.Context, kind string, l []Pending) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%d effects (%s) panicked: %v", len(l), kind, p)
		}
	}()
	return s.later[kind](ctx, l)
}

// settle runs the effects of a write that has just been made, within the
// request; those of a Later handler go to the cleaner. What fails is left to the
// sweeper; the write itself stands.
func (s *Service) settle(ctx context.Context, rec *Record, todo []Effect) {
	if len(todo) == 0 {
		return
	}
	now, later := s.split(todo)
	if rec.State() == StateDeleted { // the outbox goes with the record: what earlier writes left in it, too
		now, later = effects(rec.Doc), nil
	}
	done, err := s.run(ctx, rec, now)
	if err != nil {
		s.log.ErrorContext(ctx, "effects left to the sweeper", "form", rec.Ref(), "record", rec.ID(), "error", err)
	}
	s.cleaner.add(&cleaning{rec: rec, rev: number(rec.Doc, storage.Rev), pending: len(object(rec.Doc, "outbox")), later: later, done: done})
}

// split parts the effects that an answer waits for from those that wait for others of their kind.
func (s *Service) split(todo []Effect) (now, later []Effect) {
	for _, e := range todo {
		if s.later[e.Kind] != nil {
			later = append(later, e)
		} else {
			now = append(now, e)
		}
	}
	return now, later
}
