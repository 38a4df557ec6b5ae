// Package phrase keeps what people say again and again when they decide: each
// person's own phrases, and those of the organisation.
package phrase

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/storage"
)

// Limits of phrases.
const (
	Max     = 50  // of one person, and common ones
	MaxText = 200 // characters of one
)

// Collection holds a document per person, and one of the organisation.
const Collection = "phrases"

const (
	ofUser = "user:"
	common = "common"
)

// Service keeps the phrases of one tenant.
type Service struct{ t *tenant.Tenant }

// New makes the service.
func New(t *tenant.Tenant) *Service { return &Service{t: t} }

// builtin are the common phrases of an organisation that has saved none.
var builtin = map[string][]string{
	"zh-CN": {"同意", "已阅", "请补充材料后再提交", "不同意，请按意见修改"},
	"en":    {"Agreed", "Seen", "Please add the missing documents", "Not agreed: please change it as noted"},
}

// Own are a user's phrases, in his order.
func (s *Service) Own(ctx context.Context, user string) ([]string, error) {
	l, _, err := s.read(ctx, ofUser+user)
	return l, err
}

// Common are those of the organisation; while it has none, some to begin with in a language.
func (s *Service) Common(ctx context.Context, lang string) ([]string, error) {
	l, saved, err := s.read(ctx, common)
	if err != nil || saved {
		return l, err
	}
	if words := builtin[lang]; words != nil {
		return words, nil
	}
	return builtin["zh-CN"], nil
}

// SetOwn replaces a user's phrases.
func (s *Service) SetOwn(ctx context.Context, user string, items []string) ([]string, error) {
	return s.write(ctx, ofUser+user, items)
}

// SetCommon replaces those of the organisation.
func (s *Service) SetCommon(ctx context.Context, items []string) ([]string, error) {
	return s.write(ctx, common, items)
}

func (s *Service) docs() storage.Collection { return s.t.Store.Collection(Collection) }

func (s *Service) read(ctx context.Context, id string) (items []string, saved bool, err error) {
	doc, err := s.docs().Get(ctx, id)
	if errors.Is(err, storage.ErrNotFound) {
		return []string{}, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	items = []string{}
	l, _ := doc["items"].([]any)
	for _, x := range l {
		if text, ok := x.(string); ok {
			items = append(items, text)
		}
	}
	return items, true, nil
}

func (s *Service) write(ctx context.Context, id string, items []string) ([]string, error) {
	items, err := clean(items)
	if err != nil {
		return nil, err
	}
	l := make([]any, len(items))
	for i, text := range items {
		l[i] = text
	}
	_, err = s.docs().Patch(ctx, id, storage.Guard{}, storage.Patch{Set: map[string]any{"items": l}})
	if errors.Is(err, storage.ErrNotFound) {
		err = s.docs().Insert(ctx, storage.Doc{storage.ID: id, "items": l})
	}
	return items, err
}

// clean trims phrases and tells what is wrong with them, each at its place.
func clean(items []string) ([]string, error) {
	var found []fault.Field
	bad := func(path, code, text string) {
		found = append(found, fault.Field{Path: path, Code: code, Message: text})
	}
	if len(items) > Max {
		bad("/items", "max_items", fmt.Sprintf("at most %d phrases", Max))
	}
	out, seen := []string{}, map[string]bool{}
	for i, text := range items {
		text = strings.TrimSpace(text)
		switch n := utf8.RuneCountInString(text); {
		case n == 0:
			bad(fmt.Sprintf("/items/%d", i), "required", "a phrase says something")
		case n > MaxText:
			bad(fmt.Sprintf("/items/%d", i), "max_length", fmt.Sprintf("at most %d characters", MaxText))
		case !seen[text]:
			out, seen[text] = append(out, text), true
		}
	}
	if len(found) > 0 {
		return nil, fault.New(fault.Invalid, "phrases.invalid", "these phrases cannot be saved").At(found...)
	}
	return out, nil
}
