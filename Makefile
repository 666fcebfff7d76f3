.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
SIDE_BY_SIDE := -n 2 --dist loadfile  # each worker has servers of its own

.PHONY: help
help: ## Show these commands
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ Every day
.PHONY: run test setup servers
run: setup ## Set everything up, load the demonstration city, run the platform
	@$(BIN)/bianque demo
	@$(BIN)/bianque run

test: setup servers check ## Set everything up, run every test
	$(BIN)/pytest $(SIDE_BY_SIDE) tests/rules tests/services tests/contracts
	$(BIN)/pytest tests/journeys tests/crash

setup: $(VENV)/ready ## Install the program and its tools into .venv

servers: ## RabbitMQ and PostgreSQL for the tests, from the distribution if they are missing
	@sh deploy/install-servers.sh

$(VENV)/ready: requirements/dev.txt pyproject.toml deploy/install-python.sh
	@sh deploy/install-python.sh $(VENV)
	@touch $@

##@ Before a commit
.PHONY: check format unit journeys crash
check: setup ## Style, types, and who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup ## Put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

unit: setup ## Rules, services and contracts: seconds
	$(BIN)/pytest tests/rules tests/services tests/contracts

journeys: setup servers ## The whole platform over a real RabbitMQ and PostgreSQL
	$(BIN)/pytest tests/journeys

crash: setup servers ## Kill everything at the worst moment; nothing is lost, nothing twice
	$(BIN)/pytest tests/crash

##@ What is generated
.PHONY: events rulebook requirements translations screens vendor bench
events: setup ## Rewrite docs/events from services/events
	$(BIN)/python -m services.events.publish docs/events

rulebook: setup ## Rewrite docs/rulebook.md from the rules, the policies and the case books
	$(BIN)/python -m services.chassis.rulebook docs/rulebook.md

requirements: setup ## Pin newer versions, with hashes and without any index's address
	$(BIN)/uv pip compile pyproject.toml --generate-hashes --no-emit-index-url --universal --python-version 3.11 -q --upgrade -o requirements/run.txt
	$(BIN)/uv pip compile pyproject.toml --group dev --generate-hashes --no-emit-index-url --universal --python-version 3.11 -q --upgrade -o requirements/dev.txt

translations: setup ## Note which texts of pages lack their English
	$(BIN)/python -m services.portal.translating

screens: setup servers ## Draw the pictures of the pages for the documentation
	$(BIN)/python -m tests.support.screens docs/screens

vendor: ## Fetch the browser's libraries anew (needs npm); the files are in the repository
	@sh deploy/vendor.sh

bench: setup servers ## Measure, as ratios to anchors of the same run; writes bench/results/
	$(BIN)/python -m bench

##@ Clean
.PHONY: clean
clean: ## Remove what was installed and all local state, also the loaded city
	rm -rf $(VENV) var build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
