package engine

import (
	"github.com/formwork-run/formwork/internal/fault"
)

// Replay makes the case again from its whole log (archived lines first) without
// the record, the formulas and the organisation: what they said is in the log.
// The result equals the live case, byte for byte. A log that does not fit the
// flow is an error naming the line.
func Replay(f *Flow, log []LogEntry) (Case, error) {
	first := true
	return ReplayVersions(func(version int) (*Flow, error) {
		if !first {
			return nil, fault.Newf(fault.Internal, "log.version", "the case moved to version %d", version)
		}
		first = false
		return f, nil
	}, log)
}

// ReplayVersions is Replay for a case that may have moved to other versions:
// flowOf is asked for the flow of the first version, and of each it moved to.
func ReplayVersions(flowOf func(version int) (*Flow, error), log []LogEntry) (Case, error) {
	c := Case{State: Draft}
	var f *Flow
	for i, e := range log {
		if _, isCommand := actions[e.Action]; !isCommand {
			continue
		}
		next, with, err := replayLine(f, c, e, flowOf)
		if err != nil {
			return Case{}, fault.Newf(fault.Internal, "log.unfit", "line %d (%s) of the log does not fit the flow", i+1, e.Action).Because(err)
		}
		c, f = next, with
	}
	if c.Flow == "" { // nothing has happened yet
		f, err := flowOf(0)
		if err != nil {
			return Case{}, err
		}
		c.Flow = f.Def.Key
	}
	return c, nil
}

// replayLine does the command of one line again, and gives the flow the case is on after it.
func replayLine(f *Flow, c Case, e LogEntry, flowOf func(int) (*Flow, error)) (Case, *Flow, error) {
	cmd, err := commandOf(e)
	if err != nil {
		return c, f, err
	}
	how := run{replay: true}
	switch {
	case e.Action == CmdSubmit:
		dept, _ := e.Detail["dept"].(string)
		version, _ := e.Detail["version"].(int64)
		if f, err = flowOf(int(version)); err != nil {
			return c, f, err
		}
		c = NewCase(f.Def.Key, int(version), e.By, dept)
	case f == nil:
		return c, f, fault.New(fault.Internal, "log.incomplete", "the log does not begin with a submit")
	case e.Action == CmdMigrate:
		how.old = f
		if f, err = flowOf(cmd.Version); err != nil {
			return c, f, err
		}
	}
	next, _, needs, err := f.decide(c, cmd, how)
	if err == nil && len(needs) > 0 {
		err = fault.Newf(fault.Internal, "log.incomplete", "the log lacks the answer to %q", needs[0].Key)
	}
	return next, f, err
}

// commandOf reads a command back from its line of the log.
func commandOf(e LogEntry) (Command, error) {
	u, d := &undoc{}, e.Detail
	return Command{Kind: e.Action, By: e.By, At: e.At, Task: e.Task, Comment: e.Comment, To: e.To, Answers: e.Answers,
		Admin: u.flag(d, "admin"), Back: u.flag(d, "back"), Where: u.text(d, "where"),
		Mention: u.strings(u.list(d, "mention"), "mention"), Files: u.strings(u.list(d, "files"), "files"),
		Signature: u.text(d, "signature"), Choose: u.lists(d, "choose"),
		Visit: u.int(d, "visit"), Event: u.text(d, "event"), Item: u.int(d, "item"),
		Result: u.text(d, "result"), Error: u.text(d, "error"), Ref: u.text(d, "ref"), Version: u.int(d, "to_version")}, u.err
}
