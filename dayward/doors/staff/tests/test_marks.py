"""Who is at risk in a session: on Today and on the roll of whoever leads it, and for nobody else."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from dayward.care.attendance import services as attendance
from dayward.care.attendance.factories import make_past_session, present, seat
from dayward.care.journey import services as journey
from dayward.care.journey.factories import actor_of, make_episode
from dayward.care.schedule.factories import make_session
from dayward.care.schedule.models import Booking, Session
from dayward.chart.measures.factories import answered
from dayward.doors.staff import marks
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.audit.models import Entry
from dayward.foundation.organization.factories import day_here
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


SCENES = {
    "came in the morning of the first day": ["3 9 came", "3 13 missed", "2 9 missed"],
    "a day counts once": ["2 9 missed", "2 13 missed"],
    "said why": ["3 9 excused", "2 9 missed"],
    "was marked by mistake": ["3 9 withdrawn", "2 9 missed"],
    "came since": ["4 9 missed", "3 9 missed", "2 9 came"],
}


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
def test_what_is_no_streak(
    scene: list[str], client: Client, session: Session, leader: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = expected(session, "Awaywater")
    for line in scene:
        _past(person, line)
    assert "in a row" not in words(client, leader, session, monkeypatch)


@pytest.mark.parametrize("scene", [["3 9 missed", "3 13 missed", "2 9 missed"], ["3 9 came", "2 9 missed"]])
def test_a_streak_counts_days(
    scene: list[str], client: Client, session: Session, leader: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also after a day on which they came."""
    person = expected(session, "Awaywater")
    for line in [*scene, "1 9 missed"]:
        _past(person, line)
    days = len({line.split()[0] for line in scene if line.endswith("missed")}) + 1
    assert f"missed {days} days in a row" in words(client, leader, session, monkeypatch)


def _past(person: Person, line: str) -> None:
    """So many days ago, at that hour, what became of the seat."""
    days, hour, what = line.split()
    site = person.site
    assert site is not None
    day = day_here() - timedelta(days=int(days))
    held = make_session(
        site=site,
        day=day,
        clock=(time(int(hour)), time(int(hour) + 1)),
        service="process-group",
        title="Group",
        cap=8,
    )
    booking = seat(held, person)
    if what == "came":
        present(booking, booking.session.span.start)
        return
    lead = actor_of(held.leaders.get().staff)
    kind = "excused" if what == "excused" else "unexcused"
    attendance.mark_absent(actor=lead, booking=booking, kind=kind, reason="Ill")
    if what == "withdrawn":
        attendance.undo(actor=lead, booking=booking)
