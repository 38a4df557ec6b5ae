package httpapi

import (
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac/authn"
	"github.com/formwork-run/formwork/rbac/org"
	"github.com/formwork-run/formwork/runtime/vault"
)

// UserSecurity is how somebody proves himself, for administrators.
type UserSecurity struct {
	Locked   bool                `json:"locked"`
	LockedAt time.Time           `json:"locked_at,omitzero"`
	TOTP     authn.SecondState   `json:"totp"`
	Password authn.PasswordState `json:"password"`
	Sessions []authn.Session     `json:"sessions"`
	Keys     []authn.Key         `json:"keys"`
}

// account finds the user of the path, whose account the caller may touch.
func (k call) account() (org.User, error) {
	u, err := k.user()
	if err != nil {
		return u, err
	}
	return u, k.guardAccount(u)
}

func (api *API) userSecurity(c *fiber.Ctx) error {
	k := of(c)
	u, err := k.account()
	if err != nil {
		return err
	}
	ctx, out := c.UserContext(), UserSecurity{}
	if out.LockedAt, err = k.Authn.Locked(ctx, u.ID); err != nil {
		return err
	}
	out.Locked = !out.LockedAt.IsZero()
	if out.TOTP, err = k.Authn.Second(ctx, u.ID); err != nil {
		return err
	}
	if out.Password, err = k.Authn.PasswordState(ctx, u.ID); err != nil {
		return err
	}
	if out.Sessions, err = k.Authn.Sessions(ctx, u.ID); err != nil {
		return err
	}
	if out.Keys, err = k.Authn.Keys(ctx, u.ID); err != nil {
		return err
	}
	return c.JSON(out)
}

// endUserSession ends one session of a user.
func (api *API) endUserSession(c *fiber.Ctx) error {
	k := of(c)
	u, err := k.account()
	if err != nil {
		return err
	}
	open, err := k.Authn.Sessions(c.UserContext(), u.ID)
	if err != nil {
		return err
	}
	id := k.param("session")
	if !slices.ContainsFunc(open, func(s authn.Session) bool { return s.ID == id }) {
		return fault.New(fault.NotFound, "session.not_found", "there is no such session")
	}
	if err := k.Authn.End(c.UserContext(), id); err != nil {
		return err
	}
	return k.did(c, "user.session_ended", map[string]any{"user": u.ID, "login": u.Login})
}

func (api *API) unlockUser(c *fiber.Ctx) error {
	k := of(c)
	u, err := k.account()
	if err != nil {
		return err
	}
	if err := k.Authn.Unlock(c.UserContext(), u.ID); err != nil {
		return err
	}
	return k.did(c, "user.unlocked", map[string]any{"user": u.ID, "login": u.Login})
}

// removeUserTOTP helps somebody who lost his device and his recovery codes.
func (api *API) removeUserTOTP(c *fiber.Ctx) error {
	k := of(c)
	u, err := k.account()
	if err != nil {
		return err
	}
	if err := k.Authn.RemoveTOTP(c.UserContext(), u.ID); err != nil {
		return err
	}
	return k.did(c, "totp.removed", map[string]any{"user": u.ID, "login": u.Login})
}

func (api *API) expirePassword(c *fiber.Ctx) error {
	k := of(c)
	u, err := k.account()
	if err != nil {
		return err
	}
	if err := k.Authn.ExpirePassword(c.UserContext(), u.ID); err != nil {
		return err
	}
	return k.did(c, "user.password_expired", map[string]any{"user": u.ID, "login": u.Login})
}

// EncryptionOut says how sensitive fields are kept.
type EncryptionOut struct {
	Keys   []EncryptionKey  `json:"keys"`
	Fields []SensitiveField `json:"fields"`
	// Rotation: values that are still sealed by another key than the primary one.
	Rotation struct {
		Running bool `json:"running"`
		Left    int  `json:"left"`
	} `json:"rotation"`
}

// EncryptionKey is a key, and for how many documents of the organisation it is needed.
type EncryptionKey struct {
	ID      string `json:"id"`
	Primary bool   `json:"primary"`
	Sealed  int    `json:"sealed"`
}

// SensitiveField is a field that is kept encrypted.
type SensitiveField struct {
	Form  string `json:"form"`
	Field string `json:"field"`
}

func (api *API) encryption(c *fiber.Ctx) error {
	k := of(c)
	used, err := k.Vault.InUse(c.UserContext())
	if err != nil {
		return err
	}
	out := EncryptionOut{Keys: []EncryptionKey{}, Fields: []SensitiveField{}}
	for _, key := range k.Vault.Sealer().Keyset().Keys() {
		out.Keys = append(out.Keys, EncryptionKey{key.ID, key.Primary, used[key.ID]})
		if !key.Primary {
			out.Rotation.Left += used[key.ID]
		}
	}
	out.Rotation.Running = out.Rotation.Left > 0
	snap := k.Catalog.Snapshot()
	for _, app := range snap.AppKeys() {
		for _, f := range snap.Apps[app].Def.Forms {
			for _, name := range vault.Names(f) {
				out.Fields = append(out.Fields, SensitiveField{f.Ref(), name})
			}
		}
	}
	return c.JSON(out)
}
