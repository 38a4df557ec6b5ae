package sqlite

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/formwork-run/formwork/storage"
)

// blobs keeps files beside the tenant's database: blobs/<2 hex>/<name>.
type blobs struct {
	dir  string
	sync bool // wait until the disk has them
}

// Blobs implements storage.Tenant.
func (t *tenant) Blobs() storage.Blobs {
	return &blobs{dir: filepath.Join(t.dir, blobDir), sync: !t.s.opts.temporary}
}

const (
	blobDir     = "blobs"
	maxBlobName = 150
	putPrefix   = ".put-" // of files that are being written
)

// path spreads blobs over folders by the hash of the id.
func (b *blobs) path(id string) (string, error) {
	if err := storage.CheckID(id); err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(id))
	return filepath.Join(b.dir, hex.EncodeToString(sum[:1]), blobName(id, sum[:])), nil
}

// blobName escapes what a file system might take for something else or fold to
// another case; a long name becomes its hash.
func blobName(id string, sum []byte) string {
	name := make([]byte, 0, len(id))
	for i := range len(id) {
		c := id[i]
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.' && i > 0 {
			name = append(name, c)
		} else {
			name = append(name, '%', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	if len(name) > maxBlobName {
		return "%" + hex.EncodeToString(sum)
	}
	return string(name)
}

// Put implements storage.Blobs: it writes aside, syncs, and renames.
func (b *blobs) Put(ctx context.Context, id string, r io.Reader) (int64, error) {
	path, err := b.path(id)
	if err != nil {
		return 0, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return 0, fmt.Errorf("storage: blob: %w", err)
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), putPrefix+"*")
	if err != nil {
		return 0, fmt.Errorf("storage: blob: %w", err)
	}
	n, err := io.Copy(tmp, contextReader{ctx, r})
	if err == nil && b.sync {
		err = tmp.Sync()
	}
	err = errors.Join(err, tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return 0, errors.Join(fmt.Errorf("storage: blob: %w", err), os.Remove(tmp.Name()))
	}
	if b.sync {
		return n, syncDir(filepath.Dir(path))
	}
	return n, nil
}

// syncDir makes a rename survive a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("storage: blob: %w", err)
	}
	return errors.Join(d.Sync(), d.Close())
}

// contextReader stops reading when the context ends.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// Open implements storage.Blobs.
func (b *blobs) Open(ctx context.Context, id string, offset, length int64) (io.ReadCloser, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if offset < 0 {
		return nil, storage.Invalidf("offset %d", offset)
	}
	path, err := b.path(id)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, missing(err)
	}
	if _, err := f.Seek(offset, io.SeekStart); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if length < 0 {
		return f, nil
	}
	return part{io.LimitReader(f, length), f}, nil
}

type part struct {
	io.Reader
	io.Closer
}

// Stat implements storage.Blobs.
func (b *blobs) Stat(ctx context.Context, id string) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	path, err := b.path(id)
	if err != nil {
		return 0, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return 0, missing(err)
	}
	return info.Size(), nil
}

// Delete implements storage.Blobs.
func (b *blobs) Delete(ctx context.Context, id string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	path, err := b.path(id)
	if err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("storage: blob: %w", err)
	}
	return nil
}

// Sweep implements storage.Blobs: it removes files that were never renamed.
func (b *blobs) Sweep(ctx context.Context, before time.Time) (n int, err error) {
	err = filepath.WalkDir(b.dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // no blobs yet, or gone meanwhile
		}
		if err = errors.Join(err, ctx.Err()); err != nil || d.IsDir() || !strings.HasPrefix(d.Name(), putPrefix) {
			return err
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) || err == nil && !info.ModTime().Before(before) {
			return nil
		}
		if err == nil {
			err = os.Remove(path)
		}
		if err == nil {
			n++
		}
		return err
	})
	if err != nil {
		return n, fmt.Errorf("storage: blob: %w", err)
	}
	return n, nil
}

func missing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return storage.ErrNotFound
	}
	return fmt.Errorf("storage: blob: %w", err)
}
