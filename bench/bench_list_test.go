package bench_test

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/formwork-run/formwork/bench"
)

// BenchmarkList reads a filtered page of 20 out of 5000 records, from 64 callers.
func BenchmarkList(b *testing.B) {
	w := world(b)
	if err := w.Rows(context.Background(), 5000); err != nil {
		b.Fatal(err)
	}
	q := url.Values{"limit": {"20"}, "sort": {"-sys.created_at"}, "filter": {`{"path":"kind","op":"eq","value":"机械"}`}}
	repeat(b, http.MethodGet, w.URL+"/api/v1/forms/"+bench.Form+"/records?"+q.Encode(), w.Boss)
}

// BenchmarkGet reads one record, from 64 callers.
func BenchmarkGet(b *testing.B) {
	w := world(b)
	repeat(b, http.MethodGet, w.URL+"/api/v1/forms/"+bench.Form+"/records/"+w.Sample(), w.Clerk)
}

func repeat(b *testing.B, method, url, token string) {
	b.SetParallelism(bench.Clients / 2)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			req, err := http.NewRequestWithContext(ctx, method, url, nil)
			if err != nil {
				b.Error(err)
			}
			req.Header.Set("Authorization", "Bearer "+token)
			resp, err := client.Do(req)
			if err != nil {
				b.Error(err)
				cancel()
				return
			}
			if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != http.StatusOK {
				b.Errorf("status %d: %v", resp.StatusCode, err)
			}
			_ = resp.Body.Close()
			cancel()
		}
	})
}
