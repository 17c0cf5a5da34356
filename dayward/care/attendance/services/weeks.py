"""The only writer of stored weeks. A refresh leaves no audit entry: the act that changed the hours has left its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from dayward.care.attendance.models import ServiceWeek
from dayward.care.attendance.queries.context import WeekFrame
from dayward.care.attendance.queries.counting import AFTER, DAY, Material, Seat, read_material
from dayward.care.attendance.rules.because import number
from dayward.care.attendance.rules.hours import VERSION
from dayward.care.attendance.rules.makeups import MOST_CARRY, Carried
from dayward.care.attendance.rules.person_week import JudgedFloor, PersonWeek, count_person_week
from dayward.care.journey.models import Segment
from dayward.care.schedule.models import Booking
from dayward.foundation.audit.actors import Actor, system_actor
from dayward.foundation.audit.services import record
from dayward.foundation.people.queries import whose_rows
from dayward.kernel.gathering import all_of, alone, both
from dayward.kernel.time import local_day

KEEPER = system_actor("attendance.keep")
LOCK = 7044
CHUNK = 50
WEEK = timedelta(days=7)
LONG_AGO = date(1900, 1, 1)


@dataclass
class Drift:
    """Weeks that were other than the rules say: `new` had no row yet, `changed` another one."""

    new: int = 0
    changed: int = 0
    fields: Counter[str] = field(default_factory=Counter)

    def add(self, other: Drift) -> None:
        self.new += other.new
        self.changed += other.changed
        self.fields += other.fields


@transaction.atomic(savepoint=False)  # it stands or falls with the act
def refresh_weeks(*, actor: Actor, people: Collection[int], since: date, until: date | None = None) -> Drift:
    """Count the begun weeks of these people anew, in the transaction that changed what they are made of.

    While another transaction does the same for somebody, neither sees what the other wrote: then a job does it when
    both are through (as in `standards`).
    """
    whose = whose_rows(people)
    busy = _not_locked(set(whose.values()))
    for person in sorted(busy):
        app.configure_task("attendance.refresh_weeks").defer(person=person, since=since.isoformat())
    free = {row: person for row, person in whose.items() if person not in busy}
    return _bring_up_to_date(actor, free, since, until) if free else Drift()


def refresh_many(*, actor: Actor, people: Collection[int], since: date) -> None:
    """For a few at once; for many a job does it, since nobody waits for their weeks in the next minute."""
    ids = sorted(set(people))
    if len(ids) <= CHUNK:
        refresh_weeks(actor=actor, people=ids, since=since)
        return
    for some in _chunks(ids):
        app.configure_task("attendance.refresh_people").defer(people=[*some], since=since.isoformat())


@transaction.atomic
def refresh_waiting(*, person: int, since: date) -> Drift:
    """As `refresh_weeks`, but waits until nobody else is at it; for jobs, which hold nothing that others want."""
    whose = whose_rows([person])
    for each in sorted(set(whose.values())):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s::int)", [LOCK, each])
    return _bring_up_to_date(KEEPER, whose, since, None)


def refresh_all(*, actor: Actor = KEEPER, unlocked: bool = False, programs: Collection[int] = ()) -> Drift:
    """Every begun week of everybody who ever was in treatment (or in `programs`), some people at a time.

    `unlocked`: nobody else writes to this database (a seed), and nothing is locked.
    """
    rows = Segment.objects.order_by("episode__person").values_list("episode__person", flat=True).distinct()
    if programs:
        rows = rows.filter(track__program__in=programs)
    found = Drift()
    for some in _chunks(rows):
        if unlocked:
            found.add(_bring_up_to_date(actor, whose_rows(some), LONG_AGO, None))
        else:
            found.add(refresh_weeks(actor=actor, people=some, since=LONG_AGO))
    return found


def refresh_kind(*, kind: int, since: date) -> Drift:
    """The weeks since then of everybody who was booked into a session of this kind."""
    rows = Booking.objects.filter(session__service=kind, during__startswith__date__gte=since - DAY)
    found = Drift()
    for some in _chunks(rows.order_by("person").values_list("person", flat=True).distinct()):
        found.add(refresh_weeks(actor=KEEPER, people=some, since=since))
    return found


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    rows = list(ids)
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]


def keep_up() -> Drift:
    """Every night: a stored week is what the rules make of the rows. A difference means that a change was not told."""
    with transaction.atomic():
        found = refresh_all()
        action = "attendance.drift" if found.changed else "attendance.kept"
        record(actor=KEEPER, action=action, weeks=found.changed, new=found.new, fields=dict(found.fields))
    return found


def _not_locked(ids: set[int]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM unnest(%s::int[]) AS id WHERE NOT pg_try_advisory_xact_lock(%s, id)",
            [sorted(ids), LOCK],
        )
        return {row[0] for row in cursor.fetchall()}


def _bring_up_to_date(actor: Actor, whose: Mapping[int, int], since: date, until: date | None) -> Drift:
    now = timezone.now()
    first, last = _bounds(whose, since, until, now)
    if not _in_treatment_by(last, whose):
        return Drift()
    first, material, rows = _read_since(whose, first - AFTER, last)  # others' weeks begin earlier
    before = {(row.person_id, row.start): row for row in rows}
    frames = [
        frame
        for person in sorted(set(whose.values()))
        for frame in material.context.frames(person, first, last)
        if frame.start <= local_day(now, frame.zone)
    ]
    counted = zip(frames, material.given(frames), strict=True)
    wanted = {
        (frame.person, frame.start): _values(frame, count_person_week(given), material.of(frame))
        for frame, given in counted
    }
    return _write(actor, now, wanted, before, first)


def _in_treatment_by(last: date, people: Collection[int]) -> bool:
    """Whether anybody was, or has a week stored of a stay that is no more: who is booked ahead mostly has neither."""
    begun = Segment.objects.filter(episode__person__in=people, starts_on__lte=last)
    return begun.exists() or ServiceWeek.objects.filter(person__in=people).exists()


Found = tuple[date, Material, list[ServiceWeek]]


def _read_since(whose: Mapping[int, int], first: date, last: date) -> Found:
    """What makes up, in these days, for something missed before belongs to the weeks since then."""
    found, material, rows = _read(whose, first, last)
    missed = [seat.missed.date() - DAY for seats in material.seats.values() for seat in seats if seat.missed]
    earliest = max(min(missed, default=first), first - timedelta(days=MOST_CARRY))
    return _read(whose, earliest, last) if earliest < first else (found, material, rows)


def _read(whose: Mapping[int, int], first: date, last: date) -> Found:
    people = set(whose.values())
    stored = ServiceWeek.objects.filter(person__in=people, start__gt=first - WEEK, start__lte=last)
    material, rows = alone(both(read_material(whose, first, last), all_of(stored)))
    return first, material, rows


def _bounds(whose: Mapping[int, int], since: date, until: date | None, now: datetime) -> tuple[date, date]:
    """Nothing is stored of weeks that have not begun; nothing happened before the first stay."""
    last = min(until or date.max, now.date() + timedelta(days=1))
    if since == LONG_AGO:
        rows = Segment.objects.filter(episode__person__in=list(whose)).order_by("starts_on")
        since = rows.values_list("starts_on", flat=True).first() or last
    return min(since, last), last


Key = tuple[int, date]
Values = dict[str, Any]


def _write(
    actor: Actor,
    now: datetime,
    wanted: Mapping[Key, Values],
    before: Mapping[Key, ServiceWeek],
    first: date,
) -> Drift:
    """Only rows that differ are written."""
    found, rows = Drift(), []
    for key, values in wanted.items():
        row = before.get(key)
        differ = _differences(row, values) if row else []
        if row is None:
            found.new += 1
        elif differ:
            found.changed += 1
            found.fields.update(differ)
        if row is None or differ:
            rows.append(_row(key, values, actor, now))
    rows += _gone(wanted, before, actor, now, first, found)
    if rows:
        ServiceWeek.objects.bulk_create(
            rows,
            batch_size=500,
            update_conflicts=True,
            unique_fields=["person", "start"],
            update_fields=[*NAMES, "computed_at", "computed_by"],
        )
    return found


def _gone(
    wanted: Mapping[Key, Values],
    before: Mapping[Key, ServiceWeek],
    actor: Actor,
    now: datetime,
    first: date,
    found: Drift,
) -> Iterable[ServiceWeek]:
    """Weeks the person has no more, of those that hold a day from `first` on."""
    for key, row in before.items():
        over = row.start + timedelta(days=row.length_days) <= first
        if key not in wanted and row.standing and not over:
            found.changed += 1
            found.fields["standing"] += 1
            row.standing, row.computed_at, row.computed_by = False, now, actor.id
            yield row


def _differences(row: ServiceWeek, values: Values) -> list[str]:
    return [name for name in NAMES if getattr(row, name) != values[name]]


def _row(key: Key, values: Values, actor: Actor, now: datetime) -> ServiceWeek:
    person, start = key
    return ServiceWeek(person_id=person, start=start, computed_at=now, computed_by=actor.id, **values)


def _values(frame: WeekFrame, counted: PersonWeek, seats: Sequence[Seat]) -> Values:
    verdict, exemption = counted.verdict, counted.exemption
    return {
        "episode_id": frame.segment.episode_id,
        "segment_id": frame.segment.pk,
        "terms_id": frame.terms.pk if frame.terms else None,
        "length_days": frame.span.days,
        "definition": frame.definition.value,
        "standing": True,
        "prescribed_minutes": frame.segment.prescribed_minutes,
        "scheduled_seconds": seconds(counted.figures.scheduled),
        "delivered_seconds": seconds(counted.figures.delivered),
        **_carried(counted.figures.carried),
        "units": Decimal(number(counted.units)),
        "unit_rule": frame.terms.unit_rule if frame.terms else "",
        "floor_minutes": int(verdict.floor),
        "floor_test": verdict.test.value,
        "met": verdict.met,
        "floors": [_floor(each) for each in counted.floors],
        "exempt_reason": exemption.reason.value if exemption else "",
        "exempt_why": exemption.why[:200] if exemption else "",
        "because": _because(counted),
        "days": [_day(each) for each in counted.days],
        "separate_days": counted.separate_days,
        "days_ok": counted.days_ok,
        "gap_days": counted.gap.days if counted.gap else None,
        "gap_too_long": counted.gap_too_long,
        **_tally(seats),
        "rule_version": VERSION,
    }


def seconds(minutes: Fraction) -> Decimal:
    """Exact: the clock tells microseconds."""
    return Decimal(int(minutes * 60_000_000)).scaleb(-6)


def _carried(carried: Carried) -> dict[str, Decimal]:
    gained, given = (
        sum((each.minutes for each in some), Fraction(0)) for some in (carried.came, carried.went)
    )
    return {"carried_in_seconds": seconds(gained), "carried_out_seconds": seconds(given)}


def _floor(judged: JudgedFloor) -> dict[str, Any]:
    floor = judged.floor
    return {
        "asked_by": floor.asked_by,
        "source": floor.source,
        "citation": floor.citation,
        "start": judged.span.start.isoformat(),
        "test": floor.test.value,
        "minutes": int(floor.minutes),
        "figure_seconds": str(seconds(judged.verdict.figures.of(floor.test))),
        "met": judged.verdict.met,
        "days_ok": judged.days_ok if floor.asks_of_days else None,
    }


def _because(counted: PersonWeek) -> dict[str, Any]:
    because = counted.floors[0].because if counted.floors else counted.verdict.because
    return {
        "message": because.message,
        "words": dict(because.words),
        "rule": because.rule,
        "source": because.source,
        "more": [{"message": each.message, "words": dict(each.words)} for each in because.more],
    }


def _day(day: Any) -> dict[str, Any]:
    return {
        "day": day.day.isoformat(),
        "seconds": str(seconds(day.minutes)),
        "services": day.services,
        "ok": day.ok,
    }


def _tally(seats: Sequence[Seat]) -> dict[str, int]:
    """Sessions, for the rates of requirements 4.4: who was called out of one for a visit was in both.

    Without make-ups (5.3): the missed session stays missed, and what makes up for it mends only the dose.
    """
    seats = [seat for seat in seats if not seat.makes_up]
    stands = [seat for seat in seats if seat.stands]
    return {
        "sessions_scheduled": len(seats),
        "sessions_kept": sum(bool(seat.there) for seat in stands),
        "sessions_called_off": sum(seat.called_off for seat in seats),
        "sessions_cancelled_in_time": sum(seat.in_time for seat in seats),
        "absences_excused": sum(seat.away == "excused" for seat in stands),
        "absences_unexcused": sum(seat.away in ("unexcused", "not_admitted") for seat in stands),
    }


NAMES = tuple(
    """episode_id segment_id terms_id length_days definition standing prescribed_minutes scheduled_seconds
    delivered_seconds carried_in_seconds carried_out_seconds units unit_rule floor_minutes floor_test met floors
    exempt_reason exempt_why because days separate_days days_ok gap_days gap_too_long sessions_scheduled sessions_kept
    sessions_called_off sessions_cancelled_in_time absences_excused absences_unexcused rule_version""".split()
)
