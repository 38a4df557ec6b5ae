package app_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// refusal is one bad request. Every one must be refused clearly, in good time,
// and change nothing. codes are those allowed; at is the place that must be named.
type refusal struct {
	name    string
	who     string // default li
	method  string
	path    string
	body    any
	headers []string
	status  int
	code    string
	at      string
}

const tooSlow = 10 * time.Second // on a machine that is busy; a person waits for none of these

func TestBadInput(t *testing.T) {
	t.Parallel()
	w := openSmall(t)
	f := newFixtures(t, w)
	for _, name := range []string{"$item", "$trashed", "$foreign", "$foreignreq", "$foreignfile", "$task", "$begun"} {
		f.get(name)
	}
	for _, who := range []string{"li", "admin", "zhao"} {
		w.token(t, who)
	}
	groups := map[string][]refusal{"type": wrongTypes(), "size": tooLarge(), "filter": operators(), "path": paths(f), "text": longTexts(f),
		"number": hugeNumbers(), "formula": formulaBombs(), "pack": brokenPacks(t), "shape": shapes(f), "tenant": foreign(f)}
	for group, list := range groups {
		for _, c := range list {
			t.Run(group+"/"+c.name, func(t *testing.T) { w.refuse(t, c) })
		}
	}
}

func (w *world) refuse(t *testing.T, c refusal) {
	t.Helper()
	if c.who == "" {
		c.who = "li"
	}
	before := w.state(t)
	began := time.Now()
	r := w.call(t, c.who, c.method, c.path, c.body, c.headers...)
	if took := time.Since(began); took > tooSlow {
		t.Errorf("it took %v", took)
	}
	if r.code >= 500 {
		t.Fatalf("answer %d: %s", r.code, clip(string(r.raw)))
	}
	r.want(t, c.status, c.code)
	if c.at != "" && r.errorAt(c.at) == "" {
		t.Errorf("it does not name %s: %s", c.at, clip(string(r.raw)))
	}
	if len(r.raw) > 64<<10 {
		t.Errorf("the refusal has %d bytes", len(r.raw))
	}
	if c.status >= 400 {
		complete(t, r)
	}
	w.unchanged(t, before)
}

// create is a bad record.
func create(name, data, at string) refusal {
	return refusal{name: name, method: "POST", path: items, body: `{"data":` + data + `}`, status: 422, code: "record.invalid", at: at}
}

// listed is a bad question to a list.
func listed(name, code string, pairs ...string) refusal {
	return refusal{name: name, method: "GET", path: items + query(pairs...), status: 400, code: code}
}

func wrongTypes() []refusal {
	var out []refusal
	for field, bad := range map[string][]string{
		"name": {`5`, `true`, `[]`, `{}`, `["x"]`}, "n": {`"x"`, `true`, `[]`, `{}`, `"NaN"`, `"Infinity"`, `"0x10"`, `"1,5"`, `" "`},
		"on": {`"true"`, `1`, `[]`, `{}`}, "due": {`"2026-02-30"`, `"22.11.2026"`, `20261122`, `true`, `"2026-13-01"`, `{}`},
		"who": {`5`, `["li"]`, `{}`, `"nobody"`}, "tags": {`"a"`, `["c"]`, `[1]`, `{}`, `[["a"]]`}, "parent": {`5`, `["x"]`, `{}`, `"nothing"`},
		"files": {`"x"`, `{}`, `[1]`, `["id"]`, `[{}]`}, "rows": {`"x"`, `{}`, `[1]`, `["x"]`, `[[]]`}, "secret": {`1`},
	} {
		for i, v := range bad {
			data := `{"name":"x","` + field + `":` + v + `}`
			if field == "name" {
				data = `{"name":` + v + `}`
			}
			out = append(out, create(fmt.Sprintf("%s %d", field, i), data, ""))
		}
	}
	return append(out,
		create("cell", `{"name":"x","rows":[{"what":"a"},{"qty":{}}]}`, "/rows/1/qty"),
		create("unknown field", `{"name":"x","nothing":1}`, "/nothing"),
		create("unknown column", `{"name":"x","rows":[{"nothing":1}]}`, "/rows/0/nothing"),
		create("field with a slash", `{"name":"x","a/b~c":1}`, "/a~1b~0c"),
		create("data is null and a name is needed", `null`, "/name"),
		create("row ids that are no texts", `{"name":"x","rows":[{"id":5}]}`, ""),
	)
}

