package storagetest

import (
	"bytes"
	"slices"
	"strings"

	"github.com/formwork-run/formwork/storage"
)

func (e *env) other(id string) storage.Tenant {
	e.Helper()
	t, err := e.store.Tenant(id)
	e.ok(err)
	return t
}

var tenantCases = []kase{
	{"tenant/tenants-are-apart", func(e *env) {
		e.insert(doc("a"))
		other := e.other("other")
		_, err := other.Collection(e.name).Get(e.ctx, "a")
		e.fails(err, storage.ErrNotFound)
		_, err = e.store.System().Collection(e.name).Get(e.ctx, "a")
		e.fails(err, storage.ErrNotFound)
		e.ok(other.Collection(e.name).Insert(e.ctx, doc("a", "of", "other")))
		e.same(e.get("a"), doc("a", "_rev", int64(1)))
		_, err = other.Blobs().Put(e.ctx, "a", strings.NewReader("x"))
		e.ok(err)
		_, err = e.tenant.Blobs().Stat(e.ctx, e.name+"other")
		e.fails(err, storage.ErrNotFound)
	}},
	{"tenant/the-system-holds-documents", func(e *env) {
		c := e.store.System().Collection("nodes")
		e.ok(c.Insert(e.ctx, doc(e.name, "v", "x")))
		got, err := c.Get(e.ctx, e.name)
		e.ok(err)
		e.same(got["v"], "x")
		e.ok(e.store.Ping(e.ctx))
	}},
	{"tenant/collections-are-listed", func(e *env) {
		t := e.other("lists")
		names, err := t.Collections(e.ctx)
		e.ok(err)
		e.same(len(names), 0)
		e.ok(t.Collection("tasks").Insert(e.ctx, doc("a")))
		e.ok(t.Collection("rec_cost__claim").Indexes(e.ctx, index(asc("v"))))
		_, err = t.Collection("untouched").Find(e.ctx, storage.Query{})
		e.ok(err)
		names, err = t.Collections(e.ctx)
		e.ok(err)
		e.same(names, []string{"rec_cost__claim", "tasks"})
	}},
	{"tenant/drop-removes-everything", func(e *env) {
		t := e.other("doomed")
		e.ok(t.Collection("tasks").Insert(e.ctx, doc("a")))
		_, err := t.Blobs().Put(e.ctx, "f", strings.NewReader("x"))
		e.ok(err)
		e.ok(t.Drop(e.ctx))
		again := e.other("doomed")
		names, err := again.Collections(e.ctx)
		e.ok(err)
		e.same(len(names), 0)
		_, err = again.Blobs().Stat(e.ctx, "f")
		e.fails(err, storage.ErrNotFound)
		e.ok(again.Collection("tasks").Insert(e.ctx, doc("a")))
	}},
	{"tenant/snapshot-is-written", func(e *env) {
		t := e.other("saved")
		e.ok(t.Collection("tasks").Insert(e.ctx, doc("a", "v", "x")))
		_, err := t.Blobs().Put(e.ctx, "f", strings.NewReader("content"))
		e.ok(err)
		var out bytes.Buffer
		e.ok(t.Snapshot(e.ctx, &out))
		if out.Len() == 0 || slices.Max(out.Bytes()) == 0 {
			e.Error("the snapshot is empty")
		}
	}},
}
