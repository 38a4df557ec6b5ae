package schema

import (
	"encoding/json"
	"regexp"
	"time"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// Limits of one record's data.
const (
	MaxDataBytes = 6 << 20 // of the JSON text
	MaxDepth     = 32      // nesting of the JSON text
	MaxRows      = 10_000  // of a subtable
	MaxList      = 1_000   // entries of any other list
	MaxText      = 200_000 // code points of any text
)

// Codec is a field prepared for reading and checking values: immutable, and
// safe for concurrent use.
type Codec struct {
	Field    *Field
	kind     Kind
	live     bool // see Info.Live
	pattern  *regexp.Regexp
	options  map[string]bool // fixed options, nil = not limited
	min, max *decimal.Decimal
	rows     *Decoder // of a subtable
	result   *Codec   // of a formula field: the codec of its result
}

// NewCodec prepares a field of a parsed form; a type that is unknown gives nil.
func NewCodec(f *Field) *Codec {
	c := &Codec{Field: f, kind: KindOf(f.Type)}
	if c.kind == nil {
		return nil
	}
	if f.Pattern != "" && f.Type != TypeSerial {
		c.pattern, _ = regexp.Compile(f.Pattern) // ParseForm has refused what does not compile
	}
	if len(f.Options) > 0 && f.Type != TypeCascade {
		c.options = make(map[string]bool, len(f.Options))
		for _, o := range f.Options {
			c.options[o.Value] = true
		}
	}
	c.live = c.kind.Info().Live
	c.min, c.max = bound(f.Min), bound(f.Max)
	if f.Type == TypeSubtable {
		c.rows = newRowDecoder(f.Columns)
	}
	if f.Type == TypeFormula {
		r := *f
		r.Type = resultType(f)
		c.result = NewCodec(&r)
	}
	return c
}

func bound(s string) *decimal.Decimal {
	d, err := decimal.Parse(s)
	if err != nil {
		return nil
	}
	return &d
}

// Blank reports whether a stored value of the field counts as not filled in.
func (c *Codec) Blank(v any) bool { return IsBlank(v) }

// Encode makes the wire value of a stored one; nil stays nil.
func (c *Codec) Encode(v any) any {
	if v == nil {
		return nil
	}
	if e, ok := c.kind.(encoder); ok {
		return e.encode(c, v)
	}
	return v
}

// Check tests a stored value against the limits of the field: min, max,
// max_length, pattern, option, max_items. Paths are relative to the field.
// Days at which an instant may lie are taken in zone; nil leaves them unchecked.
func (c *Codec) Check(v any, zone *time.Location) []fault.Field {
	if k, ok := c.kind.(checker); ok && !IsBlank(v) {
		return k.check(c, v, zone)
	}
	return nil
}

// decode reads one wire value; null and what counts as blank give nil.
func (c *Codec) decode(v ordjson.Value) (any, []fault.Field) {
	if v.Kind == ordjson.Null || c.live {
		return nil, nil
	}
	out, errs := c.kind.decode(c, v)
	if len(errs) > 0 {
		return nil, errs
	}
	if IsBlank(out) {
		return nil, nil
	}
	return out, c.Check(out, nil)
}

// Decode reads one wire value of the field. Errors have paths relative to it.
func (c *Codec) Decode(raw json.RawMessage) (any, []fault.Field) {
	v, errs := parseData(raw)
	if errs != nil {
		return nil, errs
	}
	return c.decode(v)
}

// parseData reads JSON of a record within the limits of size and depth.
func parseData(raw []byte) (ordjson.Value, []fault.Field) {
	if len(raw) > MaxDataBytes {
		return ordjson.Value{}, bad("too_large", "the data is larger than 6 MB", "max", MaxDataBytes)
	}
	v, err := ordjson.Parse(raw, MaxDepth)
	if err == nil {
		return v, nil
	}
	e := err.(*ordjson.Error) // Parse gives no other
	if e.Code == "depth" {
		return v, []fault.Field{issue(e.Path, "depth", "the value is nested too deeply", "max", MaxDepth)}
	}
	return v, []fault.Field{issue(e.Path, "format", "the text is not valid JSON: "+e.Msg, "offset", e.Offset)}
}

// issue makes one error; params are key, value pairs.
func issue(path, code, msg string, params ...any) fault.Field {
	f := fault.Field{Path: path, Code: code, Message: msg}
	if len(params) > 0 {
		f.Params = make(map[string]any, len(params)/2)
		for i := 0; i+1 < len(params); i += 2 {
			f.Params[params[i].(string)] = params[i+1]
		}
	}
	return f
}

// bad is one error at the value itself.
func bad(code, msg string, params ...any) []fault.Field {
	return []fault.Field{issue("", code, msg, params...)}
}

// wrongType is the error for a value of another JSON type.
func wrongType(want string, got ordjson.Value) []fault.Field {
	return bad("type", "expected "+want+", not "+got.Kind.String(), "want", want, "got", got.Kind.String())
}

// under puts a pointer segment in front of the paths.
func under(errs []fault.Field, seg string) []fault.Field {
	for i := range errs {
		errs[i].Path = "/" + ordjson.Escape(seg) + errs[i].Path
	}
	return errs
}