func rowsOf(n int) string { return `[` + strings.Repeat(`{"qty":1},`, n-1) + `{"qty":1}]` }

func tooLarge() []refusal {
	deep := strings.Repeat(`{"a":`, 10_000) + `1` + strings.Repeat(`}`, 10_000)
	return []refusal{
		create("10 001 rows", `{"name":"x","rows":`+rowsOf(10_001)+`}`, "/rows"),
		{name: "10 001 rows by a patch", method: "PATCH", path: items + "/nothing", body: `{"rev":1,"rows":{"rows":{"add":` + rowsOf(10_001) + `}}}`, status: 404},
		{name: "nested 10 000 deep", method: "POST", path: items, body: `{"data":{"name":"x","extra":` + deep + `}}`, status: 400, code: "body.depth"},
		{name: "nested 10 000 deep in a list", method: "POST", path: items, body: strings.Repeat("[", 10_000), status: 400, code: "body.depth"},
		{name: "filter nested 1 000 deep", method: "GET", path: items + query("filter", strings.Repeat(`{"not":`, 1000)+`{"path":"n","op":"eq","value":1}`+strings.Repeat(`}`, 1000)), status: 400, code: "list.filter"},
		{name: "picker data nested 12 000 deep", method: "GET", path: "/api/v1/forms/lab.item/options/parent" + "?data=" + strings.Repeat(`[`, 12_000), status: 400, code: "query.data"},
		create("note of 5 MB", `{"name":"x","note":"`+strings.Repeat("长", 5<<20/3)+`"}`, ""),
		{name: "draft of 7 MB", method: "PUT", path: "/api/v1/drafts/lab.item", body: `{"data":"` + strings.Repeat("x", 7<<20) + `"}`, status: 413, code: "draft.too_large"},
		{name: "packed body", method: "POST", path: items, body: gzipped(64 << 20), headers: []string{"Content-Encoding", "gzip"}, status: 415, code: "body.encoding"},
		{name: "packed part", method: "PUT", path: "/api/v1/files/nothing/parts/1", body: gzipped(64 << 20), headers: []string{"Content-Encoding", "gzip"}, status: 415, code: "body.encoding"},
	}
}

// gzipped is n zeros, small.
func gzipped(n int) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, _ = io.CopyN(z, zeros{}, int64(n)) // into memory: never fails
	_ = z.Close()
	return out.Bytes()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// operators are those of databases, wherever text enters.
