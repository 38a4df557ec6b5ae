package engine_test

import (
	"pgregory.net/rapid"

	"github.com/formwork-run/formwork/engine"
)

// everyAction lists all kinds of commands that people give.
var everyAction = []string{
	"submit", "approve", "handle", "reject", "return", "transfer", "resubmit", "withdraw", "urge", "comment", "terminate",
	"delegate", "add_signer", "remove_signer", "take_back", "save", "cancel",
	"reassign", "jump", "suspend", "resume", "retry", "skip",
}

// anything is a command that makes sense or not.
func anything(t *rapid.T, p *play, user string) engine.Command {
	return engine.Command{
		Kind: pick(t, "kind", append([]string{"migrate", "nonsense"}, everyAction...)...),
		By:   user, Task: rapid.IntRange(-1, len(p.c.Tasks)+1).Draw(t, "n"), Rev: int64(rapid.IntRange(0, 3).Draw(t, "rev")),
		Comment: pick(t, "comment", "", "x"),
		To: pick(t, "to", nil, []string{"start"}, []string{"n1"}, []string{"wang"}, []string{"ghost"}, []string{"a", "b"}, []string{""},
			[]string{"wang", "wang"}, []string{"zhao", "chen"}),
		Back: rapid.Bool().Draw(t, "back"), Admin: rapid.IntRange(0, 9).Draw(t, "admin") == 0,
		Where: pick(t, "where", "", "before", "after", "beside", "within"), Mention: pick(t, "mention", nil, nil, []string{"sun"}, []string{"sun", "sun"}),
		Files: pick(t, "files", nil, nil, []string{"f1"}), Signature: pick(t, "signature", "", "s1"),
		Visit: rapid.IntRange(-1, len(p.c.Visits)+1).Draw(t, "visit"), Version: rapid.IntRange(0, 4).Draw(t, "version"),
	}
}

// completed makes the command of an allowed action, with all it needs.
func completed(t *rapid.T, a engine.Action, user string) engine.Command {
	cmd := engine.Command{Kind: a.Kind, By: user, Task: a.Task, Visit: a.Visit, Comment: "x",
		Files: pick(t, "files", nil, []string{"f1", "f2"}), Mention: pick(t, "mention", nil, nil, []string{"qian"})}
	if a.AttachmentRequired {
		cmd.Files = []string{"f1"}
	}
	if a.SignatureRequired {
		cmd.Signature = "s1"
	}
	if len(a.Where) > 0 {
		cmd.Where = pick(t, "where", a.Where...)
	}
	if a.To != nil {
		cmd.To = chosen(t, *a.To)
	}
	switch a.Kind {
	case engine.CmdReturn:
		cmd.To = []string{pick(t, "return to", a.ReturnTo...)}
		cmd.Back = a.Back && cmd.To[0] != "start" && rapid.Bool().Draw(t, "back")
	case engine.CmdResubmit:
		cmd.Back = len(a.ReturnTo) > 0
	}
	return cmd
}

// chosen draws as many as a pick wants; of whoever it names, or of anybody.
func chosen(t *rapid.T, p engine.Pick) []string {
	from := p.From
	if from == nil {
		from = append([]string{"ghost", "qian"}, users...)
	}
	return rapid.SliceOfNDistinct(rapid.SampledFrom(from), p.Min, min(p.Max, 2), rapid.ID).Draw(t, "to")
}
