PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-annotate --no-header
PYTEST := $(BIN)/python -m pytest -n auto --dist loadgroup
PROOF_TOO := -m "not endurance"
LOCK := $(COMPILE) --extra embedded --extra simulator pyproject.toml
GENERATED := README.md docs/*.md src/iracing_sync/contrib/django/models.py src/iracing_sync/contrib/sqlalchemy/models.pyi

.PHONY: help demo test test-fast proof fuzz check lint wheel bench lock docs clean
.DEFAULT_GOAL := help

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 10

$(INSTALLED): requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

demo: $(INSTALLED) ## fill an embedded PostgreSQL from a simulated iRacing, without any account, and write a page of it
	mkdir -p build/demo
	$(BIN)/iracing-sync demo --page build/demo/season.html

test: $(INSTALLED) ## run the tests, on every core; the long proofs in a small size
	$(PYTEST) --durations=10 $(if $(WITH_PROOFS),$(PROOF_TOO))

test-fast: $(INSTALLED) ## run the tests that take under a minute: no conversations, no kills
	$(PYTEST) tests/changes tests/loader tests/mappers tests/tables tests/fetch/http tests/rate_limit/test_allowance.py \
		tests/sync/test_loading.py tests/test_settings.py

proof: $(INSTALLED) ## run the long proofs in full size: a year of nights, kills, thousands of calls
	$(PYTEST) -m proof --durations=10

fuzz: $(INSTALLED) ## run over documents that nobody would send: FUZZ_DOCUMENTS=10000 FUZZ_SEED=1
	FUZZ_DOCUMENTS=$(or $(FUZZ_DOCUMENTS),10000) FUZZ_SEED=$(or $(FUZZ_SEED),1) \
		$(PYTEST) tests/sync/test_one_bad_thing.py -k whatever

lint: $(INSTALLED) ## check style, format, types, the import contract and the generated docs
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/cog --check $(GENERATED)

wheel: $(INSTALLED) ## build the wheel and try it without development tools, with each extra alone, and in Django
	rm -rf build/dist build/wheel-venv
	$(BIN)/python -m build --wheel --no-isolation --outdir build/dist
	$(PYTHON) -m venv build/wheel-venv
	build/wheel-venv/bin/python -m pip install --quiet --require-hashes -r requirements.lock
	build/wheel-venv/bin/python -m pip install --quiet --no-deps --no-index build/dist/*.whl
	.ci/check-wheel build/wheel-venv
	.ci/check-extras $(BIN)/uv $(PYTHON) build/dist/*.whl requirements-dev.lock build/extras & extras=$$!; \
	.ci/check-django $(BIN)/uv $(PYTHON) build/dist/*.whl requirements-dev.lock build/django && wait $$extras

bench: ## measure ours beside what people would use instead, and write docs/benchmarks.md
	$(PYTHON) -m venv build/bench
	build/bench/bin/python -m pip install --quiet --require-hashes -r benchmarks/requirements.lock
	build/bench/bin/python -m pip install --quiet --no-deps --no-build-isolation -e .
	$(PYTHON) -m venv build/singer
	build/singer/bin/python -m pip install --quiet --require-hashes -r benchmarks/requirements-singer.lock
	build/bench/bin/python benchmarks/side_by_side.py --write docs/benchmarks.md
	build/bench/bin/python benchmarks/reading.py --write docs/reading.md
	build/bench/bin/python benchmarks/rate_limit.py

check: $(INSTALLED) ## what CI runs: lint beside the wheel, then the tests together with the long proofs
	$(MAKE) --no-print-directory --jobs=2 lint wheel
	$(MAKE) --no-print-directory test WITH_PROOFS=1

lock: $(INSTALLED) ## resolve the dependencies anew
	$(LOCK) --output-file requirements.lock
	$(LOCK) --constraint requirements.lock --extra celery --extra django --extra keyring --extra notify --extra parquet \
		--group dev --output-file requirements-dev.lock
	$(LOCK) --constraint requirements.lock benchmarks/requirements.in --output-file benchmarks/requirements.lock
	$(COMPILE) benchmarks/requirements-singer.in --output-file benchmarks/requirements-singer.lock

docs: $(INSTALLED) ## write the generated parts of the documentation anew (needs `dot` of graphviz)
	$(BIN)/cog -r $(GENERATED)
	$(BIN)/python docs/diagrams/draw.py

clean: ## remove what was built or installed here
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find src tests migrations -name __pycache__ -prune -exec rm -rf {} +
