# Everything here does its own set-up. `make demo` needs Go and nothing else.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# A clone that belongs to another user has no version information for git, and
# go build would stop at that.
ifneq ($(shell git rev-parse HEAD >/dev/null 2>&1 && echo yes),yes)
export GOFLAGS := $(strip $(GOFLAGS) -buildvcs=false)
endif

# Packages whose goroutines meet: tested once more under the race detector.
# Of the engine those in which it sends calls side by side and its lease beats.
RACE := 'engine:Killed|Pace|Parallel|Fault|Errors|Brake|Lease' jobs store transport oauth sandbox/fault sandbox/zohobox sandbox/qbobox zohocrm quickbooks web simulate

.PHONY: help demo build test unit race vet check lint format bench deadcode postgres node chromium clean

help: ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

demo: build ## the whole product against two sandboxes: a first sync and a day's story
	bin/crossbook demo --once

build: ## the program, as one static file in bin/
	CGO_ENABLED=0 go build -trimpath -o bin/crossbook ./cmd/crossbook

test: postgres node chromium vet lint unit race ## everything, with what it needs installed where that is possible

vet:
	go vet ./...

# A fifth of the tests' time went into collecting garbage of small heaps.
unit race: export GOGC := 400

unit:
	go test -timeout 30m ./...

race:
	@tools/race $(RACE)

postgres:
	@tools/need-postgres

node:
	@tools/need-node

chromium:
	@tools/need-chromium

check: vet lint race ## the quick part of test: style, lint, import rules, races
	go test -count=1 ./internal/architecture

lint:
	@unformatted="$$(go tool -modfile=tools/go.mod gofumpt -l -modpath crossbook $$(git ls-files '*.go'))"; \
	if [ -n "$$unformatted" ]; then echo "not formatted (make format):"; echo "$$unformatted"; exit 1; fi
	go tool -modfile=tools/go.mod golangci-lint run --allow-parallel-runners ./...

format: ## write all Go files in the house style
	go tool -modfile=tools/go.mod gofumpt -w -modpath crossbook $$(git ls-files '*.go')

bench: ## the benchmarks, six runs each, summed up
	@mkdir -p bin
	go test -run '^$$' -bench . -benchmem -count 6 ./... | tee bin/bench.out
	go tool -modfile=tools/go.mod benchstat bin/bench.out

deadcode: ## functions that no command and no test reaches
	go tool -modfile=tools/go.mod deadcode -test ./...

clean:
	rm -rf bin dist
