package sqlite

import (
	"context"
	"github.com/formwork-run/formwork/storage"
	"io"
)

func (t *tenant) Blobs() storage.Blobs                            { return nil }
func (t *tenant) Snapshot(ctx context.Context, w io.Writer) error { return nil }
