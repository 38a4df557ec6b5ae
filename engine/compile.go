package engine

import (
	"strconv"

	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/formula"
)

// Compile checks a flow against its form's formula environment and its fields.
// All problems are returned, with paths like "flows/leave#/nodes/1/who/0"; the
// flow is nil when one of them is an error. A flow that compiles never brings a
// case into state error. Role references are left to the check of the whole app.
func Compile(def *schema.Flow, form *schema.Form, env formula.Type) (*Flow, []schema.Problem) {
	c := &checker{flow: def, form: form, env: env, problems: def.Check()}
	c.run()
	if schema.HasErrors(c.problems) {
		return nil, c.problems
	}
	f := &Flow{Def: def, places: map[string]*place{}, dates: c.dates, people: c.people}
	f.top = f.lay(def.Nodes, nil, 0, "")
	for _, p := range f.order {
		p.when, p.until = c.when[p.node], c.until[p.node]
	}
	return f, c.problems
}

// checker collects what is wrong with a flow in the light of its form.
type checker struct {
	flow     *schema.Flow
	form     *schema.Form
	env      formula.Type
	when     map[*schema.Node][]condition
	until    map[*schema.Node]*formula.Program
	dates    map[string]dateField
	people   map[string]*formula.Program
	problems []schema.Problem
}

func (c *checker) add(pointer, code, message string, params map[string]any) {
	c.problems = append(c.problems, schema.Problem{Path: c.flow.Pointer(pointer), Code: code, Message: message, Params: params})
}

func (c *checker) run() {
	if c.form == nil {
		c.add("/form", "unknown_form", "there is no form "+strconv.Quote(c.flow.Form), map[string]any{"form": c.flow.Form})
		return
	}
	c.when, c.until = map[*schema.Node][]condition{}, map[*schema.Node]*formula.Program{}
	c.dates, c.people = map[string]dateField{}, map[string]*formula.Program{}
	c.flow.Walk(func(n *schema.Node, at string) {
		c.checkWho(n, at)
		c.checkFields(n, at)
		c.compileBranches(n, at)
		c.checkTimes(n, at)
		c.checkWork(n, at)
	})
	c.checkNeverFilled()
}

// compileBranches compiles the conditions of a node.
func (c *checker) compileBranches(n *schema.Node, at string) {
	if n.Type != schema.NodeCondition && n.Type != schema.NodeInclusive {
		return
	}
	list := make([]condition, len(n.Branches))
	for i, b := range n.Branches {
		if b.When == "" || b.Otherwise {
			continue
		}
		list[i] = c.compileWhen(b.When, at+"/branches/"+strconv.Itoa(i)+"/when")
	}
	c.when[n] = list
}

func (c *checker) compileWhen(src, at string) condition {
	if p := c.program(src, at, formula.Bool); p != nil {
		return p
	}
	return nil
}

// program compiles a formula over the record; what is wrong with it becomes problems.
func (c *checker) program(src, at string, want formula.Kind) *formula.Program {
	p, errs := formula.Compile(src, c.env, formula.Type{Kind: want})
	for _, e := range errs {
		c.problems = append(c.problems, schema.Problem{
			Path: c.flow.Pointer(at), Code: "formula." + e.Code, Message: e.Message, Params: e.Params,
			From: e.From, To: e.To,
		})
	}
	return p
}

// FormulaOf returns the compiled formula of a source of people, for the answer
// to a Need of kind formula; nil when no source of the flow has this text.
func (f *Flow) FormulaOf(src string) *formula.Program { return f.people[src] }
