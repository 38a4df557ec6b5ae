package engine

import (
	"github.com/formwork-run/formwork/internal/fault"
)

// Replay makes the case again from its whole log (archived lines first) without
// the record, the formulas and the organisation: what they said is in the log.
// The result equals the live case, byte for byte. A log that does not fit the
// flow is an error naming the line.
func Replay(f *Flow, log []LogEntry) (Case, error) {
	c := Case{State: Draft, Flow: f.Def.Key}
	for i, e := range log {
		if _, isCommand := actions[e.Action]; !isCommand {
			continue
		}
		if e.Action == CmdSubmit {
			dept, _ := e.Detail["dept"].(string)
			version, _ := e.Detail["version"].(int64)
			c = NewCase(f.Def.Key, int(version), e.By, dept)
		}
		cmd, err := commandOf(e)
		if err != nil {
			return Case{}, err
		}
		next, _, needs, err := f.apply(c, cmd, true)
		if err == nil && len(needs) > 0 {
			err = fault.Newf(fault.Internal, "log.incomplete", "the log lacks the answer to %q", needs[0].Key)
		}
		if err != nil {
			return Case{}, fault.Newf(fault.Internal, "log.unfit", "line %d (%s) of the log does not fit the flow", i+1, e.Action).Because(err)
		}
		c = next
	}
	return c, nil
}

// commandOf reads a command back from its line of the log.
func commandOf(e LogEntry) (Command, error) {
	u, d := &undoc{}, e.Detail
	return Command{Kind: e.Action, By: e.By, At: e.At, Task: e.Task, Comment: e.Comment, To: e.To, Answers: e.Answers,
		Admin: u.flag(d, "admin"), Back: u.flag(d, "back"), Where: u.text(d, "where"),
		Mention: u.strings(u.list(d, "mention"), "mention"), Files: u.strings(u.list(d, "files"), "files"),
		Signature: u.text(d, "signature"), Choose: u.lists(d, "choose"),
		Visit: u.int(d, "visit"), Event: u.text(d, "event"), Item: u.int(d, "item"),
		Result: u.text(d, "result"), Error: u.text(d, "error"), Ref: u.text(d, "ref")}, u.err
}
