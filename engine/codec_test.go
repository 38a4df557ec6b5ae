package engine_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
)

func TestToDocTop(t *testing.T) {
	t.Parallel()
	p := newPlay(t, mustCompile(t, mustParse(t, rightsFlow)), nil)
	top := func() []any { d := p.c.ToDoc(); return []any{d["state"], d["nodes"], d["handlers"], d["result"]} }
	steps := []struct {
		cmd  engine.Command
		want []any
	}{
		{engine.Command{Kind: "submit", By: "li"}, []any{"running", []any{"legal", "tech"}, []any{"chen", "wang"}, ""}},
		{engine.Command{Kind: "return", By: "wang", Task: 3}, []any{"returned", []any{"start"}, []any{"li"}, ""}},
		{engine.Command{Kind: "withdraw", By: "li"}, []any{"withdrawn", []any{}, []any{}, "withdrawn"}},
	}
	if d := cmp.Diff([]any{"draft", []any{}, []any{}, ""}, top()); d != "" {
		t.Error(d)
	}
	for _, s := range steps {
		if _, err := p.do(s.cmd); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(s.want, top()); d != "" {
			t.Errorf("after %s: %s", s.cmd.Kind, d)
		}
	}
}

// TestCompact: an approval costs little room in the record, which is written each time.
func TestCompact(t *testing.T) {
	t.Parallel()
	p := newPlay(t, mustCompile(t, mustParse(t, rightsFlow)), nil)
	if _, err := p.do(engine.Command{Kind: "submit", By: "li"}); err != nil {
		t.Fatal(err)
	}
	before := len(bytesOf(t, p.c))
	if _, err := p.do(engine.Command{Kind: "approve", By: "chen", Task: 1}); err != nil {
		t.Fatal(err)
	}
	if grown := len(bytesOf(t, p.c)) - before; grown > 300 {
		t.Errorf("one approval took %d bytes", grown)
	}
}

func TestFromDocRefuses(t *testing.T) {
	t.Parallel()
	bad := []map[string]any{
		{}, {"state": 1, "c": map[string]any{}}, {"c": "x"},
		{"c": map[string]any{"f": int64(1)}}, {"c": map[string]any{"v": "1"}}, {"c": map[string]any{"s": "2026"}},
		{"c": map[string]any{"vs": map[string]any{}}}, {"c": map[string]any{"vs": []any{"x"}}},
		{"c": map[string]any{"vs": []any{map[string]any{"n": int64(2)}}}},
		{"c": map[string]any{"vs": []any{map[string]any{"n": int64(1), "p": int64(1)}}}},
		{"c": map[string]any{"vs": []any{map[string]any{"n": int64(1), "o": "yes"}}}},
		{"c": map[string]any{"vs": []any{map[string]any{"n": int64(1), "t": []any{"x"}}}}},
		{"c": map[string]any{"ts": []any{map[string]any{"n": int64(1), "v": int64(1)}}}},
		{"c": map[string]any{"l": []any{map[string]any{"q": []any{"x"}}}}},
		{"c": map[string]any{"l": []any{map[string]any{"q": []any{[]any{}}}}}},
		{"c": map[string]any{"l": []any{map[string]any{"to": []any{1}}}}},
		{"c": map[string]any{"l": []any{map[string]any{"d": "x"}}}},
		{"c": map[string]any{"ch": []any{"legal"}}}, {"c": map[string]any{"ch": map[string]any{}}}, {"c": map[string]any{"r": int64(1)}},
		{"c": map[string]any{"vs": []any{map[string]any{"n": int64(1), "j": "x"}}}},
		{"c": map[string]any{"vs": []any{map[string]any{"n": int64(1), "j": map[string]any{"i": []any{"x"}}}}}},
		{"c": map[string]any{"vs": []any{map[string]any{"n": int64(1), "d": "2026"}}}},
		{"c": map[string]any{"vs": []any{map[string]any{"n": int64(1)}}, "ts": []any{map[string]any{"n": int64(1), "v": int64(1), "f": int64(1)}}}},
		{"c": map[string]any{"vs": []any{map[string]any{"n": int64(1)}}, "ts": []any{map[string]any{"n": int64(1), "v": int64(1), "o": int64(2)}}}},
		{"c": map[string]any{"vs": []any{map[string]any{"n": int64(1)}}, "ts": []any{map[string]any{"n": int64(1), "v": int64(1), "fl": "x"}}}},
	}
	for i, d := range bad {
		if c, err := engine.FromDoc(d); fault.CodeOf(err) != "case.unreadable" {
			t.Errorf("%d %v: read as %+v, %v", i, d, c, err)
		}
	}
	if c, err := engine.FromDoc(map[string]any{"state": "draft", "c": map[string]any{}}); err != nil || c.State != engine.Draft {
		t.Errorf("the least case: %+v %v", c, err)
	}
}

