package tenant

import "github.com/formwork-run/formwork/rbac"

// Policies replaces the compiled access of this node by what change makes of it,
// until something is published. Nobody's decisions have another source, so this
// answers what a policy is worth: see rbac.Engine.Without.
func (t *Tenant) Policies(change func(*rbac.Engine) (*rbac.Engine, error)) error {
	was := t.access.Load()
	engine, err := change(was.engine)
	if err != nil {
		return err
	}
	t.access.Store(&access{engine: engine, mine: was.mine})
	return nil
}

// MeansMore names an access group that would give somebody more in another
// organisation: see rbac.Engine.MeansMore.
func (t *Tenant) MeansMore(was, is rbac.Subject) string {
	return t.access.Load().engine.MeansMore(&was, &is)
}
