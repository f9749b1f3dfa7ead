"""Settings. An instance lives in one folder (FOLKMOOT_DIR); everything else has a sensible default.

FOLKMOOT_DIR        the folder of the database, the originals, the caches and the secret key
DATABASE_URL        another database, e.g. postgresql://…
FOLKMOOT_HOSTS      host names that this instance answers to, separated by commas
FOLKMOOT_HTTPS      "1" when served behind TLS: secure cookies, HSTS
FOLKMOOT_DEBUG      "1" shows tracebacks; never on a real instance
FOLKMOOT_MFA        "1" requires a second factor of everyone who signs in
FOLKMOOT_OIDC       JSON: [{"id", "name", "server", "client_id", "secret"}] for a force's own identity provider
FOLKMOOT_EMAIL_URL  smtp://user:password@server:port; without it mail is written to the instance's folder
"""

from __future__ import annotations

import json
import os
import pathlib
import secrets
from typing import Any
from urllib.parse import urlparse

import dj_database_url

DIR = pathlib.Path(os.environ.get("FOLKMOOT_DIR") or "folkmoot-instance").resolve()
ORIGINALS = DIR / "originals"
CACHE_DIR = DIR / "cache"


def _secret_key() -> str:
    """The instance's own key: from the environment, or made once and kept in its folder."""
    given = os.environ.get("FOLKMOOT_SECRET_KEY")
    if given:
        return given
    kept = DIR / "secret-key"
    if kept.is_file():
        return kept.read_text().strip()
    key = secrets.token_urlsafe(48)
    if DIR.is_dir():
        kept.write_text(key)
        kept.chmod(0o600)
    return key


def _planned(options: Any) -> dict[str, object]:
    """How often a statement is asked before PostgreSQL keeps its plan; ``none`` for a pooler that loses such plans."""
    often = str(options.get("prepare_threshold", 3))
    return {**options, "prepare_threshold": int(often) if often.isdecimal() else None}


def _database() -> dict[str, object]:
    url = os.environ.get("DATABASE_URL")
    if url:
        found = dict(dj_database_url.parse(url, conn_max_age=300, conn_health_checks=True))
        if found["ENGINE"] == "django.db.backends.postgresql":
            found["ENGINE"] = "folkmoot.project.postgresql"
            found["OPTIONS"] = _planned(found.get("OPTIONS") or {})
        if found["ENGINE"] != "django.db.backends.sqlite3":
            return found
    else:
        found = {"NAME": str(DIR / "folkmoot.sqlite3")}
    found["ENGINE"] = "folkmoot.project.sqlite"
    # a connection that closes last writes the whole log back: 20 ms at every request for nothing
    found["CONN_MAX_AGE"] = 60
    # IMMEDIATE avoids "database is locked" under several writers; FULL because a phone deletes
    # what we acknowledged.
    found["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
    return found


SECRET_KEY = _secret_key()
DEBUG = os.environ.get("FOLKMOOT_DEBUG") == "1"
ALLOWED_HOSTS = [
    host for host in os.environ.get("FOLKMOOT_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if host
]
DATABASES = {"default": _database()}

INSTALLED_APPS = [
    "folkmoot.ui",
    "folkmoot.audit",
    "folkmoot.organisations",
    "folkmoot.discussion",
    "folkmoot.jobs",
    "folkmoot.communities",
    "folkmoot.sources",
    "folkmoot.strategies",
    "folkmoot.mechanisms",
    "folkmoot.coding",
    "folkmoot.activities",
    "folkmoot.surveys",
    "folkmoot.heard",
    "folkmoot.evaluations",
    "folkmoot.evidence",
    "folkmoot.briefings",
    "folkmoot.front",
    "folkmoot.demo",
    "whitenoise.runserver_nostatic",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "folkmoot.project.middleware.Headers",
    "django.middleware.security.SecurityMiddleware",
    "folkmoot.project.middleware.ContentSecurity",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "folkmoot.project.bearing.Bearing",
    "folkmoot.project.middleware.SecondFactor",
    "folkmoot.project.middleware.Sentences",
    "axes.middleware.AxesMiddleware",
]

# long work waits in the database itself: nothing else to run but `folkmoot serve`
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

ROOT_URLCONF = "folkmoot.project.urls"
WSGI_APPLICATION = "folkmoot.project.wsgi.application"
AUTH_USER_MODEL = "organisations.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SITE_ID = None

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "folkmoot.ui.context.navigation",
                "folkmoot.organisations.context.here",
                "folkmoot.demo.context.who_may_sign_in",
            ],
        },
    },
]

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "overview"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # administrators make accounts; nobody signs up by themselves
ACCOUNT_ADAPTER = "folkmoot.organisations.sign_in.ByInvitation"
SOCIALACCOUNT_ADAPTER = "folkmoot.organisations.sign_in.KnownPeopleOnly"
ACCOUNT_FORMS = {"login": "folkmoot.organisations.forms.SignInForm"}
ACCOUNT_LOGOUT_ON_GET = False
MFA_REQUIRED = os.environ.get("FOLKMOOT_MFA") == "1"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": app["id"],
                "name": app["name"],
                "client_id": app["client_id"],
                "secret": app["secret"],
                "settings": {"server_url": app["server"]},
            }
            for app in json.loads(os.environ.get("FOLKMOOT_OIDC") or "[]")
        ]
    }
}
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "account/locked.html"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATIC_ROOT = DIR / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DIR / "files"},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
DATA_UPLOAD_MAX_MEMORY_SIZE = 12_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FILES = 500
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

_https = os.environ.get("FOLKMOOT_HTTPS") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_SSL_REDIRECT = _https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "folkmoot.project.middleware.csrf_failure"

_mail = urlparse(os.environ.get("FOLKMOOT_EMAIL_URL", ""))
if _mail.hostname:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = _mail.hostname, _mail.port or 587
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.username or "", _mail.password or ""
    EMAIL_USE_TLS = True
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DIR / "mail"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
