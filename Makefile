# Cổng CCHC. `make help` lists what can be done.
PYTHON ?= python3
VENV ?= .venv
PORT ?= 8000
BIN := $(VENV)/bin
# Tests wait for servers and browsers as much as they compute: one process more than processors.
CORES := $(shell n=$$(nproc 2>/dev/null || echo 2); [ $$n -gt 2 ] && echo $$n || echo 2)
MORE := $(shell expr $(CORES) + 1)
export PORTAL_BASE_URL ?= http://127.0.0.1:$(PORT)
# A machine that forbids compiled files would compile the whole house at every start.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run prepare test lint types contracts unit postgres browser slow drill axe bench screens lock tools clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/.installed ## everything from nothing, then serve http://127.0.0.1:$(PORT)
	@$(BIN)/flask --app wsgi prepare
	@echo "Cổng CCHC: $(PORTAL_BASE_URL)   (Ctrl+C để dừng)"
	@PORT=$(PORT) exec $(BIN)/gunicorn --config deploy/gunicorn.conf.py wsgi:app

prepare: $(VENV)/.installed ## database, content, index; what `run` does before it serves
	$(BIN)/flask --app wsgi prepare

test: $(VENV)/.tested tools lint types contracts unit postgres browser slow ## what CI runs: lint, types, contracts, all tests

lint: $(VENV)/.tested ## ruff and bandit
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/bandit -q -ll -r portal

types: $(VENV)/.tested ## mypy --strict
	$(BIN)/mypy

contracts: $(VENV)/.tested ## a room imports only what lies below it
	$(BIN)/lint-imports

unit: $(VENV)/.tested tools ## unit and integration tests
	$(BIN)/pytest -n $(CORES) --durations=15 -m "not browser and not slow"

# What differs between databases: transactions, locks, checks, JSON, order, migrations, the outbox.
ON_POSTGRES := tests/test_migrations.py tests/search/test_feed.py tests/core/test_foundation.py \
  tests/articles/test_service.py tests/articles/test_races.py tests/feedback/test_handling.py \
  tests/procedures/test_versions.py tests/ops/test_health.py

postgres: $(VENV)/.tested tools ## tests of services, migrations and the outbox on PostgreSQL
	TEST_DATABASE=postgresql $(BIN)/pytest -n $(CORES) -m "not browser and not slow" $(ON_POSTGRES)

browser: $(VENV)/.tested tools ## journeys in Chromium
	$(BIN)/pytest -n $(MORE) --dist worksteal --durations=15 -m browser

slow: $(VENV)/.tested tools ## nginx, reload, full disk, relevance on real data, a few kills
	DRILL_KILLS=$(or $(DRILL_KILLS),6) $(BIN)/pytest -n $(CORES) --dist worksteal --durations=15 -m slow

drill: $(VENV)/.tested tools ## a hundred kill -9 under load (DRILL_KILLS=1000 for longer; `test` does 6), twenty editors for a minute
	DRILL_KILLS=$(or $(DRILL_KILLS),100) $(BIN)/pytest tests/drill/test_kill.py
	WORDS_SECONDS=$(or $(WORDS_SECONDS),60) $(BIN)/pytest -s tests/drill/test_words.py

axe: $(VENV)/.tested tools ## every page in every width, scheme and size of text, every journey in both widths (an hour)
	SWEEP=complete $(BIN)/pytest -n $(CORES) --dist worksteal -m browser

bench: $(VENV)/.tested ## the benchmark suite; results under instance/bench/ (ARGS="--procedures 10000")
	$(BIN)/python -m bench $(ARGS)

screens: $(VENV)/.tested tools ## photographs of all pages into instance/screens/
	$(BIN)/python -m tests.support.screens

tools: ## programs that tests need (chromium, nginx, ...), installed when missing
	@.ci/tools

lock: $(VENV)/.tested ## resolve requirements*.in into requirements*.txt with hashes
	$(BIN)/pip install -q uv
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url -q requirements.in -o requirements.txt
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url -q requirements-dev.in -o requirements-dev.txt

clean: ## remove the virtual environment and caches (never the instance folder)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt | $(BIN)/python
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.tested: requirements-dev.txt $(VENV)/.installed
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
