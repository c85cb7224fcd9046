# make build    the site in dist/, from a model with ImageNet weights (MobileNet, or EfficientNet-Lite0)
# make test     formatters, linters, type checkers, and all tests; installs a browser if there is none
# make check    formatters, linters, type checkers, and the fast tests that need no browser: before each commit
# make test-browsers  the app in Firefox and WebKitGTK, and on nginx and Caddy: installs them (Debian, as
#               root) or says loudly which it had to leave out
# make serve    previews dist/
# make benchmarks  installs the peers that docs/performance.md compares with
# make format   rewrites the code as the formatters want it
# make clean    removes what was built; the environments .venv, .uv and node_modules stay
#
# Needs make, the package registries, and Python 3.11 or 3.12, which uv brings into .uv where there is
# only another; Node comes with .venv.
# PYTHON=/path/to/python chooses the Python, OPTIONS="--alpha 0.25" goes to `classifier-pwa build`.

PYTHON ?=
OPTIONS ?=

export PATH := $(CURDIR)/.venv/bin:$(PATH)
# The first is for the packages, the second for the isolated environment our own is built in.
export PIP_CONSTRAINT := constraints.txt
export PIP_BUILD_CONSTRAINT := constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1

INSTALLED := .venv/.installed
NODE_MODULES := node_modules/.package-lock.json
PACKAGE_INPUTS := pyproject.toml constraints.txt hatch_build.py package.json package-lock.json \
  .npmrc $(shell find builder/runtime site_templates/app site_templates/sw site_templates/withdrawn -type f)

.PHONY: build check test lint test-js test-python test-browsers benchmarks serve format constraints clean
.NOTPARALLEL:

build: $(INSTALLED)
	@echo "── Building dist/"
	classifier-pwa build $(OPTIONS)

test: lint test-js test-python

check: lint test-js
	@echo "── Fast Python tests without a browser"
	pytest tests/unit -m "not slow" --numprocesses 2 --dist loadfile

lint: $(INSTALLED) $(NODE_MODULES)
	@echo "── Python: format, lint, types"
	ruff format --check
	ruff check
	mypy
	@echo "── JavaScript: format, lint, types"
	npx prettier --check --log-level warn .
	npx eslint .
	npx tsc

test-js: $(INSTALLED) $(NODE_MODULES)
	@echo "── JavaScript tests"
	node --test --test-reporter=dot "tests/js/**/*.test.js"

test-python: $(INSTALLED) $(NODE_MODULES)
	@echo "── Python and browser tests"
	browser=$$(python -m builder.browser.install) && CLASSIFIER_PWA_BROWSER="$$browser" \
	  pytest --ignore tests/system --numprocesses auto --dist loadfile --no-loadscope-reorder \
	    --durations 20

test-browsers: $(INSTALLED)
	@echo "── Other browsers and real web servers"
	python -m tests.system.packages
	pytest tests/system

benchmarks: $(INSTALLED)
	@echo "── Installing the peers into benchmarks/"
	pip install --quiet --requirement benchmarks/requirements.txt
	cd benchmarks && npm ci --ignore-scripts --loglevel error

serve: $(INSTALLED)
	classifier-pwa serve

format: $(INSTALLED) $(NODE_MODULES)
	ruff check --fix --exit-zero
	ruff format
	npx prettier --write --log-level warn .

# Run it in a fresh .venv after `pip install -e '.[dev]'` without constraints, to renew the pins.
constraints:
	{ sed -n '/^#/p' constraints.txt; pip freeze --all --exclude-editable --exclude pip; } > constraints.new
	mv constraints.new constraints.txt

clean:
	rm -rf build wheels assets/runtime .mypy_cache .pytest_cache .ruff_cache .hypothesis
	test ! -d dist || find dist -mindepth 1 -not -name .gitkeep -delete
	rm -f $(INSTALLED)

.venv/bin/python:
	@echo "── Creating .venv"
	scripts/create_venv.sh .venv "$(PYTHON)"

$(INSTALLED): .venv/bin/python $(PACKAGE_INPUTS)
	@echo "── Installing classifier-pwa, TensorFlow and the tools into .venv (minutes, the first time)"
	pip install --quiet --editable '.[dev]'
	@touch $@

$(NODE_MODULES): package.json package-lock.json .npmrc | $(INSTALLED)
	@echo "── Installing the JavaScript tools into node_modules"
	npm ci --ignore-scripts --loglevel error
	@touch $@
