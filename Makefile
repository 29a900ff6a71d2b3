# make demo and make test work on a fresh machine with git, make, python3 and python3-venv.
PYTHON ?= python3
VENV   ?= .venv
PEERS  ?= .venv-peers
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
UV     ?= uv
SECONDS ?= 60
TESTS  ?=
# Linters of others, apart from all else.
JUDGES ?= .venv-judges
# Two workers a core: a third of the suite waits for processes.
WORKERS ?= $(shell expr 2 \* $$(nproc))

.PHONY: help demo quick check check-services check-machines test pure coverage deb test-browser test-faults test-judges test-arm64 test-power test-vm test-vm-power test-vm-soak format lint types \
  bench bench-card bench-memory bench-own-frames bench-pages bench-vm bench-year bench-peers \
  screenshots schema messages lock clean \
  prerequisites dbus-daemon
help:
	@echo "make demo     a whole store at work: simulated radio, emulated WeChat (SECONDS=60; an hour: make demo SECONDS=3600)"
	@echo "make quick    format, lint, strict types, and the tests that need nothing but Python: in a minute and a half"
	@echo "make check    the same and all other tests of one machine: SQLite, HTTP, D-Bus, whole processes; five minutes"
	@echo "make check-services  what needs another program: Chromium, strace, the linters of others"
	@echo "make check-machines  power cuts, an emulated arm64, whole Debian machines (needs root; half an hour)"
	@echo "make coverage  which branches of core and services no test takes"
	@echo "make test     the test suite (of some rooms: make test TESTS='tests/core tests/adapters/files')"
	@echo "make test-browser  the pages in a real browser (needs Debian's chromium)"
	@echo "make test-faults  the store's folder answers with every error there is (needs strace)"
	@echo "make test-judges  linters of others: of pages, API, metrics, scripts, YAML, Ansible, the package (needs node)"
	@echo "make deb      the Debian packages, for Raspberry Pi OS (arm64) and PCs (amd64), into dist/"
	@echo "make test-arm64  the arm64 package, installed and at work in an emulated root (needs root)"
	@echo "make test-vm  the gateway on whole Debian machines (needs root; see tests/vm/README.md)"
	@echo "make test-vm-power  pull the plug of a whole machine twenty times (needs root, 20 minutes)"
	@echo "make test-power  pull the plug two hundred times (needs root)"
	@echo "make bench    what an advertisement costs, as ratios"
	@echo "make bench-card  bytes that reach the card for a hit (needs root); bench-year: a year's log"
	@echo "make bench-own-frames  what it costs that each report brings its own data, and ten minutes of 200 beacons"
	@echo "make bench-vm  the same cost with the real bluetoothd, on a whole Debian machine (needs root; see tests/vm/README.md)"
	@echo "make bench-memory  what the whole daemon takes, with 500 beacons and an account"
	@echo "make bench-pages  what a page costs with 500 beacons and a year's log, and what twenty viewers of the live page do"
	@echo "make bench-peers  install whom bench compares with, apart from all else (needs a C++ compiler)"
	@echo "make screenshots  every page as a picture, into docs/screenshots/ (needs Debian's chromium)"
	@echo "make schema   write config/schema/*.json anew"
	@echo "make messages  compile the messages' catalogues (docs/translating.md)"
	@echo "make lock     resolve the dependencies anew (needs uv)"

