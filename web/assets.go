package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"sort"
	"strings"
	"sync"
)

// bootMark is the place in index.html where the boot JSON goes.
const bootMark = "<!--boot-->"

// Assets is the built browser side. It is immutable and safe for concurrent use.
type Assets struct {
	hash  string
	files map[string]*File
	index []byte // with asset addresses resolved, boot mark still in
}

// Load returns the embedded assets; the first call compresses them.
func Load() (*Assets, error) { return loadOnce() }

var loadOnce = sync.OnceValues(func() (*Assets, error) {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	return New(sub)
})

// New reads a build from a file system whose root holds index.html.
func New(root fs.FS) (*Assets, error) {
	a := &Assets{files: map[string]*File{}}
	raw := map[string][]byte{}
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw[name], err = fs.ReadFile(root, name)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("web: read assets: %w", err)
	}
	html, ok := raw["index.html"]
	if !ok {
		return nil, errors.New("web: assets have no index.html")
	}
	a.hash = hashOf(raw)
	a.index = bytes.ReplaceAll(html, []byte(`="./`), []byte(`="`+a.Prefix()))
	if !bytes.Contains(a.index, []byte(bootMark)) {
		return nil, fmt.Errorf("web: index.html has no %s", bootMark)
	}
	delete(raw, "index.html")
	return a, a.compress(raw)
}

// Hash identifies this build: 12 lower-case hex digits over all names and bytes.
func (a *Assets) Hash() string { return a.hash }

// Prefix is the path under which pages of this build ask for their files, "/a/<hash>/".
func (a *Assets) Prefix() string { return "/a/" + a.hash + "/" }

// Lookup finds the file for a request path "/a/<any hash>/<name>". A page that
// was opened before an upgrade asks with the old hash: it gets the file of the
// present build, and current tells that the answer must not be cached.
func (a *Assets) Lookup(requestPath string) (f *File, current, ok bool) {
	rest, found := strings.CutPrefix(requestPath, "/a/")
	if !found {
		return nil, false, false
	}
	hash, name, found := strings.Cut(rest, "/")
	if !found {
		return nil, false, false
	}
	f, ok = a.files[name]
	return f, hash == a.hash, ok
}

// File finds a file by its name inside the build, e.g. "icon.svg".
func (a *Assets) File(name string) (*File, bool) {
	f, ok := a.files[name]
	return f, ok
}

// Index returns the page for any address of the application with boot inlined
// as JSON for the script to read. The JSON is escaped so that no value can end
// the script element; boot nil gives an empty object.
func (a *Assets) Index(boot any) ([]byte, error) {
	if boot == nil {
		boot = struct{}{}
	}
	data, err := json.Marshal(boot) // escapes <, >, & and U+2028/9
	if err != nil {
		return nil, fmt.Errorf("web: boot data: %w", err)
	}
	tag := append([]byte(`<script type="application/json" id="boot">`), data...)
	tag = append(tag, "</script>"...)
	return bytes.Replace(a.index, []byte(bootMark), tag, 1), nil
}

func (a *Assets) compress(raw map[string][]byte) error {
	for name, data := range raw {
		f, err := newFile(name, data)
		if err != nil {
			return fmt.Errorf("web: compress %s: %w", name, err)
		}
		a.files[name] = f
	}
	return nil
}

func hashOf(files map[string][]byte) string {
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	sort.Strings(names)
	h := sha256.New()
	for _, name := range names {
		fmt.Fprintf(h, "%s\x00%d\x00", name, len(files[name]))
		h.Write(files[name])
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}
