package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/examples"
	"github.com/formwork-run/formwork/internal/app"
	"github.com/formwork-run/formwork/internal/clock"
	"github.com/formwork-run/formwork/internal/config"
	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/internal/seal"
	"github.com/formwork-run/formwork/rbac/authn"
	"github.com/formwork-run/formwork/runtime"
	"github.com/formwork-run/formwork/runtime/play"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/pack"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/sqlite"
)

// cheap makes passwords cost nothing: the strength of the hash is tested in authn.
var cheap = authn.Config{Argon2: authn.Argon2{Memory: 64, Time: 1, Threads: 1}, Limit: authn.Limit{PerAddr: 1 << 20}}

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

// keys seal what is sensitive in every store of these tests: several programs open one.
var keys = seal.Memory()

// node is one program that listens on loopback.
type node struct {
	*app.App
	base string
	stop func() error
}

// startNode builds the whole program over a store and lets it listen.
func startNode(st storage.Store, change ...func(*app.Options)) (*node, error) {
	log := quiet
	if os.Getenv("FORMWORK_TEST_LOG") != "" {
		log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	}
	ctx, o := context.Background(), app.Options{Store: st, Authn: cheap, Log: log, Seal: keys}
	for _, c := range change {
		c(&o)
	}
	a, err := app.New(ctx, config.Default(), o)
	if err != nil {
		return nil, err
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(err, a.Close(ctx))
	}
	run, cancel := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- a.Serve(run, ln) }()
	n := &node{App: a, base: "http://" + ln.Addr().String()}
	n.stop = func() error { cancel(); return errors.Join(<-done, a.Close(ctx)) }
	return n, nil
}

// world is the demonstration with the test pack beside it, and a second
// organisation with the same people, in one program. Tests share it: each makes
// the records it needs.
type world struct {
	*node
	st     *sqlite.Store
	mu     sync.Mutex
	tokens map[string]string
	names  map[string]string // title of a demo record → its id
}

const other = "other" // the second organisation

var (
	theWorld   = sync.OnceValues(newWorld)
	smallWorld = sync.OnceValues(newSmallWorld)
)

func open(t *testing.T) *world {
	t.Helper()
	w, err := theWorld()
	if err != nil {
		t.Fatalf("the demonstration does not load: %v", err)
	}
	return w
}

// openSmall is a world of two organisations with the test pack and no more, for
// tests that compare whole stores: these run one after the other.
func openSmall(t *testing.T) *world {
	t.Helper()
	w, err := smallWorld()
	if err != nil {
		t.Fatalf("the small world does not load: %v", err)
	}
	return w
}

func newSmallWorld() (*world, error) {
	ctx := context.Background()
	st, err := sqlite.OpenMemory()
	if err != nil {
		return nil, err
	}
	n, err := startNode(st)
	if err != nil {
		return nil, err
	}
	w := &world{node: n, st: st, tokens: map[string]string{}, names: map[string]string{}}
	s, err := n.Host.Tenant(ctx, app.DefaultTenant)
	if err != nil {
		return nil, err
	}
	return w, errors.Join(publish(ctx, s, "base", "lab"), people(ctx, s), w.second(ctx))
}

func newWorld() (*world, error) {
	ctx := context.Background()
	st, err := sqlite.OpenMemory()
	if err != nil {
		return nil, err
	}
	if err := app.Demo(ctx, st, quiet, cheap, keys); err != nil {
		return nil, err
	}
	n, err := startNode(st)
	if err != nil {
		return nil, err
	}
	w := &world{node: n, st: st, tokens: map[string]string{}, names: map[string]string{}}
	s, err := n.Host.Tenant(ctx, app.DefaultTenant)
	if err != nil {
		return nil, err
	}
	if err := publish(ctx, s, "lab"); err != nil {
		return nil, err
	}
	if err := w.second(ctx); err != nil {
		return nil, err
	}
	return w, w.learn(ctx, s)
}

// second makes the other organisation: same apps, same logins, own records.
func (w *world) second(ctx context.Context) error {
	s, err := w.Host.Create(ctx, other, "Other")
	if err != nil {
		return err
	}
	if err := publish(ctx, s, "base", "lab"); err != nil {
		return err
	}
	if err := people(ctx, s); err != nil {
		return err
	}
	base, problems := pack.Read(examples.Pack("base"))
	if schema.HasErrors(problems) {
		return fmt.Errorf("base: %v", problems)
	}
	p := play.New(s, clock.NewFake(time.Now()), "admin")
	org, _ := pack.ReadOrg("org.yaml", examples.Org())
	if err := p.People(ctx, org); err != nil {
		return err
	}
	return p.Samples(ctx, base)
}

// publish imports packs: those of examples by name, "lab" from testdata.
func publish(ctx context.Context, s *runtime.Services, names ...string) error {
	var packs []*pack.Pack
	installed := app.Designer(s).Installed()
	for _, name := range names {
		fsys := examples.Pack(name)
		if name == "lab" {
			fsys = os.DirFS("testdata/lab")
		}
		p, problems := pack.Read(fsys, installed...)
		if schema.HasErrors(problems) {
			return fmt.Errorf("%s: %v", name, problems)
		}
		packs, installed = append(packs, p), append(installed, p.App)
	}
	if _, problems, err := app.Designer(s).Import(ctx, "system", "test", packs...); err != nil {
		return fmt.Errorf("%w: %v", err, problems)
	}
	return nil
}

