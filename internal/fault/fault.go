// Package fault is the one error vocabulary of the product: what kind of
// failure, a stable code, a text, and the places in the input it is about.
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind classifies an error; each kind maps to exactly one HTTP status.
type Kind string

// The kinds. Not visible is NotFound: existence is never disclosed.
const (
	Invalid      Kind = "invalid"      // 422: the input breaks a rule of its form
	Malformed    Kind = "malformed"    // 400: the input cannot be read at all
	Unauthorized Kind = "unauthorized" // 401: nobody is logged in
	Forbidden    Kind = "forbidden"    // 403: visible, but this operation is not allowed
	NotFound     Kind = "not_found"    // 404
	Conflict     Kind = "conflict"     // 409: based on a stale revision, or a lost race
	Duplicate    Kind = "duplicate"    // 409: a unique value is taken
	TooLarge     Kind = "too_large"    // 413
	RateLimited  Kind = "rate_limited" // 429
	Refused      Kind = "refused"      // 422: well formed, but the state does not allow it
	Unavailable  Kind = "unavailable"  // 503: try again later
	Internal     Kind = "internal"     // 500: a defect; the text is never shown
)

// Field is one place in the input and what is wrong there.
type Field struct {
	// Path is an RFC 6901 JSON pointer into the request's data, e.g. "/lines/0/qty".
	Path string `json:"path"`
	// Code is stable and machine-readable, e.g. "required", "type", "scale".
	Code string `json:"code"`
	// Message is for people, in the language of the request once localised.
	Message string `json:"message"`
	// Params fill the placeholders of the localised text of Code.
	Params map[string]any `json:"params,omitempty"`
}

// Error is the error every service returns across a package border.
type Error struct {
	Kind    Kind
	Code    string // stable, dotted: "record.stale", "task.not_yours"
	Message string // English default text; texts of other languages are found by Code
	Params  map[string]any
	Fields  []Field
	cause   error
}

// New makes an error of a kind with a stable code.
func New(kind Kind, code, message string) *Error {
	return &Error{Kind: kind, Code: code, Message: message}
}

// Newf is New with a formatted message.
func Newf(kind Kind, code, format string, args ...any) *Error {
	return &Error{Kind: kind, Code: code, Message: fmt.Sprintf(format, args...)}
}

// Error implements error. It names the code, the text and every field.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Code)
	b.WriteString(": ")
	b.WriteString(e.Message)
	for _, f := range e.Fields {
		fmt.Fprintf(&b, "; %s: %s", f.Path, f.Message)
	}
	if e.cause != nil {
		fmt.Fprintf(&b, " (%v)", e.cause)
	}
	return b.String()
}

// Unwrap returns the cause, which is logged at the edge and never sent.
func (e *Error) Unwrap() error { return e.cause }

// With returns a copy that carries a parameter for the localised text.
func (e *Error) With(key string, value any) *Error {
	c := *e
	c.Params = make(map[string]any, len(e.Params)+1)
	for k, v := range e.Params {
		c.Params[k] = v
	}
	c.Params[key] = value
	return &c
}

// At returns a copy that names one more place in the input.
func (e *Error) At(fields ...Field) *Error {
	c := *e
	c.Fields = append(append([]Field(nil), e.Fields...), fields...)
	return &c
}

// Because returns a copy with its cause.
func (e *Error) Because(err error) *Error {
	c := *e
	c.cause = err
	return &c
}

// KindOf tells the kind of any error; an unknown error is Internal.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// CodeOf tells the code of any error, "" when it has none.
func CodeOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// Is reports whether err carries the code.
func Is(err error, code string) bool { return err != nil && CodeOf(err) == code }
