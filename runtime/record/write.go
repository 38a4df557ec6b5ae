package record

import (
	"context"
	"errors"
	"maps"
	"strings"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/catalog"
	"github.com/formwork-run/formwork/storage"
)

// write makes the new document and stores it by compare-and-set, then runs the
// effects. storage.ErrConflict means that somebody else wrote first.
func (c *Change) write(ctx context.Context) error {
	doc := c.document()
	col := c.s.t.Records(c.Ref())
	var err error
	if c.isNew {
		err = col.Insert(ctx, doc)
		doc[storage.Rev] = int64(1)
	} else {
		var rev int64
		rev, err = col.Replace(ctx, doc)
		doc[storage.Rev] = rev
	}
	if err != nil {
		return c.writeError(err)
	}
	c.Doc, c.Warnings, c.numbers = doc, c.warnings, nil
	c.s.settle(ctx, c.Record, c.effects)
	return nil
}

// writeError names the fields behind a unique value that is taken.
func (c *Change) writeError(err error) error {
	var dup *storage.DuplicateError
	if !errors.As(err, &dup) {
		if errors.Is(err, storage.ErrNotFound) {
			return NotFound()
		}
		if errors.Is(err, storage.ErrTooLarge) {
			return fault.New(fault.TooLarge, "record.too_large", "the record is too large")
		}
		return err
	}
	if len(dup.Index.Fields) == 0 {
		return fault.New(fault.Duplicate, "record.exists", "the record exists already").Because(err)
	}
	name := strings.TrimPrefix(dup.Index.Fields[0].Path, "uniq.")
	if strings.HasPrefix(name, serialPrefix) {
		return errNumberTaken
	}
	form := c.uniqueForm()
	out := fault.New(fault.Duplicate, "record.duplicate", "there is another record with this value").Because(err)
	for i, keys := range form.Unique {
		if catalog.UniqueKey(form, i) == name {
			for _, k := range keys {
				out = out.At(fault.Field{Path: "/" + k, Code: "duplicate", Message: "another record has this value"})
			}
		}
	}
	return out
}

// serialPrefix leads the keys in "uniq" by which a record owns its numbers.
const serialPrefix = "serial_"

// errNumberTaken: a serial number given to this write is another record's. It
// is the net below the counters: the write is made again with the next number.
var errNumberTaken = errors.New("record: the serial number is taken")

// document is the record as it will be stored: what was changed, and all that follows from it.
func (c *Change) document() storage.Doc {
	doc := maps.Clone(c.Doc)
	var changes []any
	if !c.isNew {
		changes = c.diff()
	}
	doc["data"] = c.data
	if c.isNew && c.Actor.Via != nil && c.Action == "create" {
		doc["origin"] = originDoc(c.Actor.Via)
	}
	if c.Actor.User != "" { // else nobody did it: see ApplySystem
		doc["updated_by"] = c.Actor.User
	}
	doc["updated_at"] = c.ctx.Now
	if c.isNew || len(changes) > 0 {
		doc["rev"] = number(doc, "rev") + 1
	}
	if c.Case.State != "" {
		doc["case"] = c.Case.ToDoc()
	}
	c.acl(doc)
	c.follow(changes)
	doc["title"] = c.Form.Title(c.input())
	setOrDrop(doc, "uniq", c.unique(doc))
	setOrDrop(doc, "search", searchTokens(c.Form.Def, c.data))
	if len(changes) > 0 {
		data := map[string]any{"action": c.Action, "rev": doc["rev"], "changes": changes}
		setIf(data, "via", viaDoc(c.Actor))
		c.Emit(EffectHistory, data)
	}
	c.outbox(doc)
	return doc
}

func setOrDrop(doc storage.Doc, key string, v map[string]any) {
	if len(v) == 0 {
		delete(doc, key)
		return
	}
	doc[key] = v
}

// follow adds the effects that follow from what a write changes, whoever makes it.
func (c *Change) follow(changes []any) {
	if ids := c.newFiles(); len(ids) > 0 {
		c.Emit(EffectFiles, map[string]any{"files": ids})
	}
	draft := text(c.Doc, "state") == StateDraft
	if !draft && (c.isNew || len(changes) > 0 || text(c.Doc, "state") == StateDeleted || c.Action == "submit") && c.s.t.DecidesAccess(c.Ref()) {
		c.Emit(EffectAccess, nil)
	}
}

// audit notes the act in the audit log, with where the request came from.
func (c *Change) audit() {
	data := map[string]any{"action": c.Action, "request": c.Actor.RequestID, "ip": c.Actor.IP}
	setIf(data, "via", viaDoc(c.Actor))
	c.Emit(EffectAudit, data)
}

// acl keeps the facts about who had to do with the record: whoever was ever
// shown a task, as the engine counts it. Who only waited for his turn was not.
func (c *Change) acl(doc storage.Doc) {
	part := []string{}
	for _, t := range c.Case.Tasks {
		if !t.OpenedAt.IsZero() && t.State != engine.TaskSkipped {
			part = append(part, t.Assignee)
			if t.Principal != "" {
				part = append(part, t.Principal)
			}
		}
	}
	if len(part) == 0 {
		return
	}
	acl := maps.Clone(object(doc, "acl"))
	if acl == nil {
		acl = map[string]any{}
	}
	acl["part"] = union(list(acl, "part"), part...)
	doc["acl"] = acl
}

// unique are the values by which no other record may equal this one, as the
// version in use has it: what is unique is so across all versions. Serial
// numbers stay with a record whatever becomes of it.
func (c *Change) unique(doc storage.Doc) map[string]any {
	out := map[string]any{}
	for k, v := range object(c.Doc, "uniq") {
		if strings.HasPrefix(k, serialPrefix) {
			out[k] = v
		}
	}
	for field, key := range c.owns {
		out[serialPrefix+field] = key
	}
	form := c.uniqueForm()
	for i := range form.Unique {
		if v, ok := catalog.UniqueOf(form, i, doc); ok {
			out[catalog.UniqueKey(form, i)] = v
		}
	}
	return out
}

// uniqueForm is the definition whose unique constraints hold.
func (c *Change) uniqueForm() *schema.Form {
	if f, err := c.s.t.Form(c.Ref()); err == nil {
		return f.Def
	}
	return c.Form.Def // unpublished meanwhile
}

// outbox stores the effects of this write beside those still pending.
func (c *Change) outbox(doc storage.Doc) {
	next := lifeOf(doc) + number(doc, storage.Rev) + 1
	box := maps.Clone(object(doc, "outbox"))
	for i := range c.effects {
		e := &c.effects[i]
		e.ID = effectID(c.ID(), next, i)
		if box == nil {
			box = map[string]any{}
		}
		box[e.outboxKey()] = e.doc()
	}
	if len(box) == 0 {
		delete(doc, "outbox")
		delete(doc, "due")
		return
	}
	doc["outbox"], doc["due"] = box, c.ctx.Now.Add(effectGrace)
}
