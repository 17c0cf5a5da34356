"""Who is at risk in a session: on Today and on the roll of whoever leads it, and for nobody else."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from dayward.care.attendance import services as attendance
from dayward.care.attendance.factories import make_past_session, present, seat
from dayward.care.journey import services as journey
from dayward.care.journey.factories import actor_of, make_episode
from dayward.care.schedule.models import Booking, Session
from dayward.chart.measures.factories import answered
from dayward.doors.staff import marks
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.audit.models import Entry
from dayward.foundation.people.factories import make_person
from dayward.foundation.people.models import Person, StaffMember

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader() -> StaffMember:
    return make_staff_with("therapist", credential="social_worker")


@pytest.fixture
def session(leader: StaffMember) -> Session:
    return make_past_session(begun=timedelta(minutes=90), leader=leader)


def expected(session: Session, family: str) -> Person:
    person = make_person(legal_given="Sam", legal_family=family)
    make_episode(person=person, started=True)
    seat(session, person)
    return person


def absent(booking: Booking) -> None:
    leader = actor_of(booking.session.leaders.get().staff)
    attendance.mark_absent(actor=leader, booking=booking, kind="unexcused")


def words(client: Client, staff: StaffMember, session: Session, monkeypatch: pytest.MonkeyPatch) -> str:
    """Today, as it is shown while the session runs."""
    moment: datetime = session.span.start + timedelta(minutes=30)
    monkeypatch.setattr(marks, "timezone", SimpleNamespace(now=lambda: moment))
    assert staff.user
    client.force_login(staff.user)
    return client.get(reverse("staff:today")).content.decode()


def test_flag_alert_and_missed_days_stand_on_today_and_on_the_roll(
    client: Client, session: Session, leader: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    calm, flagged = expected(session, "Calmwater"), expected(session, "Flagwater")
    positive, away = expected(session, "Alertwater"), expected(session, "Awaywater")
    episode = flagged.episodes.get()
    journey.flag_at_risk(actor=actor_of(make_staff_with("director")), episode=episode, reason="Lost the job")
    answered(person=positive, instrument="phq-9", answers="000000003-", finish=False)
    for days in (1, 2):
        before = make_past_session(begun=timedelta(days=days, hours=2))
        absent(seat(before, away))
        present(seat(before, calm), before.span.start)
    page = words(client, leader, session, monkeypatch)
    panel = page[page.index('id="panel-at_risk_today"') :]
    panel = panel[: panel.index("</section>")]
    assert "Lost the job" in panel and "open alert" in panel and "missed 2 days in a row" in panel
    assert "Calmwater" not in panel and all(
        name in panel for name in ("Flagwater", "Alertwater", "Awaywater")
    )
    roll = client.get(reverse("attendance:roll", args=[session.public_id])).content.decode()
    assert "Lost the job" in roll and "open alert" in roll and "missed 2 days in a row" in roll
    assert Entry.objects.filter(actor=leader.user.public_id, kind=Entry.Kind.VIEW).exists()  # type: ignore[union-attr]


def test_whoever_does_not_lead_it_reads_nothing(
    client: Client, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    positive = expected(session, "Alertwater")
    answered(person=positive, instrument="phq-9", answers="000000003-", finish=False)
    stranger = make_staff_with("therapist", credential="social_worker")
    assert "Alertwater" not in words(client, stranger, session, monkeypatch)


def test_somebody_who_came_in_between_has_no_streak(
    client: Client, session: Session, leader: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = expected(session, "Awaywater")
    for days, came in ((1, False), (2, True), (3, False)):
        booking = seat(make_past_session(begun=timedelta(days=days, hours=2)), person)
        if came:
            present(booking, booking.session.span.start)
        else:
            absent(booking)
    assert "in a row" not in words(client, leader, session, monkeypatch)
