"""Finds the account of a request, with who it is beside it."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import QuerySet
from django.utils import timezone

from dayward.foundation.access import second_factor
from dayward.foundation.access.powers import Known, asked_with_account
from dayward.foundation.people.models import Person, User
from dayward.kernel.gathering import read
from dayward.kernel.prepared import Prepared, Slot


def _account() -> QuerySet[User]:
    rows = User.objects.select_related("staff", "person__site").filter(pk=Slot("user"))
    return rows.annotate(
        read_for_others=Person.objects.others_read_as("person"), **second_factor.read_beside()
    )


ACCOUNT = Prepared(_account)


class AccountBackend(AuthenticationBackend):  # type: ignore[misc] # allauth has no types
    """allauth's; what every page needs of the account is read in one query instead of many."""

    def get_user(self, user_id: Any) -> User | None:
        found, *known = read([ACCOUNT.filled(user=user_id, now=timezone.now()), *asked_with_account(user_id)])
        user: Any = next(iter(found), None)
        if user is None or not self.user_can_authenticate(user):
            return None
        if user.person and user.person.same_as_id is None and not user.read_for_others:
            user.person.all_ids = [user.person.pk]  # not asked for again on each page
        user.known = Known(*known)
        account: User = user
        return account
