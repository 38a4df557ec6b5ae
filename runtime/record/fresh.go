package record

import "context"

// Fresh is a record as it is after the work that its own write has had done at
// once: what its flow wrote and found is in it, and the case stands where that
// has left it. What the write warned of is kept. One that cannot be read again
// is given as it was written: the write has succeeded all the same.
func (s *Service) Fresh(ctx context.Context, rec *Record) *Record {
	for _, v := range rec.Case.Visits {
		if !v.Open || v.Work == nil || len(v.Work.Items) == 0 {
			continue
		}
		now, err := s.Load(ctx, rec.Ref(), rec.ID())
		if err != nil {
			s.t.Log.WarnContext(ctx, "a record cannot be read after its write", "form", rec.Ref(), "record", rec.ID(), "error", err)
			return rec
		}
		now.Warnings = rec.Warnings
		return now
	}
	return rec
}
