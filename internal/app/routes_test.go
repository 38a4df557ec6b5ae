package app_test

import (
	"encoding/json"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/formwork-run/formwork/internal/httpkit"
)

// routeCase is one line of testdata/routes.yaml; what a case leaves out it takes
// from its route.
type routeCase struct {
	Route     string      `yaml:"route"`
	Name      string      `yaml:"name"`
	As        string      `yaml:"as"`
	Path      string      `yaml:"path"`
	Body      *string     `yaml:"body"`
	Bytes     *string     `yaml:"bytes"`
	Type      string      `yaml:"type"`
	Want      string      `yaml:"want"`
	Error     string      `yaml:"error"`
	Optional  bool        `yaml:"optional"`
	Invisible string      `yaml:"invisible"`
	Foreign   string      `yaml:"foreign"`
	Absent    int         `yaml:"absent"`
	Cases     []routeCase `yaml:"cases"`
}

func (c routeCase) method() string { m, _, _ := strings.Cut(c.Route, " "); return m }

// over lays a case over its route.
func (c routeCase) over(r routeCase) routeCase {
	c.Route = r.Route
	for into, from := range map[*string]string{&c.As: r.As, &c.Path: r.Path, &c.Want: r.Want, &c.Type: r.Type} {
		if *into == "" {
			*into = from
		}
	}
	if c.Body == nil && c.Bytes == nil {
		c.Body, c.Bytes = r.Body, r.Bytes
	}
	return c
}

