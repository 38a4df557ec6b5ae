package record

import (
	"context"
	"time"
)

// backgroundTimeout bounds work done beside requests.
const backgroundTimeout = 30 * time.Second

// background runs work beside the request that found it needed; Close waits for
// it. After Close nothing is begun: it is only work that can wait for the next start.
func (s *Service) background(work func(context.Context) error) {
	if !s.cleaner.begin() {
		return
	}
	go func() {
		defer s.cleaner.wg.Done()
		ctx, cancel := context.WithTimeout(context.Background(), backgroundTimeout)
		defer cancel()
		if err := work(ctx); err != nil {
			s.log.ErrorContext(ctx, "work beside requests failed", "error", err)
		}
	}()
}
