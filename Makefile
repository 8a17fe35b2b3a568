# Two commands matter: `make demo` and `make test`. Both install what they need into .venv first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# A dozen processes start in `make test`, and servers in `make demo`: each would compile all anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup setup-test demo test lint types contracts bench messages clean

$(VENV)/runtime.stamp: requirements/runtime.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "giliran needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv --clear $(VENV) # an interrupted installation leaves nothing behind
	$(BIN)/pip install --quiet --require-hashes -r requirements/runtime.txt
	$(BIN)/pip install --quiet --no-deps --editable .
	@touch $@

$(VENV)/test.stamp: requirements/test.txt $(VENV)/runtime.stamp
	$(BIN)/pip install --quiet --require-hashes -r requirements/test.txt
	@touch $@

setup: $(VENV)/runtime.stamp
setup-test: $(VENV)/test.stamp

demo: setup
	@$(BIN)/giliran demo

lint: setup-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup-test
	$(BIN)/mypy

contracts: setup-test
	$(BIN)/lint-imports

test: export OPENBLAS_NUM_THREADS = 1 # numpy's own threads would fight for the cores
test: lint types contracts
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder -m 'not alone'
	$(BIN)/python -m pytest -m alone tests/rush

bench: setup-test
	$(BIN)/python -m bench

# English beside the Indonesian of the code: find new sentences, and compile what is translated.
ENGLISH := giliran/locale/en/LC_MESSAGES/django.po
TRANSLATE := cd giliran && DJANGO_SETTINGS_MODULE=giliran.settings ../$(BIN)/django-admin
messages: setup-test
	$(TRANSLATE) makemessages --locale en --no-location --no-obsolete
	grep -v '^"POT-Creation-Date' $(ENGLISH) > $(ENGLISH).new && mv $(ENGLISH).new $(ENGLISH)
	$(TRANSLATE) compilemessages --locale en

clean:
	rm -rf $(VENV) var
