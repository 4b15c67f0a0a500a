# Needs Python 3.11 or newer and make. `make` alone lists the targets.

python := .venv/bin/python
runtime := .venv/.runtime
dev := .venv/.dev
vendor := portal/static/vendor/.copied
# With the settings of the tests: apart from the developer's own data.
manage := DJANGO_SETTINGS_MODULE=tests.settings $(python) manage.py
export PYTHONUNBUFFERED = 1

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1 |/p' Makefile | awk -F'|' '{printf "%-14s%s\n", $$1, $$2}'

run: $(runtime) $(vendor) ## Start the portal: web and worker, everything set up
	@$(python) manage.py bootstrap
	@PATH="$$PWD/.venv/bin:$$PATH" exec $(python) -m honcho --env /dev/null start

demo: $(runtime) ## Fill a running portal through its public doors
	@$(python) manage.py demo

test: $(dev) $(vendor) ## Run the test suite; ARGS="-k name" chooses
	@$(python) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

check: $(dev) ## Format, lint, types, import contracts, migrations, schema, templates
	$(python) -m ruff format --check .
	$(python) -m ruff check .
	$(python) -m mypy .
	$(python) -c 'from importlinter.cli import lint_imports_command as main; main()'
	$(manage) makemigrations --check --dry-run
	$(manage) check --fail-level WARNING
	$(manage) spectacular --validate --fail-on-warn --file /dev/null
	$(python) -m djlint --lint --quiet portal notifier datalake

format: $(dev) ## Format the code
	@$(python) -m ruff check --fix --select I .
	@$(python) -m ruff format .

messages: $(dev) ## Extract texts to translate and compile them: needs gettext
	@mkdir -p portal/locale/de/LC_MESSAGES
	@$(manage) makemessages --locale de --no-obsolete --no-wrap --add-location file \
		--ignore .venv --ignore node_modules --ignore var --ignore tests --ignore bench
	@$(manage) compilemessages --locale de --ignore .venv

bench: $(runtime) ## Compare with other programs: needs wrk and webhook
	@$(python) -m bench.intake $(ARGS)

lock: ## Write the lock files anew: needs uv and npm
	@bin/lock

clean: ## Remove what the other targets made; the data in var/ stays
	rm -rf .venv node_modules portal/static/vendor .mypy_cache .pytest_cache .ruff_cache \
		.import_linter_cache .hypothesis test-results

# A dangling link, after Python was removed, counts as missing.
.venv/bin/python: ;

$(runtime): requirements/runtime.txt bin/install .venv/bin/python
	@bin/install runtime
	@touch $@

# After the runtime: two installers at once would disturb each other.
$(dev): requirements/dev.txt $(runtime)
	@bin/install dev
	@touch $@

$(vendor): package-lock.json bin/browser_libraries.py | $(runtime)
	@$(python) bin/browser_libraries.py
	@touch $@

.PHONY: help run demo test check format messages bench lock clean
