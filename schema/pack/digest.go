package pack

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
)

// digest is the SHA-256 over names, sizes and contents of all files in order of
// their names; the digest line of pack.yaml does not count.
func digest(files map[string][]byte) string {
	h := sha256.New()
	for _, name := range sortedNames(files) {
		data := files[name]
		if name == "pack.yaml" {
			data = withoutDigest(data)
		}
		fmt.Fprintf(h, "%d:%s%d:", len(name), name, len(data))
		h.Write(data)
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}

// withoutDigest drops the top-level digest line of pack.yaml.
func withoutDigest(src []byte) []byte {
	var out []byte
	for line := range bytes.Lines(src) {
		if !bytes.HasPrefix(line, []byte("digest:")) {
			out = append(out, line...)
		}
	}
	return out
}

// withDigest gives pack.yaml its digest, as the last line.
func withDigest(src []byte, sum string) []byte {
	out := withoutDigest(src)
	if len(out) > 0 && out[len(out)-1] != '\n' {
		out = append(out, '\n')
	}
	return append(out, "digest: "+sum+"\n"...)
}

func sortedNames(files map[string][]byte) []string {
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
