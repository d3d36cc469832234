"""Django settings, derived from `config()`. Nothing else reads the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from bianwang.platform.config import ConfigError, config
from bianwang.platform.database import postgresql
from bianwang.platform.registry import installed_modules

_config = config()
_package = Path(__file__).parent.parent
_project = _package.parent.parent

SECRET_KEY = _config.secret("secret_key")
DEBUG = False
ALLOWED_HOSTS = [host.strip() for host in _config.hosts.split(",") if host.strip()]
ROOT_URLCONF = "bianwang.platform.urls"
ASGI_APPLICATION = "bianwang.processes.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "bianwang.platform.ledger",
    "bianwang.platform.places",
    "bianwang.platform.accounts",
    "bianwang.platform.workflow",
    "bianwang.platform.files",
    "bianwang.platform.calendar",
    "bianwang.platform.todo",
    "bianwang.platform.jobs",
    "bianwang.platform.exchange",
    "bianwang.platform.live",
    "bianwang.platform.messages",
    "bianwang.platform.ui",
    *(f"bianwang.modules.{code}" for code in installed_modules()),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "bianwang.platform.accounts.middleware.SessionPolicyMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "bianwang.platform.ui.middleware.ErrorMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bianwang.platform.ui.context.frame",
            ],
            "builtins": ["bianwang.platform.ui.templatetags.bian"],
        },
    }
]


def _database() -> dict[str, Any]:
    if not _config.database:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": _config.path("business.sqlite3"),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 5,
                # FULL: a raised alarm survives a power cut.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
            "CONN_MAX_AGE": None,
            # A file, not memory: the tests then have WAL, locks and other processes as in production.
            "TEST": {"NAME": _config.path("test", "business.sqlite3")},
        }
    try:
        return postgresql(_config.database)
    except ValueError as error:
        raise ConfigError(f"环境变量 BIAN_DATABASE {error}，或留空使用内置 SQLite。") from error


DATABASES = {"default": _database()}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
DATE_FORMAT = "Y-m-d"
DATETIME_FORMAT = "Y-m-d H:i:s"
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "static/"
STATICFILES_DIRS = [("vendor", _project / "build" / "vendor")]
STATIC_ROOT = _project / "build" / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if _config.mode == "test":
    # Argon2 costs 50 ms a log-in; the suite logs in thousands of times and tests Argon2 by name.
    PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")
AUTHENTICATION_BACKENDS = ["bianwang.platform.accounts.backend.AccountBackend"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "bianwang.platform.accounts.passwords.PolicyValidator"}]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "ui:home"

SESSION_COOKIE_AGE = _config.session_hours * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _config.https
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _config.https else None
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "bianwang.platform.ui.views.csrf_failed"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "style-src": [SELF],
        "script-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": _config.log_level},
}
