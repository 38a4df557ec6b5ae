// Package storage is the document store port: what every store must do, in the
// terms of documents. storage/sqlite and storage/mongo implement it;
// storage/storagetest proves that they agree.
//
// Single-document atomicity is the only atomicity there is. Written semantics
// (each a named case of the conformance suite) are listed in docs/storage.md.
package storage

import (
	"context"
	"io"
	"time"

	"github.com/formwork-run/formwork/storage/filter"
)

// Doc is one document. Values are exactly these Go types, at any depth:
//
//	nil, bool, string, int64, decimal.Decimal, time.Time (UTC, ms), []any, map[string]any
//
// A store returns the types it was given. int (Go) is accepted and stored as
// int64; any other type is ErrInvalid naming the path. "_id" (string, not
// empty) and "_rev" (int64, kept by the store: 1 on insert, +1 on every write)
// are the store's own keys. Keys contain no dot, no NUL and do not start with "$".
type Doc = map[string]any

// Keys the store owns.
const (
	ID  = "_id"
	Rev = "_rev"
)

// Limits of one document, filter and result.
const (
	MaxDocBytes   = 8 << 20 // encoded size of one document
	MaxFindLimit  = 1000    // documents of one page
	MaxIndexes    = 40      // declared indexes of one collection
	MaxClaim      = 100     // documents of one Claim
	MaxGroups     = 100_000 // rows of one Aggregate
	DefaultLimit  = 50
	MaxKeyLength  = 200 // bytes of an _id
	MaxSortFields = 4
)

// Store is one database server or folder, holding many tenants.
type Store interface {
	// Tenant opens a tenant's documents, creating the place on first use.
	// id is [a-z0-9_-]{1,40}; anything else is ErrInvalid.
	Tenant(id string) (Tenant, error)
	// System holds what belongs to no tenant: tenants and their places, nodes, leases.
	System() Tenant
	// Ping fails when the store cannot take a write now.
	Ping(ctx context.Context) error
	// Close waits for acknowledged writes and releases everything.
	Close(ctx context.Context) error
}

// Tenant is the data of one organisation.
type Tenant interface {
	// Collection names a collection ([a-z][a-z0-9_]{0,80}); it exists from its first write or Indexes call.
	Collection(name string) Collection
	// Collections lists the names that exist, sorted.
	Collections(ctx context.Context) ([]string, error)
	Blobs() Blobs
	// Snapshot writes a consistent backup of all documents and blobs.
	Snapshot(ctx context.Context, w io.Writer) error
	// Drop removes the tenant and all it holds.
	Drop(ctx context.Context) error
}

// Collection is a set of documents with indexes.
type Collection interface {
	// Insert adds documents, all or none on SQLite, in order and stopping at
	// the first failure on MongoDB (callers insert several only where ids are
	// derived, so a repeat is harmless). ErrDuplicate names the index and the document.
	Insert(ctx context.Context, docs ...Doc) error
	// Get returns the document, or ErrNotFound.
	Get(ctx context.Context, id string) (Doc, error)
	// GetMany returns those of the documents that exist, by id. At most MaxFindLimit ids.
	GetMany(ctx context.Context, ids []string) (map[string]Doc, error)
	// Replace writes the document if its stored _rev equals doc["_rev"], and
	// returns the new _rev. ErrConflict otherwise, ErrNotFound when it is gone.
	Replace(ctx context.Context, doc Doc) (int64, error)
	// Patch changes parts of one document atomically and returns the document
	// after the change. ErrNotFound: no such id; ErrConflict: the guard does not hold.
	Patch(ctx context.Context, id string, guard Guard, patch Patch) (Doc, error)
	// Delete removes one document under the same guard rules as Patch.
	Delete(ctx context.Context, id string, guard Guard) error
	// Find returns one page, in the order of q.Sort then _id.
	Find(ctx context.Context, q Query) (Page, error)
	// Count counts matches, at most limit (limit 0 = no bound); the result limit+1 means "more than limit".
	Count(ctx context.Context, where filter.Expr, limit int) (int, error)
	// Aggregate groups and measures; averages are sum/count in the caller.
	Aggregate(ctx context.Context, g Group) ([]Row, error)
	// Claim leases up to n documents that match q and whose lease is free or
	// over, oldest sort key first. It sets "lease_until" and a new "lease_token"
	// on each; finishing or extending is a Patch guarded on the token.
	// now is the caller's clock.
	Claim(ctx context.Context, q Query, now time.Time, lease time.Duration, n int) ([]Doc, error)
	// Indexes makes the declared set so: creates what is missing, drops what is
	// no longer declared. A unique index that existing documents break is
	// ErrDuplicate listing them; then nothing is changed.
	Indexes(ctx context.Context, want ...Index) error
	// Explain tells which index would serve a query.
	Explain(ctx context.Context, q Query) (Plan, error)
}

