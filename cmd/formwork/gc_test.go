package main

import "testing"

func TestTheHeapGrowsWithinBounds(t *testing.T) {
	t.Parallel()
	const mb = 1 << 20
	for live, want := range map[uint64]int{0: 800, 10 * mb: 800, 32 * mb: 800, 40 * mb: 600, 128 * mb: 200, 300 * mb: 100, 20_000 * mb: 100} {
		if got := gcPercent(live); got != want {
			t.Errorf("%d MB alive: %d percent, want %d", live/mb, got, want)
		}
	}
	if liveHeap() > 1<<40 {
		t.Error("the live heap is not known")
	}
}
