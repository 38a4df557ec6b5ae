// Package jsonschema enforces the draft-07 keywords of a form's schema that
// field types do not check themselves. It is the only importer of gojsonschema
// and never reads a remote or local document.
package jsonschema

import (
	"encoding/json"
	"errors"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/internal/ordjson"
	"github.com/xeipuuv/gojsonschema"
)

// Validator validates records of one form. It is immutable and safe for concurrent use.
type Validator struct {
	form     *schema.Form
	decoder  *schema.Decoder
	compiled *gojsonschema.Schema
}

// Compile prepares a form that ParseForm accepted. The Validator is nil when
// the fields check all that the schema says, so that such a form costs nothing.
func Compile(f *schema.Form, d *schema.Decoder) (*Validator, []schema.Problem) {
	root, err := ordjson.Parse(f.Schema, maxDepth)
	if err != nil {
		return nil, nil // a form made without a schema has no keywords
	}
	rest := reduce(f, root)
	if len(rest.Keys) == 0 {
		return nil, nil
	}
	raw := ordjson.Marshal(rest)
	loader := gojsonschema.NewSchemaLoader()
	loader.Draft, loader.AutoDetect = gojsonschema.Draft7, false
	compiled, err := loader.Compile(local{gojsonschema.NewBytesLoader(raw)})
	if err != nil {
		return nil, []schema.Problem{{Path: "forms/" + f.Key + "#/schema", Code: "schema", Message: "not a valid draft-07 schema: " + err.Error()}}
	}
	return &Validator{form: f, decoder: d, compiled: compiled}, nil
}

// maxDepth is the nesting ParseForm allows.
const maxDepth = 64

// local is a loader whose references never leave the document: ParseForm has
// refused remote ones, and here no way is left to load them.
type local struct{ gojsonschema.JSONLoader }

// LoaderFactory implements gojsonschema.JSONLoader.
func (local) LoaderFactory() gojsonschema.JSONLoaderFactory { return refuse{} }

type refuse struct{}

// New implements gojsonschema.JSONLoaderFactory.
func (refuse) New(string) gojsonschema.JSONLoader {
	return refused{gojsonschema.NewStringLoader("false")}
}

type refused struct{ gojsonschema.JSONLoader }

// LoadJSON implements gojsonschema.JSONLoader.
func (refused) LoadJSON() (any, error) { return nil, errRemote }

var errRemote = errors.New("references to other documents are not followed")

// instance is a loader of a document that is read already.
type instance struct {
	gojsonschema.JSONLoader
	doc map[string]any
}

// LoadJSON implements gojsonschema.JSONLoader.
func (i instance) LoadJSON() (any, error) { return i.doc, nil }

var noLoader = gojsonschema.NewBytesLoader(nil)

// Validate checks stored data of a record. Errors have JSON pointers with field
// keys, are sorted by pointer, and the same whatever the order of maps.
func (v *Validator) Validate(data map[string]any) []fault.Field {
	if v == nil {
		return nil
	}
	doc := v.decoder.Instance(data)
	res, err := v.compiled.Validate(instance{noLoader, doc})
	if err != nil {
		return []fault.Field{{Code: "schema", Message: err.Error()}}
	}
	if res.Valid() {
		return nil
	}
	return v.errors(res.Errors())
}

// Document is the draft-07 schema of a record of the form as it is sent over
// the wire: what a client may use to check its input.
func Document(f *schema.Form) json.RawMessage {
	props := ordjson.Value{Kind: ordjson.Object}
	var required []string
	for _, x := range f.Fields {
		k := schema.KindOf(x.Type)
		if k == nil || k.Info().Live {
			continue
		}
		frag := k.Fragment(x)
		if frag.Kind == ordjson.Object {
			frag = ordjson.Value{}.Set("title", ordjson.Str(x.Title.In(""))).Merge(frag)
		}
		props = props.Set(x.Key, orNull(frag))
		if x.Required && x.Writable() {
			required = append(required, x.Key)
		}
	}
	doc := ordjson.Value{}.Set("$schema", ordjson.Str("http://json-schema.org/draft-07/schema#")).
		Set("title", ordjson.Str(f.Title.In(""))).Set("type", ordjson.Str("object")).Set("properties", props)
	if len(required) > 0 {
		doc = doc.Set("required", ordjson.Strings(required...))
	}
	return ordjson.Marshal(doc.Set("additionalProperties", ordjson.Flag(false)))
}

// orNull lets a value be null, which unsets the field.
func orNull(frag ordjson.Value) ordjson.Value {
	if frag.Kind != ordjson.Object {
		return frag
	}
	t, ok := frag.Get("type")
	if !ok {
		return frag
	}
	if t.Kind == ordjson.String {
		t = ordjson.List(t)
	}
	t.Items = append(append([]ordjson.Value(nil), t.Items...), ordjson.Str("null"))
	frag = frag.Set("type", t)
	if e, ok := frag.Get("enum"); ok {
		e.Items = append(append([]ordjson.Value(nil), e.Items...), ordjson.Value{})
		frag = frag.Set("enum", e)
	}
	return frag
}
