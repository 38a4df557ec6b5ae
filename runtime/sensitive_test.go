package runtime_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/seal"
	"github.com/formwork-run/formwork/runtime/draft"
	"github.com/formwork-run/formwork/runtime/internal/kit"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
	"github.com/formwork-run/formwork/storage/sqlite"
)

const secretForm = `key: person
title: Person
titleFormula: name
unique: [[idcard]]
schema:
  $schema: http://json-schema.org/draft-07/schema#
  type: object
  properties:
    name: {title: Name, type: string}
    idcard: {title: ID card, x-field: {type: text, sensitive: true, index: true}}
    phone: {title: Phone, x-field: {type: phone, sensitive: true}}
    pay: {title: Pay, x-field: {type: money, sensitive: true}}
    twice: {title: Twice, x-field: {type: money, sensitive: true, formula: pay * 2}}
    born: {title: Born, x-field: {type: date, sensitive: true}}
    home: {title: Home, x-field: {type: address, sensitive: true}}
    more: {title: More, x-field: {type: json, sensitive: true}}
    cards: {title: Cards, x-field: {type: subtable}, items: {type: object, properties: {bank: {title: Bank, type: string}, card: {title: Card, x-field: {type: text, sensitive: true}}}}}
`

const secretAccess = `groups:
  - key: all
    form: person
    members: [{user: ann}, {user: amy}]
    can: [view, create, edit, delete, restore, history]
  - key: masked
    form: person
    members: [{user: bob}, {user: carl}]
    can: [view, history]
    fields: {mask: [idcard, phone, pay, twice, born, home, more, cards.card]}
  - key: may_reveal
    form: person
    members: [{user: carl}]
    can: [reveal]
    fields: {mask: [idcard, phone, pay, twice, born, home, more, cards.card]}
`

// secretFiles are a pack whose form is full of secrets.
func secretFiles() kit.Files {
	return kit.Files{"pack.yaml": "key: hr\ntitle: HR\nversion: 1.0.0\n", "forms/person.yaml": secretForm, "access/hr.yaml": secretAccess}
}

// secrets are words that must never rest in the clear.
var secrets = []string{"440301199001011234", "440301199001019999", "13800001234", "13911112222", "8124.57", "16249.14", "1990-07-13", "Quiet Lane 7", "zanzibar", "6222020200112233", "6222020200445566", "draftsecret"}

var secretData = kit.M{"name": "Li", "idcard": "440301199001011234", "phone": "13800001234", "pay": "8124.57", "born": "1990-07-13",
	"home": kit.M{"region": []any{"广东省"}, "detail": "Quiet Lane 7"}, "more": kit.M{"word": "zanzibar"},
	"cards": []any{kit.M{"id": "c1", "bank": "ICBC", "card": "6222020200112233"}}}

// secretWorld is a world on real files.
func secretWorld(t *testing.T) (*kit.World, string) {
	t.Helper()
	dir := t.TempDir()
	st, err := sqlite.Open(ctx, sqlite.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	w := kit.On(t, st)
	w.Publish(secretFiles())
	return w, dir
}

// grep finds the secrets in all files of a folder.
func grep(t *testing.T, dir string) {
	t.Helper()
	read := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		read += len(raw)
		for _, s := range secrets {
			if at := bytes.Index(raw, []byte(s)); at >= 0 {
				t.Errorf("%s holds %q: …%q…", filepath.Base(path), s, raw[max(0, at-80):min(len(raw), at+80)])
			}
		}
		return err
	})
	if err != nil || read < 1000 {
		t.Fatalf("read %d bytes, %v", read, err)
	}
}

