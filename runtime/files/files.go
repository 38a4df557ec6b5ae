// Package files keeps attachments: uploaded in parts, held by whoever uploaded
// them until a record takes them, and then readable by whoever may read that field.
package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// Limits of files.
const (
	PartSize = 4 << 20   // of every part but the last
	MaxSize  = 200 << 20 // of one file
	MaxName  = 200       // runes of a name
	MaxOpen  = 100       // unfinished or unattached files of one person
	// KeepLoose is how long a file waits for a record to take it.
	KeepLoose = 48 * time.Hour
)

const (
	stateOpen  = "open"  // parts are coming
	stateLoose = "loose" // complete, in no record yet
	stateKept  = "kept"  // a record has it
)

// Service keeps the files of one tenant.
type Service struct {
	t       *tenant.Tenant
	records *record.Service
}

// New makes the service; Bind gives it the records that hold files.
func New(t *tenant.Tenant) *Service { return &Service{t: t} }

// Bind gives the service the records it reads.
func (s *Service) Bind(records *record.Service) { s.records = records }

func (s *Service) files() storage.Collection { return s.t.Store.Collection("files") }

// File is what is known of a file.
type File struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Size     int64  `json:"size"`
	Type     string `json:"type"` // as found in the content, not as claimed
	PartSize int64  `json:"part_size,omitempty"`
	Parts    []int  `json:"parts,omitempty"` // part numbers that have arrived, from 1
}

// Begin announces a file.
func (s *Service) Begin(ctx context.Context, a *tenant.Actor, name string, size int64) (File, error) {
	name, err := CleanName(name)
	if err != nil {
		return File{}, err
	}
	if size < 0 || size > MaxSize {
		return File{}, fault.New(fault.TooLarge, "file.too_large", "the file is too large").With("max", MaxSize).
			At(fault.Field{Path: "/size", Code: "too_large", Message: "the file is too large", Params: map[string]any{"max": MaxSize}})
	}
	n, err := s.files().Count(ctx, filter.And{filter.Cmp{Path: "by", Op: filter.Eq, Value: a.User},
		filter.Cmp{Path: "state", Op: filter.In, Value: []any{stateOpen, stateLoose}}}, MaxOpen)
	if err != nil {
		return File{}, err
	}
	if n >= MaxOpen {
		return File{}, fault.New(fault.RateLimited, "file.too_many", "too many files are waiting to be attached")
	}
	f := File{ID: s.t.IDs.New(), Name: name, Size: size, PartSize: PartSize}
	err = s.files().Insert(ctx, storage.Doc{storage.ID: f.ID, "name": name, "size": size, "by": a.User, "state": stateOpen,
		"at": s.t.Clock.Now()})
	return f, err
}

// CleanName refuses names that are no file names: paths, control characters, dots only.
func CleanName(name string) (string, error) {
	bad := func(why string) error {
		return fault.New(fault.Invalid, "file.name", why).At(fault.Field{Path: "/name", Code: "format", Message: why})
	}
	name = strings.TrimSpace(name)
	switch {
	case name == "" || strings.Trim(name, ".") == "":
		return "", bad("the file has no name")
	case !utf8.ValidString(name) || utf8.RuneCountInString(name) > MaxName:
		return "", bad(fmt.Sprintf("a file name has at most %d characters", MaxName))
	case strings.ContainsAny(name, "/\\\x00"):
		return "", bad("a file name holds no path")
	}
	for _, r := range name {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return "", bad("a file name holds no control characters")
		}
	}
	return name, nil
}

// own reads a file that the actor is uploading.
func (s *Service) own(ctx context.Context, a *tenant.Actor, id, state string) (storage.Doc, error) {
	d, err := s.files().Get(ctx, id)
	if errors.Is(err, storage.ErrNotFound) || errors.Is(err, storage.ErrInvalid) || err == nil && d["by"] != a.User {
		return nil, NotFound()
	}
	if err != nil {
		return nil, err
	}
	if d["state"] != state {
		return nil, fault.New(fault.Refused, "file.state", "the file is complete already")
	}
	return d, nil
}

// NotFound is the answer for a file that is not there or not for this reader.
func NotFound() error { return fault.New(fault.NotFound, "file.not_found", "there is no such file") }

