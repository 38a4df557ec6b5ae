// Package flow carries out what people do in flows: it loads the record, asks
// the pure engine, answers the engine's questions from the organisation, and
// writes record, case and effects by one compare-and-set.
package flow

import (
	"context"

	"github.com/formwork-run/formwork/runtime/delegation"
	"github.com/formwork-run/formwork/runtime/jobs"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
)

// Service carries out commands on the cases of one tenant.
type Service struct {
	t           *tenant.Tenant
	records     *record.Service
	delegations *delegation.Service
	files       Files
	queue       Queue
	outside
}

// Files knows the files that come with comments and decisions.
type Files interface {
	record.Files
	// Facts gives name, size and type of files by id, whoever asks; unknown ones are left out.
	Facts(ctx context.Context, ids []string) (map[string]map[string]any, error)
}

// Queue takes jobs for later.
type Queue interface {
	Add(ctx context.Context, j jobs.Job) error
}

// New makes the service. Without Bind nothing can be attached, no timer rings
// and no work is done outside of requests.
func New(t *tenant.Tenant, records *record.Service) *Service {
	s := &Service{t: t, records: records, delegations: delegation.New(t)}
	records.Handle(record.EffectWork, s.Work)
	records.Handle(record.EffectWorkCancelled, s.WorkCancelled)
	records.Handle(record.EffectEnded, s.Ended)
	records.RunLater(record.EffectFacts, s.Facts)
	return s
}

// Delegations is who stands in for whom, as the flows of this node ask it.
func (s *Service) Delegations() *delegation.Service { return s.delegations }

// Bind gives the service the files that are attached and the jobs its timers
// are. The jobs' handlers are RunTimer, RunLeaver and RunWork.
func (s *Service) Bind(f Files, q Queue) { s.files, s.queue = f, q }
