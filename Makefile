# Laurea. `make demo` shows the product, `make test` proves it; `make help` lists the rest.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
TESTS ?= tests
BENCH ?= all
# What Python and pytest have compiled once is kept: the tests then begin in half the time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test soak check bench assets docs screenshots messages lint types floors unit lock clean

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.laurea assets ## issue 25 sample certificates, then run the platform with a believable organisation (ARGS="--port 9000")
	@$(BIN)/python scripts/demo.py $(ARGS)

test: $(VENV)/.dev node_modules/.peers ## set up everything and run all tests
	@scripts/system-packages
	$(BIN)/pytest -n auto $(TESTS)
	LAUREA_TEST_DATABASE=postgresql $(BIN)/pytest -n auto -m database --ignore=tests/hostile $(TESTS) || [ $$? -eq 5 ] # 5: none of these

soak: $(VENV)/.dev assets ## kill workers at 50 moments while they issue 3,000 rows, on SQLite and on PostgreSQL
	@scripts/system-packages
	SOAK_ROWS=3000 SOAK_KILLS=50 $(BIN)/pytest -q tests/journeys/test_killed_workers.py
	SOAK_ROWS=3000 SOAK_KILLS=50 LAUREA_TEST_DATABASE=postgresql $(BIN)/pytest -q tests/journeys/test_killed_workers.py

check: $(VENV)/.dev assets lint types floors unit ## lint, types, import floors and unit tests: the quick loop

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

floors: $(VENV)/.dev
	$(BIN)/lint-imports

unit: $(VENV)/.dev assets
	$(BIN)/pytest -n auto -q --hypothesis-profile=quick -m "not slow and not interop and not database" \
		$(addprefix --ignore=tests/,browser hostile interop journeys) tests

bench: $(VENV)/.dev node_modules/.peers ## the published benchmark, each line beside a peer (BENCH=signing|pdf|verify|desk|log|batch|platform|memory|endurance for one)
	$(BIN)/python -m bench $(BENCH)

docs: $(VENV)/.dev assets ## write the command reference and the pictures, and check every link
	$(BIN)/python scripts/docs.py

screenshots: $(VENV)/.dev assets ## take the pictures of pages in README and docs, from the demo in a browser
	@scripts/system-packages
	$(BIN)/python scripts/screenshots.py

messages: $(VENV)/.dev ## bring the catalogue of German texts in step with the code
	$(BIN)/python scripts/messages.py

assets: node_modules/.laurea ## contexts, fonts and what the pages need, from the registries, each checked against its pin

lock: ## resolve the versions anew (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" --all-extras -c requirements.lock pyproject.toml -o requirements-dev.lock
	npm install --package-lock-only --ignore-scripts

clean: ## remove everything that was made here
	rm -rf $(VENV) node_modules demo laurea-demo dist build bench/out src/laurea/credentials/contexts/*.json src/laurea/rendering/fonts/*.ttf src/laurea/web/static/vendor

$(VENV)/.python:
	@$(or $(PYTHON),false) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Laurea needs Python 3.11 or newer; name one with make PYTHON=/path/to/python3" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing (Debian and Ubuntu: apt-get install python3-venv)" >&2; exit 1; }
	@touch $@

$(VENV)/.laurea: $(VENV)/.python requirements.lock pyproject.toml hatch_build.py $(wildcard src/laurea/web/locale/*/LC_MESSAGES/*.po)
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.laurea requirements-dev.lock
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

node_modules/.laurea: package.json package-lock.json scripts/assets.py src/laurea/credentials/contexts/index.toml src/laurea/rendering/fonts/index.toml src/laurea/web/assets.toml
	@command -v npm >/dev/null 2>&1 || { echo "A source checkout needs Node.js 20 or newer for its contexts and fonts (the released package brings them)" >&2; exit 1; }
	npm ci --omit=dev --ignore-scripts --loglevel=error
	$(PYTHON) scripts/assets.py
	@touch $@

node_modules/.peers: node_modules/.laurea
	npm ci --ignore-scripts --loglevel=error
	@touch $@ node_modules/.laurea && touch $@
