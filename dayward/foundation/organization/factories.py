"""A clinic and its sites, for tests and for looking at pages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from dayward.foundation.organization.models import Organization, Site
from dayward.kernel.time import local_day

ZONE = ZoneInfo("America/Chicago")


def make_organization(**fields: Any) -> Organization:
    """The one clinic of this database."""
    values = {
        "name": "Riverbend Day Program",
        "neutral_name": "Riverbend",
        "created_at": datetime(2024, 1, 8, tzinfo=UTC),
        **fields,
    }
    return Organization.objects.first() or Organization.objects.create(**values)


def make_site(name: str = "Riverbend North", **fields: Any) -> Site:
    """A site, made once for its name."""
    values = {"time_zone": ZONE.key, "state": "IL", **fields}
    site, _made = Site.objects.get_or_create(organization=make_organization(), name=name, defaults=values)
    return site


def day_here() -> date:
    """The day at such a site: in its evening it is tomorrow by UTC, and what is of tomorrow is refused."""
    return local_day(timezone.now(), ZONE)
