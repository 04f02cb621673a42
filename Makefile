# The two commands of the house are `make serve` and `make test`; each does all the set-up that it needs.
# Rust is built in the release profile throughout, so that tests and the served binary share what they compile.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.SILENT:
.DEFAULT_GOAL := help

# What scripts/setup found: toolchain, PATH, browser.
TOOLS := source .tools/env
SERVER := --release --no-default-features --features ssr
# The browser's half has a target folder of its own, which cargo-leptos uses too.
BROWSER := --profile wasm-release --target-dir target/front --lib --target wasm32-unknown-unknown --no-default-features --features split
# The release is split into what every page needs and what is fetched when it is needed (src/ui/fetched.rs).
SPLIT := --split --lib-features split

.PHONY: help serve dev test setup setup-test build-browser format lint test-rust test-browser fuzz load bench setup-bench smallest-app

help: ## Shows what can be made
	grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 16

serve: setup ## Sets up, builds the release and serves it at http://127.0.0.1:3000
	$(TOOLS)
	cargo leptos build --release $(SPLIT)
	scripts/compress
	exec target/release/three-keys serve

dev: setup ## Builds and serves again at every change
	$(TOOLS)
	cargo leptos watch

test: setup-test ## Sets up and runs every check there is
	started=$$SECONDS
	step() { local from=$$SECONDS; echo "== $$1"; $(MAKE) --no-print-directory "$$1"; echo "== $$1 took $$((SECONDS - from)) s"; }
	step format
	step build-browser
	step lint
	step test-rust
	step test-browser
	echo "== every check passed in $$((SECONDS - started)) s"

setup:
	scripts/setup

setup-test:
	scripts/setup --test

setup-bench:
	scripts/setup --bench

format: ## Checks the formatting
	$(TOOLS)
	cargo fmt --check

# The server's half is built by the Rust tests, which run that very binary too, so that nothing is compiled twice.
build-browser: ## Builds the browser's half for release
	$(TOOLS)
	cargo leptos build --release $(SPLIT) --frontend-only
	scripts/compress

lint: ## Clippy for the server and for the browser's half, warnings as errors
	$(TOOLS)
	cargo clippy $(SERVER) --all-targets -- -D warnings
	cargo clippy $(BROWSER) -- -D warnings

test-rust: ## Unit tests, HTTP tests of the running app, examples in the documentation
	$(TOOLS)
	[ -n "$${THREE_KEYS_VECTORS:-}" ] || echo "skipped: the test vectors (THREE_KEYS_VECTORS is not set)"
	cargo nextest run $(SERVER)
	cargo test $(SERVER) --doc

test-browser: ## Journeys in a real Chromium against the release build
	$(TOOLS)
	cargo build $(SERVER) --tests --bins
	cd end2end
	npm test

# Not part of `make test`, where each target runs for a second.
fuzz: setup-test ## Fuzzes every parser of untrusted bytes for ten minutes each, or THREE_KEYS_FUZZ_SECONDS
	$(TOOLS)
	THREE_KEYS_FUZZ_SECONDS=$${THREE_KEYS_FUZZ_SECONDS:-600} cargo nextest run $(SERVER) --test fuzz --no-fail-fast --success-output immediate

load: setup-test ## Floods and starves the release binary, and checks what good callers notice of it
	$(TOOLS)
	cargo test $(SERVER) --test load

# Nothing else should run on the machine meanwhile. benches/load/run.mjs says how to run a part of it; BENCH=--docs
# writes the tables and the picture into docs/.
bench: setup-bench ## Measures the guards and the load, against the yardsticks, in about half an hour
	$(TOOLS)
	cargo leptos build --release $(SPLIT)
	scripts/compress
	$(MAKE) --no-print-directory smallest-app
	cargo bench $(filter-out --release,$(SERVER)) --bench guards
	node benches/load/run.mjs $(BENCH)

# By hand what cargo-leptos does for the release, with the same flags.
smallest-app: setup ## Builds the smallest Leptos applications, the yardsticks for the size of the WASM
	$(TOOLS)
	build() {
	  local into=target/smallest_app
	  cargo build --locked --manifest-path benches/smallest_app/Cargo.toml --target-dir $$into --profile wasm-release --target wasm32-unknown-unknown "$${@:2}"
	  wasm-bindgen --target web --out-dir $$into --out-name $$1 $$into/wasm32-unknown-unknown/wasm-release/smallest_app.wasm
	  wasm-opt -Oz --enable-bulk-memory --enable-nontrapping-float-to-int $$into/$$1_bg.wasm -o $$into/$$1_bg.wasm
	}
	build smallest_app
	build full_stack --features=full_stack
