package bench_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/formwork-run/formwork/bench"
)

// post sends one request and fails the benchmark when it is refused.
func post(b *testing.B, url, token string) {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, url, strings.NewReader(bench.Body))
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := client.Do(req)
	if err != nil {
		b.Error(err)
		return
	}
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		b.Error(err)
	}
	if err := resp.Body.Close(); err != nil {
		b.Error(err)
	}
	if resp.StatusCode != http.StatusCreated {
		b.Errorf("status %d", resp.StatusCode)
	}
}

var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: bench.Clients}}

func world(b *testing.B) *bench.World {
	w, err := bench.NewWorld(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := w.Close(context.Background()); err != nil {
			b.Error(err)
		}
	})
	return w
}

// BenchmarkSubmit submits from 64 callers; the ratio to BenchmarkRaw of the same run counts.
func BenchmarkSubmit(b *testing.B) {
	w := world(b)
	b.SetParallelism(bench.Clients / 2)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			post(b, w.URL+"/api/v1/forms/"+bench.Form+"/records", w.Clerk)
		}
	})
}

// BenchmarkRaw is Fiber with one durable insert of the same bytes.
func BenchmarkRaw(b *testing.B) {
	w := world(b)
	b.SetParallelism(bench.Clients / 2)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			post(b, w.RawURL+"/raw", "")
		}
	})
}
