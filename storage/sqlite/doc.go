// Package sqlite implements the document store over SQLite: one file per tenant,
// WAL, one writer goroutine per tenant that commits many waiting writes at once,
// and a pool of readers. It is the only importer of modernc.org/sqlite.
//
// A collection is a table of (id, rev, doc) where doc is the document as JSON,
// plus one physical column per declared index field. The column holds a key
// computed in Go whose SQL order and equality are exactly filter.Compare's, so
// an index never needs a function of ours inside SQLite and any SQLite tool can
// check the file. List-valued fields have a side table of keys. What no key can
// answer is evaluated by filter.Match on the rows that the keys leave over.
package sqlite
