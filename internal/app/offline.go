package app

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"github.com/formwork-run/formwork/internal/clock"
	"github.com/formwork-run/formwork/internal/config"
	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/internal/seal"
	"github.com/formwork-run/formwork/rbac/org"
	"github.com/formwork-run/formwork/runtime"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/storage"
)

// commandLine is who did what a command did, in the audit log.
const commandLine = "command-line"

// Offline is the program's data without its server, for commands. A server may
// run over the same data: it follows within two seconds.
type Offline struct {
	Store storage.Store
	host  *runtime.Host
	seal  *seal.Sealer
}

// OpenOffline opens the data a configuration names. Without create, a folder
// that holds none is refused and stays as it is.
func OpenOffline(ctx context.Context, cfg config.Config, create bool) (*Offline, error) {
	if err := cfg.Check(); err != nil {
		return nil, err
	}
	if _, err := os.Stat(storeDir(cfg)); !cfg.Mongo() && !create && err != nil {
		return nil, fmt.Errorf("there are no data in %s", cfg.Data)
	}
	log := Logger(cfg, os.Stderr)
	st, err := OpenStore(ctx, cfg, log)
	if err != nil {
		return nil, err
	}
	keys, err := OpenSeal(cfg, log)
	if err != nil {
		return nil, errors.Join(err, st.Close(ctx))
	}
	o := &Offline{Store: st, seal: keys, host: runtime.NewHost(runtime.Deps{Store: st, Clock: clock.System{}, IDs: ids.UUID{}, Log: log, Seal: keys})}
	if err := o.host.OpenAll(ctx); err != nil {
		return nil, errors.Join(err, o.Close(ctx))
	}
	return o, nil
}

// storeDir is where the embedded store keeps its files.
func storeDir(cfg config.Config) string { return filepath.Join(cfg.Data, "store") }

// Close closes the data.
func (o *Offline) Close(ctx context.Context) error {
	return errors.Join(o.host.Close(ctx), o.Store.Close(ctx))
}

// tenant finds an organisation by id; "" is the only one.
func (o *Offline) tenant(ctx context.Context, id string) (*runtime.Services, error) {
	s, err := o.host.Find(ctx, id, "")
	if id == "" && err != nil {
		return nil, fmt.Errorf("there are %d organisations: name one with --tenant", len(o.host.All()))
	}
	return s, err
}

// UserLine is a user as a command lists him.
type UserLine struct {
	ID    string   `json:"id"`
	Login string   `json:"login"`
	Name  string   `json:"name"`
	State string   `json:"state"` // active or left
	Admin bool     `json:"admin"`
	Depts []string `json:"depts"` // their paths
}

func lineOf(s *runtime.Services, u org.User) UserLine {
	out := UserLine{ID: u.ID, Login: u.Login, Name: u.Name, State: u.State, Admin: u.Admin, Depts: []string{}}
	for _, d := range u.Depts {
		out.Depts = append(out.Depts, s.Org.Snapshot().Path(d))
	}
	return out
}

// Users lists the users of an organisation, by name; also those who left.
func (o *Offline) Users(ctx context.Context, tenantID string) ([]UserLine, error) {
	s, err := o.tenant(ctx, tenantID)
	if err != nil {
		return nil, err
	}
	out := []UserLine{}
	q := org.Search{Limit: org.MaxPage}
	for {
		page, err := s.Org.Snapshot().People(q, "")
		if err != nil {
			return nil, err
		}
		for _, u := range page.Items {
			out = append(out, lineOf(s, u))
		}
		if page.Next == "" {
			return out, nil
		}
		q.Cursor = page.Next
	}
}

// NewUser is somebody to be added.
type NewUser struct {
	Login, Name string
	Admin       bool
	Depts       []string // by id, name or path
}

