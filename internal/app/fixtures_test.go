package app_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/formwork-run/formwork/internal/app"
	"github.com/formwork-run/formwork/storage"
)

// fixtures makes what a case names by $name, once per case.
type fixtures struct {
	t    *testing.T
	w    *world
	made map[string]string
}

func newFixtures(t *testing.T, w *world) *fixtures {
	return &fixtures{t: t, w: w, made: map[string]string{}}
}

// names, longest first: $reqtask is not $req.
var fixtureNames = []string{"$foreigncalendar", "$calendar", "$foreignsecret", "$foreignmigration", "$foreignexport", "$export", "$import", "$sheet", "$foreigndelegation", "$delegation", "$foreignsession", "$foreignuser", "$foreigndept", "$foreignkey", "$session", "$login", "$user", "$dept", "$key", "$foreignfile", "$foreigntask", "$foreignreq", "$foreign", "$trashed", "$runtask", "$deadjob", "$labzip", "$migration", "$secret",
	"$notice", "$begun", "$typed", "$draft", "$sent", "$task", "$item", "$file", "$req", "$run"}

// fill replaces every $name in a text.
func (f *fixtures) fill(s string) string {
	for _, name := range fixtureNames {
		if strings.Contains(s, name) {
			s = strings.ReplaceAll(s, name, f.get(name))
		}
	}
	return s
}

func (f *fixtures) get(name string) string {
	if v, ok := f.made[name]; ok {
		return v
	}
	f.t.Helper()
	v := f.make(name)
	f.made[name] = v
	return v
}

var serial atomic.Int64

// unique is a text that no other test uses.
func unique(prefix string) string { return prefix + itoa(serial.Add(1)) }

func (f *fixtures) make(name string) string {
	t, w := f.t, f.w
	t.Helper()
	switch name {
	case "$item":
		return w.item(t, "li", map[string]any{"name": "fixture", "code": unique("F-")})
	case "$trashed":
		id := w.item(t, "li", map[string]any{"name": "trashed"})
		w.call(t, "li", "DELETE", "/api/v1/forms/lab.item/records/"+id, nil).want(t, 204, "")
		return id
	case "$draft":
		return w.call(t, "li", "POST", "/api/v1/forms/lab.item/records", map[string]any{"data": map[string]any{"note": "x"}, "submit": false}).want(t, 201, "").text("id")
	case "$req":
		return w.req(t, "li")
	case "$task":
		return w.task(t, "zhao", "lab.req", f.get("$req"))
	case "$run":
		return w.contract(t, "li", nil)
	case "$runtask":
		return w.task(t, "wang", "cost.expense_contract", f.get("$run"))
	case "$foreign":
		return w.item(t, other+"/li", map[string]any{"name": "foreign"})
	case "$foreignreq":
		return w.req(t, other+"/li")
	case "$foreigntask":
		return w.task(t, other+"/zhao", "lab.req", f.get("$foreignreq"))
	case "$typed":
		w.call(t, "li", "PUT", "/api/v1/drafts/lab.item/"+f.get("$item"), map[string]any{"data": map[string]any{"name": "h"}}).want(t, 200, "")
		w.call(t, "li", "PUT", "/api/v1/drafts/lab.item", map[string]any{"data": map[string]any{"name": "h"}}).want(t, 200, "")
		return "lab.item"
	case "$begun":
		return w.begin(t, "li", "begun.txt", 5)
	case "$sent":
		id := w.begin(t, "li", "sent.txt", 5)
		w.call(t, "li", "PUT", "/api/v1/files/"+id+"/parts/1", []byte("hello")).want(t, 204, "")
		return id
	case "$file":
		return w.file(t, "li", "file.txt", []byte("hello"))
	case "$foreignfile":
		return w.file(t, other+"/li", "file.txt", []byte("hello"))
	case "$sheet":
		return w.sheet(t, "li")
	case "$import":
		id := w.call(t, "li", "POST", "/api/v1/forms/lab.item/import", map[string]any{"file": w.sheet(t, "li")}).want(t, 202, "").text("job")
		w.transfer(t, "li", id)
		return id
	case "$export":
		return w.export(t, "li")
	case "$foreignexport":
		return w.export(t, other+"/li")
	case "$notice":
		f.get("$req")
		return w.call(t, "zhao", "GET", "/api/v1/notices", nil).want(t, 200, "").text("items.0.id")
	case "$deadjob":
		return w.deadJob(t)
	case "$migration":
		return w.call(t, "admin", "POST", "/api/builder/v1/apps/cost/migrate", map[string]any{"form": "expense_contract"}).want(t, 202, "").text("job")
	case "$secret":
		w.call(t, "admin", "PUT", "/api/admin/v1/secrets/made", map[string]any{"value": "a long secret"}).want(t, 204, "")
		return "made"
	case "$foreignsecret":
		w.call(t, other+"/admin", "PUT", "/api/admin/v1/secrets/foreign", map[string]any{"value": "a long secret"}).want(t, 204, "")
		return "foreign"
	case "$foreignmigration":
		return w.call(t, other+"/admin", "POST", "/api/builder/v1/apps/lab/migrate", map[string]any{"form": "req"}).want(t, 202, "").text("job")
	case "$calendar":
		return w.calendar(t, "admin")
	case "$foreigncalendar":
		return w.calendar(t, other+"/admin")
	case "$delegation":
		return w.delegation(t, "li")
	case "$foreigndelegation":
		return w.delegation(t, other+"/li")
	case "$labzip":
		return string(labZip(t))
	}
	if v := f.organisation(name); v != "" {
		return v
	}
	t.Fatalf("there is no fixture %s", name)
	return ""
}

