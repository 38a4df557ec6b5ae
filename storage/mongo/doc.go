// Package mongo implements the document store over MongoDB 5.0 and later: one
// database per tenant, one collection per collection. It is the only importer
// of the MongoDB driver.
//
// It expects a replica set (of one member at least): writes are acknowledged by
// the majority and retried by the driver, reads are majority reads of the
// primary, so whoever was told that a write succeeded reads it.
//
// A document is stored as it is: decimals as Decimal128, int64 as a 64-bit
// integer, times as dates, maps with their keys in order. Filters and orders are
// MongoDB's own, whose rules (type order, lists matching by element, null and
// missing) the port has taken over. No transactions, no change streams.
//
// Three things follow MongoDB and not filter.Match, and no caller depends on
// them: maps are compared in the order of their stored keys, which a Patch that
// adds a key to a map within a document leaves at the end; a numeric segment of
// a path also finds a key of that name in the maps of a list; a unique index
// over a list takes two empty lists for the same value.
package mongo
