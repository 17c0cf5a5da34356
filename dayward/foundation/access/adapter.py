"""How django-allauth behaves here: accounts are made by the clinic, nobody signs up."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext

from dayward.foundation.access import limits, second_factor
from dayward.foundation.access.queries import staff_of
from dayward.foundation.people.models import User

JUST_NOW = 5 * 60  # seconds


def _sets_up_a_first_one(request: HttpRequest) -> bool:
    user = request.user
    if not isinstance(user, User):
        return False
    records = get_authentication_records(request, user)
    fresh = bool(records) and time.time() - records[-1]["at"] < JUST_NOW
    return fresh and second_factor.must(user) and not second_factor.has_one(user)


class StaffAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """No sign-up; only people who work here sign in with a password or passkey."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who signed in a moment ago to set up a first factor is not asked for the password twice."""
        asked: bool = super().is_reauthentication_required(app=app, **kwargs)
        return asked and not (app == "allauth.mfa" and _sets_up_a_first_one(context.request))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """The account alone. allauth adds the host of the request, and a made-up port there would begin anew."""
        return str(credentials.get("email") or credentials.get("username") or "").strip().lower()

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Who is slowed down reads for how long."""
        if code in ("too_many_login_attempts", "rate_limited"):
            return ValidationError(limits.sentence(limits.sign_in_wait(context.request)), code=code)
        error: ValidationError = super().validation_error(code, *args)
        return error

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponseBase | None:
        if staff_of(user) is None:
            response: HttpResponseBase = self.respond_user_inactive(request, user)
            return response
        earlier: HttpResponseBase | None = super().pre_login(request, user, **kwargs)
        return earlier

    def send_notification_mail(self, template_prefix: str, user: Any, *args: Any, **kwargs: Any) -> None:
        """None: such mails name the software and would tell a shared mailbox where somebody works."""

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **more: Any
    ) -> None:
        """Nobody needs to be told that they signed in or out: they see it."""
        if message_template not in ("account/messages/logged_in.txt", "account/messages/logged_out.txt"):
            super().add_message(request, level, message_template, *args, **more)


class SecretsAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """What an authenticator app and recovery codes are made from is kept encrypted: a copy of the table is no key."""

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        there = Authenticator.objects.filter(user=user, type=type).count()
        return gettext("Passkey %(n)s") % {"n": there + 1} if there else gettext("Passkey")

    def decrypt(self, encrypted_text: str) -> str:
        """Under another key of the installation no code is right any more; a factor is then taken away and set anew."""
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(secrets.token_bytes(20)).decode()


def _box() -> Fernet:
    secret = hashlib.sha256(b"second factor " + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(secret))
