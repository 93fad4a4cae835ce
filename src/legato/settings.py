"""Django's settings, from the environment alone: importing them writes no file, starts no server.

Legato's own settings that people may change are described in the manual; each has its variable.
"""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import lazy

from legato.postgres.addresses import addresses, is_postgresql
from legato.postgres.home import home_path

MFA = ("off", "managers", "all")
MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


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


def more_than_a_password_of(env: Mapping[str, str]) -> str:
    """Raises `ImproperlyConfigured` for a word it does not know: it would mean nobody, silently."""
    said = env.get("LEGATO_MFA") or "off"
    if said not in MFA:
        raise ImproperlyConfigured(f"LEGATO_MFA is {said!r}; it can be {', '.join(MFA)}.")
    return said


def company_log_ins(env: Mapping[str, str]) -> list[dict[str, Any]]:
    """The company's own log-in, from its four variables; none where they are not set."""
    if not env.get("LEGATO_OIDC_ISSUER"):
        return []
    app = {
        "provider_id": "company",
        "name": env.get("LEGATO_OIDC_NAME", "OpenID Connect"),
        "client_id": env.get("LEGATO_OIDC_CLIENT", ""),
        "secret": env.get("LEGATO_OIDC_SECRET", ""),
        "settings": {"server_url": env["LEGATO_OIDC_ISSUER"].rstrip("/")},
    }
    return [app]


def mail_server(url: str) -> dict[str, object]:
    """Django's settings for ``smtp://user:password@host:port``: ``smtps`` speaks TLS from the first
    byte, ``smtp+tls`` after STARTTLS, ``smtp`` not at all. Nothing where no address is given.
    """
    parts = urlsplit(url)
    if not url:
        return {}
    if parts.scheme not in MAIL_PORTS or not parts.hostname:
        raise ImproperlyConfigured(f"EMAIL_URL must be one of {', '.join(MAIL_PORTS)}://host")
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or MAIL_PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
    }


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
    # After ours, whose templates take the place of theirs.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # Pads at random, so that secrets cannot be guessed.
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "legato.people.sessions.seen",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "legato.web.headers.content_policy",
    "legato.web.errors.Refusals",
    "legato.web.errors.Unwritable",
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

# Without a server for mail people are told in Legato alone.
MAIL_IS_ON = bool(os.environ.get("EMAIL_URL"))
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if MAIL_IS_ON else 'dummy'}.EmailBackend"
vars().update(mail_server(os.environ.get("EMAIL_URL", "")))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get("LEGATO_MAIL_FROM", "legato@localhost")
ADDRESS = os.environ.get("LEGATO_ADDRESS", "").rstrip("/")
"""Where people reach the pages, for links in mails; without it mails have none."""

# How often somebody tried to log in is counted where all processes see it, and a restart does not
# forget it (docs/decisions/0017).
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "people_attempt",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # What a process has counted before; asking the database for it would be no gain.
    "counted": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

SESSION_ENGINE = "legato.people.sessions"
AUTHENTICATION_BACKENDS = ["legato.people.letting_in.Employed"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
MFA_REQUIRED_OF = more_than_a_password_of(os.environ)
"""Who needs a passkey or an app besides the password: one of `MFA`."""

ACCOUNT_ADAPTER = "legato.people.letting_in.Accounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_ENABLED = False
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_METHODS = ["password", "mfa"]
ACCOUNT_FORMS = {
    "login": "legato.people.forms.LogInForm",
    "change_password": "legato.people.forms.ChangePassword",
    "set_password": "legato.people.forms.SetPassword",
    "reset_password": "legato.people.forms.ForgottenPassword",
    "reset_password_from_key": "legato.people.forms.NewPassword",
    "reauthenticate": "legato.people.forms.ConfirmByPassword",
}
MFA_ADAPTER = "legato.people.letting_in.Factors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Legato"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "legato.people.forms.Code",
    "reauthenticate": "legato.people.forms.ConfirmByCode",
    "activate_totp": "legato.people.forms.AddApp",
    "add_webauthn": "legato.people.forms.AddPasskey",
}

SOCIALACCOUNT_ADAPTER = "legato.people.letting_in.Companies"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_STORE_TOKENS = False
# A form that leads elsewhere would need an exception in our content policy; a link needs none.
SOCIALACCOUNT_LOGIN_ON_GET = True
COMPANIES = company_log_ins(os.environ)
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": COMPANIES, "OAUTH_PKCE_ENABLED": True}}

# Plain HTTP is for this machine alone; whoever puts it behind TLS says so.
_BEHIND_TLS = os.environ.get("LEGATO_TLS") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _BEHIND_TLS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if _BEHIND_TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _BEHIND_TLS else None
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
