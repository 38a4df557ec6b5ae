package vault

import (
	"context"
	"maps"
	"strings"

	"github.com/formwork-run/formwork/storage"
)

// Effects wait in a record's outbox with whatever they need, also values: of a
// record with sensitive fields they are sealed as a whole.

const outboxPlace = "\x00outbox"

// sealOutbox seals what the effects hold; out is ours already, its outbox not.
func (v *Vault) sealOutbox(ctx context.Context, out storage.Doc, ref, id string) error {
	box := object(out, "outbox")
	if len(box) == 0 {
		return nil
	}
	box = maps.Clone(box)
	for key, e := range box {
		entry, _ := e.(map[string]any)
		held, kept := map[string]any{}, map[string]any{}
		for k, x := range entry {
			if strings.HasPrefix(k, "d_") {
				held[k] = x
			} else {
				kept[k] = x
			}
		}
		if len(held) == 0 {
			continue
		}
		raw, err := Encode(held)
		if err != nil {
			return err
		}
		if kept[Sealed], err = v.Seal(ctx, raw, ref, id, outboxPlace, key); err != nil {
			return err
		}
		box[key] = kept
	}
	out["outbox"] = box
	return nil
}

func (v *Vault) openOutbox(doc storage.Doc, ref, id string) error {
	for key, e := range object(doc, "outbox") {
		entry, _ := e.(map[string]any)
		ct := text(entry, Sealed)
		if ct == "" {
			continue
		}
		held, err := v.openMap(ct, ref, id, outboxPlace, key)
		if err != nil {
			return err
		}
		delete(entry, Sealed)
		maps.Copy(entry, held)
	}
	return nil
}

// openMap opens what holds a map.
func (v *Vault) openMap(ct string, about ...string) (map[string]any, error) {
	raw, err := v.Open(ct, about...)
	if err != nil {
		return nil, err
	}
	val, err := decode(raw)
	if err != nil {
		return nil, err
	}
	m, ok := val.(map[string]any)
	if !ok {
		return nil, errValue
	}
	return m, nil
}
