package engine

import (
	"slices"
	"strconv"
	"strings"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
)

// Keys of recorded facts that are no questions to the service: they are put
// into the log so that a replay needs neither the record nor the formulas.
const (
	factBranch  = "if:"
	factMissing = "missing:"
	factUntil   = "until:"
	factDate    = "date:"
	factEnd     = "end:"
	factRows    = "rows:"
)

// use notes an answer in the command's line of the log. "Nobody" is a nil list.
func (r *run) use(key string, answer []string) {
	if r.entry.Answers == nil {
		r.entry.Answers = map[string][]string{}
	}
	r.entry.Answers[key] = answer
}

// answer returns the people a question gave, or asks it; ok is false while it is open.
func (r *run) answer(n Need) (people []string, ok bool) {
	given, ok := r.cmd.Answers[n.Key]
	if !ok && r.replay && (n.Kind == NeedDelegate || n.Kind == NeedDue || n.Kind == NeedLeft) {
		return nil, true // a line written before this was asked
	}
	if !ok && r.replay && n.Kind == NeedActive {
		return n.Users, true
	}
	if !ok {
		if !slices.ContainsFunc(r.needs, func(o Need) bool { return o.Key == n.Key }) {
			r.needs = append(r.needs, n)
		}
		return nil, false
	}
	for _, u := range given {
		if u != "" && !slices.Contains(people, u) {
			people = append(people, u)
		}
	}
	r.use(n.Key, people)
	return people, true
}

func (r *run) who(w schema.Who) ([]string, bool) {
	return r.answer(Need{Key: whoKey(w), Who: w, Kind: NeedWho})
}

// byFormula asks for the people a formula gives at a node.
func (r *run) byFormula(w schema.Who, node string) ([]string, bool) {
	return r.answer(Need{Key: whoKey(w), Who: w, Node: node, Kind: NeedFormula})
}

// active asks which of some people are still there; of nobody, nobody is.
func (r *run) active(users []string) ([]string, bool) {
	if len(users) == 0 {
		return nil, true
	}
	return r.answer(Need{Key: NeedActive + ":" + strings.Join(users, ","), Kind: NeedActive, Users: users})
}

// standIn asks who stands in for a user now; "" = nobody.
func (r *run) standIn(user string) (string, bool) {
	found, ok := r.answer(Need{Key: NeedDelegate + ":" + user, Kind: NeedDelegate, User: user})
	if !ok || len(found) == 0 || found[0] == user {
		return "", ok
	}
	return found[0], true
}

func (r *run) admins() ([]string, bool) {
	return r.answer(Need{Key: NeedAdmins, Kind: NeedAdmins})
}

func (r *run) manager(user string) ([]string, bool) {
	return r.answer(Need{Key: NeedManager + ":" + user, Kind: NeedManager, User: user})
}

// whoKey names a question by its content.
func whoKey(w schema.Who) string {
	switch {
	case len(w.Users) > 0:
		return "users:" + strings.Join(w.Users, ",")
	case w.Role != "":
		return "role:" + w.Role
	case w.Field != "":
		return "field:" + w.Field
	case w.DeptHead != 0:
		return "dept_head:" + strconv.Itoa(w.DeptHead)
	case w.DeptField != "":
		return "dept_field:" + w.DeptField
	case w.Dept != "":
		return "dept:" + w.Dept
	case w.DeptHeads != nil:
		return "dept_heads:" + levelsKey(*w.DeptHeads)
	case w.Manager != 0:
		return "manager_level:" + strconv.Itoa(w.Manager)
	case w.Managers != nil:
		return "managers:" + levelsKey(*w.Managers)
	case w.Group != "":
		return "group:" + w.Group
	case w.Formula != "":
		return "formula:" + w.Formula
	}
	return "initiator"
}

func levelsKey(l schema.Levels) string {
	return strconv.Itoa(max(l.From, 1)) + "-" + strconv.Itoa(l.To) + ":" + l.Role
}

// holds evaluates the condition of a branch and notes its outcome.
func (r *run) holds(p *place, branch int) bool {
	key := factBranch + p.node.ID + "/" + strconv.Itoa(branch)
	if r.replay {
		return r.fact(key)
	}
	ok, err := p.when[branch].EvalBool(r.cmd.Ctx, r.cmd.Record)
	if err != nil {
		r.fail(fault.Newf(fault.Refused, "condition.failed", "the condition of branch %d of node %q cannot be evaluated", branch+1, p.node.ID).
			With("node", p.node.ID).With("branch", branch+1).Because(err))
		return false
	}
	r.use(key, []string{strconv.FormatBool(ok)})
	return ok
}

// missing tells whether a field required at a node is empty, and notes it.
func (r *run) missing(node string) bool {
	key := factMissing + node
	if r.replay {
		return r.fact(key)
	}
	empty := r.cmd.Missing != nil && r.cmd.Missing(node)
	r.use(key, []string{strconv.FormatBool(empty)})
	return empty
}

// fact reads a recorded fact again.
func (r *run) fact(key string) bool {
	a := r.cmd.Answers[key]
	r.use(key, a)
	return len(a) == 1 && a[0] == "true"
}
