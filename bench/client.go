package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// Clients is how many callers work at once.
const Clients = 64

var client = &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: Clients, MaxConnsPerHost: 2 * Clients}}

func post(ctx context.Context, url, token, body string, into any) error {
	return call(ctx, http.MethodPost, url, token, body, into)
}

func call(ctx context.Context, method, url, token, body string, into any) error {
	req, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }() // only read from
	if resp.StatusCode >= 300 {
		b, _ := io.ReadAll(io.LimitReader(resp.Body, 500))
		return fmt.Errorf("%s %s: %s: %s", method, url, resp.Status, b)
	}
	if into == nil {
		_, err = io.Copy(io.Discard, resp.Body)
		return err
	}
	return read(resp.Body, into)
}

// Rate is how often something was done, and at what cost.
type Rate struct {
	PerSecond float64
	CPU       time.Duration // of this process per call, the caller's side included
	Calls     int64
}

// Drive lets 64 callers work for a while. next gives the work of one call; when
// it returns nil there is no more.
func Drive(ctx context.Context, d time.Duration, next func() func(context.Context) error) (Rate, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var n atomic.Int64
	var first atomic.Pointer[error]
	var wg sync.WaitGroup
	cpu, began := used(), time.Now()
	for range Clients {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for time.Since(began) < d && ctx.Err() == nil {
				work := next()
				if work == nil {
					return
				}
				if err := work(ctx); err != nil {
					first.CompareAndSwap(nil, &err)
					cancel()
					return
				}
				n.Add(1)
			}
		}()
	}
	wg.Wait()
	took := time.Since(began)
	if e := first.Load(); e != nil {
		return Rate{}, *e
	}
	if n.Load() == 0 {
		return Rate{}, errors.New("nothing was done")
	}
	return Rate{PerSecond: float64(n.Load()) / took.Seconds(), CPU: (used() - cpu) / time.Duration(n.Load()), Calls: n.Load()}, nil
}

// used is the CPU time of this process, in user and system mode.
func used() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
