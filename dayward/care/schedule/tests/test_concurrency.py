"""Two who act at once: the database lets one through, whoever is first."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path
from threading import Barrier, Thread

from django.db import IntegrityError, OperationalError, connection, transaction

from dayward.care.schedule import services
from dayward.care.schedule.factories import SETUP, make_room, make_session, next_monday
from dayward.care.schedule.models import Booking, LimitReason, Session, SessionStaff
from dayward.care.schedule.queries.checks import limits_between, sessions_found
from dayward.care.schedule.services.refusals import explained, one_of_two
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.organization.factories import make_site
from dayward.foundation.people.factories import make_person
from dayward.foundation.people.models import Credential, Person
from dayward.kernel.errors import Refused

ROUNDS = 4
CONNECTIONS, SEEKERS = 8, 12
PATIENCE = 300  # seconds: only a test that fails waits so long


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run the acts side by side, each on its own connection; what became of each."""
    ready, outcomes = Barrier(len(acts)), [""] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        try:
            ready.wait(timeout=PATIENCE)
            act()
            outcomes[number] = "done"
        except (Refused, IntegrityError, OperationalError) as refused:
            outcomes[number] = type(refused).__name__
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return outcomes


def test_the_last_seat_is_given_once(committed_db: str) -> None:
    for number in range(ROUNDS):
        session = make_session(day=next_monday(make_site()) + timedelta(days=number), cap=1)
        one, other = make_person(), make_person()
        outcomes = at_once(
            lambda: services.book(actor=SETUP, person=one, session=session),  # noqa: B023
            lambda: services.book(actor=SETUP, person=other, session=session),  # noqa: B023
        )
        assert sorted(outcomes) == ["NeedsReason", "done"]
        assert Booking.objects.filter(session=session).count() == 1


def test_one_seat_taken_many_times_at_once_goes_to_one_person(committed_db: str) -> None:
    """A thousand at once over HTTP: `python -m benchmarks.killed --seat 1000`."""
    session = make_session(day=next_monday(make_site()), cap=1)
    queues = [[make_person() for _each in range(SEEKERS)] for _connection in range(CONNECTIONS)]
    got: list[Person] = []
    refusals: list[str] = []

    def take_turns(people: list[Person]) -> None:
        for person in people:
            try:
                services.book(actor=SETUP, person=person, session=session)
                got.append(person)
            except services.NeedsReason as refused:
                refusals.append(refused.needs)

    def act(people: list[Person]) -> Callable[[], None]:
        return lambda: take_turns(people)

    assert at_once(*map(act, queues)) == ["done"] * CONNECTIONS
    assert len(got) == 1
    assert refusals == [services.OVER_CAP] * (SEEKERS * CONNECTIONS - 1)
    assert [booking.person for booking in Booking.objects.filter(session=session)] == got


def test_the_last_seat_is_given_once_also_without_the_services(committed_db: str) -> None:
    for number in range(ROUNDS):
        session = make_session(day=next_monday(make_site()) + timedelta(days=number), cap=1)
        row = {"session": session, "during": session.during, "booked_by": "test"}
        one, other = make_person(), make_person()
        outcomes = at_once(
            lambda: Booking.objects.create(person=one, **row),  # noqa: B023
            lambda: Booking.objects.create(person=other, **row),  # noqa: B023
        )
        assert sorted(outcomes) == ["IntegrityError", "done"]


def test_a_person_is_not_booked_twice_at_the_same_time(committed_db: str) -> None:
    for number in range(ROUNDS):
        day = next_monday(make_site()) + timedelta(days=number)
        first, second = make_session(day=day), make_session(day=day, clock=(time(9, 30), time(10, 30)))
        person = make_person()
        outcomes = at_once(
            lambda: services.book(actor=SETUP, person=person, session=first),  # noqa: B023
            lambda: services.book(actor=SETUP, person=person, session=second),  # noqa: B023
        )
        assert sorted(outcomes) == ["Refused", "done"]


