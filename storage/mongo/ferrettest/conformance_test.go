package ferrettest_test

import (
	"testing"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/storagetest"
)

// Why FerretDB v1 cannot run a case.
const (
	noDecimal   = "FerretDB drops the connection on a Decimal128"
	noPartial   = "FerretDB has no partial indexes"
	noExpire    = "FerretDB has no expiring indexes"
	noElem      = "FerretDB has no $elemMatch with $and, and lets different elements satisfy its operators"
	noCross     = "FerretDB compares null with the whole path where it crosses a list, not with each element"
	noExplain   = "FerretDB does not tell which index serves a query"
	noUnique    = "FerretDB does not report a broken unique index from findAndModify as a duplicate key"
	noNullKey   = "FerretDB takes missing and null for different values of a unique index, missing for none"
	noMultikey  = "FerretDB indexes a list as a whole, not its elements"
	noAtomic    = "FerretDB's findAndModify is not atomic: it reads, then writes"
	noAggregate = "FerretDB's $group has no $ifNull, $cond, $min, $max and no date operators"
)

var exceptions = map[string]string{
	"crud/a-blind-patch-takes-members-away":              noPartial,
	"crud/a-blind-patch-takes-lists-away":                noPartial,
	"crud/a-blind-patch-empties-a-document":              noPartial,
	"crud/patch-increments":                              noDecimal,
	"filter/ranges-match-the-same-type-only":             noDecimal,
	"filter/in-takes-many-values":                        noDecimal,
	"sort/numbers-by-value":                              noDecimal,
	"sort/numbers-beyond-the-declared-scale":             noDecimal,
	"paging/stable-across-null-keys":                     noDecimal,
	"paging/with-a-filter":                               noDecimal,
	"paging/the-projection-does-not-matter":              noDecimal,
	"types/every-type-comes-back":                        noDecimal,
	"types/int64-and-decimal-stay-apart":                 noDecimal,
	"types/decimals-keep-their-places":                   noDecimal,
	"types/decimals-compare-exactly":                     noDecimal,
	"index/keeps-up-with-changes":                        noDecimal,
	"index/unique-over-several-fields":                   noDecimal,
	"limits/ten-thousand-rows":                           noDecimal,
	"aggregate/groups-and-measures":                      noDecimal,
	"aggregate/min-and-max":                              noDecimal,
	"aggregate/counts-distinct-values":                   noDecimal,
	"aggregate/decimals-sum-exactly":                     noDecimal,
	"aggregate/sums-beyond-int64":                        noDecimal,
	"aggregate/sums-ignore-what-is-no-number":            noDecimal,
	"aggregate/with-a-filter":                            noDecimal,
	"aggregate/equal-numbers-are-one-group":              noDecimal,
	"aggregate/integers-stay-integers":                   noAggregate,
	"aggregate/without-keys-there-is-one-row":            noAggregate,
	"aggregate/grains-of-times-in-a-zone":                noAggregate,
	"aggregate/grains-of-date-texts":                     noAggregate,
	"aggregate/several-keys-in-order":                    noAggregate,
	"aggregate/a-key-that-meets-a-list-is-refused":       noAggregate,
	"aggregate/too-many-groups-are-refused":              noAggregate,
	"filter/elem-match-is-about-one-element":             noElem,
	"filter/elem-match-of-the-element-itself":            noElem,
	"filter/paths-cross-lists":                           noCross,
	"index/lists-where-none-was-declared":                noCross,
	"index/serves-its-filter-and-sort":                   noExplain,
	"index/list-paths-are-served":                        noExplain,
	"index/sparse-holds-those-with-the-field":            noPartial,
	"index/sparse-serves-a-sweep":                        noPartial,
	"index/unique-if-present-leaves-out-absent":          noPartial,
	"index/unset-frees-a-unique-value":                   noPartial,
	"index/unique-on-existing-duplicates-lists-them":     noPartial,
	"concurrency/one-of-many-unique-values-wins":         noPartial,
	"concurrency/a-refusal-does-not-fail-its-neighbours": noPartial,
	"index/an-expired-document-is-invisible-at-once":     noExpire,
	"index/an-expired-document-cannot-be-changed":        noExpire,
	"index/an-expired-document-frees-its-id-and-values":  noExpire,
	"index/what-expires-later-is-there":                  noExpire,
	"index/unique-refuses-and-names":                     noUnique,
	"index/unique-takes-null-and-missing-for-one-value":  noNullKey,
	"index/unique-list-elements":                         noMultikey,
	"claim/workers-share-without-overlap":                noAtomic,
	"concurrency/increments-are-not-lost":                noAtomic,
	"concurrency/one-of-many-compare-and-sets-wins":      noAtomic,
}

func TestConformance(t *testing.T) {
	t.Parallel()
	storagetest.Run(t, func(t *testing.T) storage.Store { return open(t) }, storagetest.Options{Exceptions: exceptions, Slow: true})
	reasons := map[string]int{}
	for _, reason := range exceptions {
		reasons[reason]++
	}
	for reason, n := range reasons {
		t.Logf("%3d cases run on a real server only: %s", n, reason)
	}
}

// The differential test in the world that FerretDB has: filters, orders and pages
// over documents of all shapes, without decimals.
func TestDifferential(t *testing.T) {
	t.Parallel()
	s := open(t)
	w := storagetest.World{NoDecimals: true, NoCrossing: true, NoElemMatch: true, NoAggregate: true, NoSparse: true}
	for seed := range uint64(3) {
		storagetest.DifferentialIn(t, s, seed, 80, w)
	}
}
