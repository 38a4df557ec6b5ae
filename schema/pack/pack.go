// Package pack reads, checks, writes and compares template packs: apps as
// files. It is the only importer of goccy/go-yaml. Reading touches no store and
// trusts nothing: sizes, names and YAML are guarded, and every problem names
// file, line and column.
package pack

import (
	"io/fs"

	"github.com/formwork-run/formwork/schema"
)

// Pack is a template pack that was read. It is usable only when none of the
// problems that came with it is an error.
type Pack struct {
	Meta Meta
	// App is the app the pack holds, references checked.
	App *schema.App
	// Data are the sample records as the files have them; Records gives them in order of import.
	Data []DataFile
	// Scenarios are the tests that travel with the pack, by file and place in it.
	Scenarios []Scenario
	// Source is every file as it was read, by path.
	Source map[string][]byte
}

// Meta is what pack.yaml says about the pack.
type Meta struct {
	Key         string
	Version     string // semantic version, "1.2.0"
	Title       schema.Text
	Description schema.Text
	Icon        string
	// Lang is the language of texts that are written without one; default zh-CN.
	Lang string
	// Requires names packs that must be there, Optional those that may be.
	Requires []string
	Optional []string
	// Digest is "sha256:" and 64 hex digits over all files, as Build computes
	// it; in a folder it may be absent.
	Digest string
}

// Read reads a pack from a folder. References to the apps it requires are
// checked against installed; an app that is required and not among them is a
// problem (code "requires.missing").
//
// All problems are returned. The pack is nil only when pack.yaml cannot be read.
func Read(fsys fs.FS, installed ...*schema.App) (*Pack, []schema.Problem) {
	c := newCollector()
	c.fromFS(fsys)
	return assemble(c, installed)
}
