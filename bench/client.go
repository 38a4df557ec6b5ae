package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// Clients is how many callers work at once.
const Clients = 64

// ClientCommand is the hidden subcommand by which the program starts itself as
// the callers' side: their CPU time must not be counted as the server's.
const ClientCommand = "bench-client"

// Load is what the callers do: one request again and again, or each of several once.
type Load struct {
	Method string
	URLs   []string // one is repeated; several are called once each
	Token  string
	Body   string
	For    time.Duration
}

// Rate is how often something was done, and at what cost.
type Rate struct {
	PerSecond float64
	Server    time.Duration // CPU of the server's process per call
	Client    time.Duration // CPU of the callers' process per call
	Calls     int64
}

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

// drive lets the callers' process work and measures this process beside it.
func drive(ctx context.Context, l Load) (Rate, error) {
	self, err := os.Executable()
	if err != nil {
		return Rate{}, err
	}
	in, err := json.Marshal(l)
	if err != nil {
		return Rate{}, err
	}
	cmd := exec.CommandContext(ctx, self, ClientCommand)
	cmd.Stdin, cmd.Stderr = strings.NewReader(string(in)), os.Stderr
	cpu := used()
	text, err := cmd.Output()
	if err != nil {
		return Rate{}, fmt.Errorf("callers: %w", err)
	}
	var r Rate
	if err := json.Unmarshal(text, &r); err != nil {
		return Rate{}, fmt.Errorf("callers: %w", err)
	}
	r.Server = (used() - cpu) / time.Duration(r.Calls)
	return r, nil
}

// RunClient is the callers' process: it reads a Load from in, works it off and
// writes the Rate, without the server's side, to out.
func RunClient(ctx context.Context, in io.Reader, out io.Writer) error {
	var l Load
	if err := read(in, &l); err != nil {
		return err
	}
	r, err := l.run(ctx)
	if err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(r)
}

// run lets 64 callers work for a while, or until there is nothing left to call.
func (l Load) run(ctx context.Context) (Rate, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var next, done atomic.Int64
	var first atomic.Pointer[error]
	var wg sync.WaitGroup
	cpu, began := used(), time.Now()
	for range Clients {
		wg.Go(func() {
			for time.Since(began) < l.For && ctx.Err() == nil {
				url, ok := l.url(next.Add(1) - 1)
				if !ok {
					return
				}
				if err := call(ctx, l.Method, url, l.Token, l.Body, nil); err != nil {
					first.CompareAndSwap(nil, &err)
					cancel()
					return
				}
				done.Add(1)
			}
		})
	}
	wg.Wait()
	took := time.Since(began)
	if e := first.Load(); e != nil {
		return Rate{}, *e
	}
	n := done.Load()
	if n == 0 {
		return Rate{}, errors.New("nothing was done")
	}
	return Rate{PerSecond: float64(n) / took.Seconds(), Client: (used() - cpu) / time.Duration(n), Calls: n}, nil
}

// url is what the i-th call asks for; false when all was asked.
func (l Load) url(i int64) (string, bool) {
	if len(l.URLs) == 1 {
		return l.URLs[0], true
	}
	if i >= int64(len(l.URLs)) {
		return "", false
	}
	return l.URLs[i], true
}

// used is the CPU time of this process, in user and system mode.
func used() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
