package schema

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// subflowNode: which form's flow is started, with what, and what its end means.
func (c *flowCheck) subflowNode(n *Node, at string) {
	c.only(n, at, "subflow")
	s := n.Subflow
	if s == nil {
		c.add(at+"/subflow", "required", "say which form's flow is started")
		return
	}
	at += "/subflow"
	c.formRef(s.Form, at+"/form")
	c.assigned(s.Data, at+"/data")
	c.assigned(s.Back, at+"/back")
	c.word(at+"/rejected", s.Rejected, SubRejectedReject, SubRejectedContinue, SubRejectedWait)
	if !s.Wait && s.Rejected != "" {
		c.add(at+"/rejected", "not_here", "without wait the end of the subflow means nothing to this case")
	}
	if !s.Wait && len(s.Back) > 0 {
		c.add(at+"/back", "not_here", "without wait there is no result to write back")
	}
	if s.Initiator != nil {
		c.oneInitiator(*s.Initiator, at+"/initiator")
	}
}

// oneInitiator checks who the initiator of a subflow is: a source the service can resolve by itself.
func (c *flowCheck) oneInitiator(w Who, at string) {
	c.who(w, at)
	c.fixed(w, at)
	if w.Node != "" || w.DeptHeads != nil || w.Managers != nil || w.Formula != "" {
		c.add(at, "not_here", "a subflow has one initiator: name him by user, field, role, manager or head")
	}
}

// formRef checks the shape of a reference to a form, "form" or "app.form".
func (c *flowCheck) formRef(ref, at string) {
	app, form, dotted := strings.Cut(ref, ".")
	switch {
	case ref == "":
		c.add(at, "required", "name the form")
	case !keyPattern.MatchString(app) || dotted && !keyPattern.MatchString(form):
		c.add(at, "reference", strconv.Quote(ref)+" is no form: write form, or app.form", "form", ref)
	}
}

// assigned checks an object field → formula: nothing stands for nothing.
func (c *flowCheck) assigned(m map[string]string, at string) {
	if len(m) > MaxWorkFields {
		c.add(at, "too_many", "at most "+strconv.Itoa(MaxWorkFields)+" entries", "max", MaxWorkFields)
	}
	for _, k := range slices.Sorted(maps.Keys(m)) {
		if strings.TrimSpace(m[k]) == "" {
			c.add(at+"/"+escapePointer(k), "required", "give a formula")
		}
	}
}
