"""How django-allauth behaves here: accounts are made by the clinic, nobody signs up."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from dayward.foundation.access.queries import staff_of


class StaffAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """No sign-up; only people who work here sign in with a password or passkey."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

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
