// Package design is what administrators do with definitions: keeping drafts,
// checking and publishing them, bringing packs in. It knows no HTTP.
package design

import (
	"context"
	"errors"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/catalog"
	"github.com/formwork-run/formwork/schema/pack"
)

// Roles makes the roles an app declares known to the organisation.
type Roles interface {
	DeclareRoles(ctx context.Context, app string, roles []schema.RoleDef) error
}

// Service designs the apps of one tenant.
type Service struct {
	catalog *catalog.Catalog
	roles   Roles
	// changed makes what was published hold on all nodes.
	changed func(ctx context.Context) error
	log     Log
}

// Log keeps who did what with which app.
type Log func(ctx context.Context, by, action string, detail map[string]any) error

// New makes the service.
func New(c *catalog.Catalog, roles Roles, changed func(ctx context.Context) error) *Service {
	return &Service{catalog: c, roles: roles, changed: changed, log: func(context.Context, string, string, map[string]any) error { return nil }}
}

// Logging is the service with a log of what is done by it.
func (s *Service) Logging(l Log) *Service {
	out := *s
	out.log = l
	return &out
}

// Check tells everything that is wrong with packs, against what is published. It changes nothing.
func (s *Service) Check(ctx context.Context, packs ...*pack.Pack) ([]schema.Problem, error) {
	docs, err := documents(packs)
	if err != nil {
		return nil, err
	}
	_, problems := s.catalog.Check(ctx, docs...)
	return problems, nil
}

// Import brings packs in as one: either all their apps are published, or — with
// the problems returned — none. It returns the version of each app.
func (s *Service) Import(ctx context.Context, by, note string, packs ...*pack.Pack) (map[string]int64, []schema.Problem, error) {
	docs, err := documents(packs)
	if err != nil {
		return nil, nil, err
	}
	if _, problems := s.catalog.Check(ctx, docs...); schema.HasErrors(problems) {
		return nil, problems, fault.New(fault.Invalid, "publish.problems", "the pack has errors; nothing was imported")
	}
	keys := make([]string, len(docs))
	for i := range docs {
		keys[i] = docs[i].Key
		if err := s.saveDraft(ctx, docs[i], by); err != nil {
			return nil, nil, err
		}
	}
	// Roles first: a role without its app does no harm, an app without its roles
	// would shut everybody out.
	for _, p := range packs {
		if err := s.roles.DeclareRoles(ctx, p.App.Key, p.App.Access.Roles); err != nil {
			return nil, nil, err
		}
	}
	versions, problems, err := s.catalog.Publish(ctx, by, note, keys...)
	if versions == nil {
		return nil, problems, err
	}
	// In use, even if what comes after it failed: all nodes must know.
	return versions, problems, errors.Join(err, s.changed(ctx), s.logImport(ctx, by, note, versions, packs))
}

// logImport logs each pack, and each app as it came into use.
func (s *Service) logImport(ctx context.Context, by, note string, versions map[string]int64, packs []*pack.Pack) error {
	var failed []error
	for _, p := range packs {
		key := p.App.Key
		failed = append(failed,
			s.log(ctx, by, "design.imported", map[string]any{"app": key, "pack": p.Meta.Version}),
			s.log(ctx, by, "design.published", map[string]any{"app": key, "version": versions[key], "note": note}))
	}
	return errors.Join(failed...)
}

func documents(packs []*pack.Pack) ([]catalog.AppDoc, error) {
	out := make([]catalog.AppDoc, 0, len(packs))
	for _, p := range packs {
		d, err := catalog.Document(p.App)
		if err != nil {
			return nil, err
		}
		out = append(out, *d)
	}
	return out, nil
}

// saveDraft replaces the draft of an app by that of the pack.
func (s *Service) saveDraft(ctx context.Context, doc catalog.AppDoc, by string) error {
	d, err := s.catalog.Draft(ctx, doc.Key)
	var fe *fault.Error
	if err != nil && !(errors.As(err, &fe) && fe.Kind == fault.NotFound) {
		return err
	}
	_, err = s.catalog.SaveDraft(ctx, catalog.Draft{App: doc, Rev: d.Rev, By: by})
	return err
}
