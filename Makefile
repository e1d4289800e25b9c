# make run         starts the product: http://localhost:8000 (another port: make run PORT=8001)
# make demo-reset  makes the demo data anew
# make test        everything that CI checks
# make lock        compiles the lock files anew from pyproject.toml
# make clean       removes everything that these made, the demo data included
.POSIX:
.SUFFIXES:
.SILENT:
.PHONY: run demo-reset test lock clean python

PORT ?= 8000
# The first Python of this machine that is new enough; PYTHON=… chooses another.
PYTHON ?= $$(for python in python3.11 python3 python3.12 python3.13 python3.14; do \
	if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$python; break; fi; done)
# If make is killed, the kernel tells the runner to stop.
RUN = setpriv --pdeathsig TERM -- .venv/bin/python -m hopin_backstage.run
COMPILE = .venv/bin/uv pip compile --quiet pyproject.toml --generate-hashes --universal --python-version 3.11 \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

run: python
	python=$(PYTHON); $$python -m hopin_backstage.run.install run
	exec $(RUN) --port "$(PORT)"

demo-reset: python
	python=$(PYTHON); $$python -m hopin_backstage.run.install run
	exec $(RUN) demo-reset

test: python
	python=$(PYTHON); $$python -m hopin_backstage.run.install test
	exec .venv/bin/python .ci/steps.py

lock: python
	python=$(PYTHON); $$python -m hopin_backstage.run.install lock
	$(COMPILE) --group dev --output-file requirements-dev.lock
	$(COMPILE) --constraint requirements-dev.lock --output-file requirements.lock

clean:
	if [ -e .run/lock ] && ! flock --nonblock .run/lock true; then \
		echo "The product is running: stop it first (Ctrl-C in its window)." >&2; exit 1; fi
	rm -rf .run .venv node_modules .artifacts .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

python:
	python=$(PYTHON); if [ -z "$$python" ]; then \
		echo "Python 3.11 or newer is needed. On Debian 12, type: sudo apt-get install python3 python3-venv" >&2; exit 1; fi
