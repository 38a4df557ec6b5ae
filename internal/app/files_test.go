package app_test

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
)

const partSize = 4 << 20

// noise is content that no type is guessed from.
func noise(n int) []byte {
	r := rand.NewChaCha8([32]byte{1})
	b := make([]byte, n)
	_, _ = r.Read(b) // never fails
	return b
}

func (w *world) attach(t *testing.T, who, file string) string {
	t.Helper()
	return w.item(t, who, map[string]any{"name": "with a file", "files": []any{map[string]any{"id": file, "name": "claimed.exe", "size": 1, "type": "text/html"}}})
}

func TestFileInPartsAndRanges(t *testing.T) {
	t.Parallel()
	w := open(t)
	content := noise(partSize + 1000)
	r := w.call(t, "li", "POST", "/api/v1/files", map[string]any{"name": "图纸 1.bin", "size": len(content), "type": "image/png"}).want(t, 201, "")
	id := r.text("id")
	if r.int("part_size") != partSize {
		t.Fatalf("part size %d", r.int("part_size"))
	}
	part := "/api/v1/files/" + id + "/parts/"
	w.call(t, "li", "PUT", part+"2", content[partSize:]).want(t, 204, "") // in any order
	w.call(t, "li", "POST", "/api/v1/files/"+id+"/complete", nil).want(t, 422, "file.incomplete")
	w.call(t, "li", "PUT", part+"1", content[:partSize-1]).want(t, 400, "file.part")
	w.call(t, "li", "PUT", part+"1", content[:partSize]).want(t, 204, "")
	w.call(t, "li", "PUT", part+"1", content[:partSize]).want(t, 204, "") // again
	w.call(t, "li", "POST", "/api/v1/files/"+id+"/complete", nil).want(t, 200, "").equal(t, "type", "application/octet-stream")

	r = w.call(t, "li", "GET", "/api/v1/files/"+id, nil).want(t, 200, "")
	if !bytes.Equal(r.raw, content) {
		t.Fatal("what comes back is not what was sent")
	}
	if d := r.head.Get("Content-Disposition"); d != "attachment; filename*=UTF-8''%E5%9B%BE%E7%BA%B8%201.bin" {
		t.Errorf("disposition %q", d)
	}
	for spec, want := range map[string]string{"bytes=0-9": "0:10", "bytes=4194300-4194309": "4194300:4194310", "bytes=-5": "-5", "bytes=4195000-": "4195000:", "bytes=4195000-99999999": "4195000:"} {
		from, to := cut(want, len(content))
		r := w.call(t, "li", "GET", "/api/v1/files/"+id, nil, "Range", spec).want(t, 206, "")
		if !bytes.Equal(r.raw, content[from:to]) || !strings.HasPrefix(r.head.Get("Content-Range"), "bytes "+itoa(int64(from))+"-") {
			t.Errorf("%s gives %d bytes, %s", spec, len(r.raw), r.head.Get("Content-Range"))
		}
	}
	for _, spec := range []string{"bytes=99999999-", "bytes=5-3", "bytes=-0", "bytes=x-y", "bytes=--1"} {
		w.call(t, "li", "GET", "/api/v1/files/"+id, nil, "Range", spec).want(t, 416, "range")
	}
	w.call(t, "li", "GET", "/api/v1/files/"+id, nil, "Range", "lines=1-2").want(t, 200, "") // an unknown unit is no range
}

// cut reads "from:to" of content of n bytes.
func cut(s string, n int) (from, to int) {
	a, b, ok := strings.Cut(s, ":")
	num := func(s string) int {
		v := 0
		for _, c := range s {
			v = v*10 + int(c-'0')
		}
		return v
	}
	if !ok {
		return n - num(s[1:]), n
	}
	if b == "" {
		return num(a), n
	}
	return num(a), num(b)
}

