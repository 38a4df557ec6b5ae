package flow

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	mint "github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/schema"
)

// Caller asks outside systems over HTTP.
type Caller interface {
	// Call makes one request. An error of kind Unavailable is worth another try; with ErrLater
	// the piece of work stays as it is until Answered is called.
	Call(ctx context.Context, q CallRequest) (CallAnswer, error)
}

// ErrLater is what a Caller gives that has not been answered yet.
var ErrLater = errors.New("flow: the answer comes later")

// CallRequest is one request to an outside system.
type CallRequest struct {
	Method  string
	URL     string
	Headers map[string]string
	Body    []byte // JSON; nil = none
	Secret  []byte // signs the request; nil = not signed
	Key     string // the same for a repeat of the same call
	Timeout time.Duration
}

// CallAnswer is the answer: a status from 200 to 299 and the body.
type CallAnswer struct {
	Status int
	Body   []byte
}

// callWork asks an outside system. A call may arrive more than once — with the
// same key, by which the receiver knows it.
func (s *Service) callWork(ctx context.Context, w *piece) (*outcome, error) {
	q, err := s.callRequest(ctx, w)
	if err != nil {
		return nil, err
	}
	if s.caller == nil {
		return nil, fault.New(fault.Refused, "call.off", "calls to outside systems are not set up")
	}
	answer, err := s.caller.Call(ctx, q)
	if errors.Is(err, ErrLater) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	out := &outcome{item: w.item}
	out.values, err = pick(w, answer.Body)
	return out, err
}

// Answered takes the answer to a call that came later. A call that nobody waits for any more changes nothing.
func (s *Service) Answered(ctx context.Context, ref, id string, visit, item int, answer []byte) error {
	w, err := s.open(ctx, job{ref: ref, id: id, visit: visit}, item)
	if err != nil || w == nil {
		return err
	}
	if w.node.Call == nil {
		return fault.Newf(fault.Refused, "work.no_call", "node %s asks no other system", w.node.ID)
	}
	out := outcome{item: item}
	out.values, out.err = pick(w, answer)
	return s.report(ctx, ref, id, visit, out)
}

func (s *Service) callRequest(ctx context.Context, w *piece) (CallRequest, error) {
	call := w.node.Call
	q := CallRequest{Method: call.Method, Headers: call.Headers, Key: mint.Derive(append([]string{"work.call"}, w.key()...)...),
		Timeout: time.Duration(call.Timeout) * time.Second}
	if q.Method == "" {
		q.Method = http.MethodPost
	}
	if q.Timeout == 0 {
		q.Timeout = schema.DefaultCallTimeout * time.Second
	}
	var err error
	if q.URL, err = w.url(); err != nil {
		return q, err
	}
	if call.Secret != "" {
		if q.Secret, err = s.secret(ctx, call.Secret); err != nil {
			return q, err
		}
	}
	if q.Method == http.MethodGet || q.Method == http.MethodDelete && len(call.Body) == 0 {
		return q, nil
	}
	values, err := w.values(w.progs.Set)
	if err != nil {
		return q, err
	}
	for k, v := range values {
		values[k] = wire(v, nil)
	}
	q.Body, err = json.Marshal(values)
	return q, err
}

// url fills in the formulas of the address, percent-encoded: a value never
// becomes a further part of the path or the query.
func (w *piece) url() (string, error) {
	var b strings.Builder
	vars := w.vars()
	for _, p := range w.progs.URL {
		if p.Program == nil {
			b.WriteString(p.Text)
			continue
		}
		v, err := p.Program.Eval(w.look.Context(), vars)
		if err != nil {
			return "", fault.New(fault.Refused, "work.formula", "a formula of the address failed").Because(err)
		}
		text, ok := wire(v, nil).(string)
		switch x := v.(type) {
		case nil:
			text, ok = "", true
		case bool:
			text, ok = strconv.FormatBool(x), true
		}
		if !ok {
			return "", fault.New(fault.Refused, "work.formula", "a formula of the address gives no single value")
		}
		b.WriteString(strings.ReplaceAll(url.QueryEscape(text), "+", "%20"))
	}
	return b.String(), w.look.Failed()
}

// pick reads the values that the record gets out of an answer, by JSON pointers.
func pick(w *piece, answer []byte) (map[string]any, error) {
	into := w.node.Call.Into
	if len(into) == 0 {
		return nil, nil
	}
	d := json.NewDecoder(strings.NewReader(string(answer)))
	d.UseNumber()
	var doc any
	if err := d.Decode(&doc); err != nil {
		return nil, fault.New(fault.Refused, "call.answer", "the answer is no JSON").Because(err)
	}
	out := map[string]any{}
	for name, pointer := range into {
		out[name] = fitting(at(doc, pointer), w.look.Form.FieldAt(name))
	}
	return out, nil
}

// at follows a JSON pointer; what is not there is nil.
func at(doc any, pointer string) any {
	if pointer == "" {
		return doc
	}
	for _, seg := range strings.Split(strings.TrimPrefix(pointer, "/"), "/") {
		seg = strings.NewReplacer("~1", "/", "~0", "~").Replace(seg)
		switch x := doc.(type) {
		case map[string]any:
			doc = x[seg]
		case []any:
			i, err := strconv.Atoi(seg)
			if err != nil || i < 0 || i >= len(x) {
				return nil
			}
			doc = x[i]
		default:
			return nil
		}
	}
	return doc
}

// fitting turns a number or truth value of an answer into text where the field
// holds text, and text into nothing where it is empty.
func fitting(v any, f *schema.Field) any {
	if f == nil {
		return v
	}
	switch f.Type {
	case schema.TypeText, schema.TypeTextarea, schema.TypePhone, schema.TypeBarcode, schema.TypeSelect, schema.TypeRadio, schema.TypeIDCard:
	default:
		return v
	}
	switch x := v.(type) {
	case json.Number:
		return x.String()
	case bool:
		return strconv.FormatBool(x)
	}
	return v
}
