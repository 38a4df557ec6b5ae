package record

import (
	"context"
	"fmt"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/tenant"
)

// Said is what comes with words about a record.
type Said struct {
	Mention   []string // users named with @
	Files     []string // ids of files
	Signature string   // id of a file, "" = none
}

// Limits of what comes with words.
const (
	MaxMention = 20
	MaxFiles   = 20
)

// CheckSaid refuses people who may not see the record they are called to
// (mention.blind, with their name), and files that the actor did not upload and
// may not read.
func (s *Service) CheckSaid(ctx context.Context, a *tenant.Actor, rec *Record, said Said) error {
	if err := said.bounded(); err != nil {
		return err
	}
	if err := s.checkMention(ctx, rec, said.Mention); err != nil {
		return err
	}
	return s.checkAttached(ctx, a, said)
}

func (x Said) bounded() error {
	for path, n := range map[string][2]int{"/mention": {len(x.Mention), MaxMention}, "/files": {len(x.Files), MaxFiles}} {
		if n[0] > n[1] {
			return invalid([]fault.Field{{Path: path, Code: "max_items", Message: fmt.Sprintf("at most %d", n[1]), Params: map[string]any{"max": n[1]}}})
		}
	}
	return nil
}

func (s *Service) checkMention(ctx context.Context, rec *Record, users []string) error {
	for i, u := range users {
		at := fmt.Sprintf("/mention/%d", i)
		who, err := s.t.Actor(ctx, u)
		if fault.KindOf(err) == fault.Unauthorized {
			return fault.New(fault.Invalid, "mention.unknown", "there is no such active user").
				At(fault.Field{Path: at, Code: "unknown_member", Message: "there is no such active user"})
		}
		if err != nil {
			return err
		}
		if !RightsOn(who, rec).Visible {
			return fault.Newf(fault.Invalid, "mention.blind", "%s may not see this record", who.Name).With("user", u).With("name", who.Name).
				At(fault.Field{Path: at, Code: "blind", Message: "may not see this record", Params: map[string]any{"name": who.Name}})
		}
	}
	return nil
}

func (s *Service) checkAttached(ctx context.Context, a *tenant.Actor, said Said) error {
	all := said.All()
	if len(all) == 0 {
		return nil
	}
	known := map[string]map[string]any{}
	if s.files != nil {
		var err error
		if known, err = s.files.Attachable(ctx, a, all); err != nil {
			return err
		}
	}
	for i, id := range all {
		if known[id] != nil {
			continue
		}
		at := fmt.Sprintf("/files/%d", i)
		if i == len(said.Files) {
			at = "/signature"
		}
		return fault.New(fault.Invalid, "file.missing", "the file was not uploaded").
			At(fault.Field{Path: at, Code: "file_missing", Message: "the file was not uploaded"})
	}
	return nil
}

// All are the files, the signature last.
func (x Said) All() []string {
	if x.Signature == "" {
		return x.Files
	}
	return append(append([]string(nil), x.Files...), x.Signature)
}

// Attach makes the files belong to the record: whoever may see it may read them.
func (c *Change) Attach(said Said) {
	if all := said.All(); len(all) > 0 {
		ids := make([]any, len(all))
		for i, id := range all {
			ids[i] = id
		}
		c.Emit(EffectFiles, map[string]any{"files": ids, "talk": true})
	}
}
