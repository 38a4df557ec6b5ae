// Package task is the task centre: an index of everybody's work across all
// forms. The records decide; rows here only say where to look.
package task

import (
	"context"
	"time"

	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/storage"
)

// The boxes of the task centre.
const (
	Todo = "todo" // open tasks of mine
	Done = "done" // tasks that I decided, or somebody in my place
	Mine = "mine" // cases that I started
	CC   = "cc"   // cases that I was told of
	// Delegated: what somebody else has for me, by a delegation of a period or because I asked him.
	Delegated = "delegated"
)

// Service keeps and reads the index.
type Service struct {
	t         *tenant.Tenant
	records   *record.Service
	clockwork Clockwork
}

// Clockwork counts the working minutes that are left until a visit of a node is due.
type Clockwork interface {
	Left(ctx context.Context, rec *record.Record, node string, due time.Time) (int, error)
}

// New makes the service. Index is usable before Bind: it is a handler of the record service.
func New(t *tenant.Tenant) *Service { return &Service{t: t} }

// Bind gives the service the records it reads, and what counts working time
// (nil: nobody does).
func (s *Service) Bind(records *record.Service, c Clockwork) { s.records, s.clockwork = records, c }

func (s *Service) rows() storage.Collection { return s.t.Store.Collection("tasks") }
