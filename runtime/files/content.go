package files

import (
	"context"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"strings"

	"github.com/formwork-run/formwork/storage"
)

// contentType trusts the content; for the formats that content cannot tell
// apart it takes the extension's word, among those that such content can be:
// office files are zips, CSV is text, drawings are just bytes.
func contentType(name string, head []byte) string {
	found, _, _ := strings.Cut(http.DetectContentType(head), ";")
	if t := byExtension[found][strings.ToLower(filepath.Ext(name))]; t != "" {
		return t
	}
	switch found {
	case "text/html", "text/xml", "image/svg+xml":
		return "application/octet-stream" // never rendered by a browser from our origin
	}
	return found
}

// byExtension: type as found in the content → extension → type.
var byExtension = map[string]map[string]string{
	"application/zip": {
		".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	},
	"text/plain": {".csv": "text/csv", ".txt": "text/plain"},
	"application/octet-stream": {
		".doc": "application/msword",
		".xls": "application/vnd.ms-excel",
		".dwg": "image/vnd.dwg",
	},
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
