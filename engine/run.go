package engine

import (
	"slices"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
)

// run is one command being decided. It works on its own copy of the case; when
// a question is open at the end, the copy is thrown away and only the
// questions leave.
type run struct {
	f       *Flow
	c       Case
	cmd     Command
	entry   LogEntry   // the command's own line
	auto    []LogEntry // lines of automatic decisions, after it
	effects []Effect
	needs   []Need
	replay  bool // conditions and missing fields come from the answers
	dry     *Sample
	idle    bool  // a command of the system that no longer has a point
	old     *Flow // of a migration: the flow the case ran on
	err     error
}

// Apply decides a command. Exactly one of these holds: an error (a *fault.Error
// with a code that says why), needs not empty (call again with Answers), or a new case with effects.
// The codes are listed in docs/flow.md.
func (f *Flow) Apply(c Case, cmd Command) (Case, []Effect, []Need, error) {
	return f.apply(c, cmd, false)
}

func (f *Flow) apply(c Case, cmd Command, replay bool) (Case, []Effect, []Need, error) {
	return f.decide(c, cmd, run{replay: replay})
}

// decide runs one command with what r says about how.
func (f *Flow) decide(c Case, cmd Command, how run) (Case, []Effect, []Need, error) {
	cmd.At = cmd.At.UTC().Truncate(time.Millisecond)
	r := &how
	r.f, r.c, r.cmd = f, c.clone(), cmd
	r.entry = LogEntry{At: cmd.At, By: cmd.By, Action: cmd.Kind, Task: cmd.Task, Comment: cmd.Comment, To: some(cmd.To)}
	r.noteInput()
	if err := r.decide(); err != nil {
		return c, nil, nil, err
	}
	switch {
	case r.err != nil:
		return c, nil, nil, r.err
	case len(r.needs) > 0:
		return c, nil, r.needs, nil
	case r.idle:
		return c, nil, nil, nil
	}
	r.ended(c)
	r.writeLog()
	return r.c, r.effects, nil, nil
}

// decide runs the action of the command's kind.
func (r *run) decide() error {
	act, ok := actions[r.cmd.Kind]
	if !ok {
		return fault.Newf(fault.Invalid, "command.unknown", "there is no action %q", r.cmd.Kind).With("kind", r.cmd.Kind)
	}
	if r.cmd.By == "" && !system(r.cmd.Kind) && r.dry == nil {
		return fault.New(fault.Invalid, "command.nobody", "a command needs whoever gives it")
	}
	if err := checkInput(r.cmd); err != nil {
		return err
	}
	chosen := r.takeChoices()
	if err := r.act(act); err != nil {
		return err
	}
	if chosen != nil { // what the action itself refuses comes first
		return chosen
	}
	return r.choicesMade()
}

// act runs an action and tells whom its comment mentions.
func (r *run) act(action func(*run) error) error {
	if err := action(r); err != nil {
		return err
	}
	mentioned, known, err := r.mentioned()
	if err == nil && known {
		r.notify(EventMentioned, r.cmd.Task, r.entry.Node, mentioned...)
	}
	return err
}

// visit returns the visit with a number. The pointer is valid until the next one is opened.
func (r *run) visit(n int) *Visit { return &r.c.Visits[n-1] }

// task returns the task with a number. The pointer is valid until the next one is made.
func (r *run) task(n int) *Task { return &r.c.Tasks[n-1] }

// placeOf returns the node a visit is at.
func (r *run) placeOf(visit int) *place { return r.f.at(r.visit(visit).Node) }

// stopped reports that nothing more may be entered: the case has ended or the command fails.
func (r *run) stopped() bool { return r.err != nil || r.c.State != Running }

// enter opens a visit at a place and lets its node act.
func (r *run) enter(p *place, parent, branch int) {
	if r.stopped() {
		return
	}
	p.does.arrive(r, p, r.open(p, parent, branch))
}

// open adds a visit.
func (r *run) open(p *place, parent, branch int) int {
	v := Visit{N: len(r.c.Visits) + 1, Node: p.node.ID, Parent: parent, Branch: branch, Open: true, Began: r.cmd.At}
	r.c.Visits = append(r.c.Visits, v)
	return v.N
}

// shut closes a visit without going on.
func (r *run) shut(visit int, result string) {
	v := r.visit(visit)
	v.Open, v.Ended, v.Result, v.Timers = false, r.cmd.At, result, nil
}

// leave closes a visit and goes on behind it.
func (r *run) leave(visit int, result string) {
	r.shut(visit, result)
	if r.straightBack(visit) {
		return
	}
	v, p := r.visit(visit), r.placeOf(visit)
	r.step(p.list, p.index+1, v.Parent, v.Branch)
}

// step enters the i-th place of a list; behind the last one the branch, or the case, has come to its end.
func (r *run) step(list []*place, i, parent, branch int) {
	switch {
	case r.stopped():
	case i < len(list):
		r.enter(list[i], parent, branch)
	case parent == 0:
		r.end(Approved)
	default:
		p := r.placeOf(parent)
		p.does.joined(r, p, parent)
	}
}

// end brings the case to a final state: nothing stays open.
func (r *run) end(s State) {
	r.c.State, r.c.EndedAt, r.c.ReturnTo = s, r.cmd.At, 0
	for i := range r.c.Visits {
		if r.c.Visits[i].Open {
			r.shut(i+1, ResultCancelled)
		}
	}
	r.effect(Effect{Kind: EffectCaseEnded, State: s})
	r.logAuto(LogEntry{Action: LogEnd, Detail: map[string]any{"state": string(s)}})
	event := map[State]string{Approved: EventApproved, Rejected: EventRejected, Terminated: EventTerminated}[s]
	if event != "" && r.c.Initiator != r.cmd.By {
		r.notify(event, 0, "", r.c.Initiator)
	}
}

// effect adds an effect under the next number.
func (r *run) effect(e Effect) {
	e.N = len(r.effects) + 1
	r.effects = append(r.effects, e)
}

// notify tells people about an event; nobody is told nothing, and no event is no notice.
func (r *run) notify(event string, task int, node string, to ...string) {
	if len(to) > 0 && event != "" {
		r.effect(Effect{Kind: EffectNotify, Event: event, Task: task, Node: node, To: to, State: r.c.State})
	}
}

// fail refuses the command; the first reason stays.
func (r *run) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

// some is a copy of a list in which "none" has one form, nil.
func some(s []string) []string {
	if len(s) == 0 {
		return nil
	}
	return slices.Clone(s)
}
