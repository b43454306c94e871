"""Settings: one file, two ways of running, everything else from the environment.

`PTSM_MODE=embedded` (the default): SQLite, no Redis, files under `var/`, nothing to configure.
`PTSM_MODE=served`: PostgreSQL, Redis, SMTP; whatever is missing stops the start with its name.
The list of variables, with their meaning, is in `docs/served.md`.
"""

import importlib.util
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()

MODE = env.str("PTSM_MODE", default="embedded")
if MODE not in {"embedded", "served"}:
    raise ImproperlyConfigured(f"PTSM_MODE is « {MODE} »: it must be embedded or served.")
IS_SERVED = MODE == "served"

VAR_DIR = Path(env.str("PTSM_VAR_DIR", default=str(BASE_DIR / "var")))
for folder in (VAR_DIR, *(VAR_DIR / name for name in ("files", "mail", "broker", "static"))):
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def required_when_served(name: str, embedded_default: str) -> str:
    """A variable that the served way cannot do without."""
    value: str = env.str(name, default="")
    if value:
        return value
    if IS_SERVED:
        raise ImproperlyConfigured(f"{name} is required when PTSM_MODE is served.")
    return embedded_default


def embedded_secret_key() -> str:
    """The embedded way invents its secret once and keeps it beside its database."""
    kept = VAR_DIR / "secret_key"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(50))
    return kept.read_text().strip()


# --- Who may knock -----------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False) and not IS_SERVED
SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    if IS_SERVED:
        raise ImproperlyConfigured("SECRET_KEY is required when PTSM_MODE is served.")
    SECRET_KEY = embedded_secret_key()
ALLOWED_HOSTS = [
    host.strip()
    for host in required_when_served("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
    if host.strip()
]
# The address written in mails: a worker has no request to read it from.
SITE_URL = required_when_served("SITE_URL", "http://localhost:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [SITE_URL] if IS_SERVED else []
# The demonstration shows its accounts on the sign-in page and its mails in the application.
IS_DEMO = env.bool("PTSM_DEMO", default=False) and not IS_SERVED

# --- Who runs this installation -----------------------------------------------------------------

# Printed on the legal pages, which say « à compléter par l’exploitant » while one is empty.
OPERATOR_NAME = env.str("OPERATOR_NAME", default="")
OPERATOR_ADDRESS = env.str("OPERATOR_ADDRESS", default="")
# A mail address or a web address: also the contact of `/.well-known/security.txt`.
OPERATOR_CONTACT = env.str("OPERATOR_CONTACT", default="")
PUBLICATION_DIRECTOR = env.str("PUBLICATION_DIRECTOR", default="")
HOSTING_PROVIDER = env.str("HOSTING_PROVIDER", default="")
DPO_CONTACT = env.str("DPO_CONTACT", default="")

# --- Rooms --------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "overview",
    "reviews",
    "roadmap",
    "governance",
    "documents",
    "territories",
    "journal",
    "accounts",
    "core",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "crispy_bootstrap5",
    "template_partials",
    "django_htmx",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.LostSessionMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "ptsm.urls"
WSGI_APPLICATION = "ptsm.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context_processors.site",
            ],
        },
    },
]

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Database and cache -------------------------------------------------------------------------

DATABASES: dict[str, Any] = {
    "default": env.db_url_config(
        required_when_served("DATABASE_URL", f"sqlite:///{VAR_DIR / 'ptsm.sqlite3'}")
    )
}
DATABASE_IS_SQLITE = DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
if DATABASE_IS_SQLITE and IS_SERVED:
    # Each container would write in a file of its own, and lose it.
    raise ImproperlyConfigured("DATABASE_URL names SQLite: PTSM_MODE=served needs PostgreSQL.")
if DATABASE_IS_SQLITE:
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;"
        ),
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = required_when_served("REDIS_URL", "")
CACHE_URL = env.str("CACHE_URL", default=REDIS_URL)
# Throttling needs a store that every process shares. While Redis is away, nobody signs in (503):
# better than a door without its lock. Whoever is signed in reads and writes on.
CACHES: dict[str, Any] = {
    "default": (
        {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": CACHE_URL,
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
        }
        if CACHE_URL
        else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
    )
}

