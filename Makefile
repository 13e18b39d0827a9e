# The same few commands for a person and for CI. `make` alone lists them.

PYTHON ?= python3
JOBS ?= 2

VENV := .venv
RUN := $(VENV)/bin/python
APP_READY := $(VENV)/requirements.stamp
DEV_READY := $(VENV)/requirements-dev.stamp
NODE_READY := node_modules/.package-lock.json
NPX = node=$$($(RUN) -m tools.node) && PATH="$$(dirname "$$node"):$$PATH" npx --no-install

JS_TESTS := $(wildcard tests/js/*test*.js tests/js/*test*.mjs)

.PHONY: help run test test-hosting lint format bench clean
.DEFAULT_GOAL := help

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

# docs/deploying.md says why.
run: export MALLOC_ARENA_MAX = 2
run: $(APP_READY) ## start the app
	$(RUN) -m streamlit run app.py

test: $(DEV_READY) ## run every test, the ones in a browser included
	$(RUN) -m tools.browser
	$(RUN) -m pytest -n $(JOBS) --dist worksteal -m "not hosting"
ifneq ($(wildcard tests/js),)
	node=$$($(RUN) -m tools.node) && "$$node" --test $(or $(JS_TESTS),$(error tests/js holds no test: name one like board.test.js))
endif

test-hosting: $(DEV_READY) ## run the tests of several replicas, which share a Redis
	$(RUN) -m tools.redis_server
	$(RUN) -m tools.browser
	$(RUN) -m pytest -m hosting

lint: $(DEV_READY) $(NODE_READY) ## check style and types, Python's and JavaScript's; change nothing
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(NPX) pyright --pythonpath $(RUN)
	$(NPX) tsc --project .
	$(NPX) biome check --error-on-warnings

format: $(DEV_READY) $(NODE_READY) ## put the code in that style
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .
	$(NPX) biome check --write

bench: $(DEV_READY) ## run every benchmark in turn; fail if a target is missed
	$(RUN) -m benchmarks --check

# TypeScript and Biome, which check the JavaScript; nothing of them is served.
$(NODE_READY): package.json package-lock.json | $(DEV_READY)
	$(RUN) -m tools.node npm ci --no-audit --no-fund --loglevel=error
	@touch $@

clean: ## remove what tests and tools leave behind; .venv stays
	rm -rf .pytest_cache .ruff_cache .hypothesis test-artifacts build dist *.egg-info
	find . -path ./$(VENV) -prune -o -type d -name __pycache__ -exec rm -rf {} +

# One BLAS thread: the matrices are small, and times can be compared.
test test-hosting bench: export OPENBLAS_NUM_THREADS := 1
test test-hosting bench: export OMP_NUM_THREADS := 1

$(VENV)/bin/pip:
	$(PYTHON) -m tools.venv $(VENV)

$(APP_READY): requirements.txt | $(VENV)/bin/pip
	$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(DEV_READY): requirements.txt requirements-dev.txt | $(VENV)/bin/pip
	$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(APP_READY)
