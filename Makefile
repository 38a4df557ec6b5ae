# Everything a developer runs. `make` alone explains.

LINT_VERSION := v2.15.0
LINT         := .cache/golangci-lint-$(LINT_VERSION)
FUZZTIME     ?= 30s

# Packages whose work is concurrent; the race detector costs too much for all.
RACE := ./internal/app/... ./internal/httpkit/... ./internal/pinyin/... ./rbac/... ./runtime/... \
        ./schema/catalog/... ./schema/formula/... ./storage/... ./web/...

.DEFAULT_GOAL := help
.PHONY: help run test check vet lint race ferret web web-install e2e bench fuzz screenshots clean

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## the program with the demonstration, at http://127.0.0.1:8080
	go run ./cmd/formwork serve --demo

test: ## all Go tests; needs Go alone
	go test ./...

check: ## everything that CI runs
	./.ci/run

vet: ## go vet; go.mod and gofmt without a difference
	go vet ./...
	go mod tidy -diff
	@bad=$$(git ls-files -z --cached --others --exclude-standard '*.go' | xargs -0 gofmt -l); \
	if [ -n "$$bad" ]; then echo "gofmt differs:"; echo "$$bad"; exit 1; fi

lint: $(LINT) ## golangci-lint; the first time it is built, which takes minutes
	$(LINT) run ./...

$(LINT):
	GOBIN=$(CURDIR)/.cache go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)
	mv .cache/golangci-lint $@

race: ## tests of the concurrent packages under the race detector; needs a C compiler
	CGO_ENABLED=1 go test -race -timeout 20m $(RACE)

ferret: ## the storage suite through the MongoDB driver, against a server inside the test
	cd storage/mongo/ferrettest && go vet ./... && go test -v -timeout 20m ./...

web-install: web/node_modules/.package-lock.json

web/node_modules/.package-lock.json: web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	@touch $@

web: web-install ## types, lint, unit tests and build of the browser side; dist must not change
	cd web && npm run typecheck
	cd web && npm run lint
	cd web && npm test
	cd web && npm run build
	git diff --exit-code --stat -- web/dist
	@new=$$(git ls-files --others --exclude-standard web/dist); \
	if [ -n "$$new" ]; then echo "the build made files that are not committed:"; echo "$$new"; exit 1; fi

e2e: web-install ## journeys in a real browser, with the real program; needs Chromium
	cd web && npm run e2e

bench: ## rates and ratios of this machine
	go run ./cmd/formwork bench

fuzz: ## every fuzz target for FUZZTIME (30s)
	@for dir in $$(git ls-files '*_test.go' | xargs grep -lE '^func Fuzz' | grep -v ferrettest | xargs -n1 dirname | sort -u); do \
		for f in $$(grep -hoE '^func Fuzz[A-Za-z0-9_]+' $$dir/*_test.go | cut -d' ' -f2); do \
			echo "== $$dir $$f"; \
			go test ./$$dir -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZTIME) || exit 1; \
		done; \
	done

screenshots: web-install ## the pictures of README.md; needs Chromium and a Chinese font
	node docs/images/take.mjs

clean: ## what was built or downloaded for tools
	rm -rf .cache formwork web/e2e/out
