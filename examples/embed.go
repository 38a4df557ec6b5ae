// Package examples holds the prebuilt template packs and the people of the
// demonstration, embedded, so that the bare binary can show itself.
package examples

import (
	"embed"
	"io/fs"
	"slices"
)

// FS holds every pack as a folder of its key, and demo/org.yaml.
//
//go:embed all:base all:cost all:schedule all:funds all:labour demo
var FS embed.FS

// names are the packs in an order in which each comes after those it requires.
var names = []string{"base", "cost", "schedule", "funds", "labour"}

// Names lists the packs, each after those it requires.
func Names() []string { return slices.Clone(names) }

// Pack returns the folder of a pack; an unknown name gives a folder that cannot be read.
func Pack(name string) fs.FS {
	sub, err := fs.Sub(FS, name)
	if err != nil { // only for a name that is no path
		return embed.FS{}
	}
	return sub
}

// Org returns the file that describes the people of the demonstration, for pack.ReadOrg.
func Org() []byte {
	src, err := FS.ReadFile("demo/org.yaml")
	if err != nil { // the compiler embedded it
		panic(err)
	}
	return src
}
