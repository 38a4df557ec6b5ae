package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"mime"
	"path"
	"strings"

	"github.com/andybalholm/brotli"
)

// Encoding names a stored variant of a file, as in Content-Encoding; "" is the plain bytes.
type Encoding string

// The encodings a file may exist in.
const (
	Plain  Encoding = ""
	Gzip   Encoding = "gzip"
	Brotli Encoding = "br"
)

// File is one asset with the variants made of it at start. Its byte slices are
// shared and must not be changed.
type File struct {
	// Type is the media type with charset, e.g. "text/javascript; charset=utf-8".
	Type string
	// ETag is a strong, quoted entity tag of the plain bytes.
	ETag string

	variants map[Encoding][]byte
}

// Body returns the smallest variant the Accept-Encoding header allows, and its
// encoding (Plain when none fits).
func (f *File) Body(acceptEncoding string) ([]byte, Encoding) {
	accepted := accepts(acceptEncoding)
	for _, e := range []Encoding{Brotli, Gzip} {
		if b, ok := f.variants[e]; ok && accepted[e] {
			return b, e
		}
	}
	return f.variants[Plain], Plain
}

// Size is the length of a variant in bytes, 0 when it was not made.
func (f *File) Size(e Encoding) int { return len(f.variants[e]) }

func newFile(name string, data []byte) (*File, error) {
	sum := sha256.Sum256(data)
	f := &File{
		Type:     mediaType(name),
		ETag:     `"` + hex.EncodeToString(sum[:8]) + `"`,
		variants: map[Encoding][]byte{Plain: data},
	}
	if !compressible(f.Type) || len(data) < 512 {
		return f, nil
	}
	gz, err := gzipped(data)
	if err != nil {
		return nil, err
	}
	br, err := brotlied(data)
	if err != nil {
		return nil, err
	}
	for e, b := range map[Encoding][]byte{Gzip: gz, Brotli: br} {
		if len(b) < len(data) {
			f.variants[e] = b
		}
	}
	return f, nil
}

func gzipped(data []byte) ([]byte, error) {
	var buf bytes.Buffer
	w, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

// brotliLevel 6 costs a fraction of a second for the whole build at start; 11 would cost many.
const brotliLevel = 6

func brotlied(data []byte) ([]byte, error) {
	var buf bytes.Buffer
	w := brotli.NewWriterLevel(&buf, brotliLevel)
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

// mediaType does not ask the operating system's table for the kinds a build
// has: that table differs from machine to machine.
func mediaType(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".json":
		return "application/json"
	case ".woff2":
		return "font/woff2"
	}
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return "application/octet-stream"
}

func compressible(mediaType string) bool {
	return strings.HasPrefix(mediaType, "text/") || strings.Contains(mediaType, "json") || strings.Contains(mediaType, "svg")
}

// accepts reads an Accept-Encoding header; "q=0" refuses.
func accepts(header string) map[Encoding]bool {
	out := map[Encoding]bool{}
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(part, ";")
		q := strings.ReplaceAll(params, " ", "")
		refused := q == "q=0" || q == "q=0.0" || q == "q=0.00" || q == "q=0.000"
		out[Encoding(strings.ToLower(strings.TrimSpace(name)))] = !refused
	}
	return out
}