def test_a_room_and_a_clinician_are_taken_once(committed_db: str) -> None:
    site = make_site()
    for number in range(ROUNDS):
        day = next_monday(site) + timedelta(days=number)
        room, leader = make_room(site), make_staff_with("therapist", site=site)
        outcomes = at_once(
            lambda: make_session(day=day, room=room),  # noqa: B023
            lambda: make_session(day=day, room=room),  # noqa: B023
        )
        assert sorted(outcomes) == ["Refused", "done"]
        outcomes = at_once(
            lambda: make_session(day=day, leader=leader),  # noqa: B023
            lambda: make_session(day=day, leader=leader),  # noqa: B023
        )
        assert sorted(outcomes) == ["Refused", "done"]
        led = SessionStaff.objects.filter(staff=leader, status=SessionStaff.Status.LEADS)
        assert led.values("during").distinct().count() == led.count()


def test_two_who_wait_for_each_other_are_one_who_is_refused(committed_db: str) -> None:
    """Each has booked what excludes the other's next booking: PostgreSQL ends one of them, in a sentence."""
    monday = next_monday(make_site())
    early, late = make_person(), make_person()
    halves = [
        make_session(day=monday, clock=(time(9), time(10)), cap=2),
        make_session(day=monday, clock=(time(9, 30), time(11)), cap=2),
    ]
    both_wrote = Barrier(2)
    refusals: list[str] = []

    @one_of_two()
    @transaction.atomic
    def book_both(first: Person, second: Person, session: Session) -> None:
        with explained():
            row = {"session": session, "during": session.during, "booked_by": "test"}
            Booking.objects.create(person=first, **row)
            both_wrote.wait(timeout=PATIENCE)
            Booking.objects.create(person=second, **row)

    def act(first: Person, second: Person, session: Session) -> None:
        try:
            book_both(first, second, session)
        except Refused as refused:
            refusals.append(refused.sentence)
            raise

    outcomes = at_once(lambda: act(early, late, halves[0]), lambda: act(late, early, halves[1]))
    assert sorted(outcomes) == ["Refused", "done"]
    assert refusals == ["Somebody else was faster by a moment. Look again at what is free."]
    assert Booking.objects.count() == 2


def test_every_service_ends_as_one_of_two() -> None:
    """Whatever writes may meet another writer: a deadlock is a sentence, never an error page."""
    for file in Path(services.__path__[0]).glob("*.py"):
        text = file.read_text(encoding="utf-8")
        bare = re.findall(r"(?<!@one_of_two\(\)\n)@transaction\.atomic\ndef (\w+)", text)
        assert not bare, f"{file.name}: {bare}"


def test_two_give_a_reason_for_the_same(committed_db: str) -> None:
    session = make_session(service="group-therapy", cap=8)
    Credential.objects.create(staff=session.leaders.get().staff, kind="peer")
    day = next_monday(session.site)
    found = sessions_found(session.site, limits_between(session.site, day, day))[0]

    def give() -> None:
        services.give_reason(actor=SETUP, site=session.site, found=found, reason="A peer evening")

    assert sorted(at_once(give, give)) == ["Refused", "done"]
    assert LimitReason.objects.standing().count() == 1


def test_a_group_cannot_go_while_somebody_is_pulled_out_of_it(committed_db: str) -> None:
    for number in range(ROUNDS):
        day = next_monday(make_site()) + timedelta(days=number)
        person = make_person()
        outer = services.book(
            actor=SETUP, person=person, session=make_session(day=day, clock=(time(9), time(12)), cap=9)
        )
        visit = make_session(day=day, clock=(time(10), time(10, 30)))
        reasons = services.Reasons(pull_out=True)
        at_once(
            lambda: services.book(actor=SETUP, person=person, session=visit, reasons=reasons),  # noqa: B023
            lambda: services.cancel_booking(actor=SETUP, booking=outer),  # noqa: B023
        )
        for inner in Booking.objects.standing().filter(session=visit, pulled_out_of__isnull=False):
            assert inner.pulled_out_of is not None
            assert inner.pulled_out_of.status == Booking.Status.BOOKED
        assert Session.objects.filter(pk=visit.pk).exists()
