# parley: what to run while working on it. Go and make are all that make build needs; the browser's own code (make web) needs Node 18.20 or newer and npm.

GO        ?= go
FUZZTIME  ?= 10s
TESTFLAGS ?=
BENCH     ?= .
BENCHTIME ?= 1s
FOR       ?= 24h

.PHONY: all build demo web web-check web-if-npm test submission-faults release-faults race fuzz soak bench lint generate notice clean

all: build

# With what make web has built, if it has: else plain pages.
build:
	CGO_ENABLED=0 $(GO) build -o bin/parley ./cmd/parley

# An exercise theatre with data, on this machine only. The pages come first, because the binary embeds them.
demo: web-if-npm
	@$(MAKE) --no-print-directory build
	./bin/parley demo

# The browser's own code, styles, fonts, icons and base map, into web/dist. Without it the pages work as plain HTML.
WEB_INPUTS = web/package.json web/tsconfig.json $(wildcard web/*.mjs) $(shell find web/src web/css -type f)

web: web/dist/manifest.json

web/dist/manifest.json: web/node_modules/.package-lock.json $(WEB_INPUTS)
	cd web && npm run --silent build

web/node_modules/.package-lock.json: web/package-lock.json
	cd web && npm ci --ignore-scripts
	touch $@

web-if-npm:
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory web; \
	else echo "No npm here, so the browser's code is not built: pages are plain HTML without a map or live news, what is said there is said by form, without a key, and browser tests skip."; fi

# Types, and how heavy a first visit is.
web-check: web
	cd web && npm run --silent check

# PARLEY_REQUIRE=all makes a test fail, rather than skip, when the machine lacks a part that it needs. The rooms whose tests take longest are named first, so
# that all cores end at about the same time; ./... brings the others.
test: web-if-npm
	$(GO) test -timeout 20m $(TESTFLAGS) ./web ./cmd/parley ./journal ./exercise ./node ./api ./...

# What docs/reliability.md counts, as often as each submission does it, and as often as a release does: SHARE=0.01 does a hundredth, never
# less than a submission's. A release on two cores takes days.
FAULTS = $(GO) test -count=1 -v -timeout 200h
SHARE  ?= 1

submission-faults: LEVEL = submission
submission-faults: faults
release-faults: LEVEL = release
release-faults: faults

.PHONY: faults
faults: export PARLEY_FAULTS = $(LEVEL)
faults: export PARLEY_SHARE = $(SHARE)
faults:
	$(FAULTS) -run 'ThreeNodes|Linearizable' ./node
	$(FAULTS) -run 'PrimaryEnds|CrashImages|EndInTheMiddleOfErasing|FlippedBits|Truncation' ./journal
	$(FAULTS) -run 'NothingAcknowledgedIsLost|EveryFlippedByte' ./api
	$(FAULTS) -run 'Attacks' ./proof
	$(FAULTS) -run 'StatesMoveOnly' ./channel
	$(FAULTS) -run 'AgainstBruteForce|OtherArchitecture' ./index ./internal/verdicts
	$(FAULTS) -run 'Screens' ./web

# The rooms that hold the promises. The race detector needs a C compiler; nothing else does. It sees nothing of what other processes do, so tests whose work lies
# there, and long ones in which one goroutine works, are left to make test.
race:
	CGO_ENABLED=1 $(GO) test -race -timeout 20m -skip 'Patroni|PrimaryEnds|CrashImages|EndOfProcess|EndInTheMiddle|FlippedBits|Truncation|ErasedBytes|AgainstBruteForce|AgainstPostGIS|AgainstOracle|OnARM' $(TESTFLAGS) $$(.ci/packages geo index journal proof witness release duty channel node)

# FUZZTIME is for each of the fuzz functions in the tree.
fuzz:
	.ci/fuzz $(FUZZTIME)

# A server at half of what it takes, for as long as FOR says, in whole minutes; it fails when memory, p99, goroutines or open files are not
# flat, or when an acknowledged command is not in the journal. The rule stands at judge in bench/load/soak.go.
soak:
	$(GO) run ./bench/load -for $(FOR) -kind revalidate

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