func operators() []refusal {
	value := func(v string) string { return `{"path":"name","op":"eq","value":` + v + `}` }
	return []refusal{
		listed("where", "list.filter", "filter", `{"$where":"sleep(10000)"}`),
		listed("or", "list.filter", "filter", `{"$or":[{"name":"x"}]}`),
		listed("operator as an operator", "list.filter", "filter", `{"path":"name","op":"$regex","value":".*"}`),
		listed("operator as a path", "list.filter", "filter", `{"path":"$where","op":"eq","value":"1"}`),
		listed("operator in a path", "list.filter", "filter", `{"path":"name.$gt","op":"eq","value":"1"}`),
		listed("object as a value", "", "filter", value(`{"$gt":""}`)),
		listed("list of objects as a value", "", "filter", `{"path":"name","op":"in","value":[{"$gt":""}]}`),
		listed("object after contains", "", "filter", `{"path":"name","op":"contains","value":{"$gt":""}}`),
		listed("object after exists", "", "filter", `{"path":"name","op":"exists","value":{"$gt":""}}`),
		listed("object against who made it", "", "filter", `{"path":"sys.created_by","op":"eq","value":{"$ne":null}}`),
		listed("object against when", "", "filter", `{"path":"sys.created_at","op":"gt","value":{"$gt":0}}`),
		listed("inner path of the document", "list.field", "filter", `{"path":"_id","op":"exists","value":true}`),
		listed("path beside the data", "list.field", "filter", `{"path":"acl.part","op":"exists","value":true}`),
		listed("outbox", "list.field", "filter", `{"path":"outbox","op":"exists","value":true}`),
		listed("unknown system field", "list.field", "filter", `{"path":"sys.rev","op":"exists","value":true}`),
		listed("unknown case field", "list.field", "filter", `{"path":"case.c","op":"exists","value":true}`),
		listed("the same key twice", "list.filter", "filter", `{"path":"n","path":"secret","op":"eq","value":1}`),
		listed("sort by an operator", "unknown_field", "sort", "$where"),
		listed("sort by SQL", "unknown_field", "sort", `n;DROP`),
		listed("sort by a document path", "unknown_field", "sort", "data.secret"),
		listed("sort by an inner path", "unknown_field", "sort", "_rev"),
		{name: "view with an operator", method: "GET", path: items + query("view", "$where"), status: 404, code: "view.unknown"},
		listed("SQL in a cursor", "list.cursor", "cursor", `' OR 1=1 --`),
		listed("NUL in a cursor", "list.cursor", "cursor", "\x00\x00"),
		create("operator as a field", `{"name":"x","$where":"1"}`, "/$where"),
		{name: "operator in a patch", method: "PATCH", path: items + "/nothing", body: `{"rev":1,"$set":{"name":"x"}}`, status: 400, code: "body.json"},
		{name: "operator as a login", who: "li", method: "POST", path: "/api/v1/session", body: `{"user":{"$gt":""},"password":"formwork"}`, status: 400, code: "body.type"},
	}
}

func paths(f *fixtures) []refusal {
	get := func(name, path string, code string) refusal {
		return refusal{name: name, method: "GET", path: path, status: 404, code: code}
	}
	out := []refusal{}
	for _, up := range []string{"..", "..%2f..%2fetc%2fpasswd", "%2e%2e%2f", "..%5c..%5c", "%00", "a%00b", "$where", "%24where", "%27%20OR%201=1--", "%ff%fe", "*", "%25s%25n", "con"} {
		if up != ".." {
			out = append(out, get("record "+up, items+"/"+up, "record.not_found"), get("file "+up, "/api/v1/files/"+up, "file.not_found"))
		}
		if !strings.Contains(up, "..") || up != ".." {
			out = append(out, get("form "+up, "/api/v1/forms/"+up+"/records", "form.unknown"), get("task "+up, "/api/v1/cases/"+up, "case.not_found"),
				get("field "+up, "/api/v1/forms/lab.item/options/"+up, "field.unknown"),
				refusal{name: "draft " + up, method: "PUT", path: "/api/v1/drafts/lab.item/" + up, body: `{"data":1}`, status: 404, code: "record.not_found"},
				refusal{name: "part " + up, method: "PUT", path: "/api/v1/files/" + f.get("$begun") + "/parts/" + up, body: []byte("hello"), status: 400, code: "file.part"})
		}
	}
	return append(out, get("up and over", "/api/v1/forms/../../admin/v1/audit", "route.not_found"),
		get("page of the API that is none", "/api/v1/nothing", "route.not_found"),
		refusal{name: "method that is none of the route", method: "DELETE", path: "/api/v1/me", status: 405, code: "route.method"},
		refusal{name: "assets above", method: "GET", path: "/a/..%2f..%2f..%2fetc%2fpasswd", status: 404})
}

