package storagetest

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/formwork-run/formwork/storage"
)

func (e *env) read(id string, offset, length int64) string {
	e.Helper()
	r, err := e.tenant.Blobs().Open(e.ctx, id, offset, length)
	e.ok(err)
	b, err := io.ReadAll(r)
	e.ok(err)
	e.ok(r.Close())
	return string(b)
}

// broken yields some bytes and then fails.
type broken struct{ r io.Reader }

var errBroken = errors.New("line dropped")

func (b broken) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if err == io.EOF {
		err = errBroken
	}
	return n, err
}

var blobCases = []kase{
	{"blobs/put-and-open", func(e *env) {
		n, err := e.tenant.Blobs().Put(e.ctx, e.name+"-a", strings.NewReader("hello world"))
		e.ok(err)
		e.same(n, int64(11))
		e.same(e.read(e.name+"-a", 0, -1), "hello world")
		size, err := e.tenant.Blobs().Stat(e.ctx, e.name+"-a")
		e.ok(err)
		e.same(size, int64(11))
	}},
	{"blobs/sweep-touches-no-blob", func(e *env) {
		b := e.other("swept").Blobs() // alone: it sweeps what others are writing, too
		_, err := b.Put(e.ctx, "kept", strings.NewReader("kept"))
		e.ok(err)
		_, err = b.Put(e.ctx, "dead", broken{strings.NewReader("half")})
		e.fails(err, errBroken)
		_, err = b.Sweep(e.ctx, time.Now().Add(time.Hour))
		e.ok(err)
		size, err := b.Stat(e.ctx, "kept")
		e.ok(err)
		e.same(size, int64(4))
		n, err := b.Sweep(e.ctx, time.Now().Add(time.Hour))
		e.ok(err)
		e.same(n, 0)
	}},
	{"blobs/ranges", func(e *env) {
		_, err := e.tenant.Blobs().Put(e.ctx, e.name, strings.NewReader("0123456789"))
		e.ok(err)
		e.same(e.read(e.name, 3, 4), "3456")
		e.same(e.read(e.name, 8, 10), "89")
		e.same(e.read(e.name, 4, -1), "456789")
		e.same(e.read(e.name, 0, 0), "")
		e.same(e.read(e.name, 10, -1), "")
	}},
	{"blobs/large-and-empty", func(e *env) {
		big := bytes.Repeat([]byte("0123456789abcdef"), e.size(64<<10, 40<<10))
		_, err := e.tenant.Blobs().Put(e.ctx, e.name+"big", bytes.NewReader(big))
		e.ok(err)
		if got := e.read(e.name+"big", 0, -1); got != string(big) {
			e.Errorf("%d bytes come back as %d", len(big), len(got))
		}
		e.same(e.read(e.name+"big", int64(len(big)-4), -1), "cdef")
		_, err = e.tenant.Blobs().Put(e.ctx, e.name+"empty", strings.NewReader(""))
		e.ok(err)
		e.same(e.read(e.name+"empty", 0, -1), "")
	}},
	{"blobs/replaced-only-when-complete", func(e *env) {
		b := e.tenant.Blobs()
		_, err := b.Put(e.ctx, e.name, strings.NewReader("first"))
		e.ok(err)
		_, err = b.Put(e.ctx, e.name, broken{strings.NewReader("second, half of")})
		e.fails(err, errBroken)
		e.same(e.read(e.name, 0, -1), "first")
		_, err = b.Put(e.ctx, e.name, strings.NewReader("second"))
		e.ok(err)
		e.same(e.read(e.name, 0, -1), "second")
	}},
	{"blobs/absent-is-not-found", func(e *env) {
		b := e.tenant.Blobs()
		_, err := b.Open(e.ctx, e.name, 0, -1)
		e.fails(err, storage.ErrNotFound)
		_, err = b.Stat(e.ctx, e.name)
		e.fails(err, storage.ErrNotFound)
		e.ok(b.Delete(e.ctx, e.name))
	}},
	{"blobs/delete-removes", func(e *env) {
		b := e.tenant.Blobs()
		_, err := b.Put(e.ctx, e.name, strings.NewReader("x"))
		e.ok(err)
		e.ok(b.Delete(e.ctx, e.name))
		_, err = b.Stat(e.ctx, e.name)
		e.fails(err, storage.ErrNotFound)
	}},
	{"blobs/ids-are-no-paths", func(e *env) {
		b := e.tenant.Blobs()
		ids := []string{"../../escape", "/abs", "a/b", "A", "a", ".", "..", "中", strings.Repeat("Z", storage.MaxKeyLength)}
		for _, id := range ids {
			_, err := b.Put(e.ctx, id, strings.NewReader("of "+id))
			e.ok(err)
		}
		for _, id := range ids {
			e.same(e.read(id, 0, -1), "of "+id)
		}
		_, err := b.Put(e.ctx, "", strings.NewReader("x"))
		e.fails(err, storage.ErrInvalid)
	}},
}
