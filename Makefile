# parley: what to run while working on it. Go and make are all it needs; the browser's own code (make web) needs Node 20 and npm.

GO        ?= go
FUZZTIME  ?= 10s
TESTFLAGS ?=
BENCH     ?= .
BENCHTIME ?= 1s

.PHONY: all build demo web web-check test race fuzz bench lint generate notice clean

all: build

build:
	CGO_ENABLED=0 $(GO) build -o bin/parley ./cmd/parley

# An exercise theatre with data, on this machine only.
demo: build
	./bin/parley demo

# The browser's own code, styles, fonts, icons and base map, into web/dist. Without it the pages work as plain HTML.
WEB_INPUTS = web/package.json web/tsconfig.json $(wildcard web/*.mjs) $(shell find web/src web/css -type f)

web: web/dist/manifest.json

web/dist/manifest.json: web/node_modules/.package-lock.json $(WEB_INPUTS)
	cd web && npm run --silent build

web/node_modules/.package-lock.json: web/package-lock.json
	cd web && npm ci --ignore-scripts
	touch $@

# Types, and how heavy a first visit is.
web-check: web
	cd web && npm run --silent check

# PARLEY_REQUIRE=all makes a test fail, rather than skip, when the machine lacks a part that it needs.
test:
	$(GO) test -timeout 20m $(TESTFLAGS) ./...

# The rooms that hold the promises. The race detector needs a C compiler; nothing else does.
race:
	CGO_ENABLED=1 $(GO) test -race -timeout 20m $(TESTFLAGS) $$(.ci/packages geo index journal proof release duty channel node)

# FUZZTIME is for each of the fuzz functions in the tree.
fuzz:
	.ci/fuzz $(FUZZTIME)

bench:
	$(GO) test -run '^$$' -bench '$(BENCH)' -benchtime $(BENCHTIME) -benchmem -timeout 60m ./...

lint:
	.ci/format
	$(GO) vet ./...
	$(GO) tool staticcheck ./...

generate:
	$(GO) generate ./...

# The list of modules in NOTICE; part of generate too.
notice:
	$(GO) generate ./internal/notice

clean:
	rm -rf bin
