package mongo

import (
	"context"
	"fmt"
	"io"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/formwork-run/formwork/storage"
)

// Open implements storage.Blobs. Only the chunks of the range are read. If the
// blob is replaced or deleted while it is read, reading ends with io.ErrUnexpectedEOF.
func (b blobs) Open(ctx context.Context, id string, offset, length int64) (io.ReadCloser, error) {
	if offset < 0 {
		return nil, storage.Invalidf("offset %d", offset)
	}
	c, err := b.find(ctx, id)
	if err != nil {
		return nil, err
	}
	end := c.Size
	if length >= 0 {
		end = min(end, offset+length)
	}
	r := &blobReader{ctx: ctx, left: max(end-offset, 0), next: int32(offset / chunkBytes), skip: int(offset % chunkBytes)}
	if r.left == 0 {
		return r, nil
	}
	where := bson.D{{Key: "files_id", Value: c.File}, {Key: "n", Value: bson.D{{Key: "$gte", Value: r.next}, {Key: "$lte", Value: int32((end - 1) / chunkBytes)}}}}
	r.cur, err = b.t.db.Collection(blobChunks).Find(ctx, where, options.Find().SetSort(bson.D{{Key: "n", Value: int32(1)}}))
	if err != nil {
		return nil, blobError(err)
	}
	return r, nil
}

// blobReader reads chunks in order.
type blobReader struct {
	ctx  context.Context // of Open: io.Reader has none
	cur  *driver.Cursor  // nil when there is nothing to read
	next int32           // number of the next chunk
	skip int             // bytes of it before the range
	left int64           // bytes of the range not yet read
	data []byte          // of the present chunk
}

// Read implements io.Reader.
func (r *blobReader) Read(p []byte) (int, error) {
	if r.left == 0 {
		return 0, io.EOF
	}
	if len(r.data) == 0 {
		if err := r.chunk(); err != nil {
			return 0, err
		}
	}
	n := copy(p[:min(int64(len(p)), r.left)], r.data)
	r.data, r.left = r.data[n:], r.left-int64(n)
	return n, nil
}

func (r *blobReader) chunk() error {
	if !r.cur.Next(r.ctx) {
		if err := r.cur.Err(); err != nil {
			return blobError(err)
		}
		return fmt.Errorf("storage: blob: %w", io.ErrUnexpectedEOF)
	}
	n, _ := r.cur.Current.Lookup("n").AsInt64OK()
	_, data, _ := r.cur.Current.Lookup("data").BinaryOK()
	if n != int64(r.next) || len(data) <= r.skip {
		return fmt.Errorf("storage: blob: %w", io.ErrUnexpectedEOF)
	}
	r.data, r.skip, r.next = data[r.skip:], 0, r.next+1
	return nil
}

// Close implements io.Closer.
func (r *blobReader) Close() error {
	if r.cur == nil {
		return nil
	}
	return blobError(r.cur.Close(context.WithoutCancel(r.ctx)))
}
