# make demo   from a clone to a trained model
# make test   sets up and passes all tests
# make constraints   renews the versions that all of these install, .ci/constraints.txt
SHELL := /bin/sh
VENV ?= .venv
BIN := $(VENV)/bin
TORTURE := torture-kills torture-damage torture-learning torture-models torture-exports torture-intervals torture-studies torture-simulations torture-data torture-pages torture-serving torture-install torture-configs torture-files torture-avx2 torture-sse torture-generic
CONSTRAINTS := .ci/constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# The first interpreter that is 3.11 to 3.13 and able to make virtual environments.
FIND_PYTHON = for python in $(PYTHON) python3.12 python3.13 python3.11 python3 python; do \
	if "$$python" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	  >/dev/null 2>&1; then echo "$$python"; exit 0; fi; done

.PHONY: demo test torture $(TORTURE) bench lint types contract constraints clean

demo: $(VENV)/.runtime
	$(BIN)/rnnbuild summary quickstart
	$(BIN)/rnnbuild compare quickstart --vary cell=simple_rnn,gru,lstm --vary bidirectional=false,true
	$(BIN)/rnnbuild train quickstart

test: $(VENV)/.development
	$(BIN)/python -m pytest

# Long tests, and all with numbers under other processors' code; each part takes up to 30 minutes.
torture: $(VENV)/.development
	$(BIN)/python -m tests.torture

$(TORTURE): torture-%: $(VENV)/.development
	$(BIN)/python -m tests.torture $*

bench: $(VENV)/.development
	$(BIN)/python -m tests.benchmarks

lint: $(VENV)/.development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.development
	$(BIN)/mypy
	$(BIN)/mypy --platform darwin

contract: $(VENV)/.development
	$(BIN)/lint-imports

# The oldest Python decides: what it can install the newer ones can. Left out is what some machines
# choose for themselves: PyTorch, and what comes with it for a GPU.
constraints: PYTHON = python3.11
constraints:
	folder="$$(mktemp -d)" && trap 'rm -rf "$$folder"' EXIT && \
	"$$($(FIND_PYTHON))" -m venv "$$folder" && "$$folder/bin/python" -m pip install --quiet '.[dev]' && \
	"$$folder/bin/python" -m pip freeze --exclude rnnbuild --exclude-editable >"$$folder/versions" && \
	{ echo "# The versions that CI runs, written by \`make constraints\`."; \
	  grep -v -e '^torch' -e '^nvidia' -e '^triton' "$$folder/versions"; } >$(CONSTRAINTS)

clean:
	rm -rf $(VENV) dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(VENV)/bin/python:
	@python="$$($(FIND_PYTHON))"; \
	if [ -z "$$python" ]; then \
	  echo "rnnbuild needs Python 3.11, 3.12 or 3.13 with its venv module, and none was found on the PATH." >&2; \
	  echo "Install one (Debian: apt install python3 python3-venv), or name it: make PYTHON=/path/to/python3.12" >&2; \
	  exit 1; \
	fi; \
	echo "making $(VENV) with $$("$$python" --version)"; \
	"$$python" -m venv $(VENV)

$(VENV)/.runtime: $(VENV)/bin/python pyproject.toml $(CONSTRAINTS)
	$(BIN)/python -m pip install --quiet --constraint $(CONSTRAINTS) --editable .
	@touch $@

$(VENV)/.development: $(VENV)/bin/python pyproject.toml $(CONSTRAINTS)
	$(BIN)/python -m pip install --quiet --constraint $(CONSTRAINTS) --editable '.[dev]'
	@touch $@ $(VENV)/.runtime
