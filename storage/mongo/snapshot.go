package mongo

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/formwork-run/formwork/storage"
)

// The tar of a snapshot holds documents/<collection>/<n>.bson, each some
// documents one after the other as mongorestore reads them, blobs/<id in URL-safe
// base64>, and at last an empty file named end: a tar that was cut between two
// files looks whole otherwise.
const (
	documentsDir  = "documents/"
	blobsDir      = "blobs/"
	endFile       = "end"
	snapshotBatch = 4 << 20 // bytes after which a file of documents ends
)

// Snapshot implements storage.Tenant. All is read as of one moment, in a snapshot
// session of MongoDB: that takes a replica set, and must be done within
// minSnapshotHistoryWindowInSeconds (5 minutes unless set higher).
func (t *tenant) Snapshot(ctx context.Context, w io.Writer) error {
	names, err := t.Collections(ctx)
	if err != nil {
		return err
	}
	session, err := t.s.client.StartSession(options.Session().SetSnapshot(true))
	if err != nil {
		return wrap(err)
	}
	defer session.EndSession(context.WithoutCancel(ctx))
	s := snapshot{t: t, tw: tar.NewWriter(w)}
	moment := driver.NewSessionContext(ctx, session)
	for _, name := range names {
		if err := s.documents(moment, name); err != nil {
			return fmt.Errorf("storage: snapshot of %s: %w", name, err)
		}
	}
	if err := s.blobs(moment); err != nil {
		return fmt.Errorf("storage: snapshot: %w", err)
	}
	if err := s.file(endFile, 0, bytes.NewReader(nil)); err != nil {
		return fmt.Errorf("storage: snapshot: %w", err)
	}
	return s.tw.Close()
}

type snapshot struct {
	t  *tenant
	tw *tar.Writer
}

func (s snapshot) documents(ctx context.Context, name string) error {
	cur, err := s.t.db.Collection(name).Find(ctx, bson.D{}, options.Find().SetSort(order(nil)))
	if err != nil {
		return wrap(err)
	}
	defer func() { _ = cur.Close(context.WithoutCancel(ctx)) }() // cur.Err tells what went wrong
	var batch bytes.Buffer
	files := 0
	flush := func() error {
		files++
		name := fmt.Sprintf("%s%s/%06d.bson", documentsDir, name, files)
		return s.file(name, int64(batch.Len()), &batch)
	}
	for cur.Next(ctx) {
		batch.Write(cur.Current)
		if batch.Len() >= snapshotBatch {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := cur.Err(); err != nil {
		return wrap(err)
	}
	if batch.Len() > 0 || files == 0 {
		return flush() // an empty collection is a collection
	}
	return nil
}

// blobs copies the files that the documents of the same moment can speak of.
func (s snapshot) blobs(ctx context.Context) error {
	cur, err := s.t.db.Collection(currentBlobs).Find(ctx, bson.D{}, options.Find().SetSort(order(nil)))
	if err != nil {
		return wrap(err)
	}
	defer func() { _ = cur.Close(context.WithoutCancel(ctx)) }() // cur.Err tells what went wrong
	for cur.Next(ctx) {
		var c current
		if err := cur.Decode(&c); err != nil {
			return err
		}
		if err := s.blob(ctx, c); err != nil {
			return fmt.Errorf("blob %q: %w", c.ID, err)
		}
	}
	return wrap(cur.Err())
}

func (s snapshot) blob(ctx context.Context, c current) error {
	r, err := blobs{s.t}.Open(ctx, c.ID, 0, -1)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }() // only read from
	return s.file(blobsDir+base64.RawURLEncoding.EncodeToString([]byte(c.ID)), c.Size, r)
}

func (s snapshot) file(name string, size int64, r io.Reader) error {
	if err := s.tw.WriteHeader(&tar.Header{Name: name, Mode: 0o640, Size: size, ModTime: s.t.s.opts.Now()}); err != nil {
		return err
	}
	_, err := io.CopyN(s.tw, r, size)
	return err
}

// Restore reads a Snapshot into a tenant that holds nothing yet. A stream that is
// damaged or not a snapshot leaves nothing behind.
func (s *Store) Restore(ctx context.Context, id string, r io.Reader) error {
	opened, err := s.Tenant(id)
	if err != nil {
		return err
	}
	t := opened.(*tenant)
	all, err := t.db.ListCollectionNames(ctx, bson.D{})
	if err != nil {
		return wrap(err)
	}
	if len(all) > 0 {
		return fmt.Errorf("%w: tenant %q exists", storage.ErrConflict, id)
	}
	if err := t.restore(ctx, tar.NewReader(r)); err != nil {
		_ = t.Drop(context.WithoutCancel(ctx)) // the first error is the one to tell
		return fmt.Errorf("storage: restore: %w", err)
	}
	return nil
}
