# gridwright: `make help` lists what there is to do.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
# Packages without a goroutine of their own, where the race detector could find nothing and takes five times as long.
CALM := importers importers/democity importers/osmfile geo/arrange geo/crs geo/fit geo/topo report/mapsheet server/cql
# The font of PDFs and map sheets, which goes into the program: Noto Sans CJK, under the SIL Open Font License 1.1.
FONT := /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc
PAGE_SOURCES := $(shell find frontend -path frontend/node_modules -prune -o -path frontend/e2e -prune -o -type f -print) server/openapi.json

.PHONY: help
help: ## lists the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: needs build ## makes the demonstration city, proposes 120 -> 369, serves the map page
	bin/gridwright demo

.PHONY: build
build: server/page/dist/index.html font ## builds bin/gridwright with the page in it
	go build -trimpath -ldflags '-X main.version=$(VERSION)' -o bin/gridwright ./cmd/gridwright

.PHONY: font
font:
	@[ ! -f $(FONT) ] || cmp -s $(FONT) report/draw/font/$(notdir $(FONT)) || cp $(FONT) report/draw/font/
	@[ -f report/draw/font/$(notdir $(FONT)) ] || echo "no $(FONT): the program will draw no PDF and no map sheet (make needs installs it)"

.PHONY: test
test: needs needs-test lint build ## tests everything: Go with the race detector, PostGIS, GDAL, the page in Chromium
	cd frontend && npm test
	go test $(CALM:%=./%)
	go test -race -timeout 19m $$(go list ./... | grep -vxF "$$(printf 'gridwright/%s\n' $(CALM))")

.PHONY: bench
bench: needs ## measures speed beside quality, as docs/benchmarks.md shows it
	go test -run '^$$' -bench . -benchtime 3x -timeout 1h ./geo/... ./tiles/... ./importers/... ./sql/... ./server

.PHONY: bench-import
bench-import: needs-test ## a million buildings from shapefile, GeoPackage and GeoJSON, against ogr2ogr; and GeoJSON alone against orb
	BENCH_IMPORT_ROWS=1000000 go test -run '^$$' -bench 'Import$$' -benchtime 1x -timeout 1h ./importers/intake
	go test -run '^$$' -bench GeoJSON -benchtime 10x ./importers

.PHONY: lint
lint: server/page/dist/index.html ## go vet, staticcheck, gofmt, Biome, types
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); exit 1; }
	go vet ./...
	go tool staticcheck ./...
	cd frontend && npm run lint && npm run typecheck

.PHONY: clean
clean: ## removes what was built
	rm -rf bin frontend/node_modules
	find server/page/dist report/draw/font -mindepth 1 ! -name .keep -delete

server/page/dist/index.html: frontend/node_modules/.installed $(PAGE_SOURCES)
	cd frontend && npm run build

frontend/node_modules/.installed: frontend/package-lock.json
	cd frontend && npm ci
	touch $@

# What a machine may lack. Nothing is installed that is there already.
.PHONY: needs
needs:
	@ls /usr/share/postgresql/*/extension/postgis.control >/dev/null 2>&1 || $(MAKE) --no-print-directory install PACKAGES="postgresql postgresql-postgis"
	@[ -f $(FONT) ] || $(MAKE) --no-print-directory install PACKAGES=fonts-noto-cjk

.PHONY: needs-test
needs-test:
	@command -v ogrinfo >/dev/null || $(MAKE) --no-print-directory install PACKAGES=gdal-bin
	@command -v pdftoppm >/dev/null || $(MAKE) --no-print-directory install PACKAGES=poppler-utils
	@command -v chromium >/dev/null || $(MAKE) --no-print-directory install PACKAGES=chromium
	@fc-list :lang=zh 2>/dev/null | grep -q . || $(MAKE) --no-print-directory install PACKAGES="fontconfig fonts-noto-cjk"

.PHONY: install
install:
	@echo "installing $(PACKAGES)"
	@as_root=; [ "$$(id -u)" = 0 ] || as_root=sudo; \
	$$as_root apt-get update -q >/dev/null && \
	$$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $(PACKAGES) >/dev/null
