package httpkit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/internal/fault"
)

// Route is one line of a package's route table.
type Route struct {
	Method  string
	Path    string // Fiber pattern, "/api/v1/forms/:form"
	Handler fiber.Handler
	// Need is what a caller must be. What he may do with which record, or with which
	// app, is decided by the service behind.
	Need string
	// Rate is the rate class: "" for none, login.
	Rate string
}

// Needs of a route: nobody, anybody who is logged in, or a plane of administration.
const (
	Public      = "public"
	User        = "user"
	Admin       = "admin"  // platform administrator
	OrgAdmin    = "org"    // administrator of the organisation
	DesignAdmin = "design" // administrator of some app
	DataAdmin   = "data"   // administrator of some app's data, or of some app
)

// MaxDepth bounds the nesting of a JSON body.
const MaxDepth = 64

// Body reads a JSON body strictly into v: one value, known members only.
func Body(c *fiber.Ctx, v any) error {
	body := c.Body()
	if len(bytes.TrimSpace(body)) == 0 {
		return fault.New(fault.Malformed, "body.missing", "a JSON body is needed")
	}
	if err := checkDepth(body); err != nil {
		return err
	}
	if !utf8.Valid(body) {
		return fault.New(fault.Malformed, "body.json", "the body is no JSON: it is not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return bodyError(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fault.New(fault.Malformed, "body.json", "the body holds more than one JSON value")
	}
	return nil
}

// OptionalBody is Body for requests that may come without one.
func OptionalBody(c *fiber.Ctx, v any) error {
	if len(bytes.TrimSpace(c.Body())) == 0 {
		return nil
	}
	return Body(c, v)
}

func bodyError(err error) error {
	var te *json.UnmarshalTypeError
	if errors.As(err, &te) {
		path := "/" + te.Field
		return fault.Newf(fault.Malformed, "body.type", "%s must not be a %s", path, te.Value).
			At(fault.Field{Path: path, Code: "type", Message: "wrong type: " + te.Value})
	}
	var se *json.SyntaxError
	if errors.As(err, &se) {
		return fault.Newf(fault.Malformed, "body.json", "the body is no JSON: at byte %d", se.Offset).With("offset", se.Offset)
	}
	return fault.New(fault.Malformed, "body.json", fmt.Sprintf("the body is not right: %v", err))
}

// checkDepth refuses deeply nested JSON before a decoder recurses into it.
func checkDepth(b []byte) error {
	depth, inText, escaped := 0, false, false
	for _, c := range b {
		switch {
		case escaped:
			escaped = false
		case inText:
			escaped = c == '\\'
			inText = c != '"'
		case c == '"':
			inText = true
		case c == '{' || c == '[':
			if depth++; depth > MaxDepth {
				return fault.Newf(fault.Malformed, "body.depth", "the body is nested deeper than %d", MaxDepth)
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return nil
}
