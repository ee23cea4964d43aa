# Everything a newcomer needs; `make help` explains each target. The scripts behind it are in .ci/.

PYTHON ?= python3
BIN := .venv/bin
NAME ?=
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup demo serve test check format bench messages lock wheel clean

help: ## explain the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## prepare .venv, node_modules and static/vendor; quick when nothing changed
	@$(PYTHON) .ci/setup.py

demo: setup ## fill a demo council, serve it, print the address and the sign-ins (ARGS="--port 8100")
	@$(BIN)/meetings demo $(ARGS)

serve: setup ## serve this checkout with its own data folder (ARGS="--port 8100")
	@$(BIN)/meetings serve $(ARGS)

check: setup ## the quick loop: format, lint, layers, types, texts and templates, pure rules
	@echo "— format"
	@$(BIN)/ruff format --check --quiet .
	@echo "— lint"
	@$(BIN)/ruff check --quiet .
	@echo "— layers"
	@$(BIN)/lint-imports --no-logo >.venv/layers.log || { cat .venv/layers.log; exit 1; }
	@echo "— types"
	@$(BIN)/pyright
	@echo "— house and rules"
	@$(BIN)/pytest -q -n 2 tests/house tests/rules

test: setup ## everything CI runs: the check, then all tests on SQLite, PostgreSQL, Redis and a browser
	@.ci/system
	@$(MAKE) --no-print-directory check
	@echo "— the other tests, on two cores"
	@$(BIN)/pytest -n 2 --dist loadfile --ignore=tests/house --ignore=tests/rules $(ARGS)

format: setup ## let ruff format and sort what it can
	@$(BIN)/ruff check --quiet --fix . || true
	@$(BIN)/ruff format --quiet .

bench: setup ## measure (NAME=storm runs a part); writes bench/results.json
	@$(BIN)/python -m bench $(NAME)

messages: setup ## collect new texts from code and templates into the Vietnamese and English catalogues
	@$(BIN)/python .ci/messages.py

lock: setup ## resolve requirements*.in and package.json again into locked files with hashes
	@for name in requirements-setup requirements requirements-dev; do \
		$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --universal --python-version 3.11 \
			$$name.in -o $$name.txt || exit 1; done
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm install --package-lock-only --loglevel=error

wheel: setup ## build dist/meetings-*.whl with the browser assets inside
	@$(BIN)/uv build --wheel --no-build-isolation --python $(BIN)/python --quiet

clean: ## remove what set-up and runs have made; data/ stays
	@rm -rf .venv node_modules static/vendor static/vendor.new dist build .pytest_cache .ruff_cache \
		.import_linter_cache .hypothesis
