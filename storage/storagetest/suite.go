// Package storagetest is the conformance suite of the document store port: every
// sentence of its written semantics is a named case, the same for every store.
package storagetest

import (
	"maps"
	"slices"
	"testing"

	"github.com/formwork-run/formwork/storage"
)

// Options adapt the suite to a server.
type Options struct {
	// Exceptions names the cases that a server cannot run, with the reason. They
	// are skipped with that reason and counted; a name of no case fails the suite.
	Exceptions map[string]string
	// Slow keeps the data of the larger cases small, for servers that take some
	// hundred writes a second.
	Slow bool
}

// kase is one sentence of the semantics.
type kase struct {
	name string // "area/sentence"
	run  func(e *env)
}

// Cases lists the names of all cases.
func Cases() []string {
	var names []string
	for _, k := range cases() {
		names = append(names, k.name)
	}
	return names
}

func cases() []kase {
	return slices.Concat(crudCases, patchCases, filterCases, elemCases, sortCases, pagingCases, typeCases, conflictCases,
		indexCases, uniqueCases, expireCases, claimCases, aggregateCases, groupCases, limitCases, concurrencyCases,
		blobCases, tenantCases)
}

// Run runs every case against one store made by factory. The factory closes it
// with t.Cleanup. Each case has a collection of its own.
func Run(t *testing.T, factory func(t *testing.T) storage.Store, opts Options) {
	t.Helper()
	store := factory(t)
	unused := maps.Clone(opts.Exceptions)
	skipped, total := 0, 0
	for i, k := range cases() {
		total++
		reason, excepted := opts.Exceptions[k.name]
		delete(unused, k.name)
		if excepted {
			skipped++
		}
		t.Run(k.name, func(t *testing.T) {
			if excepted {
				t.Skipf("named exception: %s", reason)
			}
			k.run(newEnv(t, store, opts, i))
		})
	}
	for name := range unused {
		t.Errorf("exception %q names no case", name)
	}
	t.Logf("storage conformance: %d cases, %d named exceptions", total, skipped)
}
