from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dayward.care.attendance.factories import make_past_session, present, seat
from dayward.care.journey import services as journey
from dayward.care.journey.factories import actor_of, make_episode
from dayward.chart.measures.factories import answered
from dayward.doors.staff.course import course_of
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.access.roles import ROLES
from dayward.foundation.people.factories import make_person

pytestmark = pytest.mark.django_db
MOST_QUERIES = 15


def test_the_census_shows_who_is_in_treatment_and_who_is_at_risk(client: Client) -> None:
    calm, flagged = make_person(legal_family="Calmwater"), make_person(legal_family="Riskwater")
    make_episode(person=calm, started=True)
    director = make_staff_with("director")
    journey.flag_at_risk(
        actor=actor_of(director), episode=make_episode(person=flagged, started=True), reason="Two absences"
    )
    assert director.user
    client.force_login(director.user)
    every, risk = (client.get(reverse("staff:census") + at).content.decode() for at in ("", "?show=risk"))
    assert "Calmwater" in every and "Riskwater" in every
    assert "Calmwater" not in risk and "Two absences" in risk
    page = client.get(reverse("staff:today")).content.decode()
    assert 'aria-label="The program now"' in page


def test_the_census_is_not_for_who_treats_some(client: Client) -> None:
    therapist = make_staff_with("therapist")
    assert therapist.user
    client.force_login(therapist.user)
    assert client.get(reverse("staff:census")).status_code == 403
    assert "The program now" not in client.get(reverse("staff:today")).content.decode()


@pytest.mark.parametrize("role", [key for key, role in ROLES.items() if role.home == "staff:today"])
def test_today_takes_few_queries(
    client: Client, role: str, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    reader = make_staff_with(role, credential="social_worker")
    assert reader.user
    session = make_past_session(begun=timedelta(hours=3), leader=reader)
    present(seat(session, make_person()), session.span.start)
    client.force_login(reader.user)
    client.get(reverse("staff:today"))
    with django_assert_max_num_queries(MOST_QUERIES):
        assert client.get(reverse("staff:today")).status_code == 200


def test_an_earlier_time_in_treatment_keeps_its_own_picture() -> None:
    person, now = make_person(), timezone.now()
    director = actor_of(make_staff_with("director", "therapist", credential="psychologist"))
    long_ago = now - timedelta(days=200)
    before = make_episode(person=person, started=True, at=long_ago, starts_on=long_ago.date())
    answered(person=person, instrument="phq-9", answers="222222220-", at=long_ago + timedelta(days=3))
    journey.discharge(actor=director, episode=before, kind="COMP", at=long_ago + timedelta(days=40))
    latest = make_episode(person=person, started=True)
    course = course_of(person, now)
    assert (course.episode, course.key) == (latest, latest.public_id) and not course.beside.measured
    earlier = course_of(person, now, before.public_id)
    assert earlier.episode == before and earlier.picture is not None and earlier.picture.today is None
    assert [lane.name for lane in earlier.picture.measured] == ["PHQ-9"]
    assert [turn.key for turn in earlier.turns] == [latest.public_id, before.public_id]
