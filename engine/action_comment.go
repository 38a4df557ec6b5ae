package engine

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
)

// Limits of what comes with a command.
const (
	MaxComment = 4000 // characters of a comment
	MaxMention = 50   // people a comment names
	MaxFiles   = 20   // files that come with it
)

// checkInput bounds what anybody may write into a case.
func checkInput(c Command) error {
	switch {
	case utf8.RuneCountInString(c.Comment) > MaxComment:
		return tooMuch("comment.too_long", "/comment", "a comment is shorter", MaxComment)
	case len(c.Mention) > MaxMention:
		return tooMuch("mention.too_many", "/mention", "a comment names fewer people", MaxMention)
	case len(c.Files) > MaxFiles:
		return tooMuch("files.too_many", "/files", "fewer files come with a comment", MaxFiles)
	}
	return nil
}

func tooMuch(code, path, text string, most int) error {
	return fault.New(fault.Invalid, code, text).With("max", most).
		At(fault.Field{Path: path, Code: "max_length", Message: text, Params: map[string]any{"max": most}})
}

// save keeps what the assignee has filled in, without deciding.
func save(r *run) error {
	_, err := r.myTask()
	return err
}

// comment adds a line to the log and tells the others who have a part in the case.
func comment(r *run) error {
	if r.c.State == Draft {
		return stateAllows(Draft)
	}
	if !r.cmd.Admin && !takesPart(r.c, r.cmd.By) {
		return fault.New(fault.Forbidden, "case.not_yours", "only who takes part in the case may comment")
	}
	if strings.TrimSpace(r.cmd.Comment) == "" && len(r.cmd.Files) == 0 {
		return lacks("comment.required", "/comment", "a comment needs a text or a file")
	}
	to := r.c.Handlers()
	if !slices.Contains(to, r.c.Initiator) {
		to = append(to, r.c.Initiator)
	}
	mentioned, _, err := r.mentioned()
	if err != nil {
		return err
	}
	to = slices.DeleteFunc(to, func(u string) bool { return u == r.cmd.By || slices.Contains(mentioned, u) })
	r.notify(EventCommented, 0, "", to...)
	return nil
}

// mentioned finds the active users a command names with @, without whoever
// gives it. known is false while the question is open.
func (r *run) mentioned() (users []string, known bool, err error) {
	if len(r.cmd.Mention) == 0 {
		return nil, true, nil
	}
	users, known = r.who(schema.Who{Users: some(r.cmd.Mention)})
	if known && len(users) != len(r.cmd.Mention) {
		text := "one of them is no active user, or is named twice"
		return nil, true, fault.New(fault.Invalid, "mention.unknown", text).
			At(fault.Field{Path: "/mention", Code: "mention.unknown", Message: text})
	}
	return slices.DeleteFunc(slices.Clone(users), func(u string) bool { return u == r.cmd.By }), known, nil
}
