package sqlite_test

import (
	"testing"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/storagetest"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	storagetest.Run(t, func(t *testing.T) storage.Store { return open(t) }, storagetest.Options{})
}

func TestDifferential(t *testing.T) {
	t.Parallel()
	s := open(t)
	for seed := range uint64(6) {
		storagetest.Differential(t, s, seed, 250)
	}
}

func FuzzDifferential(f *testing.F) {
	f.Add(uint64(100))
	f.Fuzz(func(t *testing.T, seed uint64) { storagetest.Differential(t, open(t), seed, 40) })
}
