// Package files keeps attachments: uploaded in parts, held by whoever uploaded
// them until a record takes them, and then readable by whoever may read that field.
package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
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
	stateGone  = "gone"  // being swept: nobody gets it any more
)

// Service keeps the files of one tenant.
type Service struct {
	t       *tenant.Tenant
	records *record.Service
	swept   atomic.Int64 // when leftovers were last looked for, Unix seconds
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
		filter.Cmp{Path: "state", Op: filter.In, Value: []any{stateOpen, stateLoose}}, filter.Cmp{Path: "made", Op: filter.Exists, Value: false}}, MaxOpen)
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

// own reads a file that the actor is uploading or has uploaded.
func (s *Service) own(ctx context.Context, a *tenant.Actor, id string) (storage.Doc, error) {
	d, err := s.files().Get(ctx, id)
	if errors.Is(err, storage.ErrNotFound) || errors.Is(err, storage.ErrInvalid) || err == nil && (d["by"] != a.User || d["state"] == stateGone) {
		return nil, NotFound()
	}
	return d, err
}

func complete() error {
	return fault.New(fault.Refused, "file.state", "the file is complete already")
}

// NotFound is the answer for a file that is not there or not for this reader.
func NotFound() error { return fault.New(fault.NotFound, "file.not_found", "there is no such file") }

// Part stores one part; the same part again replaces it, so that a broken upload resumes.
func (s *Service) Part(ctx context.Context, a *tenant.Actor, id string, n int, body []byte) error {
	d, err := s.own(ctx, a, id)
	if err != nil {
		return err
	}
	if d["state"] != stateOpen {
		return complete()
	}
	size, _ := d["size"].(int64)
	if want := partLen(size, n); n < 1 || want < 0 || int64(len(body)) != want {
		return fault.Newf(fault.Malformed, "file.part", "part %d has %d bytes; it should have %d", n, len(body), max(want, 0))
	}
	if _, err := s.t.Store.Blobs().Put(ctx, partID(id, n), bytes.NewReader(body)); err != nil {
		return err
	}
	_, err = s.files().Patch(ctx, id, storage.Guard{Where: isOpen}, storage.Patch{Set: map[string]any{fmt.Sprintf("parts.p%d", n): int64(len(body))}})
	return lateFor(err)
}

var isOpen = filter.Cmp{Path: "state", Op: filter.Eq, Value: stateOpen}

