package engine

import (
	"slices"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
)

// MaxSigners is how many people one add_signer adds.
const MaxSigners = 20

// delegate (委托) asks somebody for an opinion; then the task comes back.
func delegate(r *run) error {
	t, err := r.myTask()
	if err != nil {
		return err
	}
	users, ok, err := r.others(t, 1)
	if !ok || err != nil {
		return err
	}
	r.askOpinions(t, "", EventDelegated, users)
	return nil
}

// askOpinions lets a task wait for the opinions of others, all asked at once.
func (r *run) askOpinions(t Task, added, event string, users []string) {
	r.closeTask(t.N, TaskDelegated, "", "")
	r.task(t.N).Comment = r.cmd.Comment
	for _, u := range users {
		asked := Task{Assignee: u, Added: added, For: t.N, Reason: addedReason(added)}
		if added == "" { // the opinion of this very person
			r.follow(t, asked, event)
		} else {
			r.hand(t, asked, event, users)
		}
	}
}

func addedReason(added string) string {
	if added == "" {
		return ""
	}
	return ReasonAdded
}

// follow opens a task that comes from another one, with the kind of that one.
func (r *run) follow(from, to Task, event string) {
	r.announce(r.succeed(from, to, TaskOpen), event)
}

// queue adds one for somebody whose turn comes later.
func (r *run) queue(from, to Task) { r.succeed(from, to, TaskWaiting) }

func (r *run) succeed(from, to Task, state TaskState) int {
	n := r.addTask(from.Visit, from.Kind, to.Assignee, state, to.Reason)
	t := r.task(n)
	t.From, t.Principal, t.Added, t.For = from.N, to.Principal, to.Added, to.For
	return n
}

// opine takes an opinion. With the last one the task comes back to whoever asked.
func (r *run) opine(t Task, result string) {
	r.decideTask(t, result)
	r.detail("opinion", true)
	asker := *r.task(t.For)
	if r.c.awaits(asker) {
		r.notify(EventOpinion, t.N, t.Node, asker.Assignee)
		return
	}
	r.comeBack(t, asker, EventOpinion)
}

// comeBack asks the assignee of a delegated task again, from the last opinion
// on; when he has left meanwhile, whoever takes his place.
func (r *run) comeBack(last, asker Task, event string) {
	there, ok := r.active([]string{asker.Assignee})
	if !ok {
		return
	}
	next := asker.again(ReasonBack)
	if len(there) == 0 {
		if to, _ := r.heir(asker); to != "" {
			next.Assignee, next.Principal, next.Reason = to, "", ReasonLeaver
			next = r.inStead(asker, next, nil)
		}
	}
	r.follow(last, next, event)
}

// again is a new task for the same person, with the same standing.
func (t Task) again(reason string) Task {
	return Task{Assignee: t.Assignee, Principal: t.Principal, Added: t.Added, For: t.For, Reason: reason}
}

// others finds the people that To names: up to max, active, none of them the
// assignee or asked already at the visit. ok is false while a question is open.
func (r *run) others(t Task, most int) (users []string, ok bool, err error) {
	if err := r.roomForMore(); err != nil {
		return nil, false, err
	}
	to := r.cmd.To
	switch {
	case len(to) == 0 || slices.Contains(to, ""):
		return nil, false, toInvalid("signer.to_required", "name whom to ask")
	case len(to) > most:
		return nil, false, fault.Newf(fault.Invalid, "signer.too_many", "at most %d people here", most).With("max", most).
			At(fault.Field{Path: "/to", Code: "too_many", Message: "too many people", Params: map[string]any{"max": most}})
	case len(r.c.Tasks)+len(to) > MaxTasks:
		return nil, false, r.tooLong()
	}
	users, ok = r.who(schema.Who{Users: some(to)})
	switch {
	case !ok:
		return nil, false, nil
	case len(users) != len(to):
		return nil, false, toInvalid("signer.unknown", "one of them is no active user, or is named twice")
	case slices.ContainsFunc(users, t.of):
		return nil, false, toInvalid("signer.self", "the task is already this person's")
	case slices.ContainsFunc(users, func(u string) bool { return seated(r.c, t.Visit, u) }):
		return nil, false, toInvalid("signer.already_asked", "one of them is already asked here, or has decided here")
	}
	return users, true, nil
}

// seated reports whether a person has, or had and used, a vote at a visit, or
// is being asked for an opinion there.
func seated(c Case, visit int, user string) bool {
	return slices.ContainsFunc(c.Tasks, func(t Task) bool {
		if t.Visit != visit || t.Void || !t.of(user) {
			return false
		}
		return t.pending() || c.awaits(t) || t.For == 0 && (t.State == TaskDone || t.State == TaskSkipped)
	})
}
