# `make demo` starts a clinic, `make test` proves it. `make help` lists the rest.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PORT ?= 8000
UV ?= uv

.PHONY: help setup setup-test demo demo-reset test check bench lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: ## virtual environment, dependencies, front-end parts; .venv/bin/dayward is there afterwards
	@test -n "$(PYTHON)" || { echo "Dayward needs Python 3.11 or newer; none was found on the PATH." >&2; exit 2; }
	@$(PYTHON) tools/set_up.py

setup-test:
	@test -n "$(PYTHON)" || { echo "Dayward needs Python 3.11 or newer; none was found on the PATH." >&2; exit 2; }
	@$(PYTHON) tools/set_up.py test

demo: setup ## the synthetic clinic on http://localhost:8000 (PORT=8001 for another port); Ctrl-C stops it
	@exec .venv/bin/dayward demo --port $(PORT)

demo-reset: setup ## throw the demo clinic away and start over
	@exec .venv/bin/dayward demo --port $(PORT) --reset

test: setup-test ## lint, types, contracts and all tests
	@.venv/bin/python tools/run_tests.py

bench: setup ## speeds and query counts, as a table and in var/bench.json
	@.venv/bin/python -m benchmarks.run

pictures: setup-test ## the pictures of README and docs, taken of the demo in a real Chromium
	@.venv/bin/python -m tools.pictures

lock: ## renew the hashed lock files from requirements/*.in (needs uv)
	@for name in base dev node tools; do \
		$(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
			--python-version 3.11 requirements/$$name.in -o requirements/$$name.txt || exit 1; done

clean: ## remove what setup made; the demo's data stays
	rm -rf .venv node_modules var/static-parts var/node
