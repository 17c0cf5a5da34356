"""Finds the account of a request, with who it is beside it."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from dayward.foundation.access import second_factor
from dayward.foundation.people.models import Person, User


class AccountBackend(AuthenticationBackend):  # type: ignore[misc] # allauth has no types
    """allauth's; what every page needs of the account is read in one query instead of many."""

    def get_user(self, user_id: Any) -> User | None:
        rows = User.objects.select_related("staff", "person__site")
        rows = rows.annotate(
            read_for_others=Person.objects.others_read_as("person"), **second_factor.read_beside()
        )
        user: Any = rows.filter(pk=user_id).first()
        if user is None or not self.user_can_authenticate(user):
            return None
        if user.person and user.person.same_as_id is None and not user.read_for_others:
            user.person.all_ids = [user.person.pk]  # not asked for again on each page
        found: User = user
        return found
