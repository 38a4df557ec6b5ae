package engine

import "github.com/formwork-run/formwork/internal/fault"

// retry has failed work done again.
func retry(r *run) error {
	v, err := r.workAtHand(Visit.failedWork)
	if err != nil {
		return err
	}
	r.retryWork(v)
	return nil
}

// skip goes on without the work that failed, or cuts a delay short.
func skip(r *run) error {
	v, err := r.workAtHand(Visit.skippable)
	if err != nil {
		return err
	}
	r.skipWork(v)
	return nil
}

// skippable reports a visit that an administrator may let go on: its work failed, or it is a delay.
func (v Visit) skippable() bool {
	return v.failedWork() || v.Open && v.Work != nil && !v.Work.Until.IsZero()
}

// workAtHand finds the visit an administrator means: the one named, or the only one there is.
func (r *run) workAtHand(fits func(Visit) bool) (int, error) {
	if err := r.byAdmin(); err != nil {
		return 0, err
	}
	if err := r.allowIn(Running); err != nil {
		return 0, err
	}
	found := 0
	for _, v := range r.c.Visits {
		switch {
		case !fits(v) || r.cmd.Visit != 0 && r.cmd.Visit != v.N:
		case found != 0:
			return 0, fault.New(fault.Invalid, "work.visit_required", "work of several nodes waits: name the visit").
				At(fault.Field{Path: "/visit", Code: "work.visit_required", Message: "name the visit"})
		default:
			found = v.N
		}
	}
	if found == 0 {
		return 0, fault.New(fault.Refused, "work.none", "no work waits for an administrator here")
	}
	r.entry.Node = r.visit(found).Node
	return found, nil
}