prerequisites:
	@command -v $(PYTHON) >/dev/null || { echo "python3 is missing. Install it:  sudo apt install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed, this is $$($(PYTHON) --version). Name another:  make PYTHON=python3.13 demo"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing. Install it:  sudo apt install python3-venv"; exit 1; }

dbus-daemon:
	@command -v dbus-daemon >/dev/null || { echo "The tests need a D-Bus daemon. Install it:  sudo apt install dbus-daemon"; exit 1; }

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

quick: lint types pure

check: lint types test

check-services: test-browser test-faults test-judges

check-machines: test-power test-arm64 test-vm

# Without a process, a database, a port or a bus, and without those that live through days.
pure: $(VENV)/.dev
	$(BIN)/python -m pytest -n auto --dist loadfile -p tests.pure -m "not slow and not outside" \
	  tests/core tests/presentation tests/test_architecture.py tests/test_documents.py tests/test_lines.py

# A file's tests stay together: their fixtures are made once.
test: $(VENV)/.dev dbus-daemon
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(TESTS)

coverage: $(VENV)/.dev dbus-daemon
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n $(WORKERS) --dist loadfile $(TESTS)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --skip-covered --sort=cover

# Without a browser this fails; python -m pytest tests/browser would skip.
test-browser: $(VENV)/.dev
	BEACON_GATEWAY_BROWSER=required $(BIN)/python -m pytest tests/browser -n auto --dist loadfile

# strace answers in the kernel's place; without it this fails, while python -m pytest tests/faults would skip.
test-faults: $(VENV)/.dev dbus-daemon
	@command -v strace >/dev/null || { echo "strace is missing. Install it:  sudo apt install strace"; exit 1; }
	$(BIN)/python -m pytest tests/faults -n auto

# Without one of the linters this fails; python -m pytest tests/judges would skip.
test-judges: $(VENV)/.dev $(JUDGES)/.installed tests/judges/node_modules/.installed
	BEACON_GATEWAY_JUDGES=required $(BIN)/python -m pytest tests/judges

$(JUDGES)/.installed: tests/judges/judges.lock | prerequisites
	$(PYTHON) -m venv $(JUDGES)
	$(JUDGES)/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --only-binary :all: -r tests/judges/judges.lock
	@touch $@

# An older node has neither; the pages and openapi.json are then left to a machine with a newer one, and this says so.
tests/judges/node_modules/.installed: tests/judges/package-lock.json
	@if command -v npm >/dev/null && node -e 'const [a, b] = process.versions.node.split("."); process.exit(+(a < 20 || (a == 20 && b < 19)))'; then \
	  npm --prefix tests/judges ci --ignore-scripts --no-audit --no-fund --silent && touch $@; \
	else \
	  echo "SKIPPED: no node 20.19 or newer with npm here, so pages and openapi.json are not looked through."; \
	fi

screenshots: $(VENV)/.dev
	$(BIN)/python -m tests.browser.screenshots

deb: $(VENV)/.dev
	$(BIN)/python deploy/raspberry-pi/package/build.py --arch all --output dist

test-arm64: $(VENV)/.dev
	$(BIN)/python -m tests.arm64

test-vm: $(VENV)/.dev
	$(BIN)/python -m tests.vm

# Twenty power cuts of a whole machine, on each release; a quarter of an hour.
test-vm-power: $(VENV)/.dev
	$(BIN)/python -m tests.vm --power

# A power cut and a kill two hundred times each, in two minutes; needs root and loop devices, and says so where it cannot.
test-power: $(VENV)/.dev
	$(BIN)/python -m pytest tests/power -s

test-vm-soak: $(VENV)/.dev
	$(BIN)/python -m tests.vm --soak

format: $(VENV)/.dev
	$(BIN)/ruff format .

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.dev
	$(BIN)/mypy

# The peers are no part of the gateway or its tests: without them, bench leaves their rows out and says so.
bench: $(VENV)/.dev dbus-daemon
	@$(MAKE) --no-print-directory bench-peers || echo "TheengsGateway could not be installed: bench goes on without it"
	$(BIN)/python -m tests.bench --peers "$$(test -f $(PEERS)/.installed && echo $(PEERS)/bin/python)"

# What reaches the card, five minutes and more (needs root); a year's log, two minutes.
bench-card: $(VENV)/.dev
	$(BIN)/python -m tests.power.cpu_of_a_hit
	$(BIN)/python -m tests.power.bytes_written --seconds 300

bench-memory: $(VENV)/.dev dbus-daemon
	$(BIN)/python -m tests.bench.memory

# Each report with data of its own, and ten minutes of 200 beacons at 10 Hz.
bench-own-frames: $(VENV)/.dev dbus-daemon
	$(BIN)/python -m tests.bench.own_frames

bench-pages: $(VENV)/.dev
	$(BIN)/python -m tests.bench.pages

bench-vm: $(VENV)/.dev
	$(BIN)/python -m tests.vm.report_cost

bench-year: $(VENV)/.dev
	$(BIN)/python -m tests.power.year

bench-peers: $(PEERS)/.installed

# Published as sources only; built with tools from a lock, not with what pip would fetch for the build.
$(PEERS)/.installed: tests/bench/peers/build.lock tests/bench/peers/peers.lock | prerequisites
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --only-binary :all: -r tests/bench/peers/build.lock
	PATH="$(abspath $(PEERS))/bin:$$PATH" $(PEERS)/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --no-build-isolation -r tests/bench/peers/peers.lock
	@touch $@

schema: $(VENV)/.dev
	$(BIN)/python -m beacon_gateway check --write-schema config/schema

messages: $(VENV)/.dev
	$(BIN)/python -m tests.locale

lock:
	$(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --custom-compile-command "make lock" -q pyproject.toml -o requirements.lock
	$(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --custom-compile-command "make lock" -q --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	$(UV) pip compile --python-platform linux --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --custom-compile-command "make lock" -q --group vm -c requirements.lock -o requirements-vm.lock
	$(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --custom-compile-command "make lock" -q tests/judges/judges.in -o tests/judges/judges.lock
	npm --prefix tests/judges install --package-lock-only --omit-lockfile-registry-resolved
	for part in build peers; do \
	  $(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	    --custom-compile-command "make lock" -q tests/bench/peers/$$part.in -c requirements.lock -o tests/bench/peers/$$part.lock || exit; \
	done

clean:
	rm -rf $(VENV) $(PEERS) $(JUDGES) tests/judges/node_modules .coverage .mypy_cache .ruff_cache .pytest_cache build dist
