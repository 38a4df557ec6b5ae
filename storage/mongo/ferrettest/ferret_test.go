package ferrettest_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/FerretDB/FerretDB/ferretdb"

	"github.com/formwork-run/formwork/storage/mongo"
)

// open starts a FerretDB of its own on a free port of the loopback and opens a store on it.
func open(t *testing.T) *mongo.Store {
	t.Helper()
	dir := t.TempDir()
	f, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: "127.0.0.1:0"},
		Handler:   "sqlite",
		SQLiteURL: fmt.Sprintf("file:%s/", filepath.ToSlash(dir)),
		Logger:    slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- f.Run(ctx) }()
	s, err := mongo.Open(t.Context(), mongo.Options{URI: f.MongoDBURI()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil {
			t.Errorf("close: %v", err)
		}
		stop()
		if err := <-ended; err != nil {
			t.Errorf("FerretDB: %v", err)
		}
	})
	return s
}
