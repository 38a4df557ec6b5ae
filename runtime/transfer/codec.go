package transfer

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/formwork-run/formwork/runtime/files"
	"github.com/formwork-run/formwork/storage"
)

// sliceID is the id of a slice in the queue.
func sliceID(job string, slice int) string { return fmt.Sprintf("%s.%d", job, slice) }

// jobOf reads a stored job.
func jobOf(d storage.Doc) *Job {
	j := &Job{ID: text(d, storage.ID), Kind: text(d, "kind"), Form: text(d, "form"), State: text(d, "state"), Done: count(d, "done"), Total: count(d, "total"),
		by: text(d, "by"), ip: text(d, "ip"), request: text(d, "request"), lang: text(d, "lang"), params: json.RawMessage(text(d, "params")), next: count(d, "next")}
	j.At, _ = d["at"].(time.Time)
	if t, ok := d["ended_at"].(time.Time); ok {
		j.Ended = &t
	}
	if r := text(d, "report"); r != "" {
		j.Report = json.RawMessage(r)
	}
	if f, ok := d["file"].(map[string]any); ok {
		size, _ := f["size"].(int64)
		j.File = &files.File{ID: text(f, "id"), Name: text(f, "name"), Type: text(f, "type"), Size: size}
	}
	if e, ok := d["error"].(map[string]any); ok {
		j.Error = &Problem{Code: text(e, "code"), Message: text(e, "message")}
	}
	return j
}

func text(d map[string]any, key string) string { s, _ := d[key].(string); return s }
func count(d map[string]any, key string) int   { n, _ := d[key].(int64); return int(n) }