// Guard decides whether a write may happen. The zero Guard always allows it.
type Guard struct {
	Rev   int64       // when > 0, the stored _rev must equal it
	Where filter.Expr // when not nil, the stored document must match it
}

// Patch is a set of changes to one document. Paths are dotted; numeric
// segments index arrays. Two entries never touch the same path or a prefix of
// one another (ErrInvalid). Push appends each of its values; Pull removes the
// array elements equal to one of its values. Inc works on int64 and decimals
// and takes a missing value as zero.
type Patch struct {
	Set   map[string]any
	Unset []string
	Inc   map[string]any
	Push  map[string][]any
	Pull  map[string][]any
	// Blind: the caller has no use for the document, so that Patch may return nil instead.
	Blind bool
}

// Query selects documents.
type Query struct {
	Where  filter.Expr   // nil matches all
	Sort   []filter.Sort // at most MaxSortFields; _id ascending is appended
	Limit  int           // 0 = DefaultLimit, at most MaxFindLimit
	Cursor string        // Page.Next of the page before, for the same Sort; a cursor of another Sort is ErrInvalid
	Fields []string      // projection by dotted path; nil = whole documents; _id and _rev always come
}

// Page is one page of documents.
type Page struct {
	Docs []Doc
	Next string // "" on the last page
}

// GroupKey is one grouping key: a path, or a calendar grain of a time or of a
// "2006-01-02" date text. Null and missing are one group, nil. A grain's key is a
// text that sorts by time: "2026", "2026-Q1", "2026-01", "2026-W05" (ISO week),
// "2026-01-31", "2026-01-31T09"; what has no such grain is nil. A key that meets
// a list is ErrInvalid.
type GroupKey struct {
	As    string
	Path  string
	Grain string // "", year, quarter, month, week (ISO, Monday), day, hour
	Zone  string // IANA name for the grains of times; "" = UTC
}

// Measure is one aggregate of a group. A value is present when it is neither
// missing nor null. sum adds the numbers and ignores all else: of int64 an int64,
// with decimals a decimal, of nothing int64 0. min and max follow filter.Compare
// and are nil of nothing. Counts are int64.
type Measure struct {
	As   string
	Fn   string // sum, min, max, count (of values present), countDistinct; Path "" with count = documents
	Path string
}

// Group asks for an aggregation.
type Group struct {
	Where    filter.Expr
	By       []GroupKey
	Measures []Measure
	Limit    int // 0 = MaxGroups; more rows than that are ErrTooLarge
}

// Row is one group: keys and measures by their As. Sums of decimals are
// decimals. Rows come in the order of their keys. Without By there is exactly one row.
type Row map[string]any

// Index declares one index. The name is derived from its content.
type Index struct {
	Fields []IndexField
	// Unique refuses a second document with the same values.
	Unique bool
	// IfPresent with Unique: documents in which any of the fields is absent are not indexed.
	IfPresent bool
	// Expire: documents whose (single, time) field lies in the past are invisible at once and removed in time.
	Expire bool
	// Sparse: only documents that have the first field are indexed (e.g. "due").
	Sparse bool
}

// IndexField is one key of an index.
type IndexField struct {
	Path string
	Desc bool
	// Scale is the declared number of decimals of a decimal field, 0–20; -1 = no decimal or no scale declared.
	Scale int
	// List: the path holds a list, or crosses one (at most one such field in an index).
	List bool
}

// Plan tells how a query would run.
type Plan struct {
	Index string // "" = full scan
	Sort  bool   // a separate sort step is needed
	Text  string // the driver's own words
}

// Blobs stores files.
type Blobs interface {
	// Put stores a stream under an id and returns its size; an existing id is replaced only when complete.
	Put(ctx context.Context, id string, r io.Reader) (int64, error)
	// Open reads from offset; length < 0 reads to the end. ErrNotFound when absent.
	Open(ctx context.Context, id string, offset, length int64) (io.ReadCloser, error)
	// Stat returns the size.
	Stat(ctx context.Context, id string) (int64, error)
	// Delete removes it; deleting what is not there is no error.
	Delete(ctx context.Context, id string) error
	// Sweep removes what is left of Puts that began before a time and never came
	// to their end, and gives how many there were. No blob is touched.
	Sweep(ctx context.Context, before time.Time) (int, error)
}
