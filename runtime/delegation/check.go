package delegation

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/formwork-run/formwork/internal/fault"
)

func invalid(fields ...fault.Field) error {
	return fault.New(fault.Invalid, "delegation.invalid", "this delegation cannot be saved").At(fields...)
}

// check tells everything that is wrong with a delegation.
func (s *Service) check(d *Delegation, now time.Time) error {
	var found []fault.Field
	bad := func(path, code, text string) {
		found = append(found, fault.Field{Path: path, Code: code, Message: text})
	}
	if !s.active(d.User) {
		bad("/user", "unknown_member", "there is no such active user")
	}
	switch {
	case d.Delegate == "":
		bad("/delegate", "required", "say who stands in")
	case d.Delegate == d.User:
		bad("/delegate", "self", "nobody stands in for himself")
	case !s.active(d.Delegate):
		bad("/delegate", "unknown_member", "there is no such active user")
	}
	switch {
	case d.Until.IsZero():
		bad("/until", "required", "say until when")
	case !d.Until.After(d.From):
		bad("/until", "order", "it ends after it begins")
	case !d.Until.After(now):
		bad("/until", "past", "it ends in the future")
	case d.Until.Sub(d.From) > MaxDays*24*time.Hour:
		bad("/until", "max", fmt.Sprintf("a delegation lasts at most %d days", MaxDays))
	}
	if utf8.RuneCountInString(d.Note) > MaxNote {
		bad("/note", "max_length", fmt.Sprintf("at most %d characters", MaxNote))
	}
	for i, f := range d.Forms {
		if !s.known(f) || i >= MaxForms {
			bad(fmt.Sprintf("/forms/%d", i), "unknown", "there is no such app or form")
		}
	}
	if len(found) > 0 {
		return invalid(found...)
	}
	return nil
}

// known reports whether a range is an app or a form that is published.
func (s *Service) known(r string) bool {
	snap := s.t.Catalog.Snapshot()
	if strings.Contains(r, ".") {
		return snap.Form(r) != nil
	}
	return snap.Apps[r] != nil
}
