"""What this package tells standards: services delivered, visits booked, absences without a word (kernel/facts.py)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from dayward.care.attendance.models import Absence, Interval
from dayward.care.catalog.models import ServiceKind
from dayward.care.journey.models import Episode
from dayward.care.schedule.models import Booking, Session, SessionStaff
from dayward.kernel.facts import Fact

Form = ServiceKind.Form
DELIVERED = {Form.INDIVIDUAL: "service.individual", Form.MEDICATION: "service.medication"}
BOOKED = {Form.INDIVIDUAL: "visit.individual_booked", Form.MEDICATION: "visit.medication_booked"}


def provide(episodes: Collection[int]) -> Iterable[Fact]:
    """Four queries for any number of episodes."""
    if not episodes:
        return
    whose = _Episodes(episodes)
    yield from _delivered(whose)
    yield from _absences(whose)
    yield from _visits(whose)


class _Episodes:
    """Which of the episodes a booking belongs to: that of its enrollment, or the one open at the session."""

    def __init__(self, episodes: Collection[int]) -> None:
        rows = Episode.objects.filter(pk__in=episodes).order_by("-admitted_at")
        self.ids = set(episodes)
        self.open: dict[int, list[tuple[int, datetime, datetime | None]]] = defaultdict(list)
        for pk, person, since, until in rows.values_list("pk", "person_id", "admitted_at", "ended_at"):
            self.open[person].append((pk, since, until))

    @property
    def people(self) -> list[int]:
        return sorted(self.open)

    @property
    def since(self) -> datetime:
        return min(since for stays in self.open.values() for _pk, since, _until in stays)

    def of(self, row: dict[str, Any]) -> int | None:
        named: int | None = row["booking__enrollment__segment__episode"]
        if named is not None:
            return named if named in self.ids else None
        start, end = row["booking__session__during"].lower, row["booking__session__during"].upper
        stays = self.open[row["booking__person"]]
        return next(
            (pk for pk, since, until in stays if since <= end and (until is None or start <= until)), None
        )


VALUES = (
    "booking",
    "booking__public_id",
    "booking__person",
    "booking__enrollment__segment__episode",
    "booking__session__during",
    "booking__session__service__form",
    "leader",
)


def _leader(session: str) -> Subquery:
    """Who led it; the note, and the call to who stayed away, is theirs."""
    leads = SessionStaff.objects.filter(session=OuterRef(session), status=SessionStaff.Status.LEADS)
    return Subquery(leads.order_by("-is_cover", "pk").values("staff_id")[:1])


def _told(rows: QuerySet[Any], whose: _Episodes) -> Iterator[tuple[dict[str, Any], int]]:
    for row in rows.annotate(leader=_leader("booking__session")).values(*VALUES):
        episode = whose.of(row)
        if episode is not None:
            yield row, episode


def _delivered(whose: _Episodes) -> Iterator[Fact]:
    """One fact for each booking that somebody confirmed, however often the person went in and out."""
    rows = Interval.objects.standing().filter(
        booking__person__in=whose.people,
        booking__session__service__documentable=True,
        booking__session__during__endswith__gt=whose.since,
    )
    for row, episode in _told(rows.order_by("booking").distinct(), whose):
        end = row["booking__session__during"].upper
        form, ref = row["booking__session__service__form"], row["booking__public_id"]
        yield Fact("service.delivered", end, episode, row["leader"], ref)
        if form in DELIVERED:
            yield Fact(DELIVERED[form], end, episode, row["leader"], ref)


def _absences(whose: _Episodes) -> Iterator[Fact]:
    rows = Absence.objects.filter(
        booking__person__in=whose.people, kind=Absence.Kind.UNEXCUSED, withdrawn_at__isnull=True
    )
    for row, episode in _told(rows, whose):
        end = row["booking__session__during"].upper
        yield Fact("absence.unexcused", end, episode, row["leader"], row["booking__public_id"])


def _visits(whose: _Episodes) -> Iterator[Fact]:
    """Own visits that stand, booked at any time for within the episode."""
    rows = Booking.objects.standing().filter(
        person__in=whose.people, session__service__form__in=list(BOOKED), during__endswith__gt=whose.since
    )
    rows = rows.exclude(session__status=Session.Status.CANCELLED).select_related(
        "session__service", "enrollment__segment"
    )
    for booking in rows:
        row = {
            "booking__enrollment__segment__episode": booking.enrollment.segment.episode_id
            if booking.enrollment
            else None,
            "booking__session__during": booking.during,
            "booking__person": booking.person_id,
        }
        episode = whose.of(row)
        if episode is not None:
            kind = BOOKED[Form(booking.session.service.form)]
            yield Fact(kind, booking.booked_at, episode, None, booking.public_id)
