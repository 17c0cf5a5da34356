"""The standing seats of an episode, weekday by weekday, for those who plan fewer days (journey asks)."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from dayward.care.journey.calendars import Seat
from dayward.care.schedule.models import Enrollment, Series
from dayward.care.schedule.queries.choices import minutes_of_series
from dayward.kernel.gathering import all_of, alone, both


def standing_seats(*, episode: int, on: date) -> list[Seat]:
    """Group, weekday and countable minutes, in the order of the week; one query."""
    enrolled = Enrollment.objects.standing(on).filter(segment__episode=episode)
    series = (
        Series.objects.filter(group__in=enrolled.order_by().values("group"))
        .filter(Q(last_day__isnull=True) | Q(last_day__gte=on))
        .select_related("group__service")
        .order_by("starts", "id")
    )
    standing, rows = alone(both(all_of(enrolled), all_of(series)))
    held = {(row.group_id, weekday) for row in standing for weekday in row.weekdays}
    found = [
        Seat(row.group.name, weekday, minutes_of_series(row, weekday))
        for row in rows
        for weekday in row.weekdays
        if (row.group_id, weekday) in held
    ]
    return sorted(found, key=lambda seat: seat.weekday)
