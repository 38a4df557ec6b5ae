// Package bench measures the product against raw baselines in the same run:
// Fiber with one durable insert of the same bytes, expr alone, Casbin alone. Only
// the ratios mean something; machines differ and are noisy.
package bench

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/internal/app"
	"github.com/formwork-run/formwork/internal/config"
	"github.com/formwork-run/formwork/internal/httpkit"
	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/rbac/authn"
	"github.com/formwork-run/formwork/rbac/org"
	"github.com/formwork-run/formwork/runtime"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/pack"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/sqlite"
)

//go:embed all:pack
var packFS embed.FS

// Form is the form measured: 15 fields, five of them formulas, a flow, access groups.
const Form = "bench.order"

// Body is a submission of it.
const Body = `{"data":{"name":"HRB400E 钢筋","supplier":"浙江钢联物资有限公司","kind":"材料","ordered":"2026-11-20","qty":"26.5",` +
	`"price":"3865.00","rate":"0.13","buyer":"clerk","note":"按月对账，次月付款"}}`

// World is a running product with the measured form, and a raw server beside it.
type World struct {
	App      *app.App
	Services *runtime.Services
	Store    storage.Store
	URL      string // of the product
	RawURL   string // of the baseline
	Clerk    string // bearer token of whoever submits
	Boss     string // bearer token of whoever approves

	raw    *fiber.App
	dir    string
	sample storage.Doc
}

// NewWorld starts everything in a temporary folder, durable as in production.
func NewWorld(ctx context.Context) (w *World, err error) {
	w = &World{}
	if w.dir, err = os.MkdirTemp("", "formwork-bench-"); err != nil {
		return nil, err
	}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	if w.Store, err = sqlite.Open(ctx, sqlite.Options{Dir: w.dir, Logger: log}); err != nil {
		return nil, errors.Join(err, w.Close(ctx))
	}
	cfg := config.Default()
	w.App, err = app.New(ctx, cfg, app.Options{Store: w.Store, Log: log, Authn: authn.Config{Argon2: authn.Argon2{Memory: 64, Time: 1, Threads: 1}}})
	if err != nil {
		return nil, errors.Join(err, w.Close(ctx))
	}
	if err := w.fill(ctx); err != nil {
		return nil, errors.Join(err, w.Close(ctx))
	}
	if w.URL, err = serve(w.App.HTTP); err != nil {
		return nil, errors.Join(err, w.Close(ctx))
	}
	if err := w.startRaw(ctx, log); err != nil {
		return nil, errors.Join(err, w.Close(ctx))
	}
	return w, nil
}

func serve(a *fiber.App) (string, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	go func() { _ = a.Listener(ln) }() // ends with Shutdown
	return "http://" + ln.Addr().String(), nil
}

// fill brings the pack and two people in and logs them in.
func (w *World) fill(ctx context.Context) error {
	s, err := w.App.Host.Find(ctx, "", "")
	if err != nil {
		return err
	}
	w.Services = s
	sub, err := fs.Sub(packFS, "pack")
	if err != nil {
		return err
	}
	p, problems := pack.Read(sub)
	if schema.HasErrors(problems) {
		return errors.New(app.ProblemLine(problems[0]))
	}
	if _, _, err := app.Designer(s).Import(ctx, "bench", "bench", p); err != nil {
		return err
	}
	err = s.Org.Apply(ctx, org.Batch{Users: []org.User{{ID: "clerk", Login: "clerk", Name: "填报人", State: org.Active},
		{ID: "boss", Login: "boss", Name: "审批人", State: org.Active}},
		Roles: []org.Role{{ID: "bench.clerk", Holders: []org.Holder{{User: "clerk"}}}, {ID: "bench.boss", Holders: []org.Holder{{User: "boss"}}}}})
	if err != nil {
		return err
	}
	if err := s.Changed(ctx, tenant.SignalOrg); err != nil {
		return err
	}
	for user, into := range map[string]*string{"clerk": &w.Clerk, "boss": &w.Boss} {
		issued, err := s.Authn.Start(ctx, user, "127.0.0.1", "bench")
		if err != nil {
			return err
		}
		*into = s.ID + "~" + issued.Token
	}
	return nil
}

