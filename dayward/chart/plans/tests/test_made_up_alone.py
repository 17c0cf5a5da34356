"""An individual session in place of a missed group: only where the plan that holds says so (requirements 5.3)."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from dayward.care.attendance import services as attendance
from dayward.care.attendance.factories import leader_of
from dayward.care.attendance.services.makeups import book_make_up
from dayward.care.journey.factories import make_episode
from dayward.care.journey.models import Episode
from dayward.care.schedule import services as schedule
from dayward.care.schedule.factories import SETUP, make_session, next_monday
from dayward.care.schedule.models import Booking
from dayward.chart.plans import services
from dayward.chart.plans.factories import make_team, own_actor, team_signed, written_plan
from dayward.chart.plans.queries.tree import field_key, tree_of
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.organization.factories import make_site
from dayward.kernel.errors import Refused

pytestmark = pytest.mark.django_db


def missed_group(episode: Episode) -> Booking:
    session = make_session(service="group-therapy", day=next_monday(make_site()), cap=8)
    booking: Booking = schedule.book(actor=SETUP, person=episode.person, session=session)
    attendance.mark_absent(
        actor=leader_of(session), booking=booking, kind="unexcused", now=session.span.start
    )
    return booking


def plan_that_allows_it(episode: Episode, *, signed: bool = True) -> None:
    team = make_team(episode.person)
    plan = written_plan(actor=team.actors[0], episode=episode)
    added = services.add_part(actor=team.actors[0], plan=plan, kind="intervention")
    service = make_session(service="group-therapy").service
    changes = {"service": service.public_id, "if_missed": "alone", "minutes": "60"}
    texts = {field_key(added, name): value for name, value in changes.items()}
    services.save_plan(actor=team.actors[0], plan=plan, texts=texts)
    assert any(row.if_missed for row in tree_of(plan).interventions)
    if signed:
        team_signed(plan, team)
        person = episode.person
        services.sign_as_person(actor=own_actor(person), plan=plan, typed_name=person.legal_name)


def visit_after(missed: Booking) -> Booking:
    visit = make_session(day=missed.during.lower.date() + timedelta(days=1), clock=(time(14), time(14, 50)))
    made: Booking = book_make_up(actor=SETUP, missed=missed, session=visit)
    return made


def test_without_a_word_of_the_plan_it_is_refused() -> None:
    missed = missed_group(make_episode(started=True))
    with pytest.raises(Refused, match="only if the plan says so"):
        visit_after(missed)


def test_a_draft_says_nothing_yet() -> None:
    episode = make_episode(started=True)
    plan_that_allows_it(episode, signed=False)
    with pytest.raises(Refused, match="only if the plan says so"):
        visit_after(missed_group(episode))


def test_the_plan_that_holds_lets_a_session_of_their_own_make_up_for_a_group() -> None:
    episode = make_episode(started=True)
    plan_that_allows_it(episode)
    missed = missed_group(episode)
    assert visit_after(missed).makes_up_for == missed


def test_it_is_booked_from_the_page_of_the_missed_session() -> None:
    episode = make_episode(started=True)
    plan_that_allows_it(episode)
    missed = missed_group(episode)
    client, director = Client(), make_staff_with("director")
    assert director.user
    client.force_login(director.user)
    where = [episode.person.public_id, missed.public_id]
    url = reverse("attendance:makeup_visit", args=where)
    assert url in client.get(reverse("attendance:makeup", args=where)).content.decode()
    visit = make_session(day=date(2031, 5, 5))
    data = {
        "service": str(visit.service_id),
        "staff": str(visit.leaders.get().staff_id),
        "day": (missed.during.lower.date() + timedelta(days=1)).isoformat(),
        "starts": "14:00",
        "minutes": "50",
        "modality": "in_person",
        "room": str(visit.room_id),
    }
    client.post(url, data)
    made = Booking.objects.get(makes_up_for=missed)
    assert (made.session.service, made.session.cap) == (visit.service, 1)
