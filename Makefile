# make demo [ARGS=--no-serve]   the sample company, the main job, then the site
# make test                     everything that is checked
# make lint                     the quick part of it
# make torture                  the long proofs
# make walk [PICTURES=FOLDER]   every page in every sight, with a picture of each
# make faults [ARGS=WORD…]      whether the tests notice faults that are seeded on purpose
# make clean                    away with what these made
#
# Needs make and Python 3.11 or later with venv. Everything goes into .venv.

VENV := .venv
BIN := $(VENV)/bin

# The newest Python that really starts: version managers leave names behind that do not.
WORKS := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for name in python3.14 python3.13 python3.12 python3.11 python3; do \
	$$name -c '$(WORKS)' 2>/dev/null && echo $$name && break; done)

# Installed again when what is installed changes, and only then.
INPUTS := pyproject.toml hatch_build.py $(wildcard src/legato/locale/*/LC_MESSAGES/*.po)
STATE := $(shell cat $(INPUTS) | cksum | cut -d ' ' -f 1)
READY := $(VENV)/ready-$(STATE)
READY_TO_TEST := $(VENV)/ready-to-test-$(STATE)

.PHONY: demo test torture walk faults lint clean

demo: $(READY)
	$(BIN)/legato demo $(ARGS)

test: lint
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

# Ten thousand random books and more; every crash point, server crashes, races; what may befall a
# company; on two processes.
torture: $(READY_TO_TEST)
	LEGATO_TORTURE=$(or $(FACTOR),40) $(BIN)/pytest -n 2 --dist worksteal tests/torture tests/model \
		tests/solver/test_families.py tests/solver/test_brute_force.py tests/house/test_urls.py $(ARGS)

# Every page and journey in every language and sight, with a picture of each in PICTURES.
walk: $(READY_TO_TEST)
	LEGATO_WALK=whole LEGATO_PICTURES=$(or $(PICTURES),pictures) $(BIN)/pytest \
		-n 2 --dist loadfile tests/browser $(ARGS)

faults: $(READY_TO_TEST)
	$(BIN)/python -m tests.faults $(ARGS)

lint: $(READY_TO_TEST)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests benchmarks -name __pycache__ -prune -exec rm -rf {} +
	find src -name '*.mo' -delete

$(READY): | $(VENV)/made
	$(BIN)/pip install --quiet --editable .
	touch $@

$(READY_TO_TEST): | $(VENV)/made
	$(BIN)/pip install --quiet --editable . --group dev
	touch $@ $(READY)

# Older pips, such as a new environment has, know no dependency groups.
$(VENV)/made:
	@test -n "$(PYTHON)" || { echo "Legato needs Python 3.11 or later with venv (on Debian:" \
		"apt install python3 python3-venv). Nothing was installed."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	touch $@