// AddUser adds a user, to a first organisation when there is none yet. path is
// the page where he chooses his password, once.
func (o *Offline) AddUser(ctx context.Context, tenantID string, n NewUser) (u UserLine, path string, err error) {
	if tenantID == "" {
		if _, err := o.host.Ensure(ctx, DefaultTenant); err != nil {
			return u, "", err
		}
	}
	s, err := o.tenant(ctx, tenantID)
	if err != nil {
		return u, "", err
	}
	add := org.User{Login: n.Login, Name: n.Name, Admin: n.Admin}
	for _, ref := range n.Depts {
		id := s.Org.Snapshot().DeptID(ref)
		if id == "" {
			return u, "", fmt.Errorf("there is no department %q, or several have the name: give its path or id", ref)
		}
		add.Depts = append(add.Depts, id)
	}
	if add, err = s.Org.CreateUser(ctx, add); err != nil {
		return u, "", err
	}
	err = o.noted(ctx, s, "user.created", map[string]any{"user": add.ID, "login": add.Login, "admin": add.Admin})
	if err != nil {
		return u, "", err
	}
	path, err = linkPath(ctx, s, add.ID)
	return lineOf(s, add), path, err
}

// noted tells running servers of a change of the organisation, and logs it.
func (o *Offline) noted(ctx context.Context, s *runtime.Services, action string, detail map[string]any) error {
	if err := s.Changed(ctx, tenant.SignalOrg); err != nil {
		return err
	}
	return s.Audit.Note(ctx, commandLine, action, "", detail)
}

func linkPath(ctx context.Context, s *runtime.Services, user string) (string, error) {
	token, err := s.Authn.PasswordLink(ctx, user)
	if err != nil {
		return "", err
	}
	return "/password?" + url.Values{"tenant": {s.ID}, "user": {user}, "token": {token}}.Encode(), nil
}

// user finds an account by its login.
func (o *Offline) user(ctx context.Context, tenantID, login string) (*runtime.Services, *org.User, error) {
	s, err := o.tenant(ctx, tenantID)
	if err != nil {
		return nil, nil, err
	}
	u := s.Org.Snapshot().ByLogin(login)
	if u == nil {
		return nil, nil, fmt.Errorf("there is no user %s", login)
	}
	return s, u, nil
}

// PasswordLink makes a one-time link: the page where a user chooses a new password.
func (o *Offline) PasswordLink(ctx context.Context, tenantID, login string) (path string, err error) {
	s, u, err := o.user(ctx, tenantID, login)
	if err != nil {
		return "", err
	}
	if path, err = linkPath(ctx, s, u.ID); err != nil {
		return "", err
	}
	return path, s.Audit.Note(ctx, commandLine, "user.password_link", "", map[string]any{"user": u.ID, "login": u.Login})
}

// SetPassword gives a user a new password and ends his sessions.
func (o *Offline) SetPassword(ctx context.Context, tenantID, login, password string) error {
	s, u, err := o.user(ctx, tenantID, login)
	if err != nil {
		return err
	}
	if err := s.Authn.SetPassword(ctx, u.ID, password); err != nil {
		return err
	}
	return s.Audit.Note(ctx, commandLine, "password.changed", "", map[string]any{"user": u.ID, "login": u.Login})
}

// TenantLine is an organisation as a command lists it.
type TenantLine struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Host  string `json:"host"`
	Users int    `json:"users"` // active ones
	Apps  int    `json:"apps"`
}

// Tenants lists the organisations, by id.
func (o *Offline) Tenants() []TenantLine {
	out := []TenantLine{}
	for _, s := range o.host.All() {
		out = append(out, tenantLine(s))
	}
	return out
}

func tenantLine(s *runtime.Services) TenantLine {
	set := s.Settings()
	return TenantLine{ID: s.ID, Name: set.Name, Host: set.Host, Users: s.Org.Snapshot().Active(), Apps: len(s.Catalog.Snapshot().Apps)}
}

// AddTenant makes an organisation; its first administrator comes with user add --admin.
func (o *Offline) AddTenant(ctx context.Context, id, name string) (TenantLine, error) {
	s, err := o.host.Create(ctx, id, name)
	if err != nil {
		return TenantLine{}, err
	}
	return tenantLine(s), s.Audit.Note(ctx, commandLine, "tenant.created", "", map[string]any{"name": name})
}