func longTexts(f *fixtures) []refusal {
	long, key := strings.Repeat("x", 20_000), "Idempotency-Key"
	item := items + "/" + f.get("$item")
	return []refusal{
		create("name of 201 characters", `{"name":"`+strings.Repeat("名", 201)+`"}`, "/name"),
		create("name of 1 MB", `{"name":"`+strings.Repeat("x", 1<<20)+`"}`, "/name"),
		create("field name of 1 MB", `{"name":"x","`+strings.Repeat("k", 1<<20)+`":1}`, ""),
		create("member id of 20 000", `{"name":"x","who":"`+long+`"}`, "/who"),
		create("record id of 20 000", `{"name":"x","parent":"`+long+`"}`, "/parent"),
		create("file id of 20 000", `{"name":"x","files":[{"id":"`+long+`","name":"x","size":1,"type":"x"}]}`, "/files/0/id"),
		create("100 000 unknown fields", `{"name":"x"`+many(100_000)+`}`, ""),
		{name: "comment of 2001", method: "POST", path: item + "/comments", body: `{"text":"` + strings.Repeat("话", 2001) + `"}`, status: 422, code: "comment.length", at: "/text"},
		{name: "opinion of 2001", who: "zhao", method: "POST", path: "/api/v1/tasks/" + f.get("$task") + "/approve", body: `{"comment":"` + strings.Repeat("话", 2001) + `"}`, status: 422, code: "comment.too_long", at: "/comment"},
		{name: "opinion on a case of 2001", method: "POST", path: "/api/v1/cases/lab.req." + f.get("$req") + "/urge", body: `{"comment":"` + strings.Repeat("话", 2001) + `"}`, status: 422, code: "comment.too_long", at: "/comment"},
		{name: "file name of 201", method: "POST", path: "/api/v1/files", body: `{"name":"` + strings.Repeat("x", 201) + `","size":1}`, status: 422, code: "file.name", at: "/name"},
		{name: "login of 1 MB", method: "POST", path: "/api/v1/session", body: `{"user":"` + strings.Repeat("x", 1<<20) + `","password":"x","tenant":"default"}`, status: 401, code: "auth.credentials"},
		{name: "organisation of 1 MB", method: "POST", path: "/api/v1/session", body: `{"user":"li","password":"x","tenant":"` + strings.Repeat("x", 1<<20) + `"}`, status: 401, code: "auth.credentials"},
		{name: "record of 20 000", method: "GET", path: items + "/" + long, status: 404, code: "record.not_found"},
		{name: "form of 20 000", method: "GET", path: "/api/v1/forms/" + long, status: 404, code: "form.unknown"},
		{name: "case of 20 000", method: "GET", path: "/api/v1/cases/lab.req." + long, status: 404},
		{name: "task of 20 000", method: "POST", path: "/api/v1/tasks/lab.req." + long + ".1/approve", status: 404},
		{name: "file of 20 000", method: "GET", path: "/api/v1/files/" + long, status: 404, code: "file.not_found"},
		listed("sort of 20 000", "unknown_field", "sort", long),
		listed("cursor of 20 000", "list.cursor", "cursor", long),
		{name: "view of 20 000", method: "GET", path: items + query("view", long), status: 404, code: "view.unknown"},
		{name: "key of 129", method: "POST", path: items, body: `{"data":{"name":"x"}}`, headers: []string{key, strings.Repeat("k", 129)}, status: 400, code: "idempotency.key"},
		{name: "key of 20 000", method: "POST", path: items, body: `{"data":{"name":"x"}}`, headers: []string{key, long}, status: 400, code: "idempotency.key"},
		{name: "headers of 40 000", method: "GET", path: "/api/v1/me", headers: []string{"X-Long", long + long}, status: 431, code: "request.head_too_large"},
		{name: "ids of 101", method: "GET", path: "/api/v1/org/users" + query("ids", strings.Repeat("li,", 101)), status: 400, code: "query.ids"},
	}
}

