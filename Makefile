# `make` prints what there is to do. Each target installs what it needs into .venv first.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready

.PHONY: help
help: ## print this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## (.*)/  \1\t\2/' | expand -t 18

$(READY): pyproject.toml .ci/constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 ...'; exit 1; }
	@echo 'Setting up .venv (once, under a minute) ...'
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c .ci/constraints.txt -e '.[dev]'
	@touch $@

.PHONY: setup
setup: $(READY) ## make .venv with everything that development needs

.PHONY: demo
demo: $(READY) ## show the main task on the emulator: list restore jobs, page through them, wait
	@$(BIN)/python -m scripts.demo

.PHONY: test
test: $(READY) ## run all tests except the long ones
	@$(BIN)/python -m pytest -n 2 -q -m 'not journey'

.PHONY: test-journeys
test-journeys: $(READY) ## run the long tests: terminals, guides, updates of the contract, benchmarks
	@$(BIN)/python -m pytest -n 2 -q -m journey

.PHONY: check
check: $(READY) lint secrets types check-generated check-derived check-tables test test-journeys check-wheel ## run everything that must pass before a change is merged

.PHONY: lint
lint: $(READY) ## lint, and check the format
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

.PHONY: format
format: $(READY) ## format, and fix what ruff can fix
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

.PHONY: secrets
secrets: $(READY) ## fail if a secret was added (known test keys: .secrets.baseline)
	@$(BIN)/python -m scripts.release.check_secrets

.PHONY: types
types: $(READY) ## strict type checking, with two checkers
	@$(BIN)/mypy && $(BIN)/basedpyright

.PHONY: generate
generate: $(READY) ## regenerate generated/ (or: SPEC=path-or-url OUT=dir for another contract)
	@$(BIN)/python -m scripts.generate.client $(if $(SPEC),--spec '$(SPEC)') $(if $(OUT),--out '$(OUT)')

.PHONY: check-generated
check-generated: $(READY) ## fail if generated/ is not what `make generate` writes
	@$(BIN)/python -m scripts.generate.client --check

.PHONY: derive
derive: $(READY) ## derive the synchronous client from the asynchronous one
	@$(BIN)/python -m scripts.generate.derive_sync

.PHONY: check-derived
check-derived: $(READY) ## fail if the synchronous client is not what `make derive` writes
	@$(BIN)/python -m scripts.generate.derive_sync --check

.PHONY: tables
tables: $(READY) ## write the tables in docs/ that are generated from contract and code
	@$(BIN)/python -m scripts.docs.operations_table && $(BIN)/python -m scripts.docs.emulator_coverage

.PHONY: check-tables
check-tables: $(READY) ## fail if a table is not what `make tables` writes
	@$(BIN)/python -m scripts.docs.operations_table --check && $(BIN)/python -m scripts.docs.emulator_coverage --check

.PHONY: spec-verify
spec-verify: $(READY) ## compare the pinned contract with UPSTREAM=path-or-url, by structure
	@$(BIN)/python -m scripts.spec.verify $(if $(UPSTREAM),'$(UPSTREAM)')

.PHONY: check-wheel
check-wheel: $(READY) ## build the wheel and use it in an empty environment
	@$(BIN)/python -m scripts.release.check_wheel

.PHONY: check-versions
check-versions: $(READY) ## test with the lowest and the newest versions that pyproject.toml allows
	@$(BIN)/python -m scripts.release.check_versions

.PHONY: test-pythons
test-pythons: $(READY) ## run all tests except the long ones on each supported Python that is found
	@$(BIN)/python -m scripts.release.check_versions pythons

.PHONY: proofs
proofs: $(READY) ## run all long proofs below at full size, one after another (about an hour; ONLY="faults soak")
	@$(BIN)/python -m scripts.proofs $(ONLY)

.PHONY: faults
faults: $(READY) ## run the whole fault matrix, and two of its operations with Pinecone's SDKs too
	@$(BIN)/python -m scripts.proofs.faults

.PHONY: outage
outage: $(READY) ## simulate outages with a thousand clients, compared with the SDKs' retries
	@$(BIN)/python -m scripts.proofs.outage

.PHONY: soak
soak: $(READY) ## make 100,000 calls through random faults, and cancel or interrupt 40,000
	@$(BIN)/python -m scripts.proofs.soak calls && $(BIN)/python -m scripts.proofs.soak cancellations

