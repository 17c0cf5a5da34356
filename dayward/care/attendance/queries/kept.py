"""Stored weeks of a person, for those that are over: what is shown of a running week is counted at that moment."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from dayward.care.attendance.models import ServiceWeek
from dayward.foundation.people.models import Person


def kept_weeks(person: Person, since: date, until: date) -> QuerySet[ServiceWeek]:
    """That began in these days, the earliest first."""
    rows = ServiceWeek.objects.filter(person_id__in=person.all_ids, standing=True)
    return rows.filter(start__gte=since, start__lte=until).order_by("start", "pk")
