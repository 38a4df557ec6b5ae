package engine_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
)

const wholeFlow = `{"key":"f","form":"contract","nodes":[{"id":"start","type":"start"},
	{"id":"a","type":"approve","who":[{"users":["wang","zhao"]}],"mode":"all","comment":"required","attachment":"required","signature":"required",
	 "actions":["approve","reject","return","delegate","add_signer","remove_signer"],"buttons":{"approve":"准了"}},
	{"id":"b","type":"approve","who":[{"users":["zhang"]}]}]}`

// TestAllowedTellsWhatIsNeeded: each action says whom to name, where, and what has to come with it.
func TestAllowedTellsWhatIsNeeded(t *testing.T) {
	t.Parallel()
	p := newPlay(t, mustCompile(t, mustParse(t, wholeFlow)), nil)
	for _, cmd := range []engine.Command{
		{Kind: "submit", By: "li"},
		{Kind: "add_signer", By: "wang", Task: 1, To: []string{"sun"}, Where: "beside"},
		{Kind: "delegate", By: "zhao", Task: 2, To: []string{"qian"}},
	} {
		if _, err := p.do(cmd); err != nil {
			t.Fatal(err)
		}
	}
	one, many := &engine.Pick{Kind: "user", Min: 1, Max: 1}, &engine.Pick{Kind: "user", Min: 1, Max: engine.MaxSigners}
	all := engine.Action{CommentRequired: true, AttachmentRequired: true, SignatureRequired: true, Task: 1, Node: "a"}
	with := func(a engine.Action, change func(*engine.Action)) engine.Action { change(&a); return a }
	want := []engine.Action{
		{Kind: "comment", CommentRequired: true},
		with(all, func(a *engine.Action) { a.Kind, a.Label = "approve", schema.Text{"": "准了"} }),
		with(all, func(a *engine.Action) { a.Kind = "reject" }),
		{Kind: "return", Task: 1, Node: "a", CommentRequired: true, ReturnTo: []string{"start"}},
		{Kind: "delegate", Task: 1, Node: "a", To: one},
		with(all, func(a *engine.Action) {
			a.Kind, a.To, a.Where = "add_signer", many, []string{"before", "after", "beside"}
		}),
		{Kind: "remove_signer", Task: 1, Node: "a", To: &engine.Pick{Kind: "user", From: []string{"sun"}, Min: 1, Max: 1}},
	}
	got := p.f.Allowed(p.c, "wang")
	for i := range got {
		if got[i].Label != nil {
			want[i].Label = got[i].Label
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("wang (-want +got): %s", d)
	}
	// Whoever gives an opinion brings no file and no signature, and asks others before himself only.
	want = []engine.Action{
		{Kind: "comment", CommentRequired: true},
		{Kind: "approve", Task: 4, Node: "a", CommentRequired: true, Label: got[1].Label},
		{Kind: "reject", Task: 4, Node: "a", CommentRequired: true},
		{Kind: "delegate", Task: 4, Node: "a", To: one},
		{Kind: "add_signer", Task: 4, Node: "a", To: many, Where: []string{"before"}},
	}
	if d := cmp.Diff(want, p.f.Allowed(p.c, "qian")); d != "" {
		t.Errorf("qian (-want +got): %s", d)
	}
}

// kinds lists actions as "kind" or "kind(task)".
func kinds(list []engine.Action) []string {
	var out []string
	for _, a := range list {
		s := a.Kind
		if a.To != nil && a.To.Kind == engine.PickNode {
			s += "→" + strings.Join(a.To.From, ",")
		}
		out = append(out, s)
	}
	return slices.Compact(out)
}

// TestAllowedAdmin: what an administrator may do follows the state.
func TestAllowedAdmin(t *testing.T) {
	t.Parallel()
	p := newPlay(t, mustCompile(t, mustParse(t, wholeFlow)), nil)
	check := func(want ...string) {
		t.Helper()
		if d := cmp.Diff(want, kinds(p.f.AllowedAdmin(p.c))); d != "" {
			t.Errorf("%s (-want +got): %s", p.c.State, d)
		}
	}
	do := func(cmd engine.Command) {
		t.Helper()
		if _, err := p.do(cmd); err != nil {
			t.Fatal(err)
		}
	}
	check()
	do(engine.Command{Kind: "submit", By: "li"})
	of := []string{"approve", "reject", "return", "delegate", "add_signer", "transfer", "reassign"}
	check(append(append([]string{"terminate", "suspend", "jump→start,a,b"}, of...), of...)...)
	do(root("suspend"))
	check("terminate", "resume")
	do(root("resume"))
	do(engine.Command{Kind: "return", By: "wang", Task: 1, Comment: "x"})
	check("terminate", "suspend", "jump→start,a,b")
	p.c.State = engine.Failed
	check("terminate", "jump→start,a,b")
	p.c.State = engine.Returned
	do(root("terminate"))
	check()
}

// TestAdministratorsOnly: nobody else gives an administrator's commands, in whatever state.
func TestAdministratorsOnly(t *testing.T) {
	t.Parallel()
	p := newPlay(t, mustCompile(t, mustParse(t, wholeFlow)), nil)
	steps := []engine.Command{{Kind: "submit", By: "li"}, {Kind: "approve", By: "wang", Task: 1, Comment: "x", Files: []string{"f"}, Signature: "s"},
		root("suspend"), root("resume"), {Kind: "return", By: "zhao", Task: 2, Comment: "x"}, root("terminate")}
	for i := 0; ; i++ {
		for _, kind := range []string{"terminate", "reassign", "jump", "suspend", "resume", "retry", "skip"} {
			for _, by := range []string{"li", "wang", "root"} {
				err := p.try(engine.Command{Kind: kind, By: by, Task: 2, To: []string{"b"}})
				if fault.CodeOf(err) != "case.admin_only" || fault.KindOf(err) != fault.Forbidden {
					t.Errorf("%s by %s while %s: %v", kind, by, p.c.State, err)
				}
			}
		}
		if i == len(steps) {
			return
		}
		if _, err := p.do(steps[i]); err != nil {
			t.Fatal(err)
		}
	}
}

// TestLimitsOfInput: what comes with a command is bounded, and the refusal says by how much and where.
func TestLimitsOfInput(t *testing.T) {
	t.Parallel()
	many := func(n int) []string {
		out := make([]string, n)
		for i := range out {
			out[i] = "u" + strings.Repeat("x", i)
		}
		return out
	}
	for _, tt := range []struct {
		cmd  engine.Command
		code string
	}{
		{engine.Command{Comment: strings.Repeat("长", engine.MaxComment)}, ""},
		{engine.Command{Comment: strings.Repeat("长", engine.MaxComment+1)}, "comment.too_long"},
		{engine.Command{Comment: "x", Mention: many(engine.MaxMention)}, ""},
		{engine.Command{Comment: "x", Mention: many(engine.MaxMention + 1)}, "mention.too_many"},
		{engine.Command{Files: many(engine.MaxFiles)}, ""},
		{engine.Command{Files: many(engine.MaxFiles + 1)}, "files.too_many"},
	} {
		p := newPlay(t, mustCompile(t, mustParse(t, wholeFlow)), nil)
		if _, err := p.do(engine.Command{Kind: "submit", By: "li"}); err != nil {
			t.Fatal(err)
		}
		tt.cmd.Kind, tt.cmd.By = "comment", "li"
		if _, err := p.do(tt.cmd); fault.CodeOf(err) != tt.code {
			t.Errorf("want %q: %v", tt.code, err)
		}
	}
	p := newPlay(t, mustCompile(t, mustParse(t, wholeFlow)), nil)
	if _, err := p.do(engine.Command{Kind: "submit", By: "li"}); err != nil {
		t.Fatal(err)
	}
	if _, err := p.do(engine.Command{Kind: "add_signer", By: "wang", Task: 1, Where: "before", To: many(engine.MaxSigners + 1)}); fault.CodeOf(err) != "signer.too_many" {
		t.Error(err)
	}
}
