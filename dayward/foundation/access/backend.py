"""Finds the account of a request, with who it is beside it."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from dayward.foundation.people.models import User


class AccountBackend(AuthenticationBackend):  # type: ignore[misc] # allauth has no types
    """allauth's; what every page needs of the account is read in one query instead of four."""

    def get_user(self, user_id: Any) -> User | None:
        rows = User.objects.select_related("staff", "person__site")
        user = rows.filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
