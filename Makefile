# make demo    set up and group the bundled demo file into demo-report/
# make desk    set up and open the desk of an invented municipality in the browser
# make test    set up with pip alone and run the tests, those of the desk on PostgreSQL too
# make verify  the tests against a real browser; installs what it needs, never skips
# make check   lint, types, contracts, tests
# make bench   the measures, beside the rivals (KUULO_BENCH_DATA names the folder of public texts)

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
export PYTHONDONTWRITEBYTECODE = 1

# what make verify meets: a browser, and the real other sides of channels (a program, and the package that has it)
REAL := chromium:chromium /usr/lib/dovecot/imap:dovecot-imapd /usr/lib/dovecot/lmtp:dovecot-lmtpd \
	mariadbd:mariadb-server php:php-cli /usr/share/wordpress/wp-load.php:wordpress node:nodejs npm:npm

.PHONY: demo desk test verify check lint types contracts bench lock calibrate kinds clean

demo: $(VENV)/run
	$(BIN)/kuulo group src/kuulo/demo/messages.csv --out demo-report --names en --title "Kaislalahti and Sivvåg"

desk: $(VENV)/run
	$(BIN)/kuulo demo

# where the tests meet the database, they meet both kinds
ON_POSTGRES := tests/models tests/desk tests/web tests/work

test: $(VENV)/test
	$(BIN)/python -m pytest --ignore tests/verify -n 2
	$(BIN)/python -m tests.with_postgres $(BIN)/python -m pytest $(wildcard $(ON_POSTGRES)) -n 2

verify: $(VENV)/verify
	$(BIN)/python -m pytest tests/verify

check: lint types contracts test

lint: $(VENV)/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/test
	$(BIN)/mypy

contracts: $(VENV)/test
	$(BIN)/lint-imports

bench: $(VENV)/test .venv-rivals/done
	KUULO_BENCH_RIVALS_PYTHON=$(CURDIR)/.venv-rivals/bin/python $(BIN)/python -m benchmarks.run
	$(BIN)/python -m benchmarks.speed

lock: $(VENV)/test
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml -o requirements/run.txt
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml --extra postgres -o requirements/postgres.txt
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml --group test -o requirements/test.txt
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml --group test --group verify -o requirements/verify.txt

calibrate: $(VENV)/run
	$(BIN)/python -m kuulo.group.calibrate

kinds: $(VENV)/test
	$(BIN)/python -m benchmarks.train_kinds

clean:
	rm -rf $(VENV) .venv-rivals demo-report build dist

# A stamp tells that the environment holds what the lock names.
$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/run: requirements/run.txt pyproject.toml | $(VENV)/bin/python
	$(PIP) install -q --require-hashes -r requirements/run.txt
	$(PIP) install -q --no-deps -e .
	touch $@

$(VENV)/test: requirements/test.txt pyproject.toml | $(VENV)/bin/python
	$(PIP) install -q --require-hashes -r requirements/test.txt
	$(PIP) install -q --no-deps -e .
	touch $@ $(VENV)/run

$(VENV)/verify: requirements/verify.txt $(VENV)/test
	$(PIP) install -q --require-hashes -r requirements/verify.txt
	for program in $(REAL); do command -v $${program%:*} >/dev/null || test -e $${program%:*} || apt="$$apt $${program#*:}"; done; \
	  test -z "$$apt" || (apt-get update -qq && apt-get install -y -qq --no-install-recommends $$apt)
	touch $@

.venv-rivals/done: requirements/bench.in
	$(PYTHON) -m venv .venv-rivals
	.venv-rivals/bin/python -m pip install -q --no-deps bertopic==0.17.4
	.venv-rivals/bin/python -m pip install -q -r requirements/bench.in
	touch $@