func loadRoutes(t *testing.T) []routeCase {
	t.Helper()
	src, err := os.ReadFile("testdata/routes.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var out []routeCase
	if err := yaml.UnmarshalWithOptions(src, &out, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	for i := range out {
		if out[i].Path == "" {
			_, out[i].Path, _ = strings.Cut(out[i].Route, " ")
		}
	}
	return out
}

// namesOne reports whether a route names one thing of an organisation: forms,
// fields and apps are its definitions', which TestAccessUnknownAndForbiddenAnswerAlike
// asks of every route.
func namesOne(path string) bool {
	return slices.ContainsFunc(strings.Split(path, "/"), func(p string) bool {
		return strings.HasPrefix(p, ":") && !slices.Contains([]string{":form", ":field", ":app", ":action", ":n"}, p)
	})
}

// putsByName are the routes that make what is not there, under the caller's own name for it.
var putsByName = map[string]string{
	"PUT /api/admin/v1/secrets/:name":  "the same name in another organisation is another secret",
	"PUT /api/admin/v1/calendars/:key": "the same key in another organisation is another calendar",
}

// Every route of the tables has its scenarios.
func TestEveryRouteHasScenarios(t *testing.T) {
	t.Parallel()
	have := map[string]bool{}
	for _, r := range loadRoutes(t) {
		have[r.Route] = true
	}
	for _, r := range routes() {
		if strings.HasPrefix(r.Path, "/api/") && !have[r.Method+" "+r.Path] {
			t.Errorf("testdata/routes.yaml says nothing of %s %s", r.Method, r.Path)
		}
		if strings.HasPrefix(r.Path, "/api/") && namesOne(r.Path) && putsByName[r.Method+" "+r.Path] == "" {
			for _, c := range loadRoutes(t) {
				if c.Route == r.Method+" "+r.Path && c.Absent == 0 && (c.Foreign == "" || c.Invisible == "" && r.Need == httpkit.User) {
					t.Errorf("testdata/routes.yaml: %s needs an invisible and a foreign id", c.Route)
				}
			}
		}
	}
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	w := open(t)
	needs := map[string]string{}
	for _, r := range routes() {
		needs[r.Method+" "+r.Path] = r.Need
	}
	for _, r := range loadRoutes(t) {
		t.Run(strings.ReplaceAll(r.Route, "/", "·"), func(t *testing.T) {
			t.Parallel()
			for _, c := range append(generated(r, needs[r.Route]), r.Cases...) {
				c = c.over(r)
				t.Run(c.Name, func(t *testing.T) { w.play(t, c) })
			}
		})
	}
}

// generated are the cases that every route has by what it is.
func generated(r routeCase, need string) []routeCase {
	text := func(s string) *string { return &s }
	out := []routeCase{{Name: "right role"}}
	if need != httpkit.Public {
		out = append(out, routeCase{Name: "nobody", As: "-", Want: "401 auth.required"},
			routeCase{Name: "broken session", As: "?default~broken", Want: "401 auth.session"},
			routeCase{Name: "session without an organisation", As: "?broken", Want: "401 auth.session"},
			routeCase{Name: "session of no organisation", As: "?nowhere~broken", Want: "401 auth.session"},
			routeCase{Name: "forged key", As: "?default~fwk_nothing_nothing", Want: "401"})
	}
	if need != httpkit.Public && need != httpkit.User {
		out = append(out, routeCase{Name: "no administrator", As: "li", Want: "404 route.not_found"})
	}
	if r.Body != nil {
		out = append(out, routeCase{Name: "malformed body", Body: text(`{"data":`), Want: "400 body.json"},
			routeCase{Name: "body of the wrong type", Body: text(`["x"]`), Want: "400 body.type"},
			routeCase{Name: "two values", Body: text(*r.Body + " {}"), Want: "400 body.json"},
			routeCase{Name: "unknown member", Body: text(`{"surprise":1,` + (*r.Body)[1:]), Want: "400 body.json"},
			routeCase{Name: "nested too deep", Body: text(strings.Repeat("[", 10_000)), Want: "400 body.depth"})
		if !r.Optional {
			out = append(out, routeCase{Name: "no body", Body: text(""), Want: "400 body.missing"})
		}
	}
	if r.Absent != 0 {
		return append(out, routeCase{Name: "other organisation", As: other + "/li", Want: strconv.Itoa(r.Absent)})
	}
	if r.Invisible != "" {
		out = append(out, routeCase{Name: "invisible", As: "wu", Path: r.Invisible, Want: "404"})
	}
	if r.Foreign != "" {
		out = append(out, routeCase{Name: "record of another organisation", Path: r.Foreign, Want: "404"})
	}
	if r.Foreign != "" && (need == httpkit.User || need == httpkit.Public) {
		out = append(out, routeCase{Name: "session of another organisation", As: other + "/" + r.As, Want: "404"})
	}
	return out
}

// play sends one case and holds the answer against what it wants.
func (w *world) play(t *testing.T, c routeCase) {
	t.Helper()
	f := newFixtures(t, w)
	path := f.fill(c.Path)
	var body any
	switch {
	case c.Bytes != nil:
		body = []byte(f.fill(*c.Bytes))
	case c.Body != nil:
		body = f.fill(*c.Body)
	}
	var headers []string
	if c.Type != "" {
		headers = []string{"Content-Type", c.Type}
	}
	r := send(t, w.base, w.credential(t, c.As), c.method(), path, body, headers...)
	status, code, _ := strings.Cut(c.Want, " ")
	n, err := strconv.Atoi(status)
	if err != nil {
		t.Fatalf("want is %q", c.Want)
	}
	r.want(t, n, code)
	if at, code, ok := strings.Cut(c.Error, " "); ok && r.errorAt(at) != code {
		t.Errorf("errors name %v, not %s %s", r.list("errors"), at, code)
	}
	if n >= 400 {
		complete(t, r)
	}
}

// credential is a person's token; "-" is nobody, "?x" the text x, "fresh x" a
// session of x's that nobody else uses.
func (w *world) credential(t *testing.T, as string) string {
	t.Helper()
	switch {
	case as == "-" || as == "":
		return ""
	case as[0] == '?':
		return as[1:]
	case strings.HasPrefix(as, "fresh "):
		token, err := login(w.base, as[len("fresh "):])
		if err != nil {
			t.Fatal(err)
		}
		return token
	case strings.HasPrefix(as, other+"/fresh "):
		return w.credential(t, "fresh "+other+"/"+as[len(other+"/fresh "):])
	}
	return w.token(t, as)
}

// complete checks what every refusal carries, and that none shows what is behind it.
func complete(t *testing.T, r reply) {
	t.Helper()
	if r.text("request_id") == "" || r.text("request_id") != r.head.Get("X-Request-ID") {
		t.Errorf("request_id %q, header %q", r.text("request_id"), r.head.Get("X-Request-ID"))
	}
	if n, _ := r.at("status").(json.Number); n.String() != strconv.Itoa(r.code) {
		t.Errorf("status %v in the body of a %d", n, r.code)
	}
	for _, leak := range []string{"goroutine ", "sqlite", "SQL", "/runtime/", "storage:", "panic", "*fault", "json: cannot"} {
		if strings.Contains(string(r.raw), leak) {
			t.Errorf("the answer shows %q: %s", leak, clip(string(r.raw)))
		}
	}
}
