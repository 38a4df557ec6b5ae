// Package httpkit is the HTTP ground that every API of the product stands on:
// problems, limits, headers, request ids, metrics. It knows no domain.
package httpkit

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/http"

	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/ids"
)

// Problem is the body of every refusal: RFC 9457 with our members.
type Problem struct {
	Type   string `json:"type"`   // "about:blank": the code says it
	Title  string `json:"title"`  // the status in words
	Status int    `json:"status"` // HTTP status
	// Code is stable: clients and texts go by it.
	Code string `json:"code"`
	// Detail is for people, in the language of the request.
	Detail    string         `json:"detail"`
	Params    map[string]any `json:"params,omitempty"`
	Errors    []fault.Field  `json:"errors,omitempty"`
	RequestID string         `json:"request_id"`
}

// Limits of what a refusal repeats of the request: whoever sends a megabyte of
// mistakes is told of the first ones.
const (
	maxErrors = 100
	maxText   = 500 // characters
)

// bounded clips what came from the request.
func bounded(fields []fault.Field) []fault.Field {
	out := append([]fault.Field(nil), fields[:min(len(fields), maxErrors)]...)
	for i := range out {
		e := &out[i]
		e.Path, e.Message = clip(e.Path), clip(e.Message)
		e.Params = boundedParams(e.Params)
	}
	return out
}

func boundedParams(params map[string]any) map[string]any {
	out := maps.Clone(params)
	for k, v := range out {
		if s, ok := v.(string); ok {
			out[k] = clip(s)
		}
	}
	return out
}

func clip(s string) string {
	if len(s) <= maxText {
		return s
	}
	if r := []rune(s); len(r) > maxText {
		return string(r[:maxText]) + "…"
	}
	return s
}

// statuses is the one table from kinds to HTTP.
var statuses = map[fault.Kind]int{
	fault.Invalid:      http.StatusUnprocessableEntity,
	fault.Malformed:    http.StatusBadRequest,
	fault.Unauthorized: http.StatusUnauthorized,
	fault.Forbidden:    http.StatusForbidden,
	fault.NotFound:     http.StatusNotFound,
	fault.Conflict:     http.StatusConflict,
	fault.Duplicate:    http.StatusConflict,
	fault.TooLarge:     http.StatusRequestEntityTooLarge,
	fault.RateLimited:  http.StatusTooManyRequests,
	fault.Refused:      http.StatusUnprocessableEntity,
	fault.Unavailable:  http.StatusServiceUnavailable,
	fault.Internal:     http.StatusInternalServerError,
}

// Translator gives the text of a code in a language, "" when it has none.
type Translator func(lang, code string, params map[string]any) string

// ErrorHandler turns every error into a problem. What is behind it is logged
// once here and never sent.
func ErrorHandler(log *slog.Logger, tr Translator) fiber.ErrorHandler {
	return func(c *fiber.Ctx, err error) error {
		p := problemOf(err)
		if p.RequestID = RequestID(c); p.RequestID == "" { // refused before it came to Base
			p.RequestID = ids.UUID{}.New()
			c.Set("X-Request-ID", p.RequestID)
		}
		p.Detail = translate(tr, Lang(c), p.Code, p.Params, p.Detail)
		for i := range p.Errors {
			e := &p.Errors[i]
			e.Message = translate(tr, Lang(c), "field."+e.Code, e.Params, e.Message)
		}
		level := slog.LevelDebug
		if p.Status >= http.StatusInternalServerError {
			level = slog.LevelError
		}
		log.Log(c.UserContext(), level, "request refused", "request_id", p.RequestID, "status", p.Status, "code", p.Code, "error", err.Error())
		if seconds, ok := p.Params["retry_after"]; ok {
			c.Set(fiber.HeaderRetryAfter, toText(seconds))
		}
		body, merr := json.Marshal(p)
		if merr != nil {
			return merr
		}
		c.Set(fiber.HeaderContentType, "application/problem+json")
		return c.Status(p.Status).Send(body)
	}
}

func translate(tr Translator, lang, code string, params map[string]any, fallback string) string {
	if tr != nil {
		if s := tr(lang, code, params); s != "" {
			return s
		}
	}
	return fallback
}

func problemOf(err error) Problem {
	var fe *fault.Error
	if errors.As(err, &fe) {
		status := statuses[fe.Kind]
		if fe.Kind == fault.Internal {
			return internal()
		}
		return Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: fe.Code, Detail: clip(fe.Message),
			Params: boundedParams(fe.Params), Errors: bounded(fe.Fields)}
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return Problem{Type: "about:blank", Title: http.StatusText(http.StatusServiceUnavailable), Status: http.StatusServiceUnavailable,
			Code: "timeout", Detail: "this took too long; try again"}
	}
	var he *fiber.Error
	if errors.As(err, &he) && he.Code < http.StatusInternalServerError {
		code := map[int]string{http.StatusNotFound: "route.not_found", http.StatusMethodNotAllowed: "route.method",
			http.StatusRequestEntityTooLarge: "body.too_large", http.StatusRequestTimeout: "timeout",
			http.StatusUnsupportedMediaType: "body.encoding", http.StatusRequestedRangeNotSatisfiable: "range", http.StatusRequestHeaderFieldsTooLarge: "request.head_too_large"}[he.Code]
		if code == "" {
			code = "request.malformed"
		}
		return Problem{Type: "about:blank", Title: http.StatusText(he.Code), Status: he.Code, Code: code, Detail: http.StatusText(he.Code)}
	}
	return internal()
}

func internal() Problem {
	return Problem{Type: "about:blank", Title: http.StatusText(http.StatusInternalServerError), Status: http.StatusInternalServerError,
		Code: "internal", Detail: "something went wrong on our side"}
}

func toText(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(b)
}
