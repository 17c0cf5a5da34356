"""Attendance figures over a period (requirements 4.4), read from stored weeks: no rule is told here a second time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from dayward.care.attendance.models import ServiceWeek
from dayward.care.catalog.models import Program
from dayward.kernel.gathering import Reading, all_of


@dataclass(frozen=True)
class Rate:
    """So many of so many; without any, there is no rate."""

    part: Decimal
    whole: Decimal

    @property
    def percent(self) -> int | None:
        return round(100 * self.part / self.whole) if self.whole else None


@dataclass(frozen=True)
class Rates:
    """Of whole weeks that begin in `since`..`until`. What each is made of: requirements 4.4."""

    since: date
    until: date
    weeks: int
    people: int
    attendance: Rate  # sessions kept of sessions scheduled, all
    minutes: Rate  # creditable of scheduled minutes
    show: Rate  # without what the program called off and what was canceled a day ahead
    no_show: Rate
    dose: Rate  # delivered of prescribed hours
    floor: Rate  # weeks that met the floor, of those not exempt


Sums = dict[str, Any]


def read_rates(programs: Collection[Program], since: date, until: date) -> Reading[list[Sums]]:
    """One row for each person, so that a page can leave out whom its reader may not see."""
    judged = Q(floor_minutes__gt=0, exempt_reason="")
    rows = weeks_of(programs, since, until).order_by("person").values("person")
    return (
        yield from all_of(
            rows.annotate(
                weeks=Count("pk"),
                delivered=Sum("delivered_seconds"),
                scheduled=Sum("scheduled_seconds"),
                prescribed=Sum("prescribed_minutes"),
                booked=Sum("sessions_scheduled"),
                kept=Sum("sessions_kept"),
                called_off=Sum("sessions_called_off"),
                in_time=Sum("sessions_cancelled_in_time"),
                unexcused=Sum("absences_unexcused"),
                met=Count("pk", filter=judged & Q(met=True)),
                judged=Count("pk", filter=judged),
            )
        )
    )


def summed(since: date, until: date, rows: Sequence[Sums]) -> Rates:
    def all_(key: str) -> Decimal:
        return sum((Decimal(row[key]) for row in rows), Decimal(0))

    held = all_("booked") - all_("called_off")
    return Rates(
        since=since,
        until=until,
        weeks=int(all_("weeks")),
        people=len(rows),
        attendance=Rate(all_("kept"), all_("booked")),
        minutes=Rate(all_("delivered"), all_("scheduled")),
        show=Rate(all_("kept"), held - all_("in_time")),
        no_show=Rate(all_("unexcused"), held),
        dose=Rate(all_("delivered") / 60, all_("prescribed")),
        floor=Rate(all_("met"), all_("judged")),
    )


def weeks_of(programs: Collection[Program], since: date, until: date) -> QuerySet[ServiceWeek]:
    """The rows a rate opens to."""
    return ServiceWeek.objects.filter(
        standing=True,
        segment__track__program__in=programs,
        start__gte=since,
        start__lte=until - timedelta(days=6),
    )
