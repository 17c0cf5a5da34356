from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import combinations

import pytest
from django.db import connection
from django.db.models import QuerySet

from dayward.care.attendance.models import Interval, RollCall
from dayward.care.catalog.models import Room, ServiceKind
from dayward.care.journey.models import IntakeCase, Transition
from dayward.care.schedule.models import Booking, Session
from dayward.demo import seed
from dayward.demo.catch_up import apply_changes
from dayward.demo.ledger import AnyModel, Ledger, Values, public_id
from dayward.demo.seed import Built, in_order
from dayward.demo.tests.tables import told, undone
from dayward.foundation.people.models import ContactPoint, Person, StaffMember

FRIDAY = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)  # 12:30 at one site, 10:30 at the other
LATER = datetime(2026, 12, 2, 20, 0, tzinfo=UTC)  # a Wednesday, a holiday and some discharges later


def quiet(_text: str) -> None:
    pass


def build(at: datetime) -> None:
    seed.build(size="tiny", as_of=at, seed=7, tell=quiet)


@cache
def tables(at: datetime = LATER) -> list[AnyModel]:
    return in_order(Built("tiny", 7, FRIDAY.date().isoformat(), at.isoformat()).ledger(at))


@pytest.mark.django_db
def test_another_seed_gives_other_rows() -> None:
    day = FRIDAY.date().isoformat()
    one, other = (Built("tiny", number, day, FRIDAY.isoformat()).ledger(FRIDAY) for number in (7, 8))
    assert one.rows(Booking).keys() != other.rows(Booking).keys()


@pytest.mark.django_db
def test_same_seed_and_day_give_the_same_rows_and_catching_up_those_of_a_longer_build() -> None:
    models = tables()
    with undone():
        build(FRIDAY)
        first = told(models)
    with undone():
        later = Built("tiny", 7, FRIDAY.date().isoformat(), LATER.isoformat())
        seed.write(later, quiet)
        expected = told(models)
    build(FRIDAY)
    assert told(models) == first
    assert seed.catch_up(now=FRIDAY + timedelta(hours=3), tell=quiet) == 0
    assert seed.catch_up(now=LATER, tell=quiet) == 12
    found = told(models)
    for label, rows in expected.items():
        assert found[label] == rows, label
    connection.check_constraints()
    assert seed.catch_up(now=LATER, tell=quiet) == 0


@pytest.mark.django_db
def test_what_visitors_did_stays() -> None:
    """Somebody canceled a seat and a session, changed a phone, moved a case, took a roll, double-booked."""
    build(FRIDAY)
    seat = ahead().exclude(enrollment=None).order_by("id")[0]
    Booking.objects.filter(pk=seat.pk).update(
        status="cancelled", cancelled_at=FRIDAY, cancelled_by="visitor", cancel_kind="person"
    )
    taken = ahead().filter(pulled_out_of=None).exclude(session=seat.session).order_by("id")[0].session
    leader = StaffMember.objects.order_by("id")[0]
    RollCall.objects.create(session=taken, opened_at=FRIDAY, opened_by=leader)
    phone = ContactPoint.objects.order_by("id")[0]
    ContactPoint.objects.filter(pk=phone.pk).update(value="+12185550199")
    case = move_on(*(both := ledgers()))
    by_hand, simulated = in_the_way(*both)

    said: list[str] = []
    assert seed.catch_up(now=LATER, tell=said.append) == 12
    connection.check_constraints()
    assert "left out" in said[-1]
    seat.refresh_from_db()
    assert (seat.status, seat.cancelled_by) == ("cancelled", "visitor")
    assert not Interval.objects.filter(booking=seat).exists()
    assert not Interval.objects.filter(session=taken).exists()
    assert ContactPoint.objects.get(pk=phone.pk).value == "+12185550199"
    assert IntakeCase.objects.get(pk=case.pk).state == "withdrew"
    assert case.transitions.order_by("-id")[0].key == "withdraw"
    assert Booking.objects.filter(pk=by_hand.pk, status="booked").exists()
    assert not Booking.objects.filter(public_id=public_id(Booking, simulated)).exists()
    assert RollCall.objects.filter(opened_at__gt=FRIDAY).exists()


@pytest.mark.django_db
def test_what_cannot_be_changed_because_of_a_visitor_stays_as_it_was() -> None:
    """The simulation would move a session into a room that is taken at that time."""
    build(FRIDAY)
    before, after = (
        Built("tiny", 7, FRIDAY.date().isoformat(), FRIDAY.isoformat()).ledger(FRIDAY) for _each in range(2)
    )
    moved, taken = at_the_same_time(before.rows(Session))
    after.rows(Session)[moved]["room"] = before.rows(Session)[taken]["room"]
    assert apply_changes(before, after, in_order(after)) == 1
    room = before.rows(Session)[moved]["room"]
    assert Session.objects.get(public_id=public_id(Session, moved)).room == Room.objects.get(
        public_id=public_id(Room, room)
    )


def at_the_same_time(rows: dict[str, Values]) -> tuple[str, str]:
    """Two sessions of one site in two rooms."""
    roomed = {key: row for key, row in rows.items() if row.get("room") and row["during"].lower > FRIDAY}
    return next(
        (one, other)
        for one, other in combinations(roomed, 2)
        if all(roomed[one][name] == roomed[other][name] for name in ("site", "during"))
    )


def ahead() -> QuerySet[Booking]:
    """Seats in sessions of the days that are missing."""
    return Booking.objects.filter(during__startswith__gt=FRIDAY, during__endswith__lt=LATER, status="booked")


def ledgers() -> tuple[Ledger, Ledger]:
    """The rows of Friday and those of the later day."""
    anchor = FRIDAY.date().isoformat()
    return (
        Built("tiny", 7, anchor, FRIDAY.isoformat()).ledger(FRIDAY),
        Built("tiny", 7, anchor, LATER.isoformat()).ledger(LATER),
    )


def move_on(before: Ledger, later: Ledger) -> IntakeCase:
    """A visitor closes a case that the simulation would have walked on."""
    key = next(
        key
        for key, values in before.rows(IntakeCase).items()
        if later.rows(IntakeCase)[key]["state"] != values["state"]
    )
    case = IntakeCase.objects.get(public_id=public_id(IntakeCase, key))
    Transition.objects.create(
        case=case, key="withdraw", from_state=case.state, to_state="withdrew", at=FRIDAY, by="visitor"
    )
    IntakeCase.objects.filter(pk=case.pk).update(state="withdrew")
    return case


def in_the_way(before: Ledger, later: Ledger) -> tuple[Booking, str]:
    """A visitor's seat at the time of one that the simulation will book; and the key of that one."""
    key, values = next(
        (key, values)
        for key, values in later.rows(Booking).items()
        if key not in before.rows(Booking) and values.get("enrollment")
    )
    person = Person.objects.get(public_id=public_id(Person, values["person"]))
    assert person.site is not None
    service = ServiceKind.objects.order_by("key")[0]
    made = Session.objects.create(
        site=person.site, service=service, title="By hand", during=values["during"], changed_by="visitor"
    )
    seat = Booking.objects.create(session=made, person=person, during=values["during"], booked_by="visitor")
    return seat, key
