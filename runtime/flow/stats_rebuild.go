package flow

import (
	"context"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/jobs"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// JobFacts is the kind of the jobs that note facts of cases anew; RunFacts handles it.
const JobFacts = "flow.facts"

// RebuildFacts queues a job that notes the facts of all cases of a flow that
// have none yet: of those that ended before facts were kept.
func (s *Service) RebuildFacts(ctx context.Context, ref string) (job string, err error) {
	form, err := s.t.Form(ref)
	if err != nil {
		return "", err
	}
	if form.Flow == nil {
		return "", fault.Newf(fault.NotFound, "flow.none", "form %s has no flow", ref)
	}
	if s.queue == nil {
		return "", fault.New(fault.Unavailable, "jobs.none", "nothing takes jobs here")
	}
	job = s.t.IDs.New()
	return job, s.queue.Add(ctx, jobs.Job{ID: job, Kind: JobFacts, At: s.t.Clock.Now(), Payload: map[string]any{"form": ref}})
}

// factsPage is how many cases are read at once: a case may be large.
const factsPage = 200

// RunFacts handles jobs of kind JobFacts. It may run any number of times: a
// fact that is there stays as it is.
func (s *Service) RunFacts(ctx context.Context, j jobs.Job) error {
	ref, _ := j.Payload["form"].(string)
	cal := s.t.Calendars.Get("")
	q := storage.Query{Where: filter.Cmp{Path: "case.state", Op: filter.Exists, Value: true}, Sort: []filter.Sort{{Path: storage.ID}}, Limit: factsPage}
	for {
		recs, next, err := s.records.Page(ctx, ref, q)
		if err != nil {
			return err
		}
		var docs []storage.Doc
		for _, rec := range recs {
			if rec.Case.State == engine.Draft {
				continue
			}
			for _, v := range rec.Case.Visits {
				if d := visitFact(rec, v.N, cal); d != nil {
					docs = append(docs, d)
				}
			}
			if d := caseFact(rec, cal); d != nil {
				docs = append(docs, d)
			}
		}
		if err := s.note(ctx, docs); err != nil {
			return err
		}
		if next == "" {
			return nil
		}
		q.Cursor = next
	}
}
