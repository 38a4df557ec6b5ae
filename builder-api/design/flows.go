package design

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
)

// Flows is what the builder needs done with flows on records; the runtime does
// it for whoever calls. The answers are what is sent as JSON.
type Flows interface {
	Simulate(ctx context.Context, app string, in Simulation) (any, error)
	PreviewMigration(ctx context.Context, app string, in Migration, cursor string, limit int) (any, error)
	Migrate(ctx context.Context, app string, in Migration) (any, error)
	Migration(ctx context.Context, app, job string) (any, error)
}

// Simulation asks what a flow would do with sample data and people.
type Simulation struct {
	Form      string              `json:"form"`    // key of a form of the app
	Version   string              `json:"version"` // draft, published; "" = the draft if there is one
	Data      json.RawMessage     `json:"data"`
	By        string              `json:"by"` // the initiator: a user
	At        *time.Time          `json:"at"` // absent = now
	People    map[string][]string `json:"people"`
	Choose    map[string][]string `json:"choose"`
	Decisions map[string]OneOrAll `json:"decisions"`
}

// OneOrAll is a list of texts; one text stands for a list of one.
type OneOrAll []string

// UnmarshalJSON implements json.Unmarshaler.
func (l *OneOrAll) UnmarshalJSON(raw []byte) error {
	var one string
	if err := json.Unmarshal(raw, &one); err == nil {
		*l = OneOrAll{one}
		return nil
	}
	var all []string
	if err := json.Unmarshal(raw, &all); err != nil {
		return fmt.Errorf("a text, or a list of texts, is needed: %w", err)
	}
	*l = all
	return nil
}

// Migration names the cases to be moved to the version in use.
type Migration struct {
	Form   string   `json:"form"`    // key of a form of the app
	Cases  []string `json:"cases"`   // case ids; empty = all that run on older versions
	DryRun bool     `json:"dry_run"` // tells what would be, and does nothing
}

// Check refuses a migration that names no form.
func (m Migration) Check() error {
	if m.Form == "" {
		return fault.New(fault.Malformed, "migrate.form", "name the form whose cases are moved").
			At(fault.Field{Path: "/form", Code: "required", Message: "name the form"})
	}
	return nil
}
