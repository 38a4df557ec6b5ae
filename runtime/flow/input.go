package flow

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/record"
)

// Targets are users or nodes; on the wire one of them may stand without a list.
type Targets []string

// UnmarshalJSON reads "a", ["a", "b"] or null.
func (t *Targets) UnmarshalJSON(raw []byte) error {
	if bytes.HasPrefix(bytes.TrimSpace(raw), []byte(`"`)) {
		var one string
		if err := json.Unmarshal(raw, &one); err != nil {
			return err
		}
		*t = nil
		if one != "" {
			*t = Targets{one}
		}
		return nil
	}
	return json.Unmarshal(raw, (*[]string)(t))
}

// MaxComment bounds an opinion, in characters.
const MaxComment = 2000

// remarks are what may come with every action.
type remarks struct {
	comment   string
	mention   []string
	files     []string
	signature string
	choose    map[string][]string
	to        Targets
}

func (w remarks) said() record.Said {
	return record.Said{Mention: w.mention, Files: w.files, Signature: w.signature}
}

// check refuses what no action takes.
func (w remarks) check() error {
	if utf8.RuneCountInString(w.comment) <= MaxComment {
		return nil
	}
	return fault.New(fault.Invalid, "comment.too_long", "the comment is too long").
		At(fault.Field{Path: "/comment", Code: "max_length", Message: "too long", Params: map[string]any{"max": MaxComment}})
}

// command begins a command of the engine with the words.
func (w remarks) command(kind string) engine.Command {
	return engine.Command{Kind: kind, Comment: strings.TrimSpace(w.comment), Mention: w.mention, Files: w.files, Signature: w.signature,
		Choose: w.choose, To: w.to}
}

// TaskInput is what somebody does with a task.
type TaskInput struct {
	Rev       int64               `json:"rev"`        // the task's revision
	RecordRev int64               `json:"record_rev"` // the record's, needed with data
	Comment   string              `json:"comment"`
	Data      *record.Patch       `json:"data"`
	To        Targets             `json:"to"`        // users, or the node of a return
	Where     string              `json:"where"`     // add_signer: before, after, beside
	Back      bool                `json:"back"`      // return: straight back to here after the node
	Mention   []string            `json:"mention"`   // users the comment names with @
	Files     []string            `json:"files"`     // ids of uploaded files
	Signature string              `json:"signature"` // id of an uploaded picture
	Choose    map[string][]string `json:"choose"`    // node → users, where they are chosen with this action
	Key       string              `json:"-"`         // idempotency key, "" = none
}

func (in TaskInput) remarks() remarks {
	return remarks{in.Comment, in.Mention, in.Files, in.Signature, in.Choose, in.To}
}

// CaseInput is what somebody does with a case.
type CaseInput struct {
	Rev       int64               `json:"rev"` // the record's revision, needed with data; of the task with reassign
	Comment   string              `json:"comment"`
	Data      *record.Patch       `json:"data"`
	Back      bool                `json:"back"`      // resubmit: straight back to whoever returned it
	To        Targets             `json:"to"`        // reassign: the user; jump: the node
	Task      string              `json:"task"`      // reassign: id of the task
	Mention   []string            `json:"mention"`   // users the comment names with @
	Files     []string            `json:"files"`     // ids of uploaded files
	Signature string              `json:"signature"` // id of an uploaded picture
	Choose    map[string][]string `json:"choose"`    // node → users, with resubmit
	// Visit and Item name the piece of work that retry and skip are about; none = whatever has failed.
	Visit int    `json:"visit"`
	Item  *int   `json:"item"`
	Key   string `json:"-"` // idempotency key, "" = none
}

func (in CaseInput) remarks() remarks {
	return remarks{in.Comment, in.Mention, in.Files, in.Signature, in.Choose, in.To}
}
