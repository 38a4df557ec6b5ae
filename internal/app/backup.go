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
	"os"
	"path/filepath"
	"time"

	"github.com/formwork-run/formwork/internal/config"
	"github.com/formwork-run/formwork/runtime"
	"github.com/formwork-run/formwork/storage"
)

// A backup is a gzipped tar: tenants/<id>.tar, each a snapshot of one
// organisation, and at the end manifest.json with their settings and checksums:
// a file that was cut off has none.
const (
	backupFormat = "formwork-backup/1"
	manifestName = "manifest.json"
	memberDir    = "tenants/"
	memberExt    = ".tar"
)

var errMongoBackup = errors.New("the store is MongoDB, which has its own tools: use mongodump and mongorestore")

// manifest says what a backup holds.
type manifest struct {
	Format  string     `json:"format"`
	At      time.Time  `json:"at"`
	Tenants []backedUp `json:"tenants"`
}

// backedUp is one organisation in a backup.
type backedUp struct {
	ID       string            `json:"id"`
	Settings map[string]string `json:"settings"`
	Created  time.Time         `json:"created_at"`
	Size     int64             `json:"size"`
	SHA256   string            `json:"sha256"`
}

// Backup writes everything into a new file, while servers may go on writing:
// each organisation is as of one moment. progress is told of each that is done.
func Backup(ctx context.Context, cfg config.Config, file string, progress func(id string, size int64)) (err error) {
	if cfg.Mongo() {
		return errMongoBackup
	}
	if _, err := os.Stat(file); err == nil {
		return fmt.Errorf("%s exists already; a backup overwrites nothing", file)
	}
	o, err := OpenOffline(ctx, cfg, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close(ctx)) }()
	f, err := os.CreateTemp(filepath.Dir(file), ".backup-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name()) // nothing half made is left behind
		}
	}()
	if err := errors.Join(writeBackup(ctx, o.Store, f, progress), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), file)
}

func writeBackup(ctx context.Context, st storage.Store, w io.Writer, progress func(string, int64)) error {
	zw := gzip.NewWriter(w)
	tw := tar.NewWriter(zw)
	m := manifest{Format: backupFormat, At: time.Now().UTC().Truncate(time.Second)}
	q := storage.Query{Limit: storage.MaxFindLimit}
	for {
		page, err := st.System().Collection(runtime.TenantsCollection).Find(ctx, q)
		if err != nil {
			return err
		}
		for _, doc := range page.Docs {
			b, err := backupOne(ctx, st, tw, doc)
			if err != nil {
				return err
			}
			m.Tenants = append(m.Tenants, b)
			progress(b.ID, b.Size)
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			break
		}
	}
	raw, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := tw.WriteHeader(&tar.Header{Name: manifestName, Mode: 0o600, Size: int64(len(raw)), ModTime: m.At}); err != nil {
		return err
	}
	_, err = tw.Write(raw)
	return errors.Join(err, tw.Close(), zw.Close())
}

// backupOne adds the snapshot of one organisation. It goes through a file of its
// own: a tar says the size first.
func backupOne(ctx context.Context, st storage.Store, tw *tar.Writer, doc storage.Doc) (b backedUp, err error) {
	b.ID, _ = doc[storage.ID].(string)
	b.Created, _ = doc["created_at"].(time.Time)
	b.Settings = map[string]string{}
	for _, key := range runtime.SettingKeys() {
		if v, ok := doc[key].(string); ok && v != "" {
			b.Settings[key] = v
		}
	}
	ten, err := st.Tenant(b.ID)
	if err != nil {
		return b, err
	}
	tmp, err := os.CreateTemp("", "formwork-backup-*")
	if err != nil {
		return b, err
	}
	defer func() { err = errors.Join(err, tmp.Close(), os.Remove(tmp.Name())) }()
	sum := sha256.New()
	if err := ten.Snapshot(ctx, io.MultiWriter(tmp, sum)); err != nil {
		return b, fmt.Errorf("organisation %s: %w", b.ID, err)
	}
	if b.Size, err = tmp.Seek(0, io.SeekCurrent); err != nil {
		return b, err
	}
	b.SHA256 = hex.EncodeToString(sum.Sum(nil))
	if _, err := tmp.Seek(0, io.SeekStart); err != nil {
		return b, err
	}
	if err := tw.WriteHeader(&tar.Header{Name: memberDir + b.ID + memberExt, Mode: 0o600, Size: b.Size, ModTime: time.Now()}); err != nil {
		return b, err
	}
	_, err = io.Copy(tw, tmp)
	return b, err
}
