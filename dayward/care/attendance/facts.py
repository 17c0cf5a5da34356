"""What this package tells standards: services delivered, visits booked, absences without a word, and the sessions that
a person attends or is expected at (kernel/facts.py)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta
from operator import attrgetter
from typing import Any, cast

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.urls import reverse

from dayward.care.attendance.models import Absence, Interval
from dayward.care.catalog.models import ServiceKind
from dayward.care.schedule.events import SeatsChanged
from dayward.care.schedule.models import Booking, Session, SessionStaff
from dayward.kernel.facts import Fact, Subject, Teller, changed_soon
from dayward.kernel.gathering import Reading, all_of

Form = ServiceKind.Form
DELIVERED = {Form.INDIVIDUAL: "service.individual", Form.MEDICATION: "service.medication"}
BOOKED = {Form.INDIVIDUAL: "visit.individual_booked", Form.MEDICATION: "visit.medication_booked"}
LONGEST = timedelta(days=1)  # a session that began before the admission may still belong to it


About = Collection[Subject]
Told = Reading[list[Fact]]


def services(about: About) -> Told:
    """A service is told once, however often the person went in and out, and once more by its form."""
    whose = _Episodes(about)
    found = []
    for row, episode in whose.with_episode((yield from all_of(_delivered(whose)))):
        end, form, ref = row["booking__session__during"].upper, row["form"], row["booking__public_id"]
        found.append(Fact("service.delivered", end, episode, row["by"], ref))
        if form in DELIVERED:
            found.append(Fact(DELIVERED[form], end, episode, row["by"], ref))
    return found


def absences(about: About) -> Told:
    """Without a word."""
    whose = _Episodes(about)
    rows = whose.with_episode((yield from all_of(_away(whose))))
    return [
        Fact(
            "absence.unexcused",
            row["booking__session__during"].upper,
            episode,
            row["by"],
            row["booking__public_id"],
        )
        for row, episode in rows
    ]


def visits(about: About) -> Told:
    """Own visits that stand, booked at any time for within the episode."""
    whose = _Episodes(about)
    booked = _standing(whose, session__service__form__in=list(BOOKED))
    rows = whose.with_episode((yield from all_of(booked)))
    return [
        Fact(BOOKED[row["form"]], row["booked_at"], episode, None, row["booking__public_id"])
        for row, episode in rows
    ]


def sessions(about: About) -> Told:
    """`session.<form>` at its beginning, behind and ahead, for clocks that sessions move."""
    whose = _Episodes(about)
    rows = whose.with_episode((yield from all_of(_expected(whose))))
    return [
        Fact(
            f"session.{row['form']}",
            row["booking__session__during"].lower,
            episode,
            None,
            row["booking__public_id"],
        )
        for row, episode in rows
    ]


TELLERS: dict[str, Teller] = {
    "service": services,
    "absence": absences,
    "visit": visits,
    "session": sessions,
}
OF_THE_ROLL = ("service", "absence", "session")  # what is other when somebody was there, or was not


def seats_changed(event: SeatsChanged) -> None:
    """Seats move clocks that count sessions, and nobody waits for that in the next minute."""
    changed_soon(event.people)


Row = dict[str, Any]
Rows = QuerySet[Any, Row]


class _Episodes:
    """Which of the episodes a booking belongs to: that of its enrollment, or the one open at the session."""

    def __init__(self, about: About) -> None:
        self.ids = {each.episode for each in about}
        self.since = min(each.since for each in about)
        self.stays: dict[int, list[Subject]] = defaultdict(list)
        for each in sorted(about, key=attrgetter("since"), reverse=True):
            self.stays[each.person].append(each)

    @property
    def people(self) -> list[int]:
        return sorted(self.stays)

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
        stays = self.stays[row["booking__person"]]
        return next(
            (
                each.episode
                for each in stays
                if each.since <= end and (each.until is None or start <= each.until)
            ),
            None,
        )


VALUES = (
    "booking__public_id",
    "booking__person",
    "booking__enrollment__segment__episode",
    "booking__session__during",
)


def _delivered(whose: _Episodes) -> Rows:
    rows = Interval.objects.standing().filter(
        person__in=whose.people,
        came_in__gte=whose.since - LONGEST,
        booking__session__service__documentable=True,
    )
    return cast(Rows, rows.values(*VALUES, form=F("booking__session__service__form"), by=_leader()))


def _away(whose: _Episodes) -> Rows:
    rows = Absence.objects.filter(
        booking__person__in=whose.people, kind=Absence.Kind.UNEXCUSED, withdrawn_at__isnull=True
    )
    return cast(Rows, rows.values(*VALUES, by=_leader()))


def _leader() -> Subquery:
    """Who led; the note, and the call to who stayed away, is theirs. Who covered comes first."""
    led = SessionStaff.objects.filter(session=OuterRef("booking__session"), status=SessionStaff.Status.LEADS)
    return Subquery(led.order_by("-is_cover", "pk").values("staff_id")[:1])


def _expected(whose: _Episodes) -> Rows:
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


def _standing(whose: _Episodes, *which: Q | Combinable, **of: Any) -> Rows:
    rows = Booking.objects.standing().filter(
        *which, person__in=whose.people, during__endswith__gt=whose.since, **of
    )
    found = rows.exclude(session__status=Session.Status.CANCELLED).values(
        "booked_at",
        booking__public_id=F("public_id"),
        booking__person=F("person"),
        booking__session__during=F("during"),
        booking__enrollment__segment__episode=F("enrollment__segment__episode"),
        form=F("session__service__form"),
    )
    return cast(Rows, found)


def book_visit(*, person: str, episode: int, ref: str) -> str:
    """Where a visit is booked."""
    return reverse("schedule:book", args=[person])
