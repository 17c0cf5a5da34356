"""The settings of the product, with what tests must have different."""

from __future__ import annotations

import os

# Tests run on an embedded PostgreSQL of their own, whatever the shell points at.
os.environ.pop("DATABASE_URL", None)
os.environ.pop("DATABASE_APP_URL", None)
# Playwright keeps an event loop running in the process; tests that use the database after it are not async.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from dayward.config.settings import *  # noqa: F403

# The product serves hashed file names, which exist only after collectstatic.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# A slow hash protects real passwords; tests sign in hundreds of times.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True
# Tests force staff in; those about the second factor say that it is asked for.
SECOND_FACTOR_UNLESS_SAID = False
