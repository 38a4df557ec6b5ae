// Package flow carries out what people do in flows: it loads the record, asks
// the pure engine, answers the engine's questions from the organisation, and
// writes record, case and effects by one compare-and-set.
package flow

import (
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
)

// Service carries out commands on the cases of one tenant.
type Service struct {
	t       *tenant.Tenant
	records *record.Service
}

// New makes the service.
func New(t *tenant.Tenant, records *record.Service) *Service {
	return &Service{t: t, records: records}
}
