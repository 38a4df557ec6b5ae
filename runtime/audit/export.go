package audit

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/storage"
)

// Formats of an export.
const (
	NDJSON = "ndjson" // a line of JSON per entry, and at the end {"head": …}
	CSV    = "csv"    // with a heading, for spreadsheets
)

// Export writes the entries of a query, oldest first, at most limit of them (0 =
// all), and gives their number. The chain's head ends it, in NDJSON.
func (s *Service) Export(ctx context.Context, w io.Writer, format string, q Query, limit int) (int, error) {
	put, end, err := s.writer(w, format)
	if err != nil {
		return 0, err
	}
	q.Oldest, q.Cursor, q.Limit = true, "", storage.MaxFindLimit
	n := 0
	for {
		page, next, err := s.List(ctx, q)
		if err != nil {
			return n, err
		}
		for _, e := range page {
			if limit > 0 && n == limit {
				return n, end(ctx)
			}
			if err := put(e); err != nil {
				return n, fmt.Errorf("audit: export: %w", err)
			}
			n++
		}
		if next == "" {
			return n, end(ctx)
		}
		q.Cursor = next
	}
}

func (s *Service) writer(w io.Writer, format string) (put func(Entry) error, end func(context.Context) error, err error) {
	switch format {
	case NDJSON:
		enc := json.NewEncoder(w)
		return func(e Entry) error { return enc.Encode(e) }, func(ctx context.Context) error {
			head, err := s.Head(ctx)
			if err != nil {
				return err
			}
			return enc.Encode(map[string]Head{"head": head})
		}, nil
	case CSV:
		c := csv.NewWriter(w)
		if err := c.Write([]string{"at", "by", "name", "action", "kind", "form", "record", "title", "ip", "detail", "id"}); err != nil {
			return nil, nil, fmt.Errorf("audit: export: %w", err)
		}
		return func(e Entry) error { return c.Write(s.cells(e)) }, func(context.Context) error { c.Flush(); return c.Error() }, nil
	}
	return nil, nil, fault.Newf(fault.Malformed, "audit.format", "the format is ndjson or csv, not %q", format).
		At(fault.Field{Path: "/format", Code: "option", Message: "ndjson or csv"})
}

func (s *Service) cells(e Entry) []string {
	detail := ""
	if len(e.Detail) > 0 {
		raw, err := json.Marshal(e.Detail)
		if err == nil {
			detail = string(raw)
		}
	}
	out := []string{e.At.UTC().Format(time.RFC3339Nano), e.By, s.t.Org.Name("users", e.By), e.Action, e.Kind, e.Form, e.Record, e.Title, e.IP, detail, e.ID}
	for i, c := range out {
		if c != "" && strings.ContainsRune("=+-@\t\r", rune(c[0])) {
			out[i] = "'" + c // a spreadsheet would run it as a formula
		}
	}
	return out
}
