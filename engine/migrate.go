package engine

import (
	"slices"
	"strings"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
)

// Migrate moves a running, returned or suspended case from the flow it runs on
// to this one, of version cmd.Version, by an administrator's right. Whoever is
// asked stays asked; what has passed stays history, even where its node is
// gone. A case that does not fit (see Fits) is refused, unless To names the node to
// go on at. It answers like Apply.
func (f *Flow) Migrate(old *Flow, c Case, cmd Command) (Case, []Effect, []Need, error) {
	cmd.Kind = CmdMigrate
	return f.decide(c, cmd, run{old: old})
}

func migrate(r *run) error {
	if r.old == nil {
		return fault.New(fault.Invalid, "command.unknown", "a case is moved to another version by Migrate")
	}
	if err := r.byAdmin(); err != nil {
		return err
	}
	if err := r.allowIn(Running, Returned, Suspended, Failed); err != nil {
		return err
	}
	if r.c.Flow != r.f.Def.Key {
		return fault.Newf(fault.Refused, "case.other_flow", "the case belongs to flow %q", r.c.Flow)
	}
	target, err := r.migrateTarget()
	if err != nil {
		return err
	}
	r.detail("from_version", int64(r.c.Version))
	r.c.Version = r.cmd.Version
	r.carryOver()
	if target != nil {
		r.jumpTo(target, ReasonMigrated)
		return nil
	}
	if r.c.State == Running {
		r.goOn()
	}
	return nil
}

// migrateTarget is the node a case is moved to on the way; nil = it stays where it stands.
func (r *run) migrateTarget() (*place, error) {
	if len(r.cmd.To) > 0 {
		if err := r.allowIn(Running, Returned, Failed); err != nil {
			return nil, err
		}
		return r.jumpTarget()
	}
	problems := r.f.misfits(r.old, r.c)
	if len(problems) == 0 {
		return nil, nil
	}
	return nil, fault.Newf(fault.Refused, "migrate.unfit", "the case does not fit: %s", strings.Join(problems, ", ")).
		With("problems", problems)
}

// carryOver puts the visits at their places in this flow. What has none is undone and stays as history.
func (r *run) carryOver() {
	broken := false // something that was parked has no place any more
	for i := range r.c.Visits {
		v := r.visit(i + 1)
		if v.Void || r.f.misfit(r.old, *v) == "" {
			r.rebranch(v)
			continue
		}
		broken = broken || parked(*v)
		if v.Open {
			r.cancelTasks(v.N, ReasonMigrated)
			r.shut(v.N, ResultCancelled)
		}
		v.Void = true
	}
	if broken || r.strayed() {
		r.forgetParked()
	}
	r.undoLater()
}

// undoLater undoes what had passed and now comes after a node that is still to be decided.
func (r *run) undoLater() {
	for _, v := range r.c.Visits {
		if v.Void || !v.Open && !parked(v) || v.Node == r.f.top[0].node.ID {
			continue
		}
		for i, w := range r.c.Visits {
			stays := w.N < v.N && len(r.f.parkedBehind(r.c, v.N)) > 0 // the case goes straight over it
			if !stays && !w.Open && !parked(w) && !r.visit(i+1).Void && r.f.follows(r.c, i+1, v.N) {
				r.void(i + 1)
			}
		}
	}
}

// rebranch counts the branches of a visit as this flow does.
func (r *run) rebranch(v *Visit) {
	p, was := r.f.at(v.Node), r.old.at(v.Node)
	if v.Parent != 0 && p.up != nil {
		v.Branch = p.branch
	}
	if len(v.Branches) == 0 {
		return
	}
	var taken []int
	for _, b := range v.Branches {
		if b >= len(was.node.Branches) {
			continue
		}
		if i := branchIndex(p, was.node.Branches[b].ID); i >= 0 {
			taken = append(taken, i)
		}
	}
	slices.Sort(taken)
	v.Branches = taken
}

func branchIndex(p *place, id string) int {
	for i, b := range p.node.Branches {
		if b.ID == id {
			return i
		}
	}
	return -1
}

// forgetParked gives up where a returned case was parked: it then goes on from the start.
func (r *run) forgetParked() {
	r.c.ReturnTo = 0
	for i := range r.c.Visits {
		if v := r.visit(i + 1); parked(*v) {
			v.Result, v.Behind = ResultCancelled, 0
		}
	}
}

// goOn lets nodes go on that are decided already: by a flow whose vote needs fewer now, or by what
// came in while the case stood.
func (r *run) goOn() {
	for i := range len(r.c.Visits) {
		v, p := *r.visit(i + 1), r.placeOf(i+1)
		switch {
		case !v.Open || r.stopped():
		case !p.human():
			r.resumeWork(v.N)
		case p.node.Type == schema.NodeHandle:
			r.settle(v.N, ResultDone)
		default:
			r.settle(v.N, ResultApprove)
		}
	}
}
