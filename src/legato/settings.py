"""Django's settings, from the environment alone: importing them writes no file, starts no server.

Legato's own settings that people may change are described in the manual; each has its variable.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path

import dj_database_url
from django.utils.functional import lazy

from legato.postgres.addresses import addresses, is_postgresql
from legato.postgres.home import home_path


def read_secret_key() -> str:
    """The installation's secret: ``LEGATO_SECRET_KEY``, else a file in the home made on first use.

    Two processes that make it at once agree: the first name given to the file stays.
    """
    given = os.environ.get("LEGATO_SECRET_KEY")
    if given:
        return given
    kept = home_path() / "secret-key"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
        made = kept.with_name(f"secret-key.{os.getpid()}")
        with open(made, "x", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(secrets.token_urlsafe(50))
        with suppress(FileExistsError):
            kept.hardlink_to(made)
        made.unlink()
    return kept.read_text()


# Lazy, because reading it may write a file and most commands never sign anything.
SECRET_KEY = lazy(read_secret_key, str)()

DEBUG = os.environ.get("LEGATO_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("LEGATO_HOSTS", "127.0.0.1,localhost,[::1]").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django_htmx",
    "procrastinate.contrib.django",
    "legato.ledger",
    "legato.people",
    "legato.books",
    "legato.planning",
    "legato.departures",
    "legato.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # Pads at random, so that secrets cannot be guessed.
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "legato.web.headers.content_policy",
    "legato.web.errors.Refusals",
]

ROOT_URLCONF = "legato.urls"
WSGI_APPLICATION = "legato.wsgi.application"
LOGIN_URL = "log_in"

LEGATO_UPLOAD_MB = int(os.environ.get("LEGATO_UPLOAD_MB", "100"))
"""How much the files of one import may have together."""
LEGATO_UPLOAD_DAYS = int(os.environ.get("LEGATO_UPLOAD_DAYS", "14"))
"""How long the content of uploaded files is kept."""
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # A field for each column of each table.
LOGIN_REDIRECT_URL = "today"
LOGOUT_REDIRECT_URL = "log_in"
CSRF_FAILURE_VIEW = "legato.web.errors.forbidden"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "legato.web.render.surroundings",
            ],
        },
    },
]


def _database(url: str, *, kept_for: int) -> dict[str, object]:
    """Another kind of database is refused before its first use, in words, not while importing."""
    parsed = dj_database_url.parse(url if is_postgresql(url) else "postgresql:///refused")
    return {**parsed, "CONN_MAX_AGE": kept_for}


# Pages, commands and jobs speak as ``default``; migrations alone as ``owner``.
_ADDRESSES = addresses()
DATABASES = {
    "default": _database(_ADDRESSES.app, kept_for=600),
    "owner": _database(_ADDRESSES.owner, kept_for=0),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
# A worker that was killed is noticed after half a minute.
PROCRASTINATE_WORKER_DEFAULTS = {"update_heartbeat_interval": 5, "stalled_worker_timeout": 30}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ja", "日本語"), ("zh-hans", "简体中文"), ("ru", "Русский")]
LOCALE_PATHS = [Path(__file__).parent / "locale"]
FORMAT_MODULE_PATH = "legato.web.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"

# Plain HTTP is for this machine alone; whoever puts it behind TLS says so.
_BEHIND_TLS = os.environ.get("LEGATO_TLS") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _BEHIND_TLS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _BEHIND_TLS else None
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