.PHONY: fuzz
fuzz: $(READY) ## send 200,000 malformed responses to all operations (for at most MINUTES=10)
	@$(BIN)/python -m scripts.proofs.fuzz $(if $(MINUTES),--minutes '$(MINUTES)')

.PHONY: any-contract
any-contract: $(READY) ## generate from unusual contracts (and all in FOLDER=dir), and call the result
	@$(BIN)/python -m scripts.proofs.any_contract $(FOLDER)

.PHONY: bench
bench: $(READY) ## measure against the SDKs and against bare HTTP, side by side
	@$(BIN)/python -m scripts.bench

.PHONY: spec-diff
spec-diff: $(READY) ## show what NEW=path-or-url changes for users (FORMAT=table|json|markdown)
	@$(BIN)/python -m scripts.spec.diff $(if $(NEW),'$(NEW)') $(if $(FORMAT),--format $(FORMAT))

.PHONY: spec-update
spec-update: $(READY) ## move to the contract NEW=path-or-url (OUT=dir writes elsewhere, KEEP=dir keeps a failed update, DRY=1 writes nothing)
	@$(BIN)/python -m scripts.spec.update $(if $(NEW),'$(NEW)') $(if $(OUT),--out '$(OUT)') $(if $(KEEP),--keep '$(KEEP)') $(if $(DRY),--dry-run)

.PHONY: spec-watch
spec-watch: $(READY) ## fail if the published contract changed, and say what (NEW=path-or-url)
	@$(BIN)/python -m scripts.spec.watch $(if $(NEW),'$(NEW)')

.PHONY: test-peers
test-peers: $(READY) ## use the emulator with Pinecone's official SDKs, Python 7 to 10 and npm 6 to 9
	@$(BIN)/python -m scripts.proofs.official_sdks

.PHONY: test-suite
test-suite: $(READY) ## run the integration tests of Pinecone's Python SDK 8.1.2 against the emulator
	@$(BIN)/python -m scripts.proofs.official_suite

.PHONY: test-ecosystem
test-ecosystem: $(READY) ## check that OpenTelemetry, Sentry, respx, vcrpy and others see this client's calls
	@$(BIN)/python -m scripts.proofs.ecosystem

.PHONY: fuzz-emulator
fuzz-emulator: $(READY) ## run schemathesis against the emulator (CONTRACT=path-or-url, PLANT=1)
	@$(BIN)/python -m scripts.proofs.fuzz_emulator $(if $(CONTRACT),--contract '$(CONTRACT)') $(if $(PLANT),--plant)

.PHONY: test-crash
test-crash: $(READY) ## kill -9 the emulator 100 times under write load
	@EMULATOR_KILL_ROUNDS=100 $(BIN)/python -m pytest -q -s tests/emulator/test_emulator_file.py -k survive_a_kill

.PHONY: screenshot
screenshot: $(READY) ## take the pictures docs/images/emulator*.png again (needs chromium)
	@$(BIN)/python -m scripts.docs.emulator_screenshot

.PHONY: accessibility
accessibility: $(READY) ## check the emulator's status page with axe, at 390 and 1280 px (needs chromium, npm)
	@$(BIN)/python -m scripts.proofs.accessibility

.PHONY: load-emulator
load-emulator: $(READY) ## load the emulator: 10,000 idle connections, a body in chunks of one byte
	@$(BIN)/python -m scripts.proofs.emulator_load

.PHONY: docs
docs: $(READY) ## build the site of guides and API reference into build/docs, and check every link
	@$(BIN)/python -m scripts.docs.build

.PHONY: docs-serve
docs-serve: docs ## build the site and serve it on http://127.0.0.1:8000, with its search
	@$(BIN)/python -m http.server --bind 127.0.0.1 --directory build/docs 8000

.PHONY: contract
contract: $(READY) ## check this client: tests with contract checks, examples, generated cases, Prism (needs npm)
	@$(BIN)/python -m scripts.proofs.contract_suite

.PHONY: contract-live
contract-live: $(READY) ## check the real service (needs PINECONE_API_KEY; writes and removes contract-check-*)
	@$(BIN)/pinecone-control contract check --write

.PHONY: clean
clean: ## remove everything that can be rebuilt
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
