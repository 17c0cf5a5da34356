"""A clinic and its sites, for tests and for looking at pages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from dayward.foundation.organization.models import Organization, Site


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
    values = {"time_zone": "America/Chicago", "state": "IL", **fields}
    site, _made = Site.objects.get_or_create(organization=make_organization(), name=name, defaults=values)
    return site
