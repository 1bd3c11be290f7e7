# Two commands matter: `make demo` and `make test`. Both set up what they need.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.PHONY: demo test check lint evaluate clean

demo: $(STAMP)  ## run the example case and say where the report is
	@$(BIN)/vestigo demo --out demo-case

test: $(STAMP)  ## run every test
	@$(BIN)/python -m pytest -n 2 --dist loadgroup

check: $(STAMP) lint test  ## everything a change must pass

evaluate: $(STAMP)  ## validate the linkage model on simulated cases; writes docs/attribution-evaluation.*
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[bench]'
	@$(BIN)/python -m benchmarks.attribution.evaluate

lint: $(STAMP)  ## style, types, import directions, dependencies
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/deptry .

$(STAMP): pyproject.toml constraints.txt
	@echo "setting up $(VENV) (once)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) demo-case
