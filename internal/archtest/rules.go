package archtest

import (
	"slices"
	"strings"
)

// kits are the leaf packages without domain words; nearly everybody may import them.
var kits = []string{"internal/fault", "internal/clock", "internal/ids", "internal/decimal", "internal/pinyin"}

// may joins the kits with more patterns.
func may(more ...string) []string { return append(slices.Clone(kits), more...) }

// Formwork are the rules of this module; docs/architecture.md says why.
func Formwork() Rules {
	return Rules{
		Module:   "github.com/formwork-run/formwork",
		Packages: packageMap(),
		Apart: [][2]string{
			{"builder-api", "runtime"}, // they meet in schema/catalog, schema/eval and rbac; internal/app joins them
		},
		Homes: homes(),
		Testing: map[string]string{
			"bench": "testing.Benchmark measures formulas and access decisions for the command `formwork bench`",
		},
		MaxFile: 500, MaxFunc: 60, MaxIface: 5,
		Large: map[string]string{
			"storage/storage.go: Collection": "a port: implemented twice, proved once by storage/storagetest",
		},
	}
}

// packageMap is the program from the bottom to the top.
func packageMap() []Package {
	return []Package{
		{"internal/fault", 0, nil},
		{"internal/clock", 0, nil},
		{"internal/ids", 0, nil},
		{"internal/decimal", 0, nil},
		{"internal/pinyin", 0, nil},
		{"internal/config", 0, nil},
		{"internal/seal", 0, nil},
		{"internal/httpkit", 0, kits},
		{"internal/archtest", 0, nil},

		{"storage/filter", 1, kits},
		{"storage", 1, may("storage/filter")},
		{"storage/signal", 1, []string{"storage"}},
		{"storage/storagetest", 1, may("storage", "storage/filter")},
		{"storage/sqlite", 1, may("storage", "storage/filter")},
		{"storage/mongo", 1, may("storage", "storage/filter")},
		{"schema/internal/ordjson", 1, nil},
		{"schema/formula", 1, may("storage/filter")},
		{"schema", 1, may("schema/formula", "schema/internal/ordjson", "storage/filter")},
		{"schema/jsonschema", 1, may("schema", "schema/internal/ordjson")},
		{"schema/eval", 1, may("schema", "schema/formula", "schema/jsonschema", "schema/internal/ordjson", "storage/filter")},
		{"schema/pack", 1, may("schema", "schema/formula", "schema/internal/ordjson")},

		{"engine", 2, []string{"schema", "schema/formula", "internal/fault", "internal/decimal"}},
		{"rbac", 2, may("schema", "schema/formula", "storage/filter")},
		{"rbac/org", 2, may("schema", "schema/formula", "rbac", "storage", "storage/signal", "storage/filter")},
		{"rbac/authn", 2, may("schema", "rbac", "rbac/org", "storage", "storage/signal", "storage/filter")},
		{"schema/catalog", 2, may("schema", "schema/formula", "schema/eval", "schema/jsonschema", "schema/pack", "engine", "storage", "storage/filter")},

		{"runtime/...", 3, may("runtime/...", "!runtime/httpapi", "rbac/...", "engine", "schema/...", "storage", "storage/filter", "storage/signal", "internal/seal")},
		{"runtime/internal/kit", 3, may("runtime/...", "!runtime/httpapi", "rbac/...", "engine", "schema/...", "storage", "storage/filter", "storage/sqlite", "internal/seal")}, // of tests
		{"builder-api/design", 3, may("rbac/...", "engine", "schema/...", "storage", "storage/filter")},

		{"web", 4, nil},
		{"runtime/httpapi", 4, may("runtime/...", "rbac/...", "engine", "schema/...", "storage/filter", "internal/httpkit", "web")},
		{"builder-api", 4, may("builder-api/design", "rbac/...", "engine", "schema/...", "storage/filter", "internal/httpkit")},
		{"integration/...", 4, may("integration/...", "rbac/...", "schema/...", "storage", "storage/filter", "internal/httpkit")},

		{"examples", 5, nil},
		{"internal/app", 5, []string{"internal/...", "storage/...", "schema/...", "engine", "rbac/...", "runtime/...", "builder-api/...", "integration/...", "web", "examples"}},
		{"bench", 5, []string{"internal/...", "storage/...", "schema/...", "engine", "rbac/...", "runtime/...", "examples"}},
		{"cmd/formwork", 5, []string{"internal/app", "internal/config", "bench", "examples", "rbac/authn", "runtime/audit", "schema/..."}},
	}
}

// homes gives each library the one package that hides it from the rest.
func homes() map[string]Home {
	one := func(packages ...string) Home { return Home{Packages: packages} }
	return map[string]Home{
		"github.com/cockroachdb/apd/v3":       one("internal/decimal"),
		"github.com/google/uuid":              one("internal/ids"),
		"github.com/mozillazg/go-pinyin":      one("internal/pinyin"),
		"github.com/expr-lang/expr":           one("schema/formula"),
		"github.com/xuri/excelize/v2":         {Packages: []string{"runtime/transfer"}, Tests: true},  // tests read what was written
		"github.com/xeipuuv/gojsonschema":     {Packages: []string{"schema/jsonschema"}, Tests: true}, // tests hold docs/schema to real files
		"github.com/goccy/go-yaml":            {Packages: []string{"schema/pack"}, Tests: true},
		"github.com/casbin/casbin/v2":         one("rbac"),
		"golang.org/x/crypto":                 one("rbac/authn"),
		"github.com/boombuler/barcode":        one("rbac/authn"),
		"github.com/tink-crypto/tink-go/v2":   one("internal/seal"),
		"modernc.org/sqlite":                  one("storage/sqlite"),
		"go.mongodb.org/mongo-driver/v2":      one("storage/mongo"),
		"github.com/gofiber/fiber/v2":         one("internal/httpkit", "runtime/httpapi", "builder-api", "internal/app", "bench"), // app mounts, bench is its raw baseline
		"github.com/prometheus/client_golang": one("internal/httpkit"),
		"github.com/andybalholm/brotli":       one("web"),
		"github.com/spf13/cobra":              one("cmd/formwork"),
		"github.com/google/go-cmp":            {Tests: true},
		"pgregory.net/rapid":                  {Tests: true},
		"github.com/getkin/kin-openapi":       {Tests: true},
	}
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.SortFunc(out, strings.Compare)
	return out
}