// startRaw serves what the product is compared with: Fiber, and one durable
// insert of a document as large as the product stores, in group commit as well.
func (w *World) startRaw(ctx context.Context, log *slog.Logger) error {
	if err := w.readSample(ctx); err != nil {
		return err
	}
	t, err := w.Store.Tenant("raw")
	if err != nil {
		return err
	}
	col, src := t.Collection("raw"), ids.UUID{}
	if err := col.Insert(ctx, withID(w.sample, "first")); err != nil {
		return err
	}
	w.raw = httpkit.NewApp(log, nil)
	w.raw.Post("/raw", func(c *fiber.Ctx) error {
		_ = c.Body()
		id := src.New()
		if err := col.Insert(context.Background(), withID(w.sample, id)); err != nil {
			return err
		}
		return c.Status(fiber.StatusCreated).JSON(fiber.Map{"id": id})
	})
	w.raw.Get("/raw", func(c *fiber.Ctx) error {
		d, err := col.Get(context.Background(), "first")
		if err != nil {
			return err
		}
		return c.JSON(fiber.Map{"id": d[storage.ID]})
	})
	w.RawURL, err = serve(w.raw)
	return err
}

// readSample submits one record and keeps what was stored of it.
func (w *World) readSample(ctx context.Context) error {
	var made struct {
		ID string `json:"id"`
	}
	if err := post(ctx, w.URL+"/api/v1/forms/"+Form+"/records", w.Clerk, Body, &made); err != nil {
		return err
	}
	doc, err := w.Services.Tenant.Records(Form).Get(ctx, made.ID)
	if err != nil {
		return err
	}
	w.sample = doc
	return nil
}

// Sample is the id of a record that is there.
func (w *World) Sample() string { id, _ := w.sample[storage.ID].(string); return id }

func withID(d storage.Doc, id string) storage.Doc {
	out := make(storage.Doc, len(d))
	for k, v := range d {
		out[k] = v
	}
	out[storage.ID] = id
	delete(out, storage.Rev)
	return out
}

// Close stops everything and removes the folder.
func (w *World) Close(ctx context.Context) error {
	var found []error
	if w.raw != nil {
		found = append(found, w.raw.Shutdown())
	}
	if w.App != nil {
		if w.App.HTTP != nil {
			found = append(found, w.App.HTTP.Shutdown())
		}
		found = append(found, w.App.Close(ctx))
	}
	if w.Store != nil {
		found = append(found, w.Store.Close(ctx))
	}
	return errors.Join(append(found, os.RemoveAll(w.dir))...)
}

// Rows fills the form with n more records that are approved already, for lists.
// They are written as the product stores them, beside its services: submitting
// them one by one would take minutes.
func (w *World) Rows(ctx context.Context, n int) error {
	col, src := w.Services.Tenant.Records(Form), ids.UUID{}
	const batch = 500
	for done := 0; done < n; done += batch {
		docs := make([]storage.Doc, 0, batch)
		for i := done; i < min(done+batch, n); i++ {
			docs = append(docs, w.row(src.New(), i))
		}
		if err := col.Insert(ctx, docs...); err != nil {
			return fmt.Errorf("row %d: %w", done, err)
		}
	}
	return nil
}

func (w *World) row(id string, i int) storage.Doc {
	d := withID(w.sample, id)
	delete(d, "outbox")
	delete(d, "due")
	data := make(map[string]any, 16)
	for k, v := range w.sample["data"].(map[string]any) {
		data[k] = v
	}
	data["kind"] = []string{"材料", "机械", "人工"}[i%3]
	data["ordered"] = fmt.Sprintf("2026-%02d-%02d", i%12+1, i%28+1)
	d["data"], d["created_at"] = data, time.Date(2026, 1, 1, 0, 0, i, 0, time.UTC)
	return d
}

// body is a JSON text read into v.
func read(r io.Reader, v any) error { return json.NewDecoder(r).Decode(v) }
