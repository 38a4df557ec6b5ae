package play_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/formwork-run/formwork/runtime/internal/kit"
	"github.com/formwork-run/formwork/runtime/play"
	"github.com/formwork-run/formwork/schema/pack"
)

// readYard reads the pack "yard" of the tests, with changes of its scenarios.
func readYard(t *testing.T, scenarios string) (*pack.Pack, kit.Files) {
	t.Helper()
	dir, files := "testdata/yard", kit.Files{}
	paths, err := filepath.Glob(dir + "/*/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(paths, dir+"/pack.yaml") {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files[strings.TrimPrefix(path, dir+"/")] = string(raw)
	}
	if scenarios != "" {
		files["scenarios/requests.yaml"] = scenarios
	}
	p, problems := pack.Read(fsOf(files))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	delete(files, "scenarios/requests.yaml")
	return p, files
}

func fsOf(files kit.Files) fs.FS {
	out := fstest.MapFS{}
	for name, text := range files {
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

// playYard plays one scenario in a world of its own.
func playYard(t *testing.T, files kit.Files, sc pack.Scenario) []play.Failure {
	t.Helper()
	w := kit.Empty(t)
	w.Publish(files)
	p := play.New(w.Services, w.Clock, play.SystemUser)
	if err := p.System(context.Background()); err != nil {
		t.Fatal(err)
	}
	out, err := p.Scenario(context.Background(), "yard", sc)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestYard plays what no example pack has: subflows per row, upserts, calls
// with scripted answers, votes with a veto, inclusive branches, delays.
func TestYard(t *testing.T) {
	t.Parallel()
	p, files := readYard(t, "")
	if len(p.Scenarios) < 6 {
		t.Fatalf("%d scenarios", len(p.Scenarios))
	}
	for _, sc := range p.Scenarios {
		t.Run(sc.Title, func(t *testing.T) {
			t.Parallel()
			for _, f := range playYard(t, files, sc) {
				t.Error(f)
			}
		})
	}
}

// TestStepsFail: a step that does not fit what happens is told, with its line.
func TestStepsFail(t *testing.T) {
	t.Parallel()
	const head = `at: "2026-03-02T09:00:00+08:00"
scenario: x
given: {users: {li: {roles: [yard.clerk]}, wang: {roles: [yard.pm]}, sun: {roles: [yard.buyer]}}}
steps:
  - submit: {form: request, by: li, as: r1, data: {name: x, amount: 1, rush: true, lines: [{item: y, qty: 1}]}}
`
	for step, want := range map[string]string{
		"result: {case: r1, node: erp, answer: {no: 1}}":        "work.none",
		"started: {case: r1, node: ask, as: p1}":                "work.none",
		"started: {case: r1, node: ask, as: p1, item: 3}":       "work.none",
		"timer: {case: r1}":                                     "timer.none",
		"approve: {case: r1, by: wang}\n    expect: {at: [pm]}": "stands at [ask], not [pm]",
	} {
		p, files := readYard(t, head+"  - "+step+"\n")
		failures := playYard(t, files, p.Scenarios[0])
		if len(failures) != 1 || failures[0].Line != 6 || !strings.Contains(failures[0].Message, want) {
			t.Errorf("%s: %v, want %s", step, failures, want)
		}
	}
}
