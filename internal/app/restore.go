package app

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/formwork-run/formwork/internal/config"
	"github.com/formwork-run/formwork/runtime"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/sqlite"
)

// Restore reads a backup into a data folder that is empty or not there. A file
// that is damaged, cut off or no backup leaves nothing behind.
func Restore(ctx context.Context, cfg config.Config, file string, progress func(id string, size int64)) (err error) {
	if cfg.Mongo() {
		return errMongoBackup
	}
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read from
	entries, err := os.ReadDir(cfg.Data)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	entries = slices.DeleteFunc(entries, func(e os.DirEntry) bool { return e.Name() == filepath.Base(keysetFile(cfg)) }) // the keys were put there first
	if len(entries) > 0 {
		return fmt.Errorf("the folder %s is not empty; restore into an empty one", cfg.Data)
	}
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return err
	}
	staging, err := os.MkdirTemp(cfg.Data, ".restore-")
	if err != nil {
		return err
	}
	if err := restoreInto(ctx, staging, f, progress); err != nil {
		return errors.Join(fmt.Errorf("%s: %w", file, err), os.RemoveAll(staging))
	}
	return os.Rename(staging, storeDir(cfg))
}

func restoreInto(ctx context.Context, dir string, r io.Reader, progress func(string, int64)) (err error) {
	zr, err := gzip.NewReader(r)
	if err != nil {
		return errors.New("this is no backup")
	}
	st, err := sqlite.Open(ctx, sqlite.Options{Dir: dir, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close(context.WithoutCancel(ctx))) }()
	m, sums, err := restoreMembers(ctx, st, tar.NewReader(zr), progress)
	if err != nil {
		return err
	}
	if m.Format != backupFormat {
		return fmt.Errorf("it says %q, and this program reads %s", m.Format, backupFormat)
	}
	if len(m.Tenants) != len(sums) {
		return fmt.Errorf("it should hold %d organisations and holds %d", len(m.Tenants), len(sums))
	}
	for _, b := range m.Tenants {
		if sums[b.ID] != b.SHA256 {
			return fmt.Errorf("organisation %s is damaged", b.ID)
		}
		doc := storage.Doc{storage.ID: b.ID, "created_at": b.Created.UTC()}
		for _, key := range runtime.SettingKeys() {
			if v := b.Settings[key]; v != "" {
				doc[key] = v
			}
		}
		if err := st.System().Collection(runtime.TenantsCollection).Insert(ctx, doc); err != nil {
			return err
		}
	}
	return nil
}

// restoreMembers reads all up to the manifest, which is the last.
func restoreMembers(ctx context.Context, st *sqlite.Store, tr *tar.Reader, progress func(string, int64)) (m manifest, sums map[string]string, err error) {
	sums = map[string]string{}
	for {
		head, err := tr.Next()
		if errors.Is(err, io.EOF) {
			return m, nil, errors.New("it is cut off: it has no manifest")
		}
		if err != nil {
			return m, nil, fmt.Errorf("it is damaged: %w", err)
		}
		if head.Name == manifestName {
			return m, sums, json.NewDecoder(tr).Decode(&m)
		}
		id, inDir := strings.CutPrefix(head.Name, memberDir)
		id, isTar := strings.CutSuffix(id, memberExt)
		if !inDir || !isTar || head.Typeflag != tar.TypeReg {
			return m, nil, fmt.Errorf("it holds %q, which is no part of a backup", head.Name)
		}
		sum := sha256.New()
		tee := io.TeeReader(tr, sum)
		if err := st.Restore(ctx, id, tee); err != nil {
			return m, nil, fmt.Errorf("organisation %s: %w", id, err)
		}
		if _, err := io.Copy(io.Discard, tee); err != nil { // the end of the inner tar, for the sum
			return m, nil, fmt.Errorf("it is damaged: %w", err)
		}
		sums[id] = hex.EncodeToString(sum.Sum(nil))
		progress(id, head.Size)
	}
}