// A file is its uploader's until a record has it; then it follows the field.
func TestFileFollowsTheFieldThatHoldsIt(t *testing.T) {
	t.Parallel()
	w := open(t)
	file := w.file(t, "li", "a.txt", []byte("hello"))
	at := "/api/v1/files/" + file
	w.call(t, "zhao", "GET", at, nil).want(t, 404, "file.not_found")
	w.call(t, "zhao", "POST", items, map[string]any{"data": map[string]any{"name": "stolen", "files": []any{map[string]any{"id": file}}}}).
		want(t, 422, "record.invalid").equal(t, "errors.0.path", "/files").equal(t, "errors.0.code", "file_missing")
	id := w.attach(t, "li", file)
	w.call(t, "li", "GET", items+"/"+id, nil).want(t, 200, "").equal(t, "data.files.0.name", "a.txt").equal(t, "data.files.0.type", "text/plain")
	for who, status := range map[string]int{"li": 200, "zhao": 200, "chen": 404, "sun": 404, "wu": 404, other + "/li": 404, other + "/zhao": 404} {
		w.call(t, who, "GET", at, nil).want(t, status, "") // chen may see the record and not the field
	}
	w.call(t, "li", "DELETE", items+"/"+id, nil).want(t, 204, "")
	w.call(t, "zhao", "GET", at, nil).want(t, 404, "file.not_found")
}

func TestFileThatIsNotCompleteCannotBeAttached(t *testing.T) {
	t.Parallel()
	w := open(t)
	file := w.begin(t, "li", "never.txt", 5)
	foreign := w.file(t, other+"/li", "f.txt", []byte("hello"))
	for _, id := range []string{file, foreign, "nothing", "../x", ""} {
		w.call(t, "li", "POST", items, map[string]any{"data": map[string]any{"name": "x", "files": []any{map[string]any{"id": id, "name": "x", "size": 5, "type": "text/plain"}}}}).
			want(t, 422, "record.invalid")
	}
}

// A draft keeps its files, and gives them to the record it becomes.
func TestFileOfADraft(t *testing.T) {
	t.Parallel()
	w := open(t)
	file := w.file(t, "li", "draft.txt", []byte("hello"))
	r := w.call(t, "li", "POST", items, map[string]any{"data": map[string]any{"files": []any{map[string]any{"id": file}}}, "submit": false}).want(t, 201, "")
	w.call(t, "zhao", "GET", "/api/v1/files/"+file, nil).want(t, 404, "file.not_found")
	w.call(t, "li", "PATCH", items+"/"+r.text("id"), map[string]any{"rev": 1, "set": map[string]any{"name": "with a file"}, "submit": true}).want(t, 200, "")
	w.call(t, "zhao", "GET", "/api/v1/files/"+file, nil).want(t, 200, "")
}

// What an approver attaches is there for those who see the record.
func TestFileOfAnApprover(t *testing.T) {
	t.Parallel()
	w := open(t)
	id := w.req(t, "li")
	file := w.file(t, "zhao", "proof.txt", []byte("hello"))
	task := w.task(t, "zhao", "lab.req", id)
	body := map[string]any{"rev": 1, "record_rev": 1, "data": map[string]any{"set": map[string]any{"proof": []any{map[string]any{"id": file}}}}}
	w.call(t, "zhao", "POST", "/api/v1/tasks/"+task+"/approve", body).want(t, 200, "")
	for _, who := range []string{"li", "zhang"} {
		w.call(t, who, "GET", "/api/v1/files/"+file, nil).want(t, 200, "")
	}
	w.call(t, "zhou", "GET", "/api/v1/files/"+file, nil).want(t, 404, "file.not_found")
}

// Nothing that was uploaded runs in a browser at our address.
func TestFileNeverRuns(t *testing.T) {
	t.Parallel()
	w := open(t)
	const page = "<!DOCTYPE html><script>alert(document.cookie)</script>"
	for name, content := range map[string]string{"x.html": page, "x.png": page, "x.svg": `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`,
		"x.xml": `<?xml version="1.0"?><x/>`, "x.txt": page, `"><script>.pdf`: page} {
		file := w.file(t, "li", name, []byte(content))
		r := w.call(t, "li", "GET", "/api/v1/files/"+file, nil).want(t, 200, "")
		mime := r.head.Get("Content-Type")
		if strings.Contains(mime, "html") || strings.Contains(mime, "svg") || strings.Contains(mime, "xml") || !strings.HasPrefix(r.head.Get("Content-Disposition"), "attachment") {
			t.Errorf("%s is served as %s, %s", name, mime, r.head.Get("Content-Disposition"))
		}
		if r.head.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(r.head.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%s is not fenced: %v", name, r.head)
		}
	}
}
