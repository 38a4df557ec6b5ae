package runtime

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/storage"
)

// TenantsCollection is the collection of the system store that holds one
// document per tenant: its settings.
const TenantsCollection = "tenants"

// places are the tenants. A host name is one tenant's.
func (h *Host) places() storage.Collection {
	return h.d.Store.System().Collection(TenantsCollection)
}

// OpenAll opens every tenant there is, without the work beside requests: for a
// command that ends soon.
func (h *Host) OpenAll(ctx context.Context) error {
	byHost := storage.Index{Fields: []storage.IndexField{{Path: "host", Scale: -1}}, Unique: true, IfPresent: true}
	if err := h.places().Indexes(ctx, byHost); err != nil {
		return fmt.Errorf("indexes of tenants: %w", err)
	}
	return h.eachPlace(ctx, func(doc storage.Doc) error {
		_, err := h.open(ctx, doc)
		return err
	})
}

func (h *Host) eachPlace(ctx context.Context, visit func(storage.Doc) error) error {
	q := storage.Query{Limit: storage.MaxFindLimit}
	for {
		page, err := h.places().Find(ctx, q)
		if err != nil {
			return fmt.Errorf("tenants: %w", err)
		}
		for _, d := range page.Docs {
			if err := visit(d); err != nil {
				return err
			}
		}
		if page.Next == "" {
			return nil
		}
		q.Cursor = page.Next
	}
}

// follow keeps up with what other nodes, and the command line, do to tenants:
// new ones are opened and changed settings hold here within two seconds.
func (h *Host) follow(ctx context.Context) {
	h.wg.Add(1)
	go func() {
		defer h.wg.Done()
		tick := time.NewTicker(tenant.PollEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			one, cancel := context.WithTimeout(ctx, time.Minute)
			if err := h.eachPlace(one, func(d storage.Doc) error { return h.keepUp(one, d) }); err != nil && ctx.Err() == nil && !errors.Is(err, storage.ErrClosed) {
				h.d.Log.ErrorContext(ctx, "organisations cannot be followed", "error", err)
			}
			cancel()
		}
	}()
}

func (h *Host) keepUp(ctx context.Context, doc storage.Doc) error {
	s, err := h.open(ctx, doc)
	if err != nil {
		h.d.Log.ErrorContext(ctx, "organisation cannot be opened", "error", err)
		return nil // the others go on
	}
	s.SetSettings(tenant.SettingsOf(doc))
	return nil
}

// maxTenantName bounds the name of an organisation, in characters.
const maxTenantName = 100

// Create makes a new tenant; name "" takes the default. The id is
// [a-z0-9_-]{1,40} and never changes.
func (h *Host) Create(ctx context.Context, id, name string) (*Services, error) {
	if err := storage.CheckTenant(id); err != nil {
		return nil, fault.New(fault.Invalid, "tenant.id", "an id has 1 to 40 lower case letters, digits, _ or -").Because(err).
			At(fault.Field{Path: "/id", Code: "pattern", Message: "1 to 40 lower case letters, digits, _ or -"})
	}
	if name = strings.TrimSpace(name); len([]rune(name)) > maxTenantName {
		return nil, invalidSettings(fault.Field{Path: "/name", Code: "max_length", Message: "at most 100 characters", Params: map[string]any{"max": maxTenantName}})
	}
	doc := storage.Doc{storage.ID: id, "name": name, "created_at": h.d.Clock.Now()}
	err := h.places().Insert(ctx, doc)
	if errors.Is(err, storage.ErrDuplicate) {
		return nil, fault.Newf(fault.Duplicate, "tenant.exists", "there is a tenant %s already", id)
	}
	if err != nil {
		return nil, err
	}
	doc[storage.Rev] = int64(1)
	return h.open(ctx, doc)
}

// Tenant finds a tenant by id. One that another node created is opened now.
func (h *Host) Tenant(ctx context.Context, id string) (*Services, error) {
	h.mu.RLock()
	s := h.tenants[id]
	h.mu.RUnlock()
	if s != nil {
		return s, nil
	}
	doc, err := h.places().Get(ctx, id)
	if errors.Is(err, storage.ErrNotFound) || errors.Is(err, storage.ErrInvalid) {
		return nil, fault.Newf(fault.NotFound, "tenant.unknown", "there is no organisation %s", id)
	}
	if err != nil {
		return nil, err
	}
	return h.open(ctx, doc)
}

// Find chooses the tenant of a login: the one named, else the one of the host
// name (a port counts for nothing), else the only one there is.
func (h *Host) Find(ctx context.Context, named, host string) (*Services, error) {
	if named != "" {
		return h.Tenant(ctx, named)
	}
	name, _, _ := strings.Cut(strings.ToLower(host), ":")
	all := h.All()
	for _, s := range all {
		if own := s.Settings().Host; own != "" && own == name {
			return s, nil
		}
	}
	if len(all) == 1 {
		return all[0], nil
	}
	return nil, fault.New(fault.Malformed, "tenant.missing", "name the organisation")
}

// Ensure finds a tenant, or makes it when there is none at all yet: a first
// start begins with one organisation.
func (h *Host) Ensure(ctx context.Context, id string) (*Services, error) {
	if all := h.All(); len(all) > 0 {
		return all[0], nil
	}
	s, err := h.Create(ctx, id, "")
	if fault.Is(err, "tenant.exists") { // another node was first
		return h.Tenant(ctx, id)
	}
	return s, err
}
