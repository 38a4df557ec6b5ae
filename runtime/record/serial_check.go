package record

import (
	"context"
	"time"
)

// LostSerials counts, per counter, the numbers that were given out longer ago
// than age and belong to no record: a running server gives them again within
// minutes. Nothing is changed.
func (s *Service) LostSerials(ctx context.Context, age time.Duration) (map[string]int, error) {
	lost := map[string]int{}
	err := s.openCounters(ctx, func(ctx context.Context, counter string) error {
		doc, owned, err := s.unsettled(ctx, counter)
		if err != nil {
			return err
		}
		x := &settling{counter: counter, doc: doc, owned: owned, old: s.t.Clock.Now().Add(-age).UnixMilli(), known: map[int64]bool{}}
		for _, n := range list(doc, "free") {
			if n, ok := n.(int64); ok {
				x.known[n] = true
			}
		}
		x.again()
		x.first()
		if len(x.free) > 0 {
			lost[counter] = len(x.free)
		}
		return nil
	})
	return lost, err
}
