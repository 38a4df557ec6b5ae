package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	builderapi "github.com/formwork-run/formwork/builder-api"
	"github.com/formwork-run/formwork/internal/httpkit"
	"github.com/formwork-run/formwork/runtime/httpapi"
)

const document = "../../docs/api/openapi.yaml"

var contract = sync.OnceValues(func() (*openapi3.T, error) {
	src, err := os.ReadFile(document)
	if err != nil {
		return nil, err
	}
	doc, err := openapi3.NewLoader().LoadFromData(src)
	if err != nil {
		return nil, err
	}
	return doc, doc.Validate(context.Background())
})

// conforms holds an answer against the document. Addresses it does not know
// (pages of the browser, refused addresses) answer problems or are not checked.
func conforms(method, path string, r reply) error {
	doc, err := contract()
	if err != nil {
		return err
	}
	path, _, _ = strings.Cut(path, "?")
	if r.code >= 400 && (strings.HasPrefix(path, "/api/") || r.body != nil) {
		return matches(doc.Components.Responses["Problem"].Value, r)
	}
	op := operation(doc, method, path)
	if op == nil {
		return nil
	}
	ref := op.Responses.Status(r.code)
	if ref == nil {
		return fmt.Errorf("status %d is not documented", r.code)
	}
	return matches(ref.Value, r)
}

// matches checks the media type and the body against one response.
func matches(res *openapi3.Response, r reply) error {
	if len(res.Content) == 0 {
		if len(r.raw) > 0 {
			return fmt.Errorf("a body that is not documented")
		}
		return nil
	}
	mime, _, _ := strings.Cut(r.head.Get("Content-Type"), ";")
	media := res.Content.Get(mime)
	if media == nil {
		return fmt.Errorf("media type %q is not documented", mime)
	}
	if !strings.Contains(mime, "json") || res.Content["*/*"] != nil {
		return nil
	}
	err := media.Schema.Value.VisitJSON(plain(r.body))
	var se *openapi3.SchemaError
	if errors.As(err, &se) { // without the schema and the value, which are long
		return fmt.Errorf("at /%s: %s", strings.Join(se.JSONPointer(), "/"), se.Reason)
	}
	return err
}

// plain turns exact numbers into what the validator knows.
func plain(v any) any {
	switch x := v.(type) {
	case json.Number:
		f, _ := x.Float64()
		return f
	case []any:
		out := make([]any, len(x))
		for i := range x {
			out[i] = plain(x[i])
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(x))
		for k := range x {
			out[k] = plain(x[k])
		}
		return out
	}
	return v
}

// operation finds what the document says of a request; a fixed segment counts
// before a parameter.
func operation(doc *openapi3.T, method, path string) *openapi3.Operation {
	segments := strings.Split(path, "/")
	var found *openapi3.Operation
	best := -1
	for template, item := range doc.Paths.Map() {
		if n := fits(strings.Split(template, "/"), segments); n > best && item.GetOperation(method) != nil {
			best, found = n, item.GetOperation(method)
		}
	}
	return found
}

// fits counts the fixed segments of a template that a path follows, -1 when it does not.
func fits(template, path []string) int {
	if len(template) != len(path) {
		return -1
	}
	n := 0
	for i, s := range template {
		switch {
		case strings.HasPrefix(s, "{"):
		case s == path[i]:
			n++
		default:
			return -1
		}
	}
	return n
}

// routes are all of the program: of the tables, and the operator's.
func routes() []httpkit.Route {
	out := []httpkit.Route{{Method: "GET", Path: "/healthz", Need: httpkit.Public}, {Method: "GET", Path: "/readyz", Need: httpkit.Public},
		{Method: "GET", Path: "/metrics", Need: httpkit.Public}}
	out = append(out, httpapi.New(nil, httpapi.Options{}).Routes()...)
	return append(out, builderapi.New(nil, nil).Routes()...)
}

// template writes a Fiber pattern as OpenAPI does.
func template(pattern string) string {
	parts := strings.Split(pattern, "/")
	for i, p := range parts {
		if name, ok := strings.CutPrefix(p, ":"); ok {
			parts[i] = "{" + name + "}"
		}
	}
	return strings.Join(parts, "/")
}

func TestDocumentIsValid(t *testing.T) {
	t.Parallel()
	if _, err := contract(); err != nil {
		t.Fatal(err)
	}
}

// The document and the route tables name the same operations, both ways.
func TestDocumentAndRoutesAgree(t *testing.T) {
	t.Parallel()
	doc, err := contract()
	if err != nil {
		t.Fatal(err)
	}
	var have, want []string
	for _, r := range routes() {
		want = append(want, r.Method+" "+template(r.Path))
	}
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			have = append(have, method+" "+path)
		}
	}
	for _, op := range want {
		if !slices.Contains(have, op) {
			t.Errorf("%s is served and not documented", op)
		}
	}
	for _, op := range have {
		if !slices.Contains(want, op) {
			t.Errorf("%s is documented and not served", op)
		}
	}
}

// What a route needs and its rate class stand in the document; every operation
// documents its refusals, and every path parameter.
func TestDocumentSaysWhatARouteNeeds(t *testing.T) {
	t.Parallel()
	doc, err := contract()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range routes() {
		item := doc.Paths.Value(template(r.Path))
		if item == nil || item.GetOperation(r.Method) == nil {
			continue // told by the test above
		}
		op := item.GetOperation(r.Method)
		name := r.Method + " " + r.Path
		if public := op.Security != nil && len(*op.Security) == 0; public != (r.Need == httpkit.Public) {
			t.Errorf("%s: the table needs %q, the document says public=%v", name, r.Need, public)
		}
		if rate, _ := op.Extensions["x-rate"].(string); rate != r.Rate {
			t.Errorf("%s: rate class %q in the table, %q in the document", name, r.Rate, rate)
		}
		if strings.HasPrefix(r.Path, "/api/") && op.Responses.Default() == nil {
			t.Errorf("%s documents no refusals", name)
		}
		for _, p := range strings.Split(r.Path, "/") {
			if key, ok := strings.CutPrefix(p, ":"); ok && item.Parameters.GetByInAndName("path", key) == nil && op.Parameters.GetByInAndName("path", key) == nil {
				t.Errorf("%s: parameter %s is not documented", name, key)
			}
		}
		if op.Summary == "" || op.OperationID == "" || len(op.Tags) != 1 {
			t.Errorf("%s: summary, operationId and one tag are needed", name)
		}
	}
}

// query makes the query of a path from names and values in turn.
func query(pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return "?" + q.Encode()
}

// quoted is a text as JSON.
func quoted(s string) string { b, _ := json.Marshal(s); return string(b) }

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
