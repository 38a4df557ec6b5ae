package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// importTimeout bounds one import.
const importTimeout = 5 * time.Minute

// importPack sends a built pack to a server and prints what came of it.
func importPack(ctx context.Context, w io.Writer, server, key, zipped string) error {
	ctx, cancel := context.WithTimeout(ctx, importTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimRight(server, "/")+"/api/builder/v1/packs/import", strings.NewReader(zipped))
	if err != nil {
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	req.Header.Set("Content-Type", "application/zip")
	req.Header.Set("Authorization", "Bearer "+key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }() // only read from
	var out struct {
		Versions map[string]int64 `json:"versions"`
		Detail   string           `json:"detail"`
		Code     string           `json:"code"`
		Errors   []struct {
			Path    string `json:"path"`
			Message string `json:"message"`
		} `json:"errors"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
		return fmt.Errorf("the server answered %s with something that is no JSON: %w", resp.Status, err)
	}
	if resp.StatusCode != http.StatusOK {
		for _, e := range out.Errors {
			fmt.Fprintf(w, "error: %s: %s\n", e.Path, e.Message)
		}
		return fmt.Errorf("refused: %s (%s)", out.Detail, out.Code)
	}
	for app, v := range out.Versions {
		fmt.Fprintf(w, "%s is now version %d\n", app, v)
	}
	return nil
}
