# make demo and make test work on a fresh machine with git, make, python3 and python3-venv.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
UV     ?= uv
SECONDS ?= 60

.PHONY: help demo test test-vm test-vm-soak check format lint types bench schema lock clean prerequisites
help:
	@echo "make demo     a whole store at work: simulated radio, emulated WeChat (SECONDS=60)"
	@echo "make test     the test suite"
	@echo "make test-vm  the gateway on whole Debian machines (needs root; see tests/vm/README.md)"
	@echo "make check    format, lint, strict types, tests"
	@echo "make bench    what an advertisement costs, as ratios"
	@echo "make schema   write config/schema/*.json anew"
	@echo "make lock     resolve the dependencies anew (needs uv)"

prerequisites:
	@command -v $(PYTHON) >/dev/null || { echo "python3 is missing. Install it:  sudo apt install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed, this is $$($(PYTHON) --version). Name another:  make PYTHON=python3.13 demo"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing. Install it:  sudo apt install python3-venv"; exit 1; }

# Each stamp is newer than the lock it was installed from.
$(VENV)/.runtime: requirements.lock pyproject.toml | prerequisites
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes --only-binary :all: -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	$(PIP) install --require-hashes --only-binary :all: -r requirements-dev.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

demo: $(VENV)/.runtime
	$(BIN)/python -m beacon_gateway demo --seconds $(SECONDS)

test: $(VENV)/.dev
	@command -v dbus-daemon >/dev/null || { echo "The tests need a D-Bus daemon. Install it:  sudo apt install dbus-daemon"; exit 1; }
	$(BIN)/python -m pytest

test-vm: $(VENV)/.dev
	$(BIN)/python -m tests.vm

test-vm-soak: $(VENV)/.dev
	$(BIN)/python -m tests.vm --soak

format: $(VENV)/.dev
	$(BIN)/ruff format .

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.dev
	$(BIN)/mypy

check: lint types test

bench: $(VENV)/.dev
	$(BIN)/python -m tests.bench

schema: $(VENV)/.dev
	$(BIN)/python -m beacon_gateway check --write-schema config/schema

lock:
	$(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --custom-compile-command "make lock" -q pyproject.toml -o requirements.lock
	$(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --custom-compile-command "make lock" -q --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	$(UV) pip compile --python-platform linux --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --custom-compile-command "make lock" -q --group vm -c requirements.lock -o requirements-vm.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache build dist
