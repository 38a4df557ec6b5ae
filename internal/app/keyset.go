package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"

	"github.com/formwork-run/formwork/internal/config"
	"github.com/formwork-run/formwork/internal/seal"
)

// keysetFile is where the keys of sensitive fields stand.
func keysetFile(cfg config.Config) string {
	if cfg.KeysetFile != "" {
		return cfg.KeysetFile
	}
	return filepath.Join(cfg.Data, "keyset.json")
}

// OpenSeal opens the keyset that a configuration names. Where it names none, one
// is made beside the data, for its owner's eyes alone, with a warning that it
// must be kept elsewhere, too.
func OpenSeal(cfg config.Config, log *slog.Logger) (*seal.Sealer, error) {
	if cfg.Keyset != "" {
		return seal.FromText(string(cfg.Keyset))
	}
	name := keysetFile(cfg)
	s, err := seal.FromFile(name)
	if !errors.Is(err, fs.ErrNotExist) || cfg.KeysetFile != "" {
		return s, err
	}
	k, err := seal.NewKeyset()
	if err != nil {
		return nil, err
	}
	if err := seal.Save(name, k, true); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	log.Warn("made the keys of sensitive fields: keep a copy of this file apart from the backups; without it nobody can read those fields", "file", name)
	return seal.FromFile(name)
}

// sealed chooses the keyset of a program.
func (o *Options) sealed(cfg config.Config) (err error) {
	if o.Seal == nil && (o.Store == nil || cfg.Keyset != "" || cfg.KeysetFile != "") {
		o.Seal, err = OpenSeal(cfg, o.Log)
	}
	return err
}

// KeyLine is a key as a command lists it.
type KeyLine struct {
	ID      string `json:"id"`
	Primary bool   `json:"primary"`
	Sealed  int    `json:"sealed"` // documents it is needed for, in all organisations
}

// Keys lists the encryption keys, oldest first, with what each is needed for.
func (o *Offline) Keys(ctx context.Context) ([]KeyLine, error) {
	used := map[string]int{}
	for _, s := range o.host.All() {
		one, err := s.Vault.InUse(ctx)
		if err != nil {
			return nil, err
		}
		for id, n := range one {
			used[id] += n
		}
	}
	out := []KeyLine{}
	for _, k := range o.seal.Keyset().Keys() {
		out = append(out, KeyLine{k.ID, k.Primary, used[k.ID]})
	}
	return out, nil
}

// RotateKeys gives the keyset another primary key: the one prepared before, else
// a new one. With prepare a new key is added that only opens, so that all
// nodes know it before one of them seals with it. It returns the key's id and
// the new keyset's text where that comes from the environment ("" else).
func (o *Offline) RotateKeys(ctx context.Context, prepare bool) (id, text string, err error) {
	now := o.seal.Keyset()
	keys := now.Keys()
	next, id := now, keys[len(keys)-1].ID
	if prepare || id == now.Primary() {
		if next, id, err = now.Prepared(); err != nil {
			return "", "", err
		}
	}
	action := "keys.prepared"
	if !prepare {
		action = "keys.rotated"
		if next, err = next.Promoted(id); err != nil {
			return "", "", err
		}
	}
	text, err = o.keep(ctx, next, action, id)
	return id, text, err
}

// RemoveKey drops a key that nothing is sealed with any more.
func (o *Offline) RemoveKey(ctx context.Context, id string) (text string, err error) {
	next, err := o.seal.Keyset().Removed(id)
	if err != nil {
		return "", err
	}
	all, err := o.Keys(ctx)
	if err != nil {
		return "", err
	}
	for _, k := range all {
		if k.ID == id && k.Sealed > 0 {
			return "", fmt.Errorf("key %s still seals %d documents: a running server seals them anew with the primary key, or `formwork keys reseal` does", id, k.Sealed)
		}
	}
	return o.keep(ctx, next, "keys.removed", id)
}

// keep stores a keyset where it came from, and logs it in every organisation.
func (o *Offline) keep(ctx context.Context, k *seal.Keyset, action, id string) (text string, err error) {
	if name := o.seal.File(); name != "" {
		err = seal.Save(name, k, false)
	} else {
		var raw []byte
		raw, err = k.Text()
		text = string(raw)
	}
	if err != nil {
		return "", err
	}
	for _, s := range o.host.All() {
		if err := s.Audit.Note(ctx, commandLine, action, "", map[string]any{"key": id}); err != nil {
			return "", err
		}
	}
	return text, nil
}

// Reseal seals everything with the primary key now, and gives how many documents it wrote.
func (o *Offline) Reseal(ctx context.Context) (int, error) {
	done := 0
	for _, s := range o.host.All() {
		n, err := s.Reseal(ctx)
		done += n
		if err != nil {
			return done, err
		}
	}
	return done, nil
}
