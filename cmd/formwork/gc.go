package main

import (
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// What a request makes is short-lived and what stays is small: collecting rarely
// trades memory for speed. Between two collections the heap may grow by about
// gcRoom, or by as much as is alive where that is more; never by more than
// gcMost percent. GOGC and GOMEMLIMIT override this.
const (
	gcRoom  = 256 << 20
	gcMost  = 800
	gcLeast = 100
	gcEvery = 10 * time.Second
)

// tuneGC sets how often garbage is collected, and keeps it in step with what is
// alive until the returned function is called.
func tuneGC() (end func()) {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return func() {}
	}
	debug.SetGCPercent(gcMost)
	stop := make(chan struct{})
	go func() {
		tick := time.NewTicker(gcEvery)
		defer tick.Stop()
		for now := gcMost; ; {
			select {
			case <-stop:
				return
			case <-tick.C:
			}
			if next := gcPercent(liveHeap()); next != now { // setting it stops the world for a moment
				debug.SetGCPercent(next)
				now = next
			}
		}
	}()
	return func() { close(stop) }
}

// gcPercent is the growth that fits a live heap of some bytes, in steps of 50.
func gcPercent(live uint64) int {
	if live == 0 {
		return gcMost
	}
	return min(max(int(gcRoom*100/live)/50*50, gcLeast), gcMost)
}

// liveHeap is what the last collection found alive, in bytes.
func liveHeap() uint64 {
	s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(s)
	if s[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return s[0].Value.Uint64()
}