func many(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"u%d":1`, i)
	}
	return b.String()
}

func hugeNumbers() []refusal {
	var out []refusal
	for name, v := range map[string]string{"exponent": `1e1000000`, "negative exponent": `1e-1000000`, "exponent as text": `"1e1000000"`, "digits": strings.Repeat("9", 100),
		"a million digits": strings.Repeat("9", 1_000_000), "digits as text": `"` + strings.Repeat("9", 100_000) + `"`, "decimals": `0.` + strings.Repeat("1", 100), "endless exponent": `1e99999999999999999999`} {
		out = append(out, create(name, `{"name":"x","n":`+v+`}`, "/n"), create(name+" in a cell", `{"name":"x","rows":[{"qty":`+v+`}]}`, "/rows/0/qty"))
		if v[0] != '"' {
			out = append(out, create(name+" in free JSON", `{"name":"x","extra":{"a":[`+v+`]}}`, "/extra/a/0"))
		}
		if len(v) < 10_000 {
			out = append(out, listed(name+" in a filter", "", "filter", `{"path":"n","op":"gt","value":`+v+`}`))
		}
	}
	return append(out, refusal{name: "revision", method: "PATCH", path: items + "/nothing", body: `{"rev":1e400}`, status: 400, code: "body.type"},
		refusal{name: "revision beyond 64 bits", method: "PATCH", path: items + "/nothing", body: `{"rev":99999999999999999999}`, status: 400, code: "body.type"},
		refusal{name: "size", method: "POST", path: "/api/v1/files", body: `{"name":"x","size":1e18}`, status: 400, code: "body.type"},
		refusal{name: "size beyond", method: "POST", path: "/api/v1/files", body: `{"name":"x","size":9223372036854775807}`, status: 413, code: "file.too_large"},
		listed("limit", "query.limit", "limit", "99999999999999999999"), listed("limit in hex", "query.limit", "limit", "0x10"))
}

func formulaBombs() []refusal {
	check := func(name, text string) refusal {
		return refusal{name: name, who: "admin", method: "POST", path: "/api/builder/v1/formula/check", body: map[string]any{"form": "lab.item", "text": text}, status: 200}
	}
	return []refusal{
		check("10 000 brackets", strings.Repeat("(", 10_000)+"1"+strings.Repeat(")", 10_000)),
		check("open brackets", strings.Repeat("(", 10_000)),
		check("100 000 additions", "1"+strings.Repeat("+1", 100_000)),
		check("10 000 minus signs", strings.Repeat("-", 10_000)+"1"),
		check("nested conditions", strings.Repeat("IF(true,", 5_000)+"1"+strings.Repeat(",0)", 5_000)),
		check("power of powers", "POWER(9,POWER(9,POWER(9,9)))"),
		check("endless text", `REPT("x", 1000000000)`),
		check("endless list", `1..1000000000`),
		check("a megabyte", strings.Repeat("x", 1<<20)),
		check("escape to the program", `os.Exit(1)`),
		check("NUL", "n\x00+1"),
		check("member of everything", `n.constructor.constructor("x")`),
	}
}

func brokenPacks(t *testing.T) []refusal {
	t.Helper()
	good := labZip(t)
	post := func(name string, body []byte, code string) refusal {
		return refusal{name: name, who: "admin", method: "POST", path: "/api/builder/v1/packs/import", body: body, headers: []string{"Content-Type", "application/zip"}, status: 422, code: code}
	}
	out := []refusal{post("cut off", good[:len(good)/2], "publish.problems"), post("noise", noise(1000), "publish.problems"),
		post("bomb", zipped(t, map[string]io.Reader{"pack.yaml": strings.NewReader("key: bomb\n"), "forms/x.yaml": io.LimitReader(zeros{}, 200<<20)}), "publish.problems"),
		post("bomb of YAML", zipped(t, map[string]io.Reader{"pack.yaml": strings.NewReader(laughs())}), "publish.problems"),
		post("path out of it", zipped(t, map[string]io.Reader{"pack.yaml": strings.NewReader("key: up\n"), "../../evil.yaml": strings.NewReader("x")}), "publish.problems"),
		post("nothing in it", zipped(t, nil), "publish.problems"),
		post("10 000 files", zipped(t, tenThousand()), "publish.problems"),
		post("formula that does not compile", labZip(t, "forms/item.yaml", "SUM(rows.qty)", "SUM(rows.nothing"), "publish.problems"),
		post("flow of nobody", labZip(t, "flows/req.yaml", "form: req", "form: nothing"), "publish.problems")}
	for _, c := range out {
		c.name, c.path = c.name+", planned", "/api/builder/v1/packs/plan"
		if !strings.Contains(c.name, "compile") && !strings.Contains(c.name, "nobody") { // a plan tells those problems
			out = append(out, c)
		}
	}
	return out
}

// laughs is a billion of them, by aliases.
func laughs() string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x,x,x,x,x,x,x,x,x]\n")
	for i := 1; i < 12; i++ {
		fmt.Fprintf(&b, "a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i-1), 9), ","))
	}
	return b.String() + "key: bomb\ntitle: *a11\n"
}

func tenThousand() map[string]io.Reader {
	out := map[string]io.Reader{"pack.yaml": strings.NewReader("key: many\n")}
	for i := range 10_000 {
		out[fmt.Sprintf("forms/f%d.yaml", i)] = strings.NewReader("key: f\n")
	}
	return out
}

func zipped(t *testing.T, files map[string]io.Reader) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, content := range files {
		f, err := z.Create(name)
		if err == nil {
			_, err = io.Copy(f, content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// shapes are bodies that are no JSON, or JSON that says two things.
func shapes(f *fixtures) []refusal {
	item := items + "/" + f.get("$item")
	return []refusal{
		{name: "no UTF-8", method: "POST", path: items, body: "{\"data\":{\"name\":\"\xff\xfe\"}}", status: 400, code: "body.json"},
		{name: "no UTF-8 in a login", method: "POST", path: "/api/v1/session", body: "{\"user\":\"\xff\",\"password\":\"x\",\"tenant\":\"default\"}", status: 400, code: "body.json"},
		{name: "half a surrogate", method: "POST", path: items, body: `{"data":{"nothing":"\ud800"}}`, status: 422, code: "record.invalid"},
		create("the same field twice", `{"name":"x","name":"y"}`, ""),
		{name: "form fields instead of JSON", method: "POST", path: items, body: "data=x", headers: []string{"Content-Type", "application/x-www-form-urlencoded"}, status: 400, code: "body.json"},
		{name: "stale revision", method: "PATCH", path: item, body: `{"rev":99,"set":{"name":"y"}}`, status: 409, code: "record.stale"},
		{name: "row twice in a change", method: "PATCH", path: item, body: `{"rev":1,"rows":{"rows":{"change":[{"id":"a"},{"id":"a"}]}}}`, status: 422, code: "record.invalid"},
		{name: "row without an id", method: "PATCH", path: item, body: `{"rev":1,"rows":{"rows":{"change":[{"qty":1}]}}}`, status: 422, code: "record.invalid"},
		{name: "rows that are none", method: "PATCH", path: item, body: `{"rev":1,"rows":{"rows":{"add":[5,null,"x"]}}}`, status: 422, code: "record.invalid"},
		{name: "file name with a line break", method: "POST", path: "/api/v1/files", body: `{"name":"a\r\nSet-Cookie: x=1","size":1}`, status: 422, code: "file.name"},
		{name: "file name that reads backwards", method: "POST", path: "/api/v1/files", body: `{"name":"a\u202efdp.exe","size":1}`, status: 422, code: "file.name"},
		{name: "file name of dots", method: "POST", path: "/api/v1/files", body: `{"name":"..","size":1}`, status: 422, code: "file.name"},
	}
}

// foreign are ids of the other organisation, where they are data and not paths.
func foreign(f *fixtures) []refusal {
	id := f.get("$foreign")
	return []refusal{
		create("relation", `{"name":"x","parent":"`+id+`"}`, "/parent"),
		create("file", `{"name":"x","files":[{"id":"`+f.get("$foreignfile")+`","name":"x","size":1,"type":"x"}]}`, "/files"),
		{name: "batch", who: "zhao", method: "POST", path: "/api/v1/tasks/batch", body: `{"action":"approve","items":[{"id":"lab.req.` + f.get("$foreignreq") + `.1"}]}`, status: 200},
		{name: "notice", who: "zhao", method: "POST", path: "/api/v1/notices", body: `{"read":["` + id + `"]}`, status: 404, code: "notice.not_found"},
		{name: "token of one with the name of the other", who: "li", method: "GET", path: "/api/v1/me", headers: []string{"Authorization", "Bearer " + other + "~" + strings.SplitN(f.w.token(f.t, "li"), "~", 2)[1]}, status: 401, code: "auth.session"},
		{name: "trashed", method: "POST", path: items + "/" + id + "/restore", status: 404, code: "record.not_found"},
	}
}

// A body of 50 MB is refused before it is read.
func TestBadInputBodyOf50MB(t *testing.T) {
	t.Parallel()
	w := open(t)
	for name, path := range map[string]string{"record": items, "draft": "/api/v1/drafts/lab.item", "login": "/api/v1/session", "pack": "/api/builder/v1/packs/import"} {
		t.Run(name, func(t *testing.T) {
			conn, err := net.Dial("tcp", strings.TrimPrefix(w.base, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close() }()
			_ = conn.SetDeadline(time.Now().Add(tooSlow))
			if _, err := fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n{\"data\":\"", path, w.token(t, "li"), 50<<20); err != nil {
				t.Fatal(err)
			}
			answer := make([]byte, 4096)
			n, err := conn.Read(answer)
			if err != nil {
				t.Fatal(err)
			}
			if s := string(answer[:n]); !strings.HasPrefix(s, "HTTP/1.1 413 ") || !strings.Contains(s, `"code":"body.too_large"`) {
				t.Errorf("answer %s", s)
			}
		})
	}
}

// Text that a browser might run, or a database might read, is data: what goes in
// comes out, as JSON.
func TestBadInputStrangeTextIsData(t *testing.T) {
	t.Parallel()
	w := open(t)
	for _, text := range []string{`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `{{constructor.constructor('alert(1)')()}}`, `'; DROP TABLE records; --`,
		`$where`, `{"$gt":""}`, `../../etc/passwd`, `=HYPERLINK("http://evil","x")`, "Zalgo\u0301\u0302", "\u202eabc", "😀", `\`, `%s%n`, "a\tb"} {
		id := w.item(t, "li", map[string]any{"name": text, "note": text, "extra": map[string]any{"v": text}})
		r := w.call(t, "zhao", "GET", items+"/"+id, nil).want(t, 200, "").equal(t, "data.name", text).equal(t, "data.note", text).equal(t, "data.extra.v", text)
		if mime := r.head.Get("Content-Type"); !strings.HasPrefix(mime, "application/json") || r.head.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("served as %s, %s", mime, r.head.Get("X-Content-Type-Options"))
		}
		w.call(t, "li", "POST", items+"/"+id+"/comments", map[string]any{"text": text}).want(t, 201, "").equal(t, "text", strings.TrimSpace(text))
		r = w.call(t, "li", "GET", items+query("filter", `{"path":"name","op":"eq","value":`+quoted(text)+`}`), nil).want(t, 200, "")
		if r.text("items.0.data.name") != text {
			t.Errorf("%q is not found by its name", text)
		}
		w.call(t, "li", "GET", items+query("q", text), nil).want(t, 200, "")
		w.call(t, "li", "GET", "/api/v1/org/users"+query("q", text), nil).want(t, 200, "")
		w.call(t, "li", "GET", "/api/v1/forms/lab.item/options/parent"+query("q", text), nil).want(t, 200, "")
	}
	long := strings.Repeat("很长的查询 ", 1000)
	w.call(t, "li", "GET", items+query("q", long[:6000]), nil)
}

// Any JSON may be kept, also with names that no store has as a key.
func TestBadInputStrangeNamesInFreeJSON(t *testing.T) {
	t.Parallel()
	w := open(t)
	in := map[string]any{"$where": "1", "a.b": map[string]any{"$gt": "", "~1": "x", "": "empty", "_id": "y"}, "n\x00l": "z", "中文.键": []any{map[string]any{"./sub": true}}}
	r := w.call(t, "li", "POST", items, map[string]any{"data": map[string]any{"name": "free", "extra": in}}).want(t, 201, "").equal(t, "data.extra", any(in))
	id := r.text("id")
	in["b.c"] = "more"
	w.call(t, "li", "PATCH", items+"/"+id, map[string]any{"rev": 1, "set": map[string]any{"extra": in}}).want(t, 200, "")
	w.call(t, "zhao", "GET", items+"/"+id, nil).want(t, 200, "").equal(t, "data.extra", any(in))
	w.call(t, "zhao", "GET", items+"/"+id+"/history", nil).want(t, 200, "").equal(t, "items.0.changes.0.after", any(in))
}

// Addresses are as they are written: capitals go round no rule.
func TestBadInputCapitalsInAnAddress(t *testing.T) {
	t.Parallel()
	w := open(t)
	for _, path := range []string{"/API/admin/v1/audit", "/api/Admin/v1/audit", "/api/ADMIN/v1/audit/"} {
		if r := w.call(t, "admin", "GET", path, nil); r.code == 200 && r.body != nil {
			t.Errorf("%s answers %s", path, clip(string(r.raw)))
		}
	}
}

// A NUL in a text is refused or comes back as it went in.
func TestBadInputNUL(t *testing.T) {
	t.Parallel()
	w := open(t)
	r := w.call(t, "li", "POST", items, `{"data":{"name":"a\u0000b"}}`)
	if r.code == 201 {
		r.equal(t, "data.name", "a\x00b")
	} else {
		r.want(t, 422, "record.invalid")
	}
	for _, path := range []string{items + query("q", "a\x00b"), items + query("filter", `{"path":"name","op":"contains","value":"\u0000"}`), "/api/v1/org/users" + query("q", "\x00")} {
		if r := w.call(t, "li", "GET", path, nil); r.code >= 500 {
			t.Errorf("%s answers %d", path, r.code)
		}
	}
}

// No address of ours sends a browser elsewhere, and nothing a caller writes
// becomes a header.
func TestBadInputNoRedirectAndNoHeader(t *testing.T) {
	t.Parallel()
	w := open(t)
	for _, path := range []string{"//evil.example/", "/%2f%2fevil.example/", "/\\evil.example", "/login?next=//evil.example", "/?redirect=https://evil.example", "/setup?token=x&next=//evil.example",
		"/%0d%0aX-Evil:%201", "/api/v1/forms/x%0d%0aX-Evil:%201", items + "?q=%0d%0aX-Evil:%201", items + "/x%0aX-Evil:1", "/a/%0d%0aX-Evil:1"} {
		r := w.call(t, "li", "GET", path, nil)
		if r.code >= 300 && r.code < 400 || r.head.Get("Location") != "" || r.head.Get("X-Evil") != "" {
			t.Errorf("%s answers %d %v", path, r.code, r.head)
		}
	}
	for id, kept := range map[string]bool{"abcdef-123_XYZ": true, "short": false, strings.Repeat("x", 65): false, "has space in it": false, "<script>alert": false, "a\tbcdefgh": false, "über-langes-id": false} {
		r := w.call(t, "li", "GET", "/api/v1/me", nil, "X-Request-ID", id).want(t, 200, "")
		if (r.head.Get("X-Request-ID") == id) != kept || r.head.Get("X-Request-ID") == "" {
			t.Errorf("request id %q answered as %q", id, r.head.Get("X-Request-ID"))
		}
	}
}

// Every answer carries what protects a browser.
func TestSecureHeaders(t *testing.T) {
	t.Parallel()
	w := open(t)
	for _, path := range []string{"/", "/api/v1/me", "/api/v1/nothing", "/healthz"} {
		r := w.call(t, "li", "GET", path, nil)
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "X-Frame-Options": "SAMEORIGIN", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin"} {
			if r.head.Get(name) != want {
				t.Errorf("%s: %s is %q", path, name, r.head.Get(name))
			}
		}
		if r.head.Get("Server") != "" || r.head.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: %v", path, r.head)
		}
	}
	page := w.call(t, "", "GET", "/", nil)
	if csp := page.head.Get("Content-Security-Policy"); !strings.Contains(csp, "script-src 'self'") || strings.Contains(csp, "unsafe-eval") {
		t.Errorf("the page's policy is %q", csp)
	}
}

// Operations are open to operators' tools and tell no names.
func TestOperations(t *testing.T) {
	t.Parallel()
	w := open(t)
	id := w.item(t, "li", map[string]any{"name": "measured"})
	w.call(t, "li", "GET", items+"/"+id, nil).want(t, 200, "")
	w.call(t, "", "GET", "/healthz", nil).want(t, 200, "")
	w.call(t, "", "GET", "/readyz", nil).want(t, 200, "")
	m := string(w.call(t, "", "GET", "/metrics", nil).want(t, 200, "").raw)
	if !strings.Contains(m, `route="/api/v1/forms/:form/records/:id"`) || strings.Contains(m, id) {
		t.Error("metrics are not by route, or tell ids")
	}
}
