# Two commands to remember: `make demo` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
DEMO_DIR ?= .demo
PORT ?= 8000
# where the machine keeps certificates, uv trusts those, as pip does: some networks look into what passes
export UV_SYSTEM_CERTS ?= $(if $(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt),true,false)

.DEFAULT_GOAL := help
.PHONY: help demo test test-both check bench oracle calibrate lock format screenshots clean

help: ## List the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

.venv/tool.stamp: requirements/tool.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Folkmoot needs Python 3.11 or newer; name one with: make PYTHON=python3.11 …")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { echo "Python's venv module is missing: on Debian, install python3-venv."; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/tool.txt
	@touch $@

.venv/run.stamp: .venv/tool.stamp requirements/run.txt pyproject.toml
	VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --require-hashes -r requirements/run.txt
	VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev.stamp: .venv/run.stamp requirements/dev.txt
	VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

demo: .venv/run.stamp ## Set up, build the demo network, serve it
	$(BIN)/folkmoot demo --dir $(DEMO_DIR) --port $(PORT)

test: .venv/dev.stamp ## Set up and run all tests on SQLite (in CI on PostgreSQL, too)
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python tests/run.py

test-both: .venv/dev.stamp ## The same, then on PostgreSQL what touches a database
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python tests/run.py --both

check: .venv/dev.stamp ## Lint, types, import contract, migrations
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/folkmoot manage makemigrations --check --dry-run

bench: .venv/dev.stamp ## Side-by-side benchmarks (ratios, never timed tests)
	$(BIN)/python -m bench

oracle: .venv/dev.stamp ## Compare the analysis core with R
	$(BIN)/pytest -m oracle tests/core

calibrate: .venv/dev.stamp ## Coverage and false alarms by simulation (minutes)
	$(BIN)/python -m bench.calibrate

format: .venv/dev.stamp ## Put the code in house form
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

lock: .venv/tool.stamp ## Renew the hashed locks
	$(BIN)/uv pip compile -q pyproject.toml --universal --generate-hashes --python-version 3.11 --no-header --no-annotate -o requirements/run.txt
	$(BIN)/uv pip compile -q pyproject.toml --group dev --universal --generate-hashes --python-version 3.11 --no-header --no-annotate -c requirements/run.txt -o requirements/dev.txt

screenshots: .venv/dev.stamp ## Renew the pictures in docs/ from the demo
	$(BIN)/python docs/make_screenshots.py

clean: ## Remove the environment and the demo
	rm -rf .venv $(DEMO_DIR)
