package sqlite_test

import (
	"context"
	"testing"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/sqlite"
	"github.com/formwork-run/formwork/storage/storagetest"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	storagetest.Run(t, func(t *testing.T) storage.Store {
		s, err := sqlite.Open(context.Background(), sqlite.Options{Dir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Close(context.Background()); err != nil {
				t.Error(err)
			}
		})
		return s
	}, storagetest.Options{})
}
