# One image, three commands (docker-compose.yml): web, worker, clock. Nothing is compiled.
FROM python:3.11-slim-bookworm AS libraries
COPY requirements.txt .
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt

FROM python:3.11-slim-bookworm
# WeasyPrint draws letters with pango.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --no-create-home ptsm \
    && install -d -o ptsm -g ptsm /srv/files /srv/static
COPY --from=libraries /opt/venv /opt/venv
WORKDIR /srv/app
COPY . .
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp \
    PTSM_MODE=served \
    PTSM_VAR_DIR=/tmp/ptsm \
    PTSM_BIND=0.0.0.0:8000 \
    MEDIA_ROOT=/srv/files \
    STATIC_ROOT=/srv/static
# The code is byte-compiled and the static files gathered once, here: the containers only read.
# The values below open nothing and are not kept.
RUN python -m compileall -q . \
    && SECRET_KEY=at-build-only ALLOWED_HOSTS=localhost SITE_URL=http://localhost \
    DATABASE_URL=postgres://localhost/none REDIS_URL=redis://localhost \
    EMAIL_URL=smtp://localhost DEFAULT_FROM_EMAIL=nobody@localhost \
    python manage.py collectstatic --no-input \
    && rm -rf /tmp/ptsm
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["python", "-m", "ptsm.health"]
CMD ["gunicorn", "--config", "python:ptsm.gunicorn", "ptsm.wsgi"]
