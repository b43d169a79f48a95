# Two commands do all the set-up: `make crawl` and `make test`. Python 3.11 or newer with pip is all they ask for.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
ARCHIVE := .archive
PORTAL ?=

.PHONY: crawl test test-long lint bench bench-reading bench-changes bench-revisits bench-viewer wheel clean help
.DEFAULT_GOAL := help

help:
	@echo "make crawl                    crawl the built-in demo portal through four editions and show what changed"
	@echo "make crawl PORTAL=https://…   add a portal to the archive in $(ARCHIVE)/ and crawl it"
	@echo "make test                     lint, types and the tests      make test-long   the long series in full"
	@echo "make bench                    the crawl beside its peers     make bench-reading | bench-changes | bench-revisits | bench-viewer"

$(BIN)/python:
	$(PYTHON) -m venv $(VENV) || { $(PYTHON) -m pip install --user virtualenv && $(PYTHON) -m virtualenv $(VENV); }

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

# The pip of Python 3.11 fails on two spellings of one extra (lxml[html_clean], of newspaper4k and justext).
$(VENV)/.installed-bench: $(VENV)/.installed-dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	@touch $@

crawl: $(VENV)/.installed
ifeq ($(PORTAL),)
	@rm -rf $(ARCHIVE)/demo
	$(BIN)/onrecord demo --keep $(ARCHIVE)/demo
else
	$(BIN)/onrecord init $(ARCHIVE)
	$(BIN)/onrecord -C $(ARCHIVE) portal show '$(PORTAL)' >/dev/null 2>&1 || $(BIN)/onrecord -C $(ARCHIVE) add '$(PORTAL)' --yes
	$(BIN)/onrecord -C $(ARCHIVE) crawl '$(PORTAL)'
	$(BIN)/onrecord -C $(ARCHIVE) changes --since last
endif

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: lint
	$(BIN)/python -m pytest -q $(PYTEST)

test-long: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -q --long $(PYTEST)

bench: $(VENV)/.installed-bench
	$(BIN)/python -m tests.benchmarks.crawl $(ARGS)

bench-reading: $(VENV)/.installed-bench
	$(BIN)/python -m tests.benchmarks.reading $(ARGS)

bench-changes: $(VENV)/.installed-bench
	$(BIN)/python -m tests.benchmarks.changes $(ARGS)

bench-revisits: $(VENV)/.installed-bench
	$(BIN)/python -m tests.benchmarks.revisits $(ARGS)

bench-viewer: $(VENV)/.installed-dev
	$(BIN)/python -m tests.benchmarks.viewer $(ARGS)

wheel: $(BIN)/python
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
