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
		next, _, needs, err := f.apply(c, commandOf(e), true)
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
func commandOf(e LogEntry) Command {
	admin, _ := e.Detail["admin"].(bool)
	back, _ := e.Detail["back"].(bool)
	return Command{Kind: e.Action, By: e.By, At: e.At, Task: e.Task, Comment: e.Comment, To: e.To,
		Admin: admin, Back: back, Answers: e.Answers}
}
