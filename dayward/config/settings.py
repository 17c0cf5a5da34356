"""Settings, read from the environment; every name is explained in docs/operations.md."""

from __future__ import annotations

import os
from pathlib import Path

from dayward.kernel.database import databases
from dayward.kernel.local import secret_key, var_folder

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = var_folder()

SECRET_KEY = secret_key()
DEBUG = False
ALLOWED_HOSTS = [host for host in os.environ.get("DAYWARD_HOSTS", "localhost,127.0.0.1").split(",") if host]
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("DAYWARD_ORIGINS", "").split(",") if origin]
HTTPS = os.environ.get("DAYWARD_HTTPS", "") == "1"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "procrastinate.contrib.django",
    "dayward.ui",
    "dayward.foundation.organization",
    "dayward.foundation.people",
    "dayward.foundation.audit",
    "dayward.foundation.drafts",
    "dayward.foundation.documents",
    "dayward.foundation.terms",
    "dayward.foundation.access",
    "dayward.foundation.signing",
    "dayward.foundation.consent",
    "dayward.foundation.messaging",
    "dayward.foundation.standards",
    "dayward.foundation.worklist",
    "dayward.foundation.operations",
    "dayward.care.catalog",
    "dayward.care.journey",
    "dayward.care.referrals",
    "dayward.care.schedule",
    "dayward.care.attendance",
    "dayward.chart.measures",
    "dayward.chart.safety",
    "dayward.chart.assessments",
    "dayward.chart.medications",
    "dayward.chart.plans",
    "dayward.chart.notes",
    "dayward.chart.casework",
    "dayward.revenue.coverage",
    "dayward.demo",
    "dayward.doors.staff",
    "dayward.doors.portal",
    # After ours, so that our templates come first.
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "dayward.kernel.logs.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "dayward.ui.middleware.NoZeroBytesMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "dayward.ui.middleware.SecurityHeadersMiddleware",
    "dayward.foundation.access.middleware.AccessMiddleware",
    "dayward.foundation.documents.uploads.UploadLimit",
]
if os.environ.get("DAYWARD_BENCH") == "1":
    MIDDLEWARE.insert(0, "dayward.config.bench.QueryCount")

ROOT_URLCONF = "dayward.config.urls"
WSGI_APPLICATION = "dayward.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dayward.ui.context.shell",
            ],
            "builtins": ["dayward.ui.templatetags.ui", "django.templatetags.i18n"],
        },
    },
]

DATABASES = databases()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["dayward.foundation.access.backend.AccountBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by the clinic, never by sign-up
ACCOUNT_ADAPTER = "dayward.foundation.access.adapter.StaffAccountAdapter"
ACCOUNT_PREVENT_ENUMERATION = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {"add_webauthn": "dayward.foundation.access.forms.PasskeyForm"}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # localhost only
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the clinic gave the address
MFA_TOTP_ISSUER = "Dayward"
SECOND_FACTOR_UNLESS_SAID = True  # a clinic that says nothing asks its staff for a second factor
MFA_TOTP_TOLERANCE = 1  # half a minute of clock drift either way
ACCOUNT_LOGIN_BY_CODE_ENABLED = False
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",  # a clinic's whole staff at eight in the morning, from one address
    "login_failed": "10/m/ip,100/h/ip,5/5m/key,50/d/key",  # the key is the account, or its second step
}
MFA_ADAPTER = "dayward.foundation.access.adapter.SecretsAdapter"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("DAYWARD_PROXIES", "0"))
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

# A line about what was done may name a patient: it stays on the server, not in a cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "dayward.ui.views.csrf_failure"
DRAFT_DAYS = 30  # what was typed and never sent is kept for so long
SESSION_ENGINE = "dayward.foundation.access.session_store"
SESSION_HOURS = 12  # then one signs in again, idle or not
SESSION_COOKIE_AGE = 60 * 60 * SESSION_HOURS
IDLE_MINUTES = int(os.environ.get("DAYWARD_IDLE_MINUTES", "30"))  # then a signed-in page asks again
# Rate limits are counted here, for all server processes together.
CACHES = {
    "default": {
        "BACKEND": "dayward.foundation.access.cache.CountingCache",
        "LOCATION": "access_cache",
        "OPTIONS": {"MAX_ENTRIES": 1000},  # above it, what has run out is swept away; nothing else ever is
    }
}
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
if HTTPS:  # a browser takes these names over HTTPS from this very host only
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
SECURE_SSL_REDIRECT = HTTPS
if HTTPS and ALLAUTH_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^healthz"]  # a monitor on the same machine asks in clear
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "dayward.foundation.documents.uploads.CountingHandler",  # refuses while reading
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
FORMAT_MODULE_PATH = ["dayward.config.formats"]
LOCALE_PATHS = [BASE_DIR / "dayward" / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"  # each package's jobs.py

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [("parts", str(BASE_DIR / "var" / "static-parts"))]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # files live in PostgreSQL
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("DAYWARD_MAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("DAYWARD_MAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("DAYWARD_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("DAYWARD_MAIL_PASSWORD", "")
EMAIL_TIMEOUT = 20  # seconds: a mail server that hangs must not hold up all other work
EMAIL_USE_TLS = os.environ.get("DAYWARD_MAIL_TLS", "") == "1"
DEFAULT_FROM_EMAIL = os.environ.get("DAYWARD_MAIL_FROM", "appointments@localhost")

# Patient data never reaches a log: no SQL, no parameters, no request bodies; errors in one line.
LOGS_JSON = os.environ.get("DAYWARD_LOGS", "") == "json"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": f"dayward.kernel.logs.{'Json' if LOGS_JSON else 'Terse'}Formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "dayward": {"level": "INFO"},
        "dayward.requests": {"level": "INFO" if LOGS_JSON else "WARNING"},
        "django.request": {"level": "ERROR", "handlers": ["console"], "propagate": False},
        "django.db.backends": {"level": "CRITICAL"},
        "procrastinate": {"level": "WARNING"},
    },
}

SILENCED_SYSTEM_CHECKS: list[str] = []
