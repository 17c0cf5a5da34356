from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from dayward.foundation.organization.models import Organization, Setting, Site


def is_demo() -> bool:
    """Whether this installation holds the synthetic clinic."""
    return Organization.objects.filter(is_demo=True).exists()


def day_at(site: Site | None, instant: datetime | None = None) -> date:
    """The calendar day at a site, now or at an instant; of what belongs to none: at the site of who reads the page."""
    return timezone.localdate(instant, site.zone if site else None)


def setting_rows(prefix: str, day: date) -> QuerySet[Setting]:
    """Settings whose key begins with `prefix` and that hold on a day, for the clinic or any of its sites."""
    holds = Q(effective_to__isnull=True) | Q(effective_to__gt=day)
    return Setting.objects.standing().filter(holds, key__startswith=prefix, effective_from__lte=day)


def settings_between(prefix: str, site: Site, since: date, until: date) -> list[Setting]:
    """Those that hold at a site on some day of these, the last one included; for `said_on`."""
    holds = Q(effective_to__isnull=True) | Q(effective_to__gt=since)
    here = Q(site=site) | Q(site__isnull=True)
    rows = Setting.objects.standing().filter(holds, here, key__startswith=prefix, effective_from__lte=until)
    return list(rows)


def said_on(rows: Iterable[Setting], day: date) -> dict[str, Setting]:
    """Key -> what holds of it; a site's own word wins over the clinic's, a later one over an earlier one."""
    held = [row for row in rows if row.holds_on(day)]
    ordered = sorted(held, key=lambda row: (row.site_id is not None, row.effective_from))
    return {row.key: row for row in ordered}


def settings_on(prefix: str, site: Site, day: date) -> dict[str, Any]:
    """Key -> value, as `said_on`."""
    found = said_on(settings_between(prefix, site, day, day), day)
    return {key: row.value for key, row in found.items()}
