"""Stored weeks of a person, for those that are over: what is shown of a running week is counted at that moment."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from dayward.care.attendance.models import ServiceWeek
from dayward.kernel.prepared import Among, Slot


def kept_weeks(persons: Q | Among, since: date | Slot, until: date | Slot) -> QuerySet[ServiceWeek]:
    """That began in these days, the earliest first."""
    rows = ServiceWeek.objects.filter(persons, standing=True)
    return rows.filter(start__gte=since, start__lte=until).order_by("start", "pk")
