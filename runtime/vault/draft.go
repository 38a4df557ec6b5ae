package vault

import (
	"context"

	"github.com/formwork-run/formwork/storage"
)

const draftPlace = "\x00draft"

// SealDraft gives what the store keeps of a draft of a form: its text as a
// whole is sealed where the form has sensitive fields.
func (v *Vault) SealDraft(ctx context.Context, form, id, data string) (set map[string]any, err error) {
	if layoutOf(v.forms(form)) == nil {
		return map[string]any{"data": data, keyMark: ""}, nil
	}
	ct, err := v.Seal(ctx, []byte(data), draftPlace, form, id)
	if err != nil {
		return nil, err
	}
	return map[string]any{"data": ct, keyMark: v.seal.Primary()}, nil
}

// OpenDraft gives the text of a stored draft.
func (v *Vault) OpenDraft(doc storage.Doc) (string, error) {
	if text(doc, keyMark) == "" {
		return text(doc, "data"), nil
	}
	raw, err := v.Open(text(doc, "data"), draftPlace, text(doc, "form"), text(doc, storage.ID))
	return string(raw), err
}
