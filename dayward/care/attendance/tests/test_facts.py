"""What standards hear of services, visits and absences."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from dayward.care.attendance import facts, services
from dayward.care.attendance.factories import leader_of, make_past_session, present, seat
from dayward.care.attendance.models import Absence
from dayward.care.journey.factories import make_episode, told_of
from dayward.care.journey.models import Episode
from dayward.care.schedule import services as schedule
from dayward.care.schedule.events import seats_changed
from dayward.care.schedule.factories import SETUP, make_session
from dayward.care.schedule.models import Booking, Session
from dayward.kernel.facts import FactsChanged

pytestmark = pytest.mark.django_db


@pytest.fixture
def session() -> Session:
    return make_past_session()


@pytest.fixture
def episode(session: Session) -> Episode:
    return make_episode(at=timezone.now() - timedelta(days=2))


@pytest.fixture
def booking(session: Session, episode: Episode) -> Booking:
    return seat(session, episode.person)


def kinds(*episodes: Episode) -> list[str]:
    return sorted(fact.kind for fact in told_of(*episodes, words={"service", "absence", "visit"}))


def test_a_service_is_told_when_somebody_confirmed_it(
    session: Session, booking: Booking, episode: Episode
) -> None:
    assert kinds(episode) == []
    present(booking)
    (fact,) = told_of(episode, words={"service"})
    leader = session.leaders.get().staff
    assert (fact.kind, fact.at, fact.episode, fact.by, fact.ref) == (
        "service.delivered",
        session.span.end,
        episode.pk,
        leader.pk,
        booking.public_id,
    )


def test_a_row_taken_back_tells_nothing(session: Session, booking: Booking, episode: Episode) -> None:
    present(booking)
    services.undo(actor=leader_of(session), booking=booking)
    assert kinds(episode) == []


def test_going_out_and_coming_back_is_one_service(
    session: Session, booking: Booking, episode: Episode
) -> None:
    present(booking)
    now = timezone.now()
    services.correct_times(
        actor=leader_of(session),
        booking=booking,
        came_in=session.span.start,
        went_out=session.span.end - timedelta(minutes=5),
        reason="The clock on the wall",
        now=now,
    )
    assert kinds(episode) == ["service.delivered"]


@pytest.mark.parametrize(("kind", "told"), [("unexcused", ["absence.unexcused"]), ("excused", [])])
def test_only_an_absence_without_a_word_asks_for_a_call(
    session: Session, booking: Booking, episode: Episode, kind: str, told: list[str]
) -> None:
    services.mark_absent(actor=leader_of(session), booking=booking, kind=kind, reason="Flu")
    assert kinds(episode) == told


def test_the_covering_colleague_is_named(session: Session, booking: Booking, episode: Episode) -> None:
    present(booking)
    away = session.leaders.get().staff
    colleague = make_past_session(begun=timedelta(hours=9)).leaders.get().staff
    schedule.cover(actor=SETUP, session=session, away=away, by=colleague)
    assert [fact.by for fact in told_of(episode, words={"service"})] == [colleague.pk]


def test_a_visit_of_ones_own_is_told_when_booked_and_not_when_called_off(episode: Episode) -> None:
    visit = seat(make_session(), episode.person)
    assert kinds(episode) == ["visit.individual_booked"]
    schedule.cancel_session(actor=SETUP, session=visit.session, reason="Snow")
    assert kinds(episode) == []


def test_what_was_before_the_admission_belongs_to_no_episode(session: Session) -> None:
    later = make_episode()
    present(seat(session, later.person))
    assert kinds(later) == []


def told_sessions(*episodes: Episode) -> list[tuple[str, str]]:
    return sorted((fact.kind, fact.ref) for fact in told_of(*episodes, words={"session"}))


def test_sessions_attended_and_ahead_are_told_until_somebody_stays_away(
    session: Session, booking: Booking, episode: Episode
) -> None:
    ahead = seat(make_session(), episode.person)
    group, visit = ("session.group", booking.public_id), ("session.individual", ahead.public_id)
    assert told_sessions(episode) == [group, visit]
    services.mark_absent(actor=leader_of(session), booking=booking, kind="excused", reason="Flu")
    assert told_sessions(episode) == [visit]
    schedule.cancel_session(actor=SETUP, session=ahead.session, reason="Snow")
    assert told_sessions(episode) == []


def test_a_seat_that_changes_is_worked_out_by_a_job(episode: Episode) -> None:
    """Clocks that count sessions move with it (standards)."""
    seats_changed(SETUP, [episode.person_id], timezone.now())
    job = ProcrastinateJob.objects.filter(task_name="standards.refresh_people").latest("id")
    assert job.args == {"people": [episode.person_id]}


def test_the_number_of_reads_does_not_grow(session: Session) -> None:
    def reads(count: int) -> int:
        episodes = [make_episode(at=timezone.now() - timedelta(days=2)) for _each in range(count)]
        for each in episodes:
            present(seat(session, each.person))
        with CaptureQueriesContext(connection) as found:
            told = told_of(*episodes, words=facts.OF_THE_ROLL)
        assert len(told) == 2 * count
        return len(found)

    assert reads(1) == reads(4) <= 5


def test_what_is_due_is_worked_out_once_and_not_for_other_times_of_the_same_service(
    booking: Booking, episode: Episode, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[FactsChanged] = []
    monkeypatch.setattr("dayward.kernel.facts.publish", heard.append)
    actor, span = leader_of(booking.session), booking.session.span
    present(booking)
    assert len(heard) == 1
    times: Any = {"came_in": span.start, "went_out": span.end - timedelta(minutes=5), "reason": "Left early"}
    services.correct_times(actor=actor, booking=booking, **times)
    assert len(heard) == 1
    services.correct_absent(actor=actor, booking=booking, kind=Absence.Kind.UNEXCUSED, reason="Not there")
    assert len(heard) == 2
    services.correct_times(actor=actor, booking=booking, **times)
    assert len(heard) == 3
