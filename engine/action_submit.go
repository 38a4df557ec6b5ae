package engine

import "github.com/formwork-run/formwork/internal/fault"

// submit starts the case.
func submit(r *run) error {
	if err := r.allowIn(Draft); err != nil {
		return err
	}
	if r.c.Initiator == "" {
		r.c.Initiator = r.cmd.By
	}
	if err := r.byInitiator(); err != nil {
		return err
	}
	if r.c.Flow != "" && r.c.Flow != r.f.Def.Key {
		return fault.Newf(fault.Refused, "case.other_flow", "the case belongs to flow %q", r.c.Flow)
	}
	r.c.Flow, r.c.State, r.c.StartedAt = r.f.Def.Key, Running, r.cmd.At
	// What a replay cannot know from the commands.
	r.detail("dept", r.c.Dept)
	r.detail("version", int64(r.c.Version))
	r.entry.Node = r.f.top[0].node.ID
	r.effect(Effect{Kind: EffectStarted, State: Running})
	r.step(r.f.top, 0, 0, 0)
	return nil
}