// lateFor tells of a file that was completed, or swept, while a part came in.
func lateFor(err error) error {
	switch {
	case errors.Is(err, storage.ErrConflict):
		return complete()
	case errors.Is(err, storage.ErrNotFound):
		return NotFound()
	}
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

// Complete joins the parts; for a file that is complete already it gives the
// same answer again. What the content is decides the type; a name whose
// extension says something else keeps its name but not its type.
func (s *Service) Complete(ctx context.Context, a *tenant.Actor, id string) (File, error) {
	d, err := s.own(ctx, a, id)
	if err != nil {
		return File{}, err
	}
	if d["state"] != stateOpen {
		return fileOf(d), nil
	}
	f, err := s.join(ctx, d)
	if err != nil {
		return File{}, err
	}
	_, err = s.files().Patch(ctx, id, storage.Guard{Where: isOpen}, storage.Patch{Set: map[string]any{"state": stateLoose, "type": f.Type}, Unset: []string{"parts"}})
	if errors.Is(err, storage.ErrConflict) {
		return f, nil // completed twice at once
	}
	if err != nil {
		return File{}, lateFor(err)
	}
	if err := s.dropParts(ctx, id, partCount(f.Size)); err != nil {
		s.t.Log.WarnContext(ctx, "parts of a file are left over", "file", id, "error", err)
	}
	return f, nil
}

func partCount(size int64) int { return int((size + PartSize - 1) / PartSize) }

func fileOf(d storage.Doc) File {
	f := File{}
	f.ID, _ = d[storage.ID].(string)
	f.Name, _ = d["name"].(string)
	f.Size, _ = d["size"].(int64)
	f.Type, _ = d["type"].(string)
	return f
}

// join puts the parts of a file together under its id.
func (s *Service) join(ctx context.Context, d storage.Doc) (File, error) {
	f := fileOf(d)
	id, size := f.ID, f.Size
	parts, _ := d["parts"].(map[string]any)
	count := partCount(size)
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
	f.Type = contentType(f.Name, head[:k])
	return f, nil
}

// Store keeps a file that the program made for an actor. It is his like one that
// he uploaded: nobody else reads it, and it is swept after KeepLoose. It does not
// count among his MaxOpen.
func (s *Service) Store(ctx context.Context, a *tenant.Actor, name, mime string, body io.Reader) (File, error) {
	name, err := CleanName(name)
	if err != nil {
		return File{}, err
	}
	f := File{ID: s.t.IDs.New(), Name: name, Type: mime}
	doc := storage.Doc{storage.ID: f.ID, "name": name, "size": int64(0), "by": a.User, "state": stateOpen, "at": s.t.Clock.Now(), "made": true}
	if err := s.files().Insert(ctx, doc); err != nil {
		return File{}, err
	}
	if f.Size, err = s.t.Store.Blobs().Put(ctx, f.ID, body); err != nil {
		return File{}, err
	}
	_, err = s.files().Patch(ctx, f.ID, storage.Guard{Where: isOpen},
		storage.Patch{Set: map[string]any{"state": stateLoose, "type": mime, "size": f.Size}})
	return f, err
}

func (s *Service) dropParts(ctx context.Context, id string, count int) error {
	for n := 1; n <= count; n++ {
		if err := s.t.Store.Blobs().Delete(ctx, partID(id, n)); err != nil {
			return err
		}
	}
	return nil
}

// Keep is the handler of record.EffectFiles: the files belong to the record now.
func (s *Service) Keep(ctx context.Context, rec *record.Record, e record.Effect) error {
	ids, _ := e.Data["files"].([]any)
	ref := rec.Ref() + "/" + rec.ID()
	if e.Data["talk"] == true {
		ref += talk
	}
	return s.keep(ctx, ref, texts(ids))
}

// talk marks the ref of a file that came with something said about a record, a
// comment or a decision: whoever may see the record may read it.
const talk = "#talk"

// KeepSaid makes files belong to what was said about a record.
func (s *Service) KeepSaid(ctx context.Context, ref, record string, ids []string) error {
	return s.keep(ctx, ref+"/"+record+talk, ids)
}

func texts(l []any) []string {
	out := make([]string, 0, len(l))
	for _, x := range l {
		if t, ok := x.(string); ok {
			out = append(out, t)
		}
	}
	return out
}

// Facts gives name, size and type of files by id, whoever asks: for those that
// stand in what the asker may see.
func (s *Service) Facts(ctx context.Context, ids []string) (map[string]map[string]any, error) {
	docs, err := s.files().GetMany(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := map[string]map[string]any{}
	for id, d := range docs {
		out[id] = map[string]any{"name": d["name"], "size": d["size"], "type": d["type"]}
	}
	return out, nil
}

func (s *Service) keep(ctx context.Context, ref string, ids []string) error {
	for _, id := range ids {
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
	if d["state"] == stateOpen || d["state"] == stateGone {
		return File{}, nil, NotFound()
	}
	ok, err := s.mayRead(ctx, a, d)
	if err != nil {
		return File{}, nil, err
	}
	if !ok {
		return File{}, nil, NotFound()
	}
	f := fileOf(d)
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
		if d["state"] == stateOpen || d["state"] == stateGone {
			continue
		}
		ok := d["by"] == a.User
		if !ok {
			if ok, err = s.mayRead(ctx, a, d); err != nil {
				return nil, err
			}
		}
		if ok && s.hold(ctx, d) {
			out[id] = map[string]any{"name": d["name"], "size": d["size"], "type": d["type"]}
		}
	}
	return out, nil
}

// hold keeps a file that is about to be attached from being swept meanwhile; false when it is too late.
func (s *Service) hold(ctx context.Context, d storage.Doc) bool {
	at, _ := d["at"].(time.Time)
	now := s.t.Clock.Now()
	if d["state"] != stateLoose || now.Sub(at) < KeepLoose/2 {
		return true
	}
	id, _ := d[storage.ID].(string)
	_, err := s.files().Patch(ctx, id, storage.Guard{Where: filter.Cmp{Path: "state", Op: filter.Ne, Value: stateGone}},
		storage.Patch{Set: map[string]any{"at": now}})
	return err == nil
}

func (s *Service) mayRead(ctx context.Context, a *tenant.Actor, d storage.Doc) (bool, error) {
	if d["state"] == stateLoose {
		return d["by"] == a.User, nil
	}
	id, _ := d[storage.ID].(string)
	refs, _ := d["refs"].([]any)
	for _, x := range refs {
		ref, _ := x.(string)
		ref, said := strings.CutSuffix(ref, talk)
		form, rec, _ := strings.Cut(ref, "/")
		r, g, err := s.records.Get(ctx, a, form, rec)
		if fault.KindOf(err) == fault.NotFound {
			continue
		}
		if err != nil {
			return false, err
		}
		if said || record.HoldsFile(r, g, id) {
			return true, nil
		}
	}
	return false, nil
}

// leftoversEvery is how often a node looks for what uploads left that died
// within the store: it reads all of its files.
const leftoversEvery = 6 * time.Hour

// sweepLeftovers removes what no file's document knows of: parts of a store's
// file that never became one.
func (s *Service) sweepLeftovers(ctx context.Context) error {
	now := s.t.Clock.Now()
	last := s.swept.Load()
	if now.Unix()-last < int64(leftoversEvery/time.Second) || !s.swept.CompareAndSwap(last, now.Unix()) {
		return nil
	}
	n, err := s.t.Store.Blobs().Sweep(ctx, now.Add(-KeepLoose))
	if n > 0 {
		s.t.Log.InfoContext(ctx, "swept what uploads left", "files", n)
	}
	return err
}

// Sweep removes files that nobody attached in time. A file is marked before its
// content goes, so that no record takes it in between.
func (s *Service) Sweep(ctx context.Context) error {
	if err := s.sweepLeftovers(ctx); err != nil {
		return err
	}
	late := filter.And{filter.Cmp{Path: "state", Op: filter.In, Value: []any{stateOpen, stateLoose, stateGone}},
		filter.Cmp{Path: "at", Op: filter.Lt, Value: s.t.Clock.Now().Add(-KeepLoose)}}
	page, err := s.files().Find(ctx, storage.Query{Where: late, Sort: []filter.Sort{{Path: "at"}}, Limit: 100})
	if err != nil {
		return err
	}
	for _, d := range page.Docs {
		id, _ := d[storage.ID].(string)
		_, err := s.files().Patch(ctx, id, storage.Guard{Where: late}, storage.Patch{Set: map[string]any{"state": stateGone}})
		if errors.Is(err, storage.ErrConflict) || errors.Is(err, storage.ErrNotFound) {
			continue // taken, or swept by another node
		}
		if err != nil {
			return err
		}
		if err := s.remove(ctx, id, partCount(fileOf(d).Size)); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) remove(ctx context.Context, id string, parts int) error {
	if err := s.dropParts(ctx, id, parts); err != nil {
		return err
	}
	if err := s.t.Store.Blobs().Delete(ctx, id); err != nil {
		return err
	}
	err := s.files().Delete(ctx, id, storage.Guard{})
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	return err
}
