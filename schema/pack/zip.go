package pack

import (
	"archive/zip"
	"io"
	"strings"

	"github.com/formwork-run/formwork/schema"
)

// ReadZip reads a pack from a .zip file as Build writes it. The files may stand
// in one common folder, as zips made by hand have them. Besides what Read
// reports, it refuses links, encrypted files, names that lead out of the pack,
// names given twice, and archives that unpack to more than MaxTotal or MaxRatio times their size.
func ReadZip(r io.ReaderAt, size int64, installed ...*schema.App) (*Pack, []schema.Problem) {
	c := newCollector()
	c.fromZip(r, size)
	return assemble(c, installed)
}

func (c *collector) fromZip(r io.ReaderAt, size int64) {
	if size > MaxTotal {
		c.fail("", "pack.too_large", "a pack has at most %d bytes", MaxTotal)
		return
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		c.fail("", "zip.unreadable", "this is not a zip file: %v", err)
		return
	}
	prefix := commonFolder(z.File)
	for _, f := range z.File {
		name, dir := strings.TrimPrefix(f.Name, prefix), strings.HasSuffix(f.Name, "/")
		switch {
		case dir:
			if p := checkPath(strings.TrimSuffix(name, "/")); name != "" && p != nil {
				c.problems = append(c.problems, *p)
			}
			continue
		case !f.Mode().IsRegular():
			c.fail(clip(name), "file.irregular", "%s is not a regular file: links and devices are not allowed", clip(name))
			continue
		case f.Flags&1 != 0:
			c.fail(clip(name), "zip.encrypted", "the file is encrypted")
			continue
		case !c.admit(name):
			continue
		}
		if !c.unpack(f, name) {
			return
		}
	}
}

// unpack reads one file of a zip, no further than its compressed size allows.
func (c *collector) unpack(f *zip.File, name string) bool {
	rc, err := f.Open()
	if err != nil {
		c.fail(name, "file.unreadable", "the file cannot be unpacked: %v", err)
		return true
	}
	defer func() { _ = rc.Close() }() // only read from
	limit := int64(MaxTotal)
	if f.CompressedSize64 < MaxTotal/MaxRatio {
		limit = max(64<<10, int64(f.CompressedSize64)*MaxRatio)
	}
	return c.read(name, rc, limit)
}

// commonFolder is the folder pack.yaml stands in when it is not at the top.
func commonFolder(files []*zip.File) string {
	prefix := ""
	for _, f := range files {
		if f.Name == "pack.yaml" {
			return ""
		}
		if dir, ok := strings.CutSuffix(f.Name, "/pack.yaml"); ok && !strings.Contains(dir, "/") {
			prefix = dir + "/"
		}
	}
	for _, f := range files {
		if prefix == "" || !strings.HasPrefix(f.Name, prefix) && !strings.HasPrefix(f.Name, "__MACOSX/") {
			return ""
		}
	}
	return prefix
}
