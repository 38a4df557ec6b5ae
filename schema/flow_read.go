package schema

import (
	"encoding/json"
	"strconv"

	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// ParseFlow reads a flow definition strictly and fills in the defaults.
// Unknown keys, doubled keys and wrong types are problems with their JSON
// pointer ("flows/leave#/nodes/1/who/0"); what the flow means is checked by
// Flow.Check and, against its form, by engine.Compile. The flow is never nil;
// it is to be used only when no problem is an error.
func ParseFlow(app, key string, raw json.RawMessage) (*Flow, []Problem) {
	f := &Flow{Key: key, App: app}
	p := newProblems("flows/" + key + "#")
	if len(raw) > maxFlowDefinitionSize {
		p.add("too_large", "a flow definition has at most "+strconv.Itoa(maxFlowDefinitionSize)+" bytes", "max", maxFlowDefinitionSize)
		return f, *p.list
	}
	v, err := ordjson.Parse(raw, 8+4*(MaxFlowDepth+2))
	if err != nil {
		p.add("syntax", "cannot be read as JSON: "+err.Error())
		return f, *p.list
	}
	readFlow(p, v, f)
	if f.Key != key {
		if key == "" {
			p.base = "flows/" + f.Key + "#"
		} else {
			p.at("key").add("key.mismatch", "the key is "+strconv.Quote(f.Key)+" but the flow is stored as "+strconv.Quote(key), "key", f.Key)
		}
	}
	f.Normalize()
	return f, *p.list
}

// flowKeys says what to do with the value of each key an object may have.
type flowKeys = map[string]func(problems, ordjson.Value)

func readFlow(p problems, v ordjson.Value, f *Flow) {
	readObject(p, v, flowKeys{
		"key":      intoString(&f.Key),
		"title":    intoText(&f.Title),
		"form":     intoString(&f.Form),
		"nodes":    func(p problems, v ordjson.Value) { f.Nodes = readNodes(p, v) },
		"settings": func(p problems, v ordjson.Value) { readSettings(p, v, &f.Settings) },
	})
}

func readSettings(p problems, v ordjson.Value, s *FlowSettings) {
	readObject(p, v, flowKeys{
		"withdraw":   intoString(&s.Withdraw),
		"dedupe":     intoString(&s.Dedupe),
		"empty":      func(p problems, v ordjson.Value) { s.Empty = readEmpty(p, v) },
		"self":       intoString(&s.Self),
		"resubmit":   intoString(&s.Resubmit),
		"withdrawTo": intoString(&s.WithdrawTo),
		"leaver":     intoString(&s.Leaver),
		"takeBack":   intoString(&s.TakeBack),
	})
}

func readEmpty(p problems, v ordjson.Value) (e EmptyWho) {
	readObject(p, v, flowKeys{"then": intoString(&e.Then), "user": intoString(&e.User)})
	return e
}

func readNodes(p problems, v ordjson.Value) []*Node {
	nodes := []*Node{}
	readEach(p, v, "a list of nodes", func(p problems, v ordjson.Value) {
		n := &Node{}
		readNode(p, v, n)
		nodes = append(nodes, n)
	})
	return nodes
}

func readNode(p problems, v ordjson.Value, n *Node) {
	readObject(p, v, flowKeys{
		"id":    intoString(&n.ID),
		"type":  func(p problems, v ordjson.Value) { n.Type = NodeType(readString(p, v)) },
		"title": intoText(&n.Title),
		"who":   intoWho(&n.Who),
		"mode":  intoString(&n.Mode),
		"vote":  func(p problems, v ordjson.Value) { n.Vote = readVote(p, v) },
		"branches": func(p problems, v ordjson.Value) {
			readEach(p, v, "a list of branches", func(p problems, v ordjson.Value) { n.Branches = append(n.Branches, readBranch(p, v)) })
		},
		"fields":   func(p problems, v ordjson.Value) { readNodeFields(p, v, &n.Fields) },
		"actions":  func(p problems, v ordjson.Value) { n.Actions = readStrings(p, v) },
		"comment":  intoString(&n.Comment),
		"returnTo": intoString(&n.ReturnTo),
		"always":   func(p problems, v ordjson.Value) { n.Always = readFlag(p, v) },
		"empty":    func(p problems, v ordjson.Value) { e := readEmpty(p, v); n.Empty = &e },
		"deadline": func(p problems, v ordjson.Value) { n.Deadline = readDeadline(p, v) },
		"buttons": func(p problems, v ordjson.Value) {
			n.Buttons = map[string]Text{}
			readPairs(p, v, func(key string, p problems, v ordjson.Value) { n.Buttons[key] = readText(p, v) })
		},
		"attachment": intoString(&n.Attachment),
		"signature":  intoString(&n.Signature),
		"subflow":    func(p problems, v ordjson.Value) { n.Subflow = readSubflow(p, v) },
		"data":       func(p problems, v ordjson.Value) { n.Data = readData(p, v) },
		"call":       func(p problems, v ordjson.Value) { n.Call = readCall(p, v) },
		"delay":      func(p problems, v ordjson.Value) { n.Delay = readDelay(p, v) },
	})
}

func readBranch(p problems, v ordjson.Value) (b Branch) {
	b.Nodes = []*Node{}
	readObject(p, v, flowKeys{
		"id":        intoString(&b.ID),
		"title":     intoText(&b.Title),
		"when":      intoString(&b.When),
		"otherwise": func(p problems, v ordjson.Value) { b.Otherwise = readFlag(p, v) },
		"nodes":     func(p problems, v ordjson.Value) { b.Nodes = readNodes(p, v) },
	})
	return b
}

func readNodeFields(p problems, v ordjson.Value, f *NodeFields) {
	readObject(p, v, flowKeys{
		"edit":    intoNames(&f.Edit),
		"read":    intoNames(&f.Read),
		"hide":    intoNames(&f.Hide),
		"require": intoNames(&f.Require),
		"rows": func(p problems, v ordjson.Value) {
			f.Rows = map[string][]string{}
			readPairs(p, v, func(key string, p problems, v ordjson.Value) { f.Rows[key] = readStrings(p, v) })
		},
	})
}

func intoString(to *string) func(problems, ordjson.Value) {
	return func(p problems, v ordjson.Value) { *to = readString(p, v) }
}

func intoText(to *Text) func(problems, ordjson.Value) {
	return func(p problems, v ordjson.Value) { *to = readText(p, v) }
}

// intoNames takes a list of names; one name may stand alone ("edit: all").
func intoNames(to *[]string) func(problems, ordjson.Value) {
	return func(p problems, v ordjson.Value) {
		if v.Kind == ordjson.String {
			*to = []string{v.Text}
			return
		}
		*to = readStrings(p, v)
	}
}

func readEach(p problems, v ordjson.Value, what string, read func(problems, ordjson.Value)) {
	if v.Kind != ordjson.Array {
		p.wrong(what, v)
		return
	}
	for i, item := range v.Items {
		read(p.index(i), item)
	}
}

// readPairs reads an object with free keys.
func readPairs(p problems, v ordjson.Value, read func(string, problems, ordjson.Value)) {
	if v.Kind != ordjson.Object {
		p.wrong("an object", v)
		return
	}
	for i, k := range v.Keys {
		read(k, p.at(k), v.Items[i])
	}
}
