package mongo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/formwork-run/formwork/storage"
)

// chunkBytes is the size of a GridFS chunk.
const chunkBytes = 255 << 10

// blobs keeps files in GridFS. Which GridFS file is the present content of an id
// is told by one document of fs.current, written when the file is complete: so a
// file is replaced in one step, and readers never see half of one. When a process
// dies while it uploads, the chunks stay behind, unreferenced, until Sweep.
type blobs struct{ t *tenant }

// Blobs implements storage.Tenant.
func (t *tenant) Blobs() storage.Blobs { return blobs{t} }

// current is the document of fs.current.
type current struct {
	ID   string        `bson:"_id"`
	File bson.ObjectID `bson:"file"`
	Size int64         `bson:"size"`
}

func (b blobs) bucket() *driver.GridFSBucket {
	return b.t.db.GridFSBucket(options.GridFSBucket().SetName(blobBucket).SetChunkSizeBytes(chunkBytes))
}

func (b blobs) currents() *driver.Collection { return b.t.db.Collection(currentBlobs) }

// Put implements storage.Blobs.
func (b blobs) Put(ctx context.Context, id string, r io.Reader) (int64, error) {
	if err := storage.CheckID(id); err != nil {
		return 0, err
	}
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	file := bson.NewObjectID()
	counter := &counter{r: r}
	if err := b.bucket().UploadFromStreamWithID(ctx, file, id, counter); err != nil {
		return 0, blobError(err)
	}
	if err := b.point(ctx, current{ID: id, File: file, Size: counter.n}); err != nil {
		return 0, errors.Join(blobError(err), b.remove(context.WithoutCancel(ctx), file))
	}
	return counter.n, nil
}

// point makes a complete file the content of its id and removes the one before.
func (b blobs) point(ctx context.Context, c current) error {
	set := bson.D{{Key: "$set", Value: bson.D{{Key: "file", Value: c.File}, {Key: "size", Value: c.Size}}}}
	o := options.FindOneAndUpdate().SetUpsert(true).SetReturnDocument(options.Before)
	var old current
	err := b.currents().FindOneAndUpdate(ctx, byID(c.ID), set, o).Decode(&old)
	if driver.IsDuplicateKeyError(err) { // someone else has just made the first
		err = b.currents().FindOneAndUpdate(ctx, byID(c.ID), set, o).Decode(&old)
	}
	switch {
	case errors.Is(err, driver.ErrNoDocuments):
		return nil
	case err != nil:
		return err
	}
	if err := b.remove(context.WithoutCancel(ctx), old.File); err != nil {
		b.t.s.opts.Logger.Warn("a replaced file was not removed", "tenant", b.t.id, "file", old.File.Hex(), "error", err)
	}
	return nil
}

func (b blobs) remove(ctx context.Context, file bson.ObjectID) error {
	err := b.bucket().Delete(ctx, file)
	if errors.Is(err, driver.ErrFileNotFound) {
		return nil
	}
	return err
}

// counter counts what is read.
type counter struct {
	r io.Reader
	n int64
}

// Read implements io.Reader.
func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

func (b blobs) find(ctx context.Context, id string) (current, error) {
	var c current
	if err := storage.CheckID(id); err != nil {
		return c, err
	}
	err := b.currents().FindOne(ctx, byID(id)).Decode(&c)
	return c, blobError(err)
}

// Stat implements storage.Blobs.
func (b blobs) Stat(ctx context.Context, id string) (int64, error) {
	c, err := b.find(ctx, id)
	return c.Size, err
}

// Delete implements storage.Blobs.
func (b blobs) Delete(ctx context.Context, id string) error {
	if err := storage.CheckID(id); err != nil {
		return err
	}
	var old current
	err := b.currents().FindOneAndDelete(ctx, byID(id)).Decode(&old)
	if errors.Is(err, driver.ErrNoDocuments) {
		return nil
	}
	if err == nil {
		err = b.remove(ctx, old.File)
	}
	return blobError(err)
}

// Sweep implements storage.Blobs: a file that fs.current does not name, and whose
// id was made before the time, is what an upload left that died.
func (b blobs) Sweep(ctx context.Context, before time.Time) (int, error) {
	named, err := b.named(ctx)
	if err != nil {
		return 0, blobError(err)
	}
	old := bson.D{{Key: "files_id", Value: bson.D{{Key: "$lt", Value: bson.NewObjectIDFromTimestamp(before)}}}, {Key: "n", Value: 0}}
	cur, err := b.bucket().GetChunksCollection().Find(ctx, old, options.Find().SetProjection(bson.D{{Key: "files_id", Value: 1}}))
	if err != nil {
		return 0, blobError(err)
	}
	defer func() { _ = cur.Close(context.WithoutCancel(ctx)) }() // cur.Err tells what went wrong
	n := 0
	for cur.Next(ctx) {
		var c struct {
			File bson.ObjectID `bson:"files_id"`
		}
		if err := cur.Decode(&c); err != nil {
			return n, blobError(err)
		}
		if named[c.File] {
			continue
		}
		if err := b.drop(ctx, c.File); err != nil {
			return n, blobError(err)
		}
		n++
	}
	return n, blobError(cur.Err())
}

// named are the files that are the present content of some id.
func (b blobs) named(ctx context.Context) (map[bson.ObjectID]bool, error) {
	cur, err := b.currents().Find(ctx, bson.D{}, options.Find().SetProjection(bson.D{{Key: "file", Value: 1}}))
	if err != nil {
		return nil, err
	}
	defer func() { _ = cur.Close(context.WithoutCancel(ctx)) }() // cur.Err tells what went wrong
	out := map[bson.ObjectID]bool{}
	for cur.Next(ctx) {
		var c current
		if err := cur.Decode(&c); err != nil {
			return nil, err
		}
		out[c.File] = true
	}
	return out, cur.Err()
}

// drop removes a file's chunks also where it has no document of its own.
func (b blobs) drop(ctx context.Context, file bson.ObjectID) error {
	if _, err := b.bucket().GetChunksCollection().DeleteMany(ctx, bson.D{{Key: "files_id", Value: file}}); err != nil {
		return err
	}
	_, err := b.bucket().GetFilesCollection().DeleteOne(ctx, bson.D{{Key: "_id", Value: file}})
	return err
}

func blobError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, driver.ErrNoDocuments):
		return storage.ErrNotFound
	}
	return fmt.Errorf("blob: %w", wrap(err))
}
