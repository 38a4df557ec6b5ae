package pack

import (
	"encoding/json"
	"regexp"

	"github.com/formwork-run/formwork/schema"
)

// aliasPattern is what names of users, departments and records in data and scenario files look like.
var aliasPattern = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,39}$`)

// parseData reads a file of sample records. "form", "by" and "at" may stand once at the top for all of them.
func parseData(doc *document, app string) (DataFile, []schema.Problem) {
	r := &scenarioReader{reader: reader{doc: doc}, app: app}
	f := DataFile{File: doc.file}
	var common Record
	var records *node
	r.object(doc.root, keys{
		"form":    r.ref(&common.Form),
		"by":      r.text(&common.By),
		"at":      r.when(&common.At),
		"records": func(n *node) { records = n },
	})
	r.required(doc.root, "records")
	if records == nil {
		return f, r.problems
	}
	r.each(func(n *node) {
		rec := r.recordWith(n, common)
		f.Records = append(f.Records, rec)
	})(records)
	return f, r.problems
}

func (r *scenarioReader) record(n *node) Record { return r.recordWith(n, Record{}) }

func (r *scenarioReader) recordWith(n *node, rec Record) Record {
	rec.File, rec.Line, rec.ptr = r.doc.file, n.line, n.ptr
	r.object(n, keys{
		"form": r.ref(&rec.Form),
		"as":   r.aliasText(&rec.As),
		"by":   r.text(&rec.By),
		"at":   r.when(&rec.At),
		"data": r.wire(&rec.Data),
		"case": r.oneOf(&rec.State, "draft", "running", "approved", "rejected", "returned", "withdrawn"),
		"steps": r.each(func(n *node) {
			rec.Steps = append(rec.Steps, r.step(n, false))
		}),
		"fill": r.pairs(func(nodeID string, n *node) {
			if rec.Fill == nil {
				rec.Fill = map[string]json.RawMessage{}
			}
			var raw json.RawMessage
			r.wire(&raw)(n)
			rec.Fill[nodeID] = raw
		}),
	})
	r.required(n, "data")
	if rec.Form == "" && n.kind == kindObject {
		r.fail(n, "required", `"form" is missing`)
	}
	if rec.State == "draft" && len(rec.Steps) > 0 {
		r.fail(n, "record.draft_steps", "a draft was not submitted, so nothing can have happened to it")
	}
	return rec
}