func (w *world) item(t *testing.T, who string, data map[string]any) string {
	t.Helper()
	return w.call(t, who, "POST", "/api/v1/forms/lab.item/records", map[string]any{"data": data}).want(t, 201, "").text("id")
}

// export makes an export: one person has few that have not ended.
func (w *world) export(t *testing.T, who string) string {
	t.Helper()
	id := w.call(t, who, "POST", "/api/v1/forms/lab.item/export", map[string]any{"columns": []string{"name"}}).want(t, 202, "").text("job")
	w.transfer(t, who, id)
	return id
}

// sheets are the spreadsheets that were uploaded, by world and person: few files wait to be attached.
var sheets sync.Map

// sheet is an uploaded spreadsheet with a good row and a bad one.
func (w *world) sheet(t *testing.T, who string) string {
	t.Helper()
	type key struct {
		w   *world
		who string
	}
	once, _ := sheets.LoadOrStore(key{w, who}, sync.OnceValue(func() string { return w.newSheet(t, who) }))
	return once.(func() string)()
}

func (w *world) newSheet(t *testing.T, who string) string {
	t.Helper()
	f := excelize.NewFile()
	for cell, v := range map[string]string{"A1": "Name", "B1": "Number", "A2": unique("imported "), "B2": "1,000.5", "B3": "7"} {
		if err := f.SetCellStr("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return w.file(t, who, "in.xlsx", b.Bytes())
}

// transfer waits until somebody's export or import has come to its end, whoever runs it.
func (w *world) transfer(t *testing.T, who, id string) {
	t.Helper()
	for late := time.After(20 * time.Second); ; {
		for _, s := range w.Host.All() {
			if _, err := s.Transfers.Run(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		switch w.call(t, who, "GET", "/api/v1/jobs/"+id, nil).want(t, 200, "").text("state") {
		case "done", "failed":
			return
		}
		select {
		case <-late:
			t.Fatal("the transfer does not end")
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// calendar makes a calendar under a key of its own.
func (w *world) calendar(t *testing.T, who string) string {
	t.Helper()
	key := unique("cal")
	w.call(t, who, "PUT", "/api/admin/v1/calendars/"+key, map[string]any{"title": key, "week": map[string]any{"mon": [][]string{{"09:00", "12:00"}}}}).want(t, 200, "")
	return key
}

// delegation lets somebody stand in, on a day of its own.
func (w *world) delegation(t *testing.T, who string) string {
	t.Helper()
	from := time.Date(2090, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(serial.Add(1)))
	return w.call(t, who, "POST", "/api/v1/delegations", map[string]any{"delegate": "wang", "from": from, "until": from.AddDate(0, 0, 1)}).want(t, 201, "").text("id")
}

func (w *world) req(t *testing.T, who string) string {
	t.Helper()
	return w.call(t, who, "POST", "/api/v1/forms/lab.req/records", map[string]any{"data": map[string]any{"subject": unique("request ")}}).want(t, 201, "").text("id")
}

// contract makes an expense contract of Building 1; more goes over its data.
func (w *world) contract(t *testing.T, who string, more map[string]any) string {
	t.Helper()
	return w.call(t, who, "POST", "/api/v1/forms/cost.expense_contract/records", map[string]any{"data": w.contractData(more)}).want(t, 201, "").text("id")
}

// contractData is an expense contract with three lines, 221 850.00 in all.
func (w *world) contractData(more map[string]any) map[string]any {
	subject := w.named("商品混凝土")
	data := map[string]any{"project": w.named("临湖花园一号楼"), "name": unique("商品混凝土供应合同 "), "type": "采购", "party": w.named("浙江恒建"), "tax_rate": "0.03",
		"lines": []any{
			map[string]any{"subject": subject, "item": "C30 混凝土", "unit": "m³", "qty": 300, "price": 418},
			map[string]any{"subject": subject, "item": "C35 混凝土", "unit": "m³", "qty": "200", "price": "436"},
			map[string]any{"subject": subject, "item": "泵送", "unit": "m³", "qty": 500, "price": 18.5},
		}}
	for k, v := range more {
		data[k] = v
	}
	return data
}

// named finds a record of the demonstration by part of its title.
func (w *world) named(part string) string {
	best, id := "", ""
	for title, x := range w.names {
		if strings.Contains(title, part) && (best == "" || len(title) < len(best)) {
			best, id = title, x
		}
	}
	return id
}

// task finds a person's open task on a record.
func (w *world) task(t *testing.T, who, form, id string) string {
	t.Helper()
	r := w.call(t, who, "GET", "/api/v1/forms/"+form+"/records/"+id, nil).want(t, 200, "")
	task := r.text("tasks.0.id")
	if task == "" {
		t.Fatalf("%s has no task on %s", who, id)
	}
	return task
}

func (w *world) begin(t *testing.T, who, name string, size int) string {
	t.Helper()
	return w.call(t, who, "POST", "/api/v1/files", map[string]any{"name": name, "size": size}).want(t, 201, "").text("id")
}

// file uploads a file of one part.
func (w *world) file(t *testing.T, who, name string, content []byte) string {
	t.Helper()
	id := w.begin(t, who, name, len(content))
	w.call(t, who, "PUT", "/api/v1/files/"+id+"/parts/1", content).want(t, 204, "")
	w.call(t, who, "POST", "/api/v1/files/"+id+"/complete", nil).want(t, 200, "")
	return id
}

// deadJob puts a job that gave up where its service keeps them.
func (w *world) deadJob(t *testing.T) string {
	t.Helper()
	s, err := w.Host.Tenant(context.Background(), app.DefaultTenant)
	if err != nil {
		t.Fatal(err)
	}
	id := unique("job-")
	doc := storage.Doc{storage.ID: id, "kind": "test", "state": "dead", "at": s.Clock.Now(), "attempt": int64(8), "error": "it failed", "payload": map[string]any{}}
	if err := s.Store.Collection("jobs").Insert(context.Background(), doc); err != nil {
		t.Fatal(err)
	}
	return id
}

// labZip is the test pack as a zip; change names a file, a text in it and what
// stands there instead, as often as wanted; no text = a file that it has not.
func labZip(t *testing.T, change ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	lab := os.DirFS("testdata/lab")
	err := fs.WalkDir(lab, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		src, err := fs.ReadFile(lab, name)
		if err != nil {
			return err
		}
		for c := range slices.Chunk(change, 3) {
			if c[0] != name {
				continue
			}
			if !strings.Contains(string(src), c[1]) {
				t.Fatalf("%s has no %q", name, c[1])
			}
			src = []byte(strings.Replace(string(src), c[1], c[2], 1))
		}
		f, err := z.Create(name)
		if err == nil {
			_, err = f.Write(src)
		}
		return err
	})
	for c := range slices.Chunk(change, 3) {
		if c[1] != "" {
			continue
		}
		f, more := z.Create(c[0])
		if more == nil {
			_, more = f.Write([]byte(c[2]))
		}
		err = errors.Join(err, more)
	}
	if err = errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