// people brings in those of the demonstration, with its password.
func people(ctx context.Context, s *runtime.Services) error {
	org, problems := pack.ReadOrg("org.yaml", examples.Org())
	if schema.HasErrors(problems) {
		return fmt.Errorf("org: %v", problems)
	}
	if err := play.New(s, clock.NewFake(time.Now()), "admin").People(ctx, org); err != nil {
		return err
	}
	for _, u := range org.Users {
		if err := s.Authn.SetPassword(ctx, u.Key, app.DemoPassword); err != nil {
			return err
		}
	}
	return s.Changed(ctx, tenant.SignalOrg)
}

// learn finds the ids of the demo records that tests name by title.
func (w *world) learn(ctx context.Context, s *runtime.Services) error {
	for _, form := range []string{"base.project", "base.party", "base.subject", "cost.expense_contract"} {
		for id, title := range titles(ctx, s, form) {
			w.names[title] = id
		}
	}
	if len(w.names) < 20 {
		return fmt.Errorf("the demonstration has %d records only", len(w.names))
	}
	return nil
}

// token logs a person in, once. "other/li" is li of the other organisation.
func (w *world) token(t *testing.T, who string) string {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if tok := w.tokens[who]; tok != "" {
		return tok
	}
	tok, err := login(w.base, who)
	if err != nil {
		t.Fatalf("%s cannot log in: %v", who, err)
	}
	w.tokens[who] = tok
	return tok
}

func login(base, who string) (string, error) {
	in := map[string]any{"user": who, "password": app.DemoPassword, "tenant": app.DefaultTenant}
	if org, user, ok := strings.Cut(who, "/"); ok {
		in["user"], in["tenant"] = user, org
	}
	body, _ := json.Marshal(in)
	res, err := http.Post(base+"/api/v1/session", "application/json", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	defer func() { _ = res.Body.Close() }()
	var out struct{ Token, Code string }
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
		return "", err
	}
	if out.Token == "" {
		return "", errors.New(out.Code)
	}
	return out.Token, nil
}

// reply is an answer with its decoded body.
type reply struct {
	code int
	head http.Header
	raw  []byte
	body any
}

// call sends a request as a person ("" = nobody) and holds the answer against
// docs/api/openapi.yaml. body is text or bytes as they are, or a value to be
// encoded; headers are name and value in turn.
func (w *world) call(t *testing.T, who, method, path string, body any, headers ...string) reply {
	t.Helper()
	token := ""
	if who != "" {
		token = w.token(t, who)
	}
	return send(t, w.base, token, method, path, body, headers...)
}

func send(t *testing.T, base, token, method, path string, body any, headers ...string) reply {
	t.Helper()
	r, err := request(base, token, method, path, body, headers...)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	if err := conforms(method, path, r); err != nil {
		t.Errorf("%s %s answers %d against docs/api/openapi.yaml: %v\n%s", method, clip(path), r.code, err, clip(string(r.raw)))
	}
	return r
}

func request(base, token, method, path string, body any, headers ...string) (reply, error) {
	var in io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		in = strings.NewReader(b)
	case []byte:
		in = bytes.NewReader(b)
	default:
		enc, err := json.Marshal(b)
		if err != nil {
			return reply{}, err
		}
		in = bytes.NewReader(enc)
	}
	req, err := http.NewRequest(method, base+path, in)
	if err != nil {
		return reply{}, err
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := client.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return reply{}, err
	}
	r := reply{code: res.StatusCode, head: res.Header, raw: raw}
	if strings.Contains(res.Header.Get("Content-Type"), "json") {
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		if err := d.Decode(&r.body); err != nil {
			return r, fmt.Errorf("an answer of type JSON is none: %w", err)
		}
	}
	return r, nil
}

// client follows no redirect: the API sends none.
var client = &http.Client{Timeout: 60 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// at reads a value by a path of members and indexes: "items.0.data.amount".
func (r reply) at(path string) any {
	v := r.body
	for _, p := range strings.Split(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[p]
		case []any:
			i, err := strconv.Atoi(p)
			if err != nil || i < 0 || i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}

func (r reply) text(path string) string { s, _ := r.at(path).(string); return s }

func (r reply) int(path string) int64 {
	n, _ := r.at(path).(json.Number)
	i, _ := n.Int64()
	return i
}

func (r reply) list(path string) []any { l, _ := r.at(path).([]any); return l }

// want ends the test unless the answer has the status and, if not "", the code.
func (r reply) want(t *testing.T, status int, code string) reply {
	t.Helper()
	if r.code != status || code != "" && r.text("code") != code {
		t.Fatalf("answer %d %s, want %d %s\n%s", r.code, r.text("code"), status, code, clip(string(r.raw)))
	}
	return r
}

// equal compares a value of the answer with what it should be.
func (r reply) equal(t *testing.T, path string, want any) reply {
	t.Helper()
	if diff := cmp.Diff(want, r.at(path)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
	return r
}

// amount compares an exact number by its value.
func (r reply) amount(t *testing.T, path, want string) reply {
	t.Helper()
	have, err := decimal.Parse(r.text(path))
	if err != nil || have.Cmp(decimal.MustParse(want)) != 0 {
		t.Errorf("%s is %v, want %s", path, r.at(path), want)
	}
	return r
}

// errorAt looks for a field error by its path and gives its code, "" when there is none.
func (r reply) errorAt(path string) string {
	for _, e := range r.list("errors") {
		if m, _ := e.(map[string]any); m["path"] == path {
			s, _ := m["code"].(string)
			return s
		}
	}
	return ""
}

func clip(s string) string {
	if len(s) > 600 {
		return s[:600] + "…"
	}
	return s
}

// eventually asks again until it is so: for what another node must see in two seconds.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.NewTimer(10 * time.Second) // two seconds, on a machine that is busy with other tests
	defer deadline.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-deadline.C:
			t.Fatalf("not in time: %s", what)
		case <-tick.C:
		}
	}
}
