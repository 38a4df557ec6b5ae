package pack

import (
	"archive/zip"
	"compress/flate"
	"io"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
)

// buildTime stamps every file of a built pack, so that the same files give the same bytes.
var buildTime = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

// Build writes the pack as a .zip: files sorted by name, fixed times, the digest
// in pack.yaml. The same files always give the same bytes. What it writes,
// ReadZip reads without a problem. It returns the digest.
func Build(p *Pack, w io.Writer) (string, error) {
	sum := digest(p.Source)
	z := zip.NewWriter(w)
	for _, name := range sortedNames(p.Source) {
		data := p.Source[name]
		if name == "pack.yaml" {
			data = withDigest(data, sum)
		}
		if err := writeFile(z, name, data); err != nil {
			return "", err
		}
	}
	if err := z.Close(); err != nil {
		return "", fault.New(fault.Internal, "pack.write", "the pack cannot be written").Because(err)
	}
	return sum, nil
}

func writeFile(z *zip.Writer, name string, data []byte) error {
	h := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: buildTime}
	h.SetMode(0o644)
	if tooUniform(data) {
		h.Method = zip.Store // keeps our own guard from refusing a very uniform file
	}
	f, err := z.CreateHeader(h)
	if err == nil {
		_, err = f.Write(data)
	}
	if err != nil {
		return fault.Newf(fault.Internal, "pack.write", "%s cannot be written", name).Because(err)
	}
	return nil
}

// tooUniform reports whether the data would compress past what reading accepts.
func tooUniform(data []byte) bool {
	if len(data) <= 64<<10 {
		return false
	}
	var packed countingWriter
	f, _ := flate.NewWriter(&packed, flate.DefaultCompression) // the level is valid
	_, _ = f.Write(data)                                       // counting cannot fail
	_ = f.Close()
	return int64(len(data)) > int64(packed)*MaxRatio
}

type countingWriter int64

func (c *countingWriter) Write(b []byte) (int, error) {
	*c += countingWriter(len(b))
	return len(b), nil
}