# --- Jobs ---------------------------------------------------------------------------------------

CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = env.str("CELERY_QUEUE", default="ptsm")
CELERY_CONTROL_EXCHANGE = CELERY_TASK_DEFAULT_QUEUE
CELERY_WORKER_CONCURRENCY = env.int("WORKER_CONCURRENCY", default=2)
# A printing process is renewed once it has held much, in kB: layout engines keep memory.
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 200_000
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    # The clock says that it ticks (`celery inspect ping --destination celerybeat@HOST`).
    CELERY_BEAT_ENABLE_REMOTE_CONTROL = True
    # A message is acknowledged when it is taken, not when its job is done: the state of a job is
    # its row, and the sweep sends again what a killed worker left (`decisions.md` 16).
    # A page that orders a paper waits for an absent broker this long and no longer. The worker
    # and the clock have their own way of waiting, and wait for ever.
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "socket_connect_timeout": 1,
        "socket_timeout": 2,
        "max_retries": 1,
        "interval_start": 0,
    }
else:
    BROKER_DIR = Path(env.str("PTSM_BROKER_DIR", default=str(VAR_DIR / "broker")))
    CELERY_BROKER_URL = "filesystem://localhost/"
    CELERY_BROKER_TRANSPORT = "ptsm.broker:Transport"
    # Nobody asks a worker questions through a folder.
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR),
        "data_folder_out": str(BROKER_DIR),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.1,
    }
# A worker that prints renews its claim every sixth of the lease; once the lease has run out, the
# order is anybody's again. A message that no worker took in that sixth is sent again.
DOCUMENT_LEASE = timedelta(seconds=env.float("DOCUMENT_LEASE_SECONDS", default=30))
DOCUMENT_HEARTBEAT = DOCUMENT_LEASE / 6
# A print that hangs is renewed no longer than this; a process that still holds it is stopped.
DOCUMENT_PATIENCE = timedelta(seconds=env.float("DOCUMENT_PATIENCE_SECONDS", default=600))
CELERY_TASK_TIME_LIMIT = (DOCUMENT_PATIENCE + DOCUMENT_LEASE).total_seconds()
DOCUMENT_SWEEP_SECONDS = env.float("DOCUMENT_SWEEP_SECONDS", default=15)
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "documents-sweep": {"task": "documents.tasks.sweep", "schedule": DOCUMENT_SWEEP_SECONDS},
    "mail-sweep": {"task": "core.tasks.sweep_mail", "schedule": 30.0},
    "imports-sweep": {"task": "roadmap.tasks.sweep_imports", "schedule": 30.0},
    "attachments-sweep": {
        "task": "documents.tasks.sweep_attachments",
        "schedule": timedelta(days=1),
    },
    "reviews-tick": {"task": "reviews.tasks.tick", "schedule": 60.0},
    "sessions": {"task": "core.tasks.clear_sessions", "schedule": timedelta(days=1)},
}

# --- People -------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 12}  # type: ignore[assignment]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "overview:home"
ACCOUNT_ADAPTER = "accounts.adapters.InvitationOnlyAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Only an invitation makes an account, and its mail proves the address.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/10m/key",
    "reset_password": "20/m/ip,5/h/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "invite": "60/h/user",
    "invitation": "30/m/ip",
    # Secrets that nobody made, by address: past the first limit no page answers them, past the
    # second no secret opens anything from there. Those that somebody made are counted one by one:
    # a whole hospital may come from one address.
    "link_guess": "30/m/ip",
    "link_attack": "300/m/ip",
    "link_open": "60/m/key",
    # By an address that is typed; from the page of a link, for that link alone.
    "review_new_link": "5/m/ip",
    "review_own_link": "5/m/key",
}
# Without a proxy named here, the address of the caller is the connection's own.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14

# --- Mail ---------------------------------------------------------------------------------------


