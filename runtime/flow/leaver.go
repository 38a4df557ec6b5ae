package flow

import (
	"context"
	"errors"
	"strconv"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/rbac/org"
	"github.com/formwork-run/formwork/runtime/jobs"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// Leave begins what follows when somebody has left: his delegations end, and a
// job gives his tasks to others, as their flows say. Doing it twice does no harm.
func (s *Service) Leave(ctx context.Context, user string) error {
	if err := s.delegations.Leave(ctx, user); err != nil {
		return err
	}
	now := s.t.Clock.Now()
	return s.queue.Add(ctx, jobs.Job{ID: "leaver:" + user + ":" + strconv.FormatInt(now.UnixMilli(), 10), Kind: LeaverJob, At: now,
		Payload: map[string]any{"user": user}})
}

// RunLeaver is the handler of LeaverJob. One case that cannot go on holds up
// none of the others; the job is tried again for it.
func (s *Service) RunLeaver(ctx context.Context, j jobs.Job) error {
	user, _ := j.Payload["user"].(string)
	if u := s.t.Org.Snapshot().User(user); u != nil && u.State == org.Active {
		return nil // he is back
	}
	q := storage.Query{Where: filter.And{filter.Cmp{Path: "assignee", Op: filter.Eq, Value: user},
		filter.Cmp{Path: "box", Op: filter.Eq, Value: "todo"}}, Sort: []filter.Sort{{Path: storage.ID}}, Limit: storage.MaxFindLimit}
	var failed []error
	for {
		page, err := s.t.Store.Collection("tasks").Find(ctx, q)
		if err != nil {
			return err
		}
		done := ""
		for _, row := range page.Docs {
			form, _ := row["form"].(string)
			id, _ := row["record"].(string)
			if key := form + "/" + id; key != done { // all of one case go at once
				done = key
				failed = append(failed, s.System(ctx, form, id, engine.Command{Kind: engine.CmdLeaver, To: []string{user}}, nil))
			}
		}
		if page.Next == "" {
			return errors.Join(failed...)
		}
		q.Cursor = page.Next
	}
}
