"""The links and codes by which people reach their own page now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from dayward.foundation.access.models import PortalKey
from dayward.foundation.access.services import TRIES
from dayward.foundation.people.models import Person, StaffMember


@dataclass(frozen=True)
class LiveKey:
    """A link or code that works now; `maker` is empty where no member of staff made it."""

    key: PortalKey
    maker: str


def live_keys(people: Iterable[Person]) -> list[LiveKey]:
    """Of these people (each with the rows said to be them), the newest first."""
    ids = [pk for person in people for pk in person.all_ids]
    rows = list(_working().filter(person_id__in=ids).select_related("person").order_by("-made_at", "-pk"))
    staff = StaffMember.objects.filter(user__public_id__in={row.made_by for row in rows})
    names = {one.user.public_id: one.name for one in staff.select_related("user") if one.user}
    return [LiveKey(row, names.get(row.made_by, "")) for row in rows]


def _working() -> QuerySet[PortalKey]:
    """Not run out, not tried too often; what works once is not used (services/portal.py)."""
    once = Q(kind=PortalKey.Kind.CODE) | Q(person__birth_date=None)
    live = PortalKey.objects.filter(expires_at__gt=timezone.now(), failed_tries__lt=TRIES)
    return live.exclude(once, used_at__isnull=False)
