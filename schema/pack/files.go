package pack

import (
	"errors"
	"io"
	"io/fs"
	"strings"

	"github.com/formwork-run/formwork/schema"
)

// collector gathers the files of a pack within the limits.
type collector struct {
	files    map[string][]byte
	folded   map[string]string // lower-case path → path
	total    int64
	problems []schema.Problem
}

func newCollector() *collector {
	return &collector{files: map[string][]byte{}, folded: map[string]string{}}
}

func (c *collector) fail(file, code, format string, args ...any) {
	c.problems = append(c.problems, fileProblem(file, code, format, args...))
}

// admit decides by name whether a file is read at all.
func (c *collector) admit(name string) bool {
	if p := checkPath(name); p != nil {
		c.problems = append(c.problems, *p)
		return false
	}
	if ignored(name) {
		return false
	}
	if len(c.folded) >= MaxFiles {
		if len(c.folded) == MaxFiles {
			c.fail(name, "pack.too_many_files", "a pack has at most %d files", MaxFiles)
			c.folded["\x00"] = "" // say it once
		}
		return false
	}
	lower := strings.ToLower(name)
	if other, taken := c.folded[lower]; taken {
		if other == name {
			c.fail(name, "file.duplicate", "the file is there twice")
		} else {
			c.fail(name, "file.duplicate", "the name differs from %s only in upper and lower case", other)
		}
		return false
	}
	c.folded[lower] = name
	if p := checkPlace(name); p != nil {
		c.problems = append(c.problems, *p)
		return false
	}
	return true
}

// read takes a file's content, counting what really comes out of it: the size
// a zip declares is only a claim. It reports whether reading may go on.
func (c *collector) read(name string, r io.Reader, limit int64) bool {
	room := min(limit, maxSize(name), MaxTotal-c.total)
	data, err := io.ReadAll(io.LimitReader(r, room+1))
	c.total += int64(len(data))
	switch {
	case err != nil:
		c.fail(name, "file.unreadable", "the file cannot be read: %v", err)
	case int64(len(data)) <= room:
		c.files[name] = data
	case c.total > MaxTotal:
		c.fail(name, "pack.too_large", "the files of a pack have at most %d bytes together", MaxTotal)
		return false
	case room == limit && limit < maxSize(name):
		c.fail(name, "zip.ratio", "the file unpacks to more than %d times its size", MaxRatio)
	default:
		c.fail(name, "file.too_large", "the file has more than %d bytes", maxSize(name))
	}
	return true
}

// fromFS collects a folder.
func (c *collector) fromFS(fsys fs.FS) {
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			if ignored(name + "/") {
				return fs.SkipDir
			}
			return nil
		case !d.Type().IsRegular():
			c.fail(clip(name), "file.irregular", "%s is not a regular file: links and devices are not allowed", name)
			return nil
		case !c.admit(name):
			return nil
		}
		return c.openAndRead(fsys, name)
	})
	if err != nil && !errors.Is(err, fs.SkipAll) {
		c.fail("", "file.unreadable", "the pack cannot be read: %v", err)
	}
}

func (c *collector) openAndRead(fsys fs.FS, name string) error {
	f, err := fsys.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read from
	if !c.read(name, f, MaxTotal) {
		return fs.SkipAll
	}
	return nil
}
