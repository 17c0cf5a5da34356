"""What this package tells standards: services delivered, visits booked, absences without a word, and the sessions that
a person attends or is expected at (kernel/facts.py)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.expressions import Combinable
from django.urls import reverse

from dayward.care.attendance.models import Absence, Interval
from dayward.care.catalog.models import ServiceKind
from dayward.care.journey.models import Episode
from dayward.care.schedule.events import SeatsChanged
from dayward.care.schedule.models import Booking, Session, SessionStaff
from dayward.kernel.facts import Fact, changed_soon

Form = ServiceKind.Form
DELIVERED = {Form.INDIVIDUAL: "service.individual", Form.MEDICATION: "service.medication"}
BOOKED = {Form.INDIVIDUAL: "visit.individual_booked", Form.MEDICATION: "visit.medication_booked"}
LONGEST = timedelta(days=1)  # a session that began before the admission may still belong to it


def provide(episodes: Collection[int]) -> Iterable[Fact]:
    """Five queries for any number of episodes."""
    if not episodes:
        return
    whose = _Episodes(episodes)
    there, away = _delivered(whose), _absences(whose)
    leads = _leaders({row["booking__session"] for row in (*there, *away)})
    for row, episode in whose.with_episode(there):
        end, form, ref = row["booking__session__during"].upper, row["form"], row["booking__public_id"]
        by = leads.get(row["booking__session"])
        yield Fact("service.delivered", end, episode, by, ref)
        if form in DELIVERED:
            yield Fact(DELIVERED[form], end, episode, by, ref)
    for row, episode in whose.with_episode(away):
        end, by = row["booking__session__during"].upper, leads.get(row["booking__session"])
        yield Fact("absence.unexcused", end, episode, by, row["booking__public_id"])
    for row, episode in whose.with_episode(_visits(whose)):
        yield Fact(BOOKED[row["form"]], row["booked_at"], episode, None, row["booking__public_id"])


def provide_sessions(episodes: Collection[int]) -> Iterable[Fact]:
    """`session.<form>` at its beginning, behind and ahead, for clocks that sessions move. Two queries."""
    if not episodes:
        return
    whose = _Episodes(episodes)
    for row, episode in whose.with_episode(_expected(whose)):
        begins = row["booking__session__during"].lower
        yield Fact(f"session.{row['form']}", begins, episode, None, row["booking__public_id"])


def seats_changed(event: SeatsChanged) -> None:
    """Seats move clocks that count sessions, and nobody waits for that in the next minute."""
    changed_soon(event.people)


Row = dict[str, Any]


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

    def with_episode(self, rows: Iterable[Row]) -> Iterator[tuple[Row, int]]:
        """Each booking once, however often the person went in and out."""
        seen: set[str] = set()
        for row in rows:
            episode = self.of(row)
            if episode is not None and row["booking__public_id"] not in seen:
                seen.add(row["booking__public_id"])
                yield row, episode

    def of(self, row: Row) -> int | None:
        named: int | None = row["booking__enrollment__segment__episode"]
        if named is not None:
            return named if named in self.ids else None
        start, end = row["booking__session__during"].lower, row["booking__session__during"].upper
        stays = self.open[row["booking__person"]]
        return next(
            (pk for pk, since, until in stays if since <= end and (until is None or start <= until)), None
        )


VALUES = (
    "booking__public_id",
    "booking__person",
    "booking__session",
    "booking__enrollment__segment__episode",
    "booking__session__during",
)


def _delivered(whose: _Episodes) -> list[Row]:
    rows = Interval.objects.standing().filter(
        person__in=whose.people,
        came_in__gte=whose.since - LONGEST,
        booking__session__service__documentable=True,
    )
    return list(rows.values(*VALUES, form=F("booking__session__service__form")))


def _absences(whose: _Episodes) -> list[Row]:
    rows = Absence.objects.filter(
        booking__person__in=whose.people, kind=Absence.Kind.UNEXCUSED, withdrawn_at__isnull=True
    )
    return list(rows.values(*VALUES))


def _visits(whose: _Episodes) -> list[Row]:
    """Own visits that stand, booked at any time for within the episode."""
    return _standing(whose, session__service__form__in=list(BOOKED))


def _expected(whose: _Episodes) -> list[Row]:
    """Where nobody stayed away: sessions of services that are documented, attended or still ahead.

    An assessment is no treatment.
    """
    away = Absence.objects.filter(booking=OuterRef("pk"), withdrawn_at__isnull=True)
    treatment = [form for form in Form.values if form != Form.ASSESSMENT]
    return _standing(
        whose,
        Q(~Exists(away)),
        session__service__documentable=True,
        session__service__form__in=treatment,
    )


def _standing(whose: _Episodes, *which: Q | Combinable, **of: Any) -> list[Row]:
    rows = Booking.objects.standing().filter(
        *which, person__in=whose.people, during__endswith__gt=whose.since, **of
    )
    found: Iterable[Any] = rows.exclude(session__status=Session.Status.CANCELLED).values(
        "booked_at",
        booking__public_id=F("public_id"),
        booking__person=F("person"),
        booking__session__during=F("during"),
        booking__enrollment__segment__episode=F("enrollment__segment__episode"),
        form=F("session__service__form"),
    )
    return list(found)


def _leaders(sessions: set[int]) -> dict[int, int]:
    """Who led each; the note, and the call to who stayed away, is theirs. Who covered comes first."""
    rows = SessionStaff.objects.filter(session__in=sessions, status=SessionStaff.Status.LEADS)
    return dict(rows.order_by("is_cover", "-pk").values_list("session_id", "staff_id"))


def book_visit(*, person: str, episode: int, ref: str) -> str:
    """Where a visit is booked."""
    return reverse("schedule:book", args=[person])
