# evalr: `make help` lists the targets.

SHELL   := /bin/bash
GO      ?= go
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -s -w -X main.version=$(VERSION)
FUZZTIME ?= 20s
export CGO_ENABLED ?= 0

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: ## install what this machine lacks (silent when all is there)
	@./tools/setup.sh

.PHONY: build
build: ## build bin/evalr
	@mkdir -p bin
	$(GO) build -trimpath -buildvcs=false -ldflags '$(LDFLAGS)' -o bin/evalr ./cmd/evalr

.PHONY: run
run: setup build ## the main job: the embedded sets, with a local server or the stand-in
	./bin/evalr run -m auto -b 'evalr-*' -k 2

.PHONY: test
test: setup ## all tests that need no special machine
	$(GO) test ./...

.PHONY: check
check: setup ## format, vet, lint and tests: before every commit
	@test -z "$$(gofmt -l .)" || { echo "not formatted (gofmt -w .):"; gofmt -l .; exit 1; }
	$(GO) vet ./...
	@$(MAKE) --no-print-directory lint
	$(GO) test ./...

.PHONY: lint
lint: ## golangci-lint and, where its database can be reached, govulncheck
	@mkdir -p bin
	@$(GO) build -C tools -o ../bin/golangci-lint github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	./bin/golangci-lint run ./...
	@$(GO) build -C tools -o ../bin/govulncheck golang.org/x/vuln/cmd/govulncheck
	@./tools/vulncheck.sh

.PHONY: race
race: ## all tests with the race detector, and the long crash test
	@./tools/setup.sh gcc
	CGO_ENABLED=1 EVALR_KILLS=30 $(GO) test -race -skip TestTheSearchReachesTheBestFixed ./...

.PHONY: cross
cross: ## build for what this machine is not: Linux on arm64, macOS
	GOOS=linux GOARCH=arm64 $(GO) vet ./internal/sandbox/... && GOOS=linux GOARCH=arm64 $(GO) build ./...
	GOOS=darwin GOARCH=arm64 $(GO) build ./...

.PHONY: slow
slow: setup ## the sandbox's whole suite: warm and cold, as root and as an ordinary user; a soak of 3,000 programs; all reference solutions, all hacks in all forms; 100 runs under a cap
	EVALR_SLOW=1 EVALR_SOAK=3000 $(GO) test -count=1 -timeout 20m ./internal/sandbox
	EVALR_SLOW=1 $(GO) test -count=1 -timeout 10m -run 'ReferenceSolutions|NoHackPasses|NoRunSpends' ./benchmarks ./scoring ./cmd/evalr

.PHONY: engine
engine: ## tests with a real engine: llama.cpp's own server, built once from source (some minutes)
	@server="$$(./tools/llamacpp.sh)"; [ -z "$$server" ] || EVALR_LLAMA_SERVER="$$server" $(GO) test -count=1 -v -run Real ./runners/local ./cmd/evalr

.PHONY: fuzz
fuzz: ## fuzz every parser of a model's words, FUZZTIME each
	@set -e; for pkg in $$($(GO) list ./...); do \
	  for f in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz' || true); do \
	    echo "$$pkg $$f"; $(GO) test -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZTIME) $$pkg; \
	  done; done

.PHONY: bench
bench: setup build simulate ## speed, memory and the whole simulations; docs/benchmarks.md and docs/statistics.md keep the figures
	$(GO) test -run '^$$' -bench . -benchmem ./...
	./tools/bench.sh
	./tools/load.sh

.PHONY: simulate
simulate: ## the whole simulations behind intervals, gate and adaptive sampling: half an hour of one core
	EVALR_SIMULATE=1 $(GO) test -count=1 -timeout 3h -v -run 'TestCoverageTables|Simulat' ./internal/stats ./internal/leaderboard

.PHONY: bench-peers
bench-peers: build ## beside lm_eval, Inspect AI and Math-Verify, where those can be installed
	./tools/peers.sh

.PHONY: golden
golden: ## write the golden files and the schema again
	$(GO) test ./internal/leaderboard -update
	$(GO) test ./cmd/evalr -run Schema -update

.PHONY: clean
clean: ## remove what was built
	rm -rf bin
