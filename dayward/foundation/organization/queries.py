from __future__ import annotations

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


def settings_on(prefix: str, site: Site, day: date) -> dict[str, Any]:
    """Key -> value; a site's own word wins over the clinic's, a later one over an earlier one."""
    rows = setting_rows(prefix, day).filter(Q(site=site) | Q(site__isnull=True))
    ordered = sorted(rows, key=lambda row: (row.site_id is not None, row.effective_from))
    return {row.key: row.value for row in ordered}