func TestSensitiveValuesRestAsCiphertextOnly(t *testing.T) {
	t.Parallel()
	w, dir := secretWorld(t)
	ann := w.As("ann")
	rec := w.Create("ann", "hr.person", secretData)
	two := w.Create("amy", "hr.person", kit.M{"name": "Wu", "idcard": "440301199001019999"})
	saved, err := w.Records.Save(ctx, ann, w.Flow, "hr.person", rec.ID(), record.SaveInput{Rev: rec.Rev(), Patch: record.Patch{
		Set:  map[string]json.RawMessage{"phone": kit.JSON("13911112222")},
		Rows: map[string]record.RowPatch{"cards": {Add: []json.RawMessage{kit.JSON(kit.M{"id": "c2", "card": "6222020200445566"})}}}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Drafts.Put(ctx, ann, "hr.person", "", draft.Draft{Data: kit.JSON(kit.M{"idcard": "draftsecret"})}); err != nil {
		t.Fatal(err)
	}
	if err := w.Records.Delete(ctx, w.As("amy"), "hr.person", two.ID(), 0); err != nil {
		t.Fatal(err)
	}
	if trashed := w.Docs("trash"); len(trashed) != 1 {
		t.Fatalf("the trash holds %d", len(trashed))
	}
	grep(t, dir)

	out, err := w.Records.Show(ctx, ann, saved)
	if err != nil {
		t.Fatal(err)
	}
	want := kit.M{"idcard": "440301199001011234", "phone": "13911112222", "pay": "8124.57", "twice": "16249.14", "born": "1990-07-13"}
	for k, v := range want {
		if out.Data[k] != v {
			t.Errorf("%s is %v, want %v", k, out.Data[k], v)
		}
	}
	if text := string(kit.JSON(out.Data)); !strings.Contains(text, "Quiet Lane 7") || !strings.Contains(text, "zanzibar") || !strings.Contains(text, "6222020200445566") {
		t.Errorf("read back: %s", text)
	}
	got, err := w.Drafts.Get(ctx, ann, "hr.person", "")
	if err != nil || !strings.Contains(string(got.Data), "draftsecret") {
		t.Errorf("draft: %s, %v", got.Data, err)
	}
	history, _, err := w.Records.History(ctx, w.Records.NewViewer(ann), saved, record.RightsOn(ann, saved), "")
	if err != nil {
		t.Fatal(err)
	}
	if text := string(kit.JSON(history)); !strings.Contains(text, "13800001234") || !strings.Contains(text, "6222020200445566") {
		t.Errorf("history: %s", text)
	}
	back, err := w.Records.Restore(ctx, w.As("amy"), "hr.person", two.ID())
	if err != nil || back.Data()["idcard"] != "440301199001019999" {
		t.Errorf("restored: %v, %v", back, err)
	}
	grep(t, dir)
}

func TestSensitiveFieldsAreAskedForEqualityOnly(t *testing.T) {
	t.Parallel()
	w, _ := secretWorld(t)
	ann := w.As("ann")
	rec := w.Create("ann", "hr.person", secretData)
	w.Create("ann", "hr.person", kit.M{"name": "Wu", "idcard": "440301199001019999", "pay": "1"})
	ids := func(in record.ListInput) (string, error) {
		out, err := w.Records.List(ctx, ann, "hr.person", in)
		if err != nil {
			return "", err
		}
		var names []string
		for _, x := range out.Items {
			names = append(names, x.Title)
		}
		return strings.Join(names, " "), nil
	}
	for what, in := range map[string]record.ListInput{
		"eq":       {Filter: kit.JSON(kit.M{"path": "idcard", "op": "eq", "value": "440301199001011234"})},
		"in":       {Filter: kit.JSON(kit.M{"path": "idcard", "op": "in", "value": []string{"x", "440301199001011234"}})},
		"ne":       {Filter: kit.JSON(kit.M{"path": "idcard", "op": "ne", "value": "440301199001019999"})},
		"number":   {Filter: kit.JSON(kit.M{"path": "pay", "op": "eq", "value": "8124.570"})},
		"exists":   {Filter: kit.JSON(kit.M{"path": "home", "op": "exists", "value": true})},
		"row":      {Filter: kit.JSON(kit.M{"path": "cards", "op": "elem", "value": kit.M{"and": []any{kit.M{"path": "bank", "op": "eq", "value": "ICBC"}, kit.M{"path": "card", "op": "eq", "value": "6222020200112233"}}}})},
		"formula":  {Where: `idcard == "440301199001011234"`},
		"and more": {Where: `idcard == "440301199001011234" and name == "Li"`},
	} {
		if got, err := ids(in); got != "Li" || err != nil {
			t.Errorf("%s: %q, %v", what, got, err)
		}
	}
	for what, in := range map[string]record.ListInput{
		"range":          {Filter: kit.JSON(kit.M{"path": "pay", "op": "gt", "value": "5"})},
		"contains":       {Filter: kit.JSON(kit.M{"path": "idcard", "op": "contains", "value": "4403"})},
		"prefix":         {Filter: kit.JSON(kit.M{"path": "phone", "op": "prefix", "value": "138"})},
		"eq of no hash":  {Filter: kit.JSON(kit.M{"path": "more", "op": "eq", "value": "x"})},
		"formula range":  {Where: `pay > 5`},
		"formula prefix": {Where: `startsWith(idcard, "44")`},
		"sort":           {Sort: "idcard"},
	} {
		if got, err := ids(in); fault.KindOf(err) != fault.Malformed {
			t.Errorf("%s: %q, %v", what, got, err)
		}
	}
	for _, q := range []string{"440301199001011234", "138", "6222"} {
		if got, err := ids(record.ListInput{Query: q}); got != "" || err != nil {
			t.Errorf("quick search for %s: %q, %v", q, got, err)
		}
	}
	if _, err := w.TryCreate("amy", "hr.person", kit.M{"name": "Twin", "idcard": "440301199001011234"}, true); !fault.Is(err, "record.duplicate") {
		t.Errorf("a second one with the same unique value: %v", err)
	}
	if plan, err := w.Services.Tenant.Records("hr.person").Explain(ctx, storage.Query{Where: equals("data.idcard", "440301199001011234")}); err != nil || plan.Index == "" {
		t.Errorf("no index serves the hash: %+v, %v", plan, err)
	}
	_ = rec
}

func TestAMovedCiphertextIsRefused(t *testing.T) {
	t.Parallel()
	w, _ := secretWorld(t)
	rec := w.Create("ann", "hr.person", secretData)
	two := w.Create("ann", "hr.person", kit.M{"name": "Wu", "idcard": "440301199001019999", "phone": "13911112222"})
	raw := w.Store.Collection("rec_hr__person")
	doc, err := raw.Get(ctx, rec.ID())
	if err != nil {
		t.Fatal(err)
	}
	sealed := doc["sealed"].(map[string]any)["f"].(map[string]any)
	for what, set := range map[string]map[string]any{
		"of another record": {"sealed.f.phone": sealed["phone"]},
		"of another field":  {"sealed.f.phone": sealed["idcard"]},
		"of nothing":        {"sealed.f.phone": "AAAA"},
	} {
		id := two.ID()
		if what == "of another field" {
			id = rec.ID()
		}
		if _, err := raw.Patch(ctx, id, storage.Guard{}, storage.Patch{Set: set}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Records.Load(ctx, "hr.person", id); !fault.Is(err, "vault.damaged") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestMaskedValuesAreRevealedToWhoMay(t *testing.T) {
	t.Parallel()
	w, _ := secretWorld(t)
	rec := w.Create("ann", "hr.person", secretData)
	out, err := w.Records.Show(ctx, w.As("bob"), rec)
	if err != nil {
		t.Fatal(err)
	}
	text := string(kit.JSON(out))
	for _, s := range secrets {
		if strings.Contains(text, s) {
			t.Errorf("bob is shown %s: %s", s, text)
		}
	}
	if out.Data["phone"] != "138****1234" {
		t.Errorf("phone is masked as %v", out.Data["phone"])
	}
	if _, _, err := w.Records.Reveal(ctx, w.As("bob"), "hr.person", rec.ID(), "phone", ""); !fault.Is(err, "record.reveal_forbidden") {
		t.Errorf("bob reveals: %v", err)
	}
	if _, _, err := w.Records.Reveal(ctx, w.As("eve"), "hr.person", rec.ID(), "phone", ""); fault.KindOf(err) != fault.NotFound {
		t.Errorf("eve reveals: %v", err)
	}
	for field, want := range map[string]any{"phone": "13800001234", "pay": "8124.57"} {
		if _, got, err := w.Records.Reveal(ctx, w.As("carl"), "hr.person", rec.ID(), field, ""); err != nil || got.Value != want {
			t.Errorf("%s: %v, %v", field, got, err)
		}
	}
	if _, got, err := w.Records.Reveal(ctx, w.As("carl"), "hr.person", rec.ID(), "cards.card", "c1"); err != nil || got.Value != "6222020200112233" {
		t.Errorf("a row: %v, %v", got, err)
	}
	for _, bad := range [][2]string{{"nofield", ""}, {"cards", ""}, {"cards.card", "c9"}, {"phone", "c1"}} {
		if _, _, err := w.Records.Reveal(ctx, w.As("carl"), "hr.person", rec.ID(), bad[0], bad[1]); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

func TestPublishRefusesWhatSensitiveFieldsCannotDo(t *testing.T) {
	t.Parallel()
	w := kit.Empty(t)
	for what, c := range map[string]struct{ file, old, now, code string }{
		"a title":                 {"forms/person.yaml", "titleFormula: name", "titleFormula: idcard", "sensitive"},
		"a plain copy":            {"forms/person.yaml", "type: money, sensitive: true, formula", "type: money, formula", "sensitive_copy"},
		"an index without a hash": {"forms/person.yaml", "type: date, sensitive: true", "type: time, sensitive: true, index: true", "sensitive"},
		"a row rule":              {"access/hr.yaml", "can: [reveal]", "can: [reveal]\n    rows: 'idcard == \"x\"'", "sensitive"},
		"a type":                  {"forms/person.yaml", "type: phone, sensitive", "type: member, sensitive", "sensitive_type"},
	} {
		problems, err := w.TryPublish(secretFiles().Edit(t, c.file, c.old, c.now))
		if err == nil || !hasCode(problems, c.code) {
			t.Errorf("%s: %v %v", what, err, problems)
		}
	}
}

func hasCode(ps []schema.Problem, code string) bool {
	for _, p := range ps {
		if p.Code == code {
			return true
		}
	}
	return false
}

func equals(path string, v any) filter.Expr { return filter.Cmp{Path: path, Op: filter.Eq, Value: v} }

func TestRotationSealsEverythingAnew(t *testing.T) {
	t.Parallel()
	w, dir := secretWorld(t)
	ann := w.As("ann")
	rec := w.Create("ann", "hr.person", secretData)
	two := w.Create("ann", "hr.person", kit.M{"name": "Wu", "idcard": "440301199001019999"})
	if _, err := w.Records.Save(ctx, ann, w.Flow, "hr.person", rec.ID(), record.SaveInput{Rev: rec.Rev(), Patch: kit.Set(kit.M{"phone": "13911112222"})}); err != nil {
		t.Fatal(err)
	}
	if err := w.Records.Delete(ctx, ann, "hr.person", two.ID(), 0); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Drafts.Put(ctx, ann, "hr.person", "", draft.Draft{Data: kit.JSON(kit.M{"idcard": "draftsecret"})}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Authn.BeginTOTP(ctx, "ann"); err != nil {
		t.Fatal(err)
	}
	old := w.Seal.Primary()
	if n, err := w.Reseal(ctx); n != 0 || err != nil {
		t.Fatalf("nothing to do, and %d were written, %v", n, err)
	}
	name := filepath.Join(t.TempDir(), "keyset.json")
	prepared, id, err := w.Seal.Keyset().Prepared()
	if err != nil {
		t.Fatal(err)
	}
	next, err := prepared.Promoted(id)
	if err != nil {
		t.Fatal(err)
	}
	if err := seal.Save(name, next, true); err != nil {
		t.Fatal(err)
	}
	if w.Seal, err = seal.FromFile(name); err != nil {
		t.Fatal(err)
	}
	// A second node begins with the new keyset while the first goes on with the old one.
	host := w.Node(t)
	s, err := host.Tenant(ctx, "t")
	if err != nil {
		t.Fatal(err)
	}
	if n, err := s.Reseal(ctx); n != 5 || err != nil {
		t.Errorf("resealed %d documents, want record, trash, history, draft and second factor; %v", n, err)
	}
	used, err := s.Vault.InUse(ctx)
	if err != nil || used[old] != 0 || used[id] != 5 {
		t.Errorf("in use: %v, %v", used, err)
	}
	only, err := next.Removed(old)
	if err != nil {
		t.Fatal(err)
	}
	if w.Seal, err = seal.New(only); err != nil {
		t.Fatal(err)
	}
	last, err := w.Node(t).Tenant(ctx, "t")
	if err != nil {
		t.Fatal(err)
	}
	got, err := last.Records.Load(ctx, "hr.person", rec.ID())
	if err != nil || got.Data()["idcard"] != "440301199001011234" {
		t.Errorf("without the old key: %v", err)
	}
	if d, err := last.Drafts.Get(ctx, ann, "hr.person", ""); err != nil || !strings.Contains(string(d.Data), "draftsecret") {
		t.Errorf("the draft: %v", err)
	}
	grep(t, dir)
	w.Seal = seal.Memory()
	if _, err := w.Node(t).Tenant(ctx, "t"); !fault.Is(errors.Unwrap(err), "vault.keyset") {
		t.Errorf("another keyset: %v", err)
	}
}

// A field that becomes sensitive, and one that is so no more.
func TestWhatWasWrittenBeforeFollows(t *testing.T) {
	t.Parallel()
	w := kit.Empty(t)
	plain := secretFiles()
	plain["forms/person.yaml"] = strings.ReplaceAll(secretForm, ", sensitive: true", "")
	w.Publish(plain)
	rec := w.Create("ann", "hr.person", secretData)
	two := w.Create("ann", "hr.person", kit.M{"name": "Wu", "phone": "13911112222"})
	if err := w.Records.Delete(ctx, w.As("ann"), "hr.person", two.ID(), 0); err != nil {
		t.Fatal(err)
	}
	w.Publish(secretFiles())
	if n, err := w.Reseal(ctx); n < 2 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	raw, err := w.Store.Collection("rec_hr__person").Get(ctx, rec.ID())
	if err != nil {
		t.Fatal(err)
	}
	for _, doc := range append(w.Docs("trash"), raw) {
		text := fmt.Sprint(doc)
		for _, s := range secrets {
			if strings.Contains(text, s) {
				t.Errorf("%s still lies in the clear: %.200s", s, text)
			}
		}
	}
	if _, err := w.TryCreate("amy", "hr.person", kit.M{"name": "Twin", "idcard": "440301199001011234"}, true); !fault.Is(err, "record.duplicate") {
		t.Errorf("unique across the change: %v", err)
	}
	w.Publish(plain)
	if n, err := w.Reseal(ctx); n < 2 || err != nil {
		t.Fatalf("back: %d, %v", n, err)
	}
	if raw, err = w.Store.Collection("rec_hr__person").Get(ctx, rec.ID()); err != nil || raw["sealed"] != nil || raw["data"].(map[string]any)["phone"] != "13800001234" {
		t.Errorf("no more sensitive: %v, %v", raw, err)
	}
	if n, err := w.Reseal(ctx); n != 0 || err != nil {
		t.Errorf("and again: %d, %v", n, err)
	}
}

// A formula of another form would take the value to where it rests in the clear.
func TestNoFormulaLooksASensitiveValueUp(t *testing.T) {
	t.Parallel()
	w, dir := secretWorld(t)
	w.Create("ann", "hr.person", secretData)
	files := secretFiles()
	files["forms/copy.yaml"] = `key: copy
title: Copy
schema:
  $schema: http://json-schema.org/draft-07/schema#
  type: object
  properties:
    who: {title: Who, type: string}
    found: {title: Found, x-field: {type: formula, resultType: text, formula: 'LOOKUP("hr.person", name == who, idcard)'}}
`
	files.Edit(t, "access/hr.yaml", "groups:", "groups:\n  - {key: copies, form: copy, members: [{user: ann}], can: [view, create]}")
	w.Publish(files)
	if _, err := w.TryCreate("ann", "hr.copy", kit.M{"who": "Li"}, true); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a plain field takes a sensitive value: %v", err)
	}
	grep(t, dir)
}
