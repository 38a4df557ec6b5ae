package record

import (
	"context"
	"time"
)

// backgroundTimeout bounds work done beside requests.
const backgroundTimeout = 30 * time.Second

// background runs work beside the request that found it needed; Close waits for it.
func (s *Service) background(work func(context.Context) error) {
	s.cleaner.wg.Add(1)
	go func() {
		defer s.cleaner.wg.Done()
		ctx, cancel := context.WithTimeout(context.Background(), backgroundTimeout)
		defer cancel()
		if err := work(ctx); err != nil {
			s.log.ErrorContext(ctx, "work beside requests failed", "error", err)
		}
	}()
}
