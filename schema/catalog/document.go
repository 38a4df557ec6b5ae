package catalog

import (
	"encoding/json"
	"fmt"

	"github.com/formwork-run/formwork/schema"
)

// AppDoc is the canonical JSON of an app: what drafts and versions hold. Its
// parts keep the canonical form of their own (form, flow, access, view).
type AppDoc struct {
	Key         string            `json:"key"`
	Title       schema.Text       `json:"title"`
	Description schema.Text       `json:"description,omitempty"`
	Icon        string            `json:"icon,omitempty"`
	Version     string            `json:"version,omitempty"`
	Requires    []string          `json:"requires,omitempty"`
	Optional    []string          `json:"optional,omitempty"`
	Menu        []schema.MenuItem `json:"menu,omitempty"`
	Forms       []KeyedDoc        `json:"forms"`
	Flows       []KeyedDoc        `json:"flows,omitempty"`
	Access      json.RawMessage   `json:"access,omitempty"`
	Views       []KeyedDoc        `json:"views,omitempty"`
}

// KeyedDoc is one definition with its key.
type KeyedDoc struct {
	Key string          `json:"key"`
	Doc json.RawMessage `json:"doc"`
}

// Document gives the canonical document of an app.
func Document(a *schema.App) (*AppDoc, error) {
	d := &AppDoc{Key: a.Key, Title: a.Title, Description: a.Description, Icon: a.Icon,
		Version: a.Version, Requires: a.Requires, Optional: a.Optional, Menu: a.Menu}
	for _, f := range a.Forms {
		d.Forms = append(d.Forms, KeyedDoc{f.Key, f.MarshalCanonical()})
	}
	for _, f := range a.Flows {
		raw, err := json.Marshal(f)
		if err != nil {
			return nil, fmt.Errorf("flow %s: %w", f.Key, err)
		}
		d.Flows = append(d.Flows, KeyedDoc{f.Key, raw})
	}
	raw, err := json.Marshal(a.Access)
	if err != nil {
		return nil, fmt.Errorf("access: %w", err)
	}
	d.Access = raw
	for _, v := range a.Views {
		raw, err := json.Marshal(v)
		if err != nil {
			return nil, fmt.Errorf("view %s: %w", v.Key, err)
		}
		d.Views = append(d.Views, KeyedDoc{v.Key, raw})
	}
	return d, nil
}

// ParseApp reads an app document. Every problem of every part is returned, its
// path led by the part: "forms/contract#/rules/0/when".
func ParseApp(d *AppDoc) (*schema.App, []schema.Problem) {
	a := &schema.App{Key: d.Key, Title: d.Title, Description: d.Description, Icon: d.Icon,
		Version: d.Version, Requires: d.Requires, Optional: d.Optional, Menu: d.Menu}
	var problems []schema.Problem
	forms := map[string]*schema.Form{}
	for _, kd := range d.Forms {
		f, ps := schema.ParseForm(d.Key, kd.Key, kd.Doc)
		problems = append(problems, ps...)
		if f == nil {
			continue
		}
		a.Forms = append(a.Forms, f)
		forms[f.Key] = f
	}
	for _, kd := range d.Flows {
		f, ps := schema.ParseFlow(d.Key, kd.Key, kd.Doc)
		problems = append(problems, ps...)
		if f != nil {
			a.Flows = append(a.Flows, f)
		}
	}
	if len(d.Access) > 0 {
		acc, ps := schema.ParseAccess(d.Key, d.Access, forms)
		problems = append(problems, ps...)
		if acc != nil {
			a.Access = *acc
		}
	}
	for _, kd := range d.Views {
		v, ps := schema.ParseView(d.Key, kd.Key, kd.Doc)
		problems = append(problems, ps...)
		if v == nil {
			continue
		}
		a.Views = append(a.Views, v)
		if f := forms[v.Form]; f != nil {
			problems = append(problems, schema.CheckView(v, f)...)
		}
	}
	return a, append(problems, schema.CheckApp(a)...)
}
