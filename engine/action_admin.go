package engine

import "github.com/formwork-run/formwork/internal/fault"

// byAdmin refuses what only an administrator may do.
func (r *run) byAdmin() error {
	if !r.cmd.Admin {
		return fault.New(fault.Forbidden, "case.admin_only", "only an administrator may do this")
	}
	return nil
}

// terminate ends the case by an administrator's right.
func terminate(r *run) error {
	if err := r.byAdmin(); err != nil {
		return err
	}
	if err := r.allowIn(Running, Returned, Suspended, Failed); err != nil {
		return err
	}
	r.stop(ReasonEnded, EventTerminated, Terminated)
	return nil
}

// reassign gives an open task to somebody else, whatever the node allows.
func reassign(r *run) error {
	if err := r.byAdmin(); err != nil {
		return err
	}
	return transfer(r)
}

// suspend stops the case: whoever is asked can do nothing until it is resumed.
func suspend(r *run) error {
	if err := r.byAdmin(); err != nil {
		return err
	}
	if err := r.allowIn(Running, Returned); err != nil {
		return err
	}
	r.pauseDeadlines()
	r.c.State = Suspended
	r.tellAll(EventSuspended)
	return nil
}

// resume lets a suspended case go on as it stood.
func resume(r *run) error {
	if err := r.byAdmin(); err != nil {
		return err
	}
	if err := r.allowIn(Suspended); err != nil {
		return err
	}
	r.c.State = Running
	if withInitiator(r.c) {
		r.c.State = Returned
	}
	r.tellAll(EventResumedCase)
	for i := range r.c.Visits {
		r.resumeDeadline(i + 1)
	}
	if r.c.State == Running {
		r.goOn()
	}
	return nil
}

// withInitiator reports that the initiator is asked to resubmit.
func withInitiator(c Case) bool {
	for _, t := range c.Tasks {
		if t.Kind == KindStart && t.State == TaskOpen {
			return true
		}
	}
	return false
}

// tellAll tells the initiator and whoever is at work on the case.
func (r *run) tellAll(event string) {
	to := r.tellOthers()
	if r.c.Initiator != r.cmd.By {
		to = append(to, r.c.Initiator)
	}
	r.notify(event, 0, "", to...)
}
