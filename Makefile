.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run demo test chaos fuzz check audit screenshots icons bench clean

PYTHON ?= python3
VENV := .venv
IN_VENV := $(VENV)/bin/python
BENCH := .venv-bench
AUDIT := .venv-audit
ROUNDS ?= 3
PIP := $(IN_VENV) -m pip --disable-pip-version-check --quiet
NODE_MODULES := $(if $(wildcard tests/package.json),tests/node_modules/.package-lock.json)

STREAM_TESTS := tests/live tests/processes tests/views/test_events.py tests/views/test_events_model.py \
  $(filter-out %/test_law_b_over_sockets.py %/test_cold_start.py,$(wildcard tests/server/test_*.py))

help: ## print the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/run-ready ## install, migrate and serve the board on port 2774
	@$(IN_VENV) -m flask --app wsgi prepare
	@exec $(IN_VENV) -m gunicorn -c gunicorn.conf.py wsgi:app

demo: $(VENV)/run-ready ## show the board with a made-up media server behind it; CHAOS=1 loses its webhooks
	@exec $(IN_VENV) -m demo

test: $(VENV)/test-ready packages $(NODE_MODULES) check ## check everything and run all tests
	$(IN_VENV) -m pytest --numprocesses=4 --dist=loadfile --no-loadscope-reorder

chaos: $(VENV)/test-ready packages $(NODE_MODULES) ## try the stream at full length, which takes about an hour
	CHAOS_FULL=1 $(IN_VENV) -m pytest --numprocesses=2 --dist=loadfile -rP $(STREAM_TESTS)

fuzz: $(VENV)/test-ready packages ## send ten times as many odd bodies and calls as the tests do
	FUZZ_BODIES=20000 $(IN_VENV) -m pytest --numprocesses=2 tests/fuzz tests/browser/test_hostile_text.py

check: $(VENV)/test-ready ## format, lint, types, and no secret in any file
	$(IN_VENV) -m ruff format --check .
	$(IN_VENV) -m ruff check .
	$(IN_VENV) -m mypy
	@# 3: what is known has other line numbers by now
	$(IN_VENV) -m detect_secrets.pre_commit_hook --baseline .secrets.baseline $$(git ls-files) || test $$? = 3

audit: $(AUDIT)/ready ## look every pinned package up among the known flaws
	@sh tests/audit.sh $(AUDIT)/bin/pip-audit

screenshots: $(VENV)/test-ready ## take the pictures of docs/screenshots anew
	$(IN_VENV) -m tests.browser.screenshots

icons: $(VENV)/test-ready ## draw the icons of an installed board from static/img/logo.svg anew
	$(IN_VENV) -m tests.browser.icons

bench: $(VENV)/test-ready $(BENCH)/ready ## measure beside others, for docs/performance.md; ROUNDS=3, ONLY=trickle,burst
	@sh benchmarks/packages.sh
	@$(IN_VENV) -m benchmarks --rounds $(ROUNDS) --only "$(ONLY)"

clean: ## remove what make made; data/ stays
	rm -rf $(VENV) $(BENCH) $(AUDIT) benchmarks/built tests/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(IN_VENV):
	@command -v $(PYTHON) >/dev/null || { echo "Arrivarr needs Python 3.11 or newer; there is no $(PYTHON) here."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Arrivarr needs Python 3.11 or newer; this is $$($(PYTHON) --version). Try: make PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "$(PYTHON) can't make virtual environments. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version) ..."
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/run-ready: requirements.txt | $(IN_VENV)
	@echo "Installing requirements.txt ..."
	@$(PIP) install -r requirements.txt
	@touch $@

$(VENV)/test-ready: requirements-dev.txt requirements.txt | $(IN_VENV)
	@echo "Installing requirements-dev.txt ..."
	@$(PIP) install -r requirements-dev.txt
	@touch $@ $(VENV)/run-ready

$(BENCH)/ready: benchmarks/requirements.txt | $(IN_VENV)
	@echo "Installing benchmarks/requirements.txt ..."
	@$(IN_VENV) -m venv $(BENCH)
	@$(BENCH)/bin/python -m pip --disable-pip-version-check --quiet install -r benchmarks/requirements.txt
	@touch $@

$(AUDIT)/ready: requirements-audit.txt | $(IN_VENV)
	@echo "Installing requirements-audit.txt ..."
	@$(IN_VENV) -m venv $(AUDIT)
	@$(AUDIT)/bin/python -m pip --disable-pip-version-check --quiet install -r requirements-audit.txt
	@touch $@

.PHONY: packages
packages:
	@sh tests/packages.sh

tests/node_modules/.package-lock.json: tests/package-lock.json
	@cd tests && npm ci --no-audit --no-fund --loglevel=error
	@touch $@
