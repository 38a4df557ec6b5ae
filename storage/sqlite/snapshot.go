package sqlite

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/formwork-run/formwork/storage"
)

// endFile is the empty file that ends a snapshot: a tar that was cut between two
// files looks whole otherwise.
const endFile = "end"

// Snapshot implements storage.Tenant: a tar of data.db and blobs/. The blobs are
// linked aside before and after the database is copied, so that each one that
// the copy speaks of is in the tar even if it is deleted meanwhile.
func (t *tenant) Snapshot(ctx context.Context, w io.Writer) error {
	dir, err := os.MkdirTemp(t.dir, "snapshot-")
	if err != nil {
		return fmt.Errorf("storage: snapshot: %w", err)
	}
	err = t.snapshotIn(ctx, dir, w)
	return errors.Join(err, os.RemoveAll(dir))
}

func (t *tenant) snapshotIn(ctx context.Context, dir string, w io.Writer) error {
	links := filepath.Join(dir, blobDir)
	if err := t.linkBlobs(ctx, links); err != nil {
		return err
	}
	file := filepath.Join(dir, dataFile)
	if err := t.copyInto(ctx, file); err != nil {
		return err
	}
	if err := t.linkBlobs(ctx, links); err != nil {
		return err
	}
	tw := tar.NewWriter(w)
	if err := addFolder(ctx, tw, dir); err != nil {
		return fmt.Errorf("storage: snapshot: %w", err)
	}
	if err := tw.WriteHeader(&tar.Header{Name: endFile, Mode: 0o640, ModTime: t.s.opts.Now()}); err != nil {
		return fmt.Errorf("storage: snapshot: %w", err)
	}
	return tw.Close()
}

// copyInto writes a compact copy of the database as of one moment. Readers are
// confined to reading, so it takes a connection of its own.
func (t *tenant) copyInto(ctx context.Context, file string) error {
	c, err := connect(t.file())
	if err != nil {
		return err
	}
	rows, err := c.query(ctx, "VACUUM INTO ?", file)
	if err == nil {
		err = rows.close()
	}
	if err = errors.Join(err, c.close()); err != nil {
		return fmt.Errorf("storage: snapshot: %w", err)
	}
	return nil
}

// linkBlobs links all complete blobs that are not linked yet.
func (t *tenant) linkBlobs(ctx context.Context, into string) error {
	from := filepath.Join(t.dir, blobDir)
	err := filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // deleted meanwhile, or no blobs yet
		}
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), putPrefix) {
			return errors.Join(err, ctx.Err())
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		return link(path, filepath.Join(into, rel))
	})
	if err != nil {
		return fmt.Errorf("storage: snapshot: %w", err)
	}
	return nil
}

func link(from, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o750); err != nil {
		return err
	}
	err := os.Link(from, to)
	if errors.Is(err, fs.ErrExist) || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func addFolder(ctx context.Context, tw *tar.Writer, dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err = errors.Join(err, ctx.Err()); err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		return addFile(tw, path, filepath.ToSlash(rel))
	})
}

func addFile(tw *tar.Writer, path, name string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read from
	info, err := f.Stat()
	if err != nil {
		return err
	}
	head := &tar.Header{Name: name, Mode: 0o640, Size: info.Size(), ModTime: info.ModTime()}
	if err := tw.WriteHeader(head); err != nil {
		return err
	}
	_, err = io.Copy(tw, f)
	return err
}

// Restore reads a Snapshot into a tenant that does not exist yet (ErrConflict if
// it does). A stream that is damaged or no snapshot leaves nothing behind.
func (s *Store) Restore(ctx context.Context, id string, r io.Reader) error {
	if err := storage.CheckTenant(id); err != nil {
		return err
	}
	parent := filepath.Dir(s.tenantDir(id))
	if err := os.MkdirAll(parent, 0o750); err != nil {
		return fmt.Errorf("storage: restore: %w", err)
	}
	dir, err := os.MkdirTemp(parent, ".restore-")
	if err != nil {
		return fmt.Errorf("storage: restore: %w", err)
	}
	err = unpack(ctx, tar.NewReader(r), dir)
	if err == nil {
		err = verify(filepath.Join(dir, dataFile))
	}
	if err == nil {
		err = s.adopt(id, dir)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("storage: restore: %w", err), os.RemoveAll(dir))
	}
	return nil
}

// adopt makes a complete folder the tenant's.
func (s *Store) adopt(id, dir string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return storage.ErrClosed
	}
	target := s.tenantDir(id)
	if _, err := os.Stat(target); s.tenants[id] != nil || err == nil {
		return fmt.Errorf("%w: tenant %q exists", storage.ErrConflict, id)
	}
	return os.Rename(dir, target)
}

// unpack reads the files of a snapshot up to its end; one without an end was cut off.
func unpack(ctx context.Context, tr *tar.Reader, dir string) error {
	for {
		head, err := tr.Next()
		if errors.Is(err, io.EOF) {
			return storage.Invalidf("the snapshot was cut off: its end is missing")
		}
		if err = errors.Join(err, ctx.Err()); err != nil {
			return err
		}
		if head.Name == endFile && head.Size == 0 {
			return nil
		}
		name := filepath.FromSlash(head.Name)
		if !filepath.IsLocal(name) || head.Typeflag != tar.TypeReg ||
			name != dataFile && !strings.HasPrefix(head.Name, blobDir+"/") {
			return storage.Invalidf("snapshot holds %q", head.Name)
		}
		if err := unpackFile(tr, filepath.Join(dir, name)); err != nil {
			return err
		}
	}
}

func unpackFile(r io.Reader, path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o640)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	return errors.Join(err, f.Sync(), f.Close())
}

// verify opens a database and lets SQLite check all of it.
func verify(path string) error {
	if _, err := os.Stat(path); err != nil {
		return storage.Invalidf("the snapshot has no %s", dataFile)
	}
	c, err := connect(path)
	if err != nil {
		return err
	}
	vals, err := c.row("PRAGMA integrity_check")
	if err == nil && (vals == nil || vals[0] != any("ok")) {
		err = storage.Invalidf("the database is damaged: %v", vals)
	}
	if err == nil {
		_, err = loadCatalog(c)
	}
	return errors.Join(err, c.close())
}
