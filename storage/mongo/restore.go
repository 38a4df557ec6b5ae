package mongo

import (
	"archive/tar"
	"bufio"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/formwork-run/formwork/storage"
)

// insertBatch is how many documents are restored at once.
const insertBatch = 500

func (t *tenant) restore(ctx context.Context, tr *tar.Reader) error {
	for {
		head, err := tr.Next()
		if errors.Is(err, io.EOF) {
			return storage.Invalidf("the snapshot is not whole")
		}
		if err != nil {
			return err
		}
		if head.Name == endFile {
			return ctx.Err()
		}
		if err := t.restoreFile(ctx, head.Name, tr); err != nil {
			return err
		}
	}
}

func (t *tenant) restoreFile(ctx context.Context, name string, r io.Reader) error {
	if path, ok := strings.CutPrefix(name, documentsDir); ok {
		collection, _, _ := strings.Cut(path, "/")
		if storage.CheckCollection(collection) == nil {
			return t.restoreDocuments(ctx, collection, bufio.NewReader(r))
		}
	}
	if id, ok := strings.CutPrefix(name, blobsDir); ok {
		if raw, err := base64.RawURLEncoding.DecodeString(id); err == nil {
			_, err := t.Blobs().Put(ctx, string(raw), r)
			return err
		}
	}
	return storage.Invalidf("snapshot holds %.200q", name)
}

func (t *tenant) restoreDocuments(ctx context.Context, name string, r *bufio.Reader) error {
	docs := t.db.Collection(name)
	if err := t.db.CreateCollection(ctx, name); err != nil && !hasCode(err, codeNamespaceExists) {
		return wrap(err)
	}
	for {
		var batch []any
		size := 0
		for len(batch) < insertBatch && size < snapshotBatch {
			if _, err := r.Peek(1); errors.Is(err, io.EOF) {
				break
			}
			raw, err := bson.ReadDocument(r)
			if err != nil {
				return err
			}
			if _, err := decode(raw); err != nil {
				return err
			}
			batch = append(batch, raw)
			size += len(raw)
		}
		if len(batch) == 0 {
			return nil
		}
		if _, err := docs.InsertMany(ctx, batch); err != nil {
			return wrap(err)
		}
	}
}