// Part stores one part; the same part again replaces it, so that a broken upload resumes.
func (s *Service) Part(ctx context.Context, a *tenant.Actor, id string, n int, body []byte) error {
	d, err := s.own(ctx, a, id, stateOpen)
	if err != nil {
		return err
	}
	size, _ := d["size"].(int64)
	if want := partLen(size, n); n < 1 || want < 0 || int64(len(body)) != want {
		return fault.Newf(fault.Malformed, "file.part", "part %d has %d bytes; it should have %d", n, len(body), max(want, 0))
	}
	if _, err := s.t.Store.Blobs().Put(ctx, partID(id, n), bytes.NewReader(body)); err != nil {
		return err
	}
	_, err = s.files().Patch(ctx, id, storage.Guard{}, storage.Patch{Set: map[string]any{fmt.Sprintf("parts.p%d", n): int64(len(body))}})
	return err
}

// maxParts is the number of parts of the largest file.
const maxParts = MaxSize / PartSize

// partLen is the length part n of a file must have, -1 when there is no such part.
func partLen(size int64, n int) int64 {
	if n < 1 || n > maxParts { // also those whose offset would overflow
		return -1
	}
	from := int64(n-1) * PartSize
	if from > size || from == size && !(size == 0 && n == 1) {
		return -1
	}
	return min(PartSize, size-from)
}

func partID(id string, n int) string { return fmt.Sprintf("%s.p%d", id, n) }

// Complete joins the parts. What the content is decides the type; a name whose
// extension says something else keeps its name but not its type.
func (s *Service) Complete(ctx context.Context, a *tenant.Actor, id string) (File, error) {
	d, err := s.own(ctx, a, id, stateOpen)
	if err != nil {
		return File{}, err
	}
	size, _ := d["size"].(int64)
	parts, _ := d["parts"].(map[string]any)
	count := int((size + PartSize - 1) / PartSize)
	for n := 1; n <= count; n++ {
		if _, ok := parts[fmt.Sprintf("p%d", n)]; !ok {
			return File{}, fault.Newf(fault.Refused, "file.incomplete", "part %d is missing", n).With("part", n)
		}
	}
	r := &partReader{ctx: ctx, blobs: s.t.Store.Blobs(), id: id, count: count}
	defer func() { _ = r.Close() }() // only read from
	head := make([]byte, 512)
	k, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return File{}, err
	}
	got, err := s.t.Store.Blobs().Put(ctx, id, io.MultiReader(bytes.NewReader(head[:k]), r))
	if err != nil {
		return File{}, err
	}
	if got != size {
		return File{}, fault.Newf(fault.Refused, "file.incomplete", "the file has %d bytes instead of %d", got, size)
	}
	name, _ := d["name"].(string)
	f := File{ID: id, Name: name, Size: size, Type: contentType(name, head[:k])}
	if _, err := s.files().Patch(ctx, id, storage.Guard{}, storage.Patch{Set: map[string]any{"state": stateLoose, "type": f.Type}, Unset: []string{"parts"}}); err != nil {
		return File{}, err
	}
	return f, s.dropParts(ctx, id, count)
}

func (s *Service) dropParts(ctx context.Context, id string, count int) error {
	for n := 1; n <= count; n++ {
		if err := s.t.Store.Blobs().Delete(ctx, partID(id, n)); err != nil {
			return err
		}
	}
	return nil
}

// contentType trusts the content; for the formats that content cannot tell
// apart (office files are zips, CSV is text) it takes the extension's word.
func contentType(name string, head []byte) string {
	found := http.DetectContentType(head)
	base, _, _ := strings.Cut(found, ";")
	switch base {
	case "application/zip", "text/plain", "application/octet-stream":
		if t := officeTypes[strings.ToLower(filepath.Ext(name))]; t != "" {
			return t
		}
	case "text/html", "text/xml", "image/svg+xml":
		return "application/octet-stream" // never rendered by a browser from our origin
	}
	return base
}

var officeTypes = map[string]string{
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	".doc":  "application/msword",
	".xls":  "application/vnd.ms-excel",
	".csv":  "text/csv",
	".txt":  "text/plain",
	".dwg":  "image/vnd.dwg",
	".zip":  "application/zip",
}

// partReader reads the parts of a file one after the other.
type partReader struct {
	ctx   context.Context
	blobs storage.Blobs
	id    string
	n     int
	count int
	cur   io.ReadCloser
}

// Read implements io.Reader.
func (r *partReader) Read(p []byte) (int, error) {
	for {
		if r.cur == nil {
			if r.n == r.count {
				return 0, io.EOF
			}
			r.n++
			cur, err := r.blobs.Open(r.ctx, partID(r.id, r.n), 0, -1)
			if err != nil {
				return 0, err
			}
			r.cur = cur
		}
		n, err := r.cur.Read(p)
		if errors.Is(err, io.EOF) {
			err = r.Close()
			if n == 0 && err == nil {
				continue
			}
		}
		return n, err
	}
}