// TestLogIsArchived: the record keeps the last lines; the older ones leave once, and all together replay.
func TestLogIsArchived(t *testing.T) {
	t.Parallel()
	p := newPlay(t, mustCompile(t, mustParse(t, rightsFlow)), nil)
	commands := []engine.Command{{Kind: "submit", By: "li"}}
	for i := range engine.MaxLog + 5 {
		commands = append(commands, engine.Command{Kind: "comment", By: "li", Comment: fmt.Sprint(i)})
	}
	commands = append(commands, engine.Command{Kind: "approve", By: "chen", Task: 1})
	archived := 0
	for _, cmd := range commands {
		p.now = p.now.Add(time.Minute)
		effects, err := p.do(cmd) // checks the replay of the whole log each time
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range effects {
			if e.Kind == engine.EffectLogArchived {
				archived += len(e.Detail["entries"].([]any))
			}
		}
	}
	if len(p.c.Log) != engine.MaxLog || archived != len(commands)-engine.MaxLog || len(p.log) != len(commands) {
		t.Errorf("%d lines kept, %d archived, %d in all of %d", len(p.c.Log), archived, len(p.log), len(commands))
	}
	if _, err := engine.Replay(p.f, p.c.Log); fault.CodeOf(err) != "log.unfit" {
		t.Errorf("a log without its beginning replays: %v", err)
	}
}

// TestTooLong: a case cannot grow without end, but can always be ended.
func TestTooLong(t *testing.T) {
	t.Parallel()
	f := mustCompile(t, mustParse(t, `{"key":"f","form":"contract","nodes":[{"id":"start","type":"start"},{"id":"a","type":"approve","who":[{"users":["wang"]}]}]}`))
	c := engine.NewCase("f", 1, "li", "")
	c, _, _, err := f.Apply(c, engine.Command{Kind: "submit", By: "li", At: day, Answers: map[string][]string{"users:wang": {"wang"}, "delegate:wang": nil}})
	holder, other := "wang", "zhao"
	for err == nil {
		c, _, _, err = f.Apply(c, engine.Command{Kind: "transfer", By: holder, Task: len(c.Tasks), To: []string{other}, At: day,
			Answers: map[string][]string{"users:" + other: {other}, "delegate:" + other: nil}})
		if err == nil {
			holder, other = other, holder
		}
	}
	if fault.CodeOf(err) != "case.too_long" || len(c.Tasks) != engine.MaxTasks {
		t.Fatalf("%d tasks, %v", len(c.Tasks), err)
	}
	if c, _, _, err = f.Apply(c, engine.Command{Kind: "approve", By: holder, Task: len(c.Tasks), At: day}); err != nil || c.State != engine.Approved {
		t.Fatalf("%s, %v", c.State, err)
	}
}

func TestReplayRefuses(t *testing.T) {
	t.Parallel()
	f := mustCompile(t, mustParse(t, rightsFlow))
	for _, log := range [][]engine.LogEntry{
		{{Action: "approve", By: "wang", Task: 1}},
		{{Action: "submit", By: "li"}}, // the answers are missing
	} {
		if _, err := engine.Replay(f, log); fault.CodeOf(err) != "log.unfit" {
			t.Errorf("%v: %v", log, err)
		}
	}
}