def mail_settings(url: str) -> dict[str, Any]:
    """Django's mail settings from an address: smtp, smtps (TLS), submission (STARTTLS).

    django-environ reads « smtps » as STARTTLS; mail programs mean TLS from the first byte.
    """
    scheme, _, rest = url.partition("://")
    spelled = {"smtps": "smtp+ssl", "submission": "smtp+tls"}.get(scheme, scheme)
    config: dict[str, Any] = environ.Env.email_url_config(f"{spelled}://{rest}")
    usual_port = {"smtp": 25, "smtp+ssl": 465, "smtp+tls": 587}.get(spelled)
    return config | {"EMAIL_PORT": config["EMAIL_PORT"] or usual_port}


vars().update(mail_settings(required_when_served("EMAIL_URL", "filemail://")))
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = required_when_served("DEFAULT_FROM_EMAIL", "PTSM <ne-pas-diffuser@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# The box to which mails come back; empty, what comes back is not known.
BOUNCE_IMAP_URL = env.str("BOUNCE_IMAP_URL", default="")
if BOUNCE_IMAP_URL and not BOUNCE_IMAP_URL.startswith(("imaps://", "imap://")):
    raise ImproperlyConfigured("BOUNCE_IMAP_URL must begin with imaps:// or imap://.")
if BOUNCE_IMAP_URL:
    CELERY_BEAT_SCHEDULE["bounces"] = {
        "task": "core.tasks.read_bounces",
        "schedule": timedelta(minutes=5),
    }

# --- Language and time --------------------------------------------------------------------------

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

# --- Files --------------------------------------------------------------------------------------


def package_dir(name: str, *below: str) -> str:
    """The folder of an installed package whose files are served, never copied here."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ImproperlyConfigured(f"The package {name} is not installed.")
    return str(Path(spec.submodule_search_locations[0], *below))


STATIC_URL = "static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(VAR_DIR / "static"))
# The pages of « Aide », and their pictures.
GUIDE_DIR = BASE_DIR / "docs" / "guide"
STATICFILES_DIRS: list[str | tuple[str, str]] = [
    str(BASE_DIR / "static"),
    ("guide", str(GUIDE_DIR / "images")),
    ("bootstrap", package_dir("bootstrap")),
    ("fonts", package_dir("fontpkg_source_sans_3", "files")),
    ("fonts", package_dir("fontpkg_source_serif_4", "files")),
]
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(VAR_DIR / "files"))
# What people may attach, in millions of bytes.
ATTACHMENT_MAX_MB = env.int("ATTACHMENT_MAX_MB", default=10)
# What a form may send beside its files: two megabytes of a word processor, spelled for the web.
DATA_UPLOAD_MAX_MEMORY_SIZE = 8_000_000
FILE_STORAGE: dict[str, Any] = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
S3_BUCKET = env.str("S3_BUCKET", default="")
if S3_BUCKET:
    FILE_STORAGE = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": env.str("S3_ENDPOINT_URL", default="") or None,
            "region_name": env.str("S3_REGION", default="") or None,
            "access_key": env.str("S3_ACCESS_KEY", default="") or None,
            "secret_key": env.str("S3_SECRET_KEY", default="") or None,
            "default_acl": "private",
            "file_overwrite": True,
        },
    }
STORAGES: dict[str, Any] = {
    "default": FILE_STORAGE,
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if IS_SERVED
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
# Embedded: found where they lie, nothing to collect before the first page.
WHITENOISE_USE_FINDERS = not IS_SERVED
WHITENOISE_AUTOREFRESH = DEBUG

# --- Defences -----------------------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "core.views.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
if IS_SERVED:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^sante/$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
    # These two commit the names below and beside ours: their owner says so, not we.
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=False)
    SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=False)
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# --- Traces -------------------------------------------------------------------------------------

# Addresses whose next part opens a door to whoever holds it.
SECRETS_FOLLOW = (
    "/invitation/",
    "/reponse/",
    "/convocation/",
    "/agenda/",
    "/livret/",
    "/lettre-d-engagement/",
    "/compte/mot-de-passe/nouveau/",
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"secrets": {"()": "core.logs.HideSecrets", "after": SECRETS_FOLLOW}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["secrets"],
        }
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    # The printing libraries report each font table they read, and that they are there.
    "loggers": {
        "fontTools": {"level": "WARNING"},
        "pikepdf": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
    },
}
