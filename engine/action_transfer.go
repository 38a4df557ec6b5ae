package engine

import (
	"github.com/formwork-run/formwork/schema"
)

// transfer (转交) hands an open task to somebody else, for good.
func transfer(r *run) error {
	t, err := r.myTask()
	if err != nil {
		return err
	}
	if err := r.roomForMore(); err != nil {
		return err
	}
	if len(r.cmd.To) != 1 || r.cmd.To[0] == "" {
		return toInvalid("transfer.to_required", "name the one person to transfer to")
	}
	if r.cmd.To[0] == t.Assignee {
		return toInvalid("transfer.self", "the task is already this person's")
	}
	// The service knows whether there is such a person, still active.
	users, ok := r.who(schema.Who{Users: []string{r.cmd.To[0]}})
	if !ok {
		return nil
	}
	if len(users) != 1 {
		return toInvalid("transfer.unknown", "there is no such active user")
	}
	if users[0] == t.Assignee {
		return toInvalid("transfer.self", "the task is already this person's")
	}
	if seated(r.c, t.Visit, users[0]) {
		return toInvalid("transfer.already_asked", "this person is already asked here, or has decided here")
	}
	r.handOver(t, users[0])
	return nil
}

// handOver gives a task to somebody else, with the same standing: what was an opinion stays one.
func (r *run) handOver(t Task, to string) {
	r.closeTask(t.N, TaskTransferred, "", "")
	r.task(t.N).Comment = r.cmd.Comment
	r.hand(t, Task{Assignee: to, Added: t.Added, For: t.For}, EventTransferred, nil)
}
