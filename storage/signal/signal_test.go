package signal_test

import (
	"context"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/storage/signal"
	"github.com/formwork-run/formwork/storage/sqlite"
)

func TestGenerations(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	st, err := sqlite.OpenMemory()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = st.Close(ctx) }()
	ten, err := st.Tenant("t")
	if err != nil {
		t.Fatal(err)
	}
	if n, err := signal.Read(ctx, ten, signal.Org); n != 0 || err != nil {
		t.Fatalf("before the first bump: %d, %v", n, err)
	}
	var wg sync.WaitGroup
	for range 20 { // many nodes at once: none is lost, also not the first ones
		wg.Go(func() {
			if err := signal.Bump(ctx, ten, signal.Org, signal.Access); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if err := signal.Bump(ctx, ten); err != nil {
		t.Errorf("a bump of nothing: %v", err)
	}
	got, err := signal.All(ctx, ten)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]int64{signal.Org: 20, signal.Access: 20}, got); diff != "" {
		t.Error(diff)
	}
}
