# Verbs. `make app` and `make test` do all of their own set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
PORT ?= 8000

.PHONY: app test check bench soak pictures evaluate site train setup clean

app: site ## install, build the site, serve it, print the address
	$(BIN)/linnet serve --dir dist --port $(PORT)

site: $(VENV)/.app node_modules/.stamp ## assemble dist/
	$(BIN)/python build/site.py

test: $(VENV)/.dev node_modules/.stamp ## everything, in real Chromium and Firefox
	sh tests/system_packages.sh
	$(BIN)/python build/site.py
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: $(VENV)/.dev node_modules/.stamp ## formatting, lint, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	MYPYPATH=build:pycore $(BIN)/mypy --strict build/*.py
	npx --no-install biome check web
	npx --no-install tsc -p tsconfig.json

bench: $(VENV)/.dev node_modules/.stamp ## speed, memory, bytes and accuracy, beside Basic Pitch
	sh tests/system_packages.sh
	$(BIN)/python build/site.py
	$(BIN)/python -m tests.bench

soak: $(VENV)/.dev node_modules/.stamp ## an hour's file and half an hour's take: memory, tasks, lost sound, drift
	sh tests/system_packages.sh
	$(BIN)/python build/site.py
	$(BIN)/python -m tests.bench.soak

pictures: $(VENV)/.dev node_modules/.stamp ## those of README and manifest, of the page as it is
	sh tests/system_packages.sh
	$(BIN)/python build/site.py
	$(BIN)/python -m tests.browser.pictures

evaluate: $(VENV)/.dev ## what the released model hears and what it mistakes, beside the truth
	sh tests/system_packages.sh
	$(BIN)/python -m models.evaluate

train: $(VENV)/.dev ## render, train, evaluate, export
	$(BIN)/python -m models.pipeline

setup: $(VENV)/.dev node_modules/.stamp

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Linnet needs Python 3.11 or newer; found " + sys.version.split()[0] + ". Set PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/.app: $(VENV)/.made pyproject.toml
	$(PIP) install --quiet --editable '.[native,site]'
	touch $@

$(VENV)/.dev: $(VENV)/.app
	$(PIP) install --quiet --editable '.[dev]'
	touch $@

node_modules/.stamp: package.json package-lock.json
	@node -e 'if (Number(process.versions.node.split(".")[0]) < 20) { console.error("Linnet needs Node 20 or newer; found " + process.version); process.exit(1) }'
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

clean: ## everything that was made, caches too
	rm -rf dist .cache node_modules $(VENV)
