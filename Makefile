# Every command of the project. `make demo` and `make test` need nothing but Python and an index.
.POSIX:

PYTHON ?=
PORT ?= 8000
HOST = 127.0.0.1
ARGS =
BIN = .venv/bin
PIP = $(BIN)/python -m pip -qq --disable-pip-version-check
FAST = not slow and not browser and not verapdf and not worker
# The served settings, to be checked: nothing here opens a connection.
SERVED = PTSM_MODE=served ALLOWED_HOSTS=ptsm.exemple.fr SITE_URL=https://ptsm.exemple.fr \
	SECRET_KEY=for-checks-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFG \
	DATABASE_URL=postgres://ptsm@127.0.0.1:5432/ptsm REDIS_URL=redis://127.0.0.1:6379/0 \
	EMAIL_URL=submission://127.0.0.1 DEFAULT_FROM_EMAIL=ptsm@exemple.fr

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

demo: install ## The demonstration on http://localhost:8000 (PORT=… for another); keeps its data
	@exec env PTSM_DEMO=1 $(BIN)/python manage.py serve --prepare --host $(HOST) --port $(PORT) --follow $$PPID

demo-reset: install ## The demonstration, its data under var/ wiped first
	@PTSM_DEMO=1 $(BIN)/python manage.py reset_demo
	@exec env PTSM_DEMO=1 $(BIN)/python manage.py serve --prepare --host $(HOST) --port $(PORT) --follow $$PPID

test: install-dev ## The whole suite: on SQLite, then on PostgreSQL and Redis where they answer
	@$(BIN)/python -m tests.both_ways $(ARGS)

test-fast: install-dev ## The quick tests, on SQLite
	@$(BIN)/python -m pytest -n auto -m "$(FAST)" $(ARGS)

quality: install-dev ## Formatting, lint, types, import contract, templates, migrations, deployment
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --check --lint templates
	DATABASE_URL=sqlite://:memory: $(BIN)/python manage.py makemigrations --check --dry-run
	$(SERVED) $(BIN)/python manage.py check --deploy --fail-level WARNING

fix: install-dev ## Format the code and the templates, repair what lint can repair
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .
	-$(BIN)/djlint --quiet --reformat templates

bench: install-dev ## Measure the screens and the booklet against their targets
	@$(BIN)/python -m bench.run $(ARGS)

bench-nation: install-dev ## Measure with the whole country in the base, served (ARGS="--only papers"; 40 minutes)
	@$(BIN)/python -m bench.nation $(ARGS)

pictures: install-dev ## Take the pictures of the guide and of the README again (needs Chromium)
	@$(BIN)/python -m tests.browser.pictures

lock: ## Resolve the requirements again, with hashes (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
		--no-header --quiet --output-file requirements.txt
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
		--no-header --quiet --output-file requirements-dev.txt
	@if grep -nE '(https?|file)://' requirements.txt requirements-dev.txt; then \
		echo "A requirements file names a host: remove it."; exit 1; fi

venv:
	@if [ ! -x $(BIN)/pip ] || ! $(BIN)/python -c '' 2>/dev/null; then \
		chosen=; \
		for candidate in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
			if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
			then chosen=$$candidate; break; fi; \
		done; \
		if [ -z "$$chosen" ]; then \
			echo "Il faut Python 3.11 ou plus récent : installez-le, ou nommez-le par make PYTHON=/chemin/de/python3 …"; \
			exit 1; \
		fi; \
		echo "Environnement Python dans .venv…"; \
		rm -rf .venv; \
		if ! $$chosen -m venv .venv >/dev/null 2>&1; then \
			rm -rf .venv; \
			if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
				apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null; \
			fi; \
			$$chosen -m venv .venv || { rm -rf .venv; \
				echo "Le module venv de Python manque : sous Debian ou Ubuntu, apt install python3-venv."; exit 1; }; \
		fi; \
	fi

install: venv
	@cmp -s requirements.txt .venv/installed.txt || { \
		echo "Installation des bibliothèques (une minute environ)…"; \
		$(PIP) install --require-hashes -r requirements.txt \
			&& cp requirements.txt .venv/installed.txt; }
	@test -f .venv/pango || $(MAKE) -s pango

install-dev: venv
	@cmp -s requirements-dev.txt .venv/installed-dev.txt || { \
		echo "Installing the libraries and the tools (about a minute)…"; \
		$(PIP) install --require-hashes -r requirements-dev.txt \
			&& cp requirements.txt .venv/installed.txt \
			&& cp requirements-dev.txt .venv/installed-dev.txt; }
	@test -f .venv/pango || $(MAKE) -s pango

# The one thing pip cannot bring: WeasyPrint draws letters with pango. Asked once.
pango:
	@see='from weasyprint.text import ffi'; \
	if ! $(BIN)/python -c "$$see" 2>/dev/null; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			echo "Installation de pango, dont WeasyPrint a besoin pour imprimer…"; \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
				apt-get install -y -qq libpango-1.0-0 libpangoft2-1.0-0 >/dev/null; \
		fi; \
	fi; \
	if $(BIN)/python -c "$$see" 2>/dev/null; then touch .venv/pango; else \
		echo "Il manque pango, dont WeasyPrint a besoin pour imprimer. Installez-le, puis recommencez :"; \
		echo "  Debian, Ubuntu : sudo apt install libpango-1.0-0 libpangoft2-1.0-0"; \
		echo "  Fedora         : sudo dnf install pango"; \
		echo "  Arch           : sudo pacman -S pango"; \
		echo "  Alpine         : sudo apk add pango"; \
		echo "  macOS          : brew install pango"; \
		exit 1; \
	fi