// Close implements io.Closer.
func (r *partReader) Close() error {
	if r.cur == nil {
		return nil
	}
	err := r.cur.Close()
	r.cur = nil
	return err
}

// Keep is the handler of record.EffectFiles: the files belong to the record now.
func (s *Service) Keep(ctx context.Context, rec *record.Record, e record.Effect) error {
	ids, _ := e.Data["files"].([]any)
	ref := rec.Ref() + "/" + rec.ID()
	for _, x := range ids {
		id, _ := x.(string)
		d, err := s.files().Get(ctx, id)
		if errors.Is(err, storage.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if l, _ := d["refs"].([]any); contains(l, ref) {
			continue
		}
		_, err = s.files().Patch(ctx, id, storage.Guard{}, storage.Patch{Set: map[string]any{"state": stateKept}, Push: map[string][]any{"refs": {ref}}})
		if err != nil && !errors.Is(err, storage.ErrNotFound) {
			return err
		}
	}
	return nil
}

func contains(l []any, s string) bool {
	for _, x := range l {
		if x == s {
			return true
		}
	}
	return false
}

// Open gives a file's content to an actor who uploaded it, or who may read a
// field of a record that holds it.
func (s *Service) Open(ctx context.Context, a *tenant.Actor, id string, offset, length int64) (File, io.ReadCloser, error) {
	d, err := s.files().Get(ctx, id)
	if errors.Is(err, storage.ErrNotFound) || errors.Is(err, storage.ErrInvalid) {
		return File{}, nil, NotFound()
	}
	if err != nil {
		return File{}, nil, err
	}
	if d["state"] == stateOpen {
		return File{}, nil, NotFound()
	}
	ok, err := s.mayRead(ctx, a, d)
	if err != nil {
		return File{}, nil, err
	}
	if !ok {
		return File{}, nil, NotFound()
	}
	f := File{ID: id}
	f.Name, _ = d["name"].(string)
	f.Size, _ = d["size"].(int64)
	f.Type, _ = d["type"].(string)
	r, err := s.t.Store.Blobs().Open(ctx, id, offset, length)
	if errors.Is(err, storage.ErrNotFound) {
		return File{}, nil, NotFound()
	}
	return f, r, err
}

// Attachable implements record.Files.
func (s *Service) Attachable(ctx context.Context, a *tenant.Actor, ids []string) (map[string]map[string]any, error) {
	docs, err := s.files().GetMany(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := map[string]map[string]any{}
	for id, d := range docs {
		if d["state"] == stateOpen {
			continue
		}
		ok, err := s.mayRead(ctx, a, d)
		if err != nil {
			return nil, err
		}
		if ok || d["by"] == a.User {
			out[id] = map[string]any{"name": d["name"], "size": d["size"], "type": d["type"]}
		}
	}
	return out, nil
}

func (s *Service) mayRead(ctx context.Context, a *tenant.Actor, d storage.Doc) (bool, error) {
	if d["state"] == stateLoose {
		return d["by"] == a.User, nil
	}
	id, _ := d[storage.ID].(string)
	refs, _ := d["refs"].([]any)
	for _, x := range refs {
		ref, _ := x.(string)
		form, rec, _ := strings.Cut(ref, "/")
		r, g, err := s.records.Get(ctx, a, form, rec)
		if fault.KindOf(err) == fault.NotFound {
			continue
		}
		if err != nil {
			return false, err
		}
		if record.HoldsFile(r, g, id) {
			return true, nil
		}
	}
	return false, nil
}

// Sweep removes files that nobody attached in time.
func (s *Service) Sweep(ctx context.Context) error {
	page, err := s.files().Find(ctx, storage.Query{Where: filter.And{filter.Cmp{Path: "state", Op: filter.In, Value: []any{stateOpen, stateLoose}},
		filter.Cmp{Path: "at", Op: filter.Lt, Value: s.t.Clock.Now().Add(-KeepLoose)}}, Sort: []filter.Sort{{Path: "at"}}, Limit: 100})
	if err != nil {
		return err
	}
	for _, d := range page.Docs {
		id, _ := d[storage.ID].(string)
		size, _ := d["size"].(int64)
		if err := s.dropParts(ctx, id, int((size+PartSize-1)/PartSize)); err != nil {
			return err
		}
		if err := s.t.Store.Blobs().Delete(ctx, id); err != nil {
			return err
		}
		if err := s.files().Delete(ctx, id, storage.Guard{Where: filter.Cmp{Path: "state", Op: filter.Ne, Value: stateKept}}); err != nil &&
			!errors.Is(err, storage.ErrConflict) && !errors.Is(err, storage.ErrNotFound) {
			return err
		}
	}
	return nil
}
