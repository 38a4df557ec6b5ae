package httpkit

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/ids"
)

// Keys of what a request carries.
const (
	keyRequestID = "request_id"
	keyLang      = "lang"
)

// BodyLimit is the one limit of a request body, in bytes: Fiber has none per
// route. Files come in parts below it.
const BodyLimit = 8 << 20

// HeadLimit bounds the request line and headers together, in bytes: a filter, or
// a half-filled record for a picker, comes in the query.
const HeadLimit = 32 << 10

// Timeouts of a connection and of the work behind a request.
const (
	ReadTimeout  = 30 * time.Second
	WriteTimeout = 60 * time.Second
	IdleTimeout  = 90 * time.Second
	Deadline     = 25 * time.Second
)

// NewApp makes a Fiber app with our error handler, limits and timeouts.
func NewApp(log *slog.Logger, tr Translator) *fiber.App {
	return fiber.New(fiber.Config{
		AppName: "formwork", DisableStartupMessage: true, Immutable: true, CaseSensitive: true,
		BodyLimit: BodyLimit, ReadBufferSize: HeadLimit, ReadTimeout: ReadTimeout, WriteTimeout: WriteTimeout, IdleTimeout: IdleTimeout,
		ErrorHandler: ErrorHandler(log, tr), EnableTrustedProxyCheck: true, JSONEncoder: JSON,
	})
}

// RequestID is the id of this request, as answered and logged.
func RequestID(c *fiber.Ctx) string { s, _ := c.Locals(keyRequestID).(string); return s }

// Lang is the language of the answer.
func Lang(c *fiber.Ctx) string {
	if s, ok := c.Locals(keyLang).(string); ok && s != "" {
		return s
	}
	return AcceptLanguage(c.Get(fiber.HeaderAcceptLanguage))
}

// SetLang sets the language of the answer: that of the user who is logged in.
func SetLang(c *fiber.Ctx, lang string) { c.Locals(keyLang, lang) }

// AcceptLanguage chooses zh-CN or en from a header, zh-CN when neither is wanted.
func AcceptLanguage(header string) string {
	for _, part := range strings.Split(header, ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		switch l := strings.ToLower(tag); {
		case strings.HasPrefix(l, "zh"):
			return "zh-CN"
		case strings.HasPrefix(l, "en"):
			return "en"
		}
	}
	return "zh-CN"
}

// Base is what every request passes first: an id, a deadline, the end of panics.
func Base(log *slog.Logger, newID func() string) fiber.Handler {
	return func(c *fiber.Ctx) (err error) {
		id := c.Get("X-Request-ID")
		if !saneID(id) {
			id = newID()
		}
		c.Locals(keyRequestID, id)
		c.Set("X-Request-ID", id)
		ctx, cancel := context.WithTimeout(context.Background(), Deadline)
		defer cancel()
		c.SetUserContext(ctx)
		if enc := c.Get(fiber.HeaderContentEncoding); enc != "" && enc != "identity" {
			return fiber.ErrUnsupportedMediaType // Fiber would unpack it, to any size
		}
		defer func() {
			if p := recover(); p != nil {
				log.Error("panic", "request_id", id, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
				err = fault.New(fault.Internal, "internal", "panic")
			}
		}()
		return c.Next()
	}
}

// saneID accepts a caller's request id if it can stand in a log line.
func saneID(s string) bool {
	if len(s) < 8 || len(s) > 64 {
		return false
	}
	for _, r := range s {
		if !(r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '-' || r == '_') {
			return false
		}
	}
	return true
}

// SecureHeaders sets what every answer should carry.
func SecureHeaders(c *fiber.Ctx) error {
	c.Set("X-Content-Type-Options", "nosniff")
	c.Set("Referrer-Policy", "same-origin")
	c.Set("X-Frame-Options", "SAMEORIGIN")
	c.Set("Permissions-Policy", "camera=(self), geolocation=(self), microphone=()")
	c.Set("Cross-Origin-Opener-Policy", "same-origin")
	if strings.HasPrefix(c.Path(), "/api/") {
		c.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'") // an answer is no page, whatever a browser takes it for
	}
	return c.Next()
}

// CSRF names of the double-submit token.
const (
	CSRFCookie = "fw_csrf"
	CSRFHeader = "X-CSRF-Token"
)

// Unsafe reports whether a method changes something.
func Unsafe(method string) bool {
	switch method {
	case fiber.MethodGet, fiber.MethodHead, fiber.MethodOptions:
		return false
	}
	return true
}

// NewCSRF makes a token for a new session.
func NewCSRF() string { return ids.Secret(24) }
