# Every target installs what it needs (deploy/bootstrap.sh): a fresh Debian with git, make and Python 3.11 is enough.
#
#   make PYTHON=python3.12 …       another interpreter
#   make demo SIZE=1000000         another size than 20,000, in a folder of its own (200 is there in a second)
#   make bench BENCH="--help"      arguments for the benchmark
#   make lock LOCK=--upgrade       newer versions, not only what pyproject.toml changed

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo sandbox test bench lint lock sbom audit clean
export PYTHON

BOOTSTRAP := @deploy/bootstrap.sh
BIN := .venv/bin
BENCH ?=
SIZE ?=
LOCK ?=

help: ## list the targets
	@sed -n 's/^\([a-z]*\): ## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

demo: ## a register of invented people, a server on loopback, and a walk-through to paste
	$(BOOTSTRAP) run
	@$(BIN)/registry demo $(if $(SIZE),--profiles $(SIZE) --folder var/demo-$(SIZE))

sandbox: ## the same with GraphiQL at /sandbox, for invented people only
	$(BOOTSTRAP) run sandbox
	@REGISTRY_SANDBOX_FOLDER=var/tools/sandbox $(BIN)/registry demo $(if $(SIZE),--profiles $(SIZE) --folder var/demo-$(SIZE))

# Two workers, because two cores are what a run is promised. The threshold is asked of what both wrote.
test: ## format, lint, types, then the suite on SQLite and on a PostgreSQL of its own
	$(BOOTSTRAP) test postgres softhsm nginx strace clients codegen sandbox browser identity passkeys outsider sbom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m slipcover --json --out var/coverage.json -m pytest --numprocesses 2
	$(BIN)/python -m slipcover --fail-under 95 --merge var/coverage.json --out var/coverage.json

bench: ## searches a second, imports, and how well people are found: ours beside other engines
	$(BOOTSTRAP) bench postgres strace
	@deploy/bootstrap.sh peers || echo "The engines to compare with can't be installed; their rows will say so."
	$(BIN)/python -m bench $(BENCH)

lint: ## format, lint and types only
	$(BOOTSTRAP) test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	@if command -v shellcheck >/dev/null; then (set -x; shellcheck deploy/*.sh docs/api/examples/*.sh .ci/run); fi

# The lock files name no index and no host: where packages come from is the machine's configuration, what they must
# contain is ours. The test lock is held to the versions of the run lock, so that the suite tests what runs.
COMPILE = UV_PYTHON_DOWNLOADS=never var/tools/uv/bin/uv pip compile --quiet \
	--python var/tools/uv/bin/python --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(LOCK)

NPM_LOCK = npm install --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts --no-audit --no-fund

lock: ## write requirements/*.txt and each package-lock.json anew
	$(BOOTSTRAP) lock
	$(COMPILE) pyproject.toml --extra build --output-file requirements/run.txt
	$(COMPILE) pyproject.toml --extra build --extra test --constraint requirements/run.txt \
		--output-file requirements/test.txt
	$(COMPILE) pyproject.toml --extra build --extra test --extra misuse --constraint requirements/test.txt \
		--output-file requirements/bench.txt
	$(COMPILE) --group pyproject.toml:peers --output-file requirements/peers.txt
	$(COMPILE) --group pyproject.toml:codegen --output-file requirements/codegen.txt
	$(COMPILE) --group pyproject.toml:passkeys --output-file requirements/passkeys.txt
	$(COMPILE) --group pyproject.toml:sbom --output-file requirements/sbom.txt
	for folder in tests/clients tests/browser tests/identity deploy/sandbox; do $(NPM_LOCK) --prefix $$folder || exit; done

# Of the lock of what runs, and of nothing that this machine holds: the same wherever it is made.
sbom: ## a bill of materials of what runs, as CycloneDX, into var/registry.cdx.json
	$(BOOTSTRAP) sbom
	var/tools/sbom/bin/cyclonedx-py requirements requirements/run.txt --pyproject pyproject.toml --spec-version 1.6 \
		--output-reproducible --output-file var/registry.cdx.json

# Without --strict an audit that could look up nothing says that nothing was found. It asks the network.
audit: ## known vulnerabilities of what is locked; asks the network
	$(BOOTSTRAP) lock
	@for lock in run test sbom; do \
		var/tools/uv/bin/uv tool run pip-audit==2.10.1 --strict --require-hashes --disable-pip \
			--requirement requirements/$$lock.txt || exit; done

# Not var/ as a whole: a register that someone filled may stand there.
clean: ## remove what was installed and cached here; data in var/ stays
	rm -rf .venv {tests/clients,tests/browser,tests/identity,deploy/sandbox}/node_modules var/tools var/log var/bootstrap.lock build *.egg-info
	rm -rf .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +
