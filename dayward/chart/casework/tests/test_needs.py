from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from dayward.care.attendance.factories import make_past_session, present, seat
from dayward.care.attendance.queries import attended_between, week_of
from dayward.care.journey.factories import actor_of, make_episode
from dayward.care.journey.models import Episode
from dayward.chart.casework.factories import open_need, signed_letter, signed_summary
from dayward.chart.casework.models import Need, NeedStep, OutsideMeeting
from dayward.chart.casework.queries import needs as queries
from dayward.chart.casework.services import meetings
from dayward.chart.casework.services import needs as services
from dayward.foundation.access.factories import make_staff_with, make_treating
from dayward.foundation.audit.actors import Actor
from dayward.foundation.consent.factories import actor_of as own_actor
from dayward.foundation.people.factories import SETUP, make_person
from dayward.foundation.people.models import StaffMember
from dayward.foundation.people.queries import today_at
from dayward.kernel.errors import Refused
from dayward.kernel.time import local_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def episode() -> Episode:
    return make_episode(started=True)


@pytest.fixture
def staff(episode: Episode) -> StaffMember:
    return make_treating(episode.person, "case_manager", credential="social_worker", function="case_manager")


@pytest.fixture
def manager(staff: StaffMember) -> Actor:
    return actor_of(staff)


@pytest.fixture
def signed_in(client: Client, staff: StaffMember) -> Client:
    assert staff.user is not None
    client.force_login(staff.user)
    return client


# -- needs ---------------------------------------------------------------------------------------------------------


def test_a_need_goes_from_open_to_its_result(manager: Actor, episode: Episode) -> None:
    need = open_need(actor=manager, person=episode.person)
    assert need.episode == episode and need.owner == manager.staff
    later = today_at(episode.person) + timedelta(days=20)
    services.step(actor=manager, need=need, done=services.Done("made", "Called the clerk", 10, later))
    need.refresh_from_db()
    assert (need.stage, need.next_on) == ("made", later)
    services.step(actor=manager, need=need, done=services.Done("settled", "Dismissed"))
    need.refresh_from_db()
    assert need.closed_by == manager.staff and need.next_on is None
    with pytest.raises(Refused, match="settled already"):
        services.step(actor=manager, need=need, done=services.Done("made", "Once more"))
    with pytest.raises(Refused, match="settled already"):
        services.hand_on(actor=manager, need=need, owner=make_staff_with("case_manager"))
    assert list(need.steps.values_list("stage", flat=True)) == ["made", "settled"]


def test_nothing_is_settled_without_a_word(manager: Actor, episode: Episode) -> None:
    need = open_need(actor=manager, person=episode.person)
    with pytest.raises(Refused, match="what the result is"):
        services.step(actor=manager, need=need, done=services.Done("settled", " "))
    with pytest.raises(Refused, match="what is needed"):
        open_need(actor=manager, person=episode.person, wanted=" ")
    with pytest.raises(Refused, match="member of staff"):
        open_need(actor=SETUP, person=episode.person)
    with pytest.raises(IntegrityError), transaction.atomic():
        Need.objects.filter(pk=need.pk).update(stage="settled")


def test_what_was_done_is_never_deleted(manager: Actor, episode: Episode) -> None:
    need = open_need(actor=manager, person=episode.person)
    made = services.step(actor=manager, need=need, done=services.Done("made", "Called"))
    with pytest.raises(DatabaseError), transaction.atomic():
        NeedStep.objects.filter(pk=made.pk).delete()


def test_the_nearest_day_comes_first_and_a_late_one_says_so(manager: Actor, episode: Episode) -> None:
    today = today_at(episode.person)
    someday = open_need(actor=manager, person=episode.person, kind="housing", next_on=None)
    late = open_need(actor=manager, person=episode.person, next_on=today - timedelta(days=1))
    now = open_need(actor=manager, person=episode.person, kind="food", next_on=today)
    lines = queries.lines(queries.needs_of(episode.person), today)
    assert [line.need for line in lines] == [late, now, someday]
    assert [(line.late, line.today, line.is_hearing) for line in lines] == [
        (True, False, True),
        (False, True, False),
        (False, False, False),
    ]


def test_opened_stepped_and_taken_over_on_the_pages(
    signed_in: Client, staff: StaffMember, episode: Episode
) -> None:
    person = episode.person.public_id
    page = reverse("casework:needs", args=[person])
    assert signed_in.post(page, {"kind": "court", "wanted": ""}).status_code == 422
    day = (today_at(episode.person) + timedelta(days=3)).isoformat()
    signed_in.post(page, {"kind": "court", "wanted": "Hearing", "next_on": day})
    need = Need.objects.get()
    one = reverse("casework:need", args=[person, need.public_id])
    assert signed_in.get(one).status_code == 200
    assert signed_in.post(one, {"stage": "made", "note": ""}).status_code == 422
    signed_in.post(one, {"stage": "made", "note": "Wrote to the clerk", "minutes": "15", "next_on": day})
    shown = signed_in.get(page).content.decode()
    assert "Wrote to the clerk" in shown and "court date" in shown
    other = make_staff_with("case_manager")
    services.hand_on(actor=actor_of(other), need=need, owner=other)
    signed_in.post(reverse("casework:take_need", args=[person, need.public_id]))
    need.refresh_from_db()
    assert need.owner == staff


def test_a_reader_opens_nothing_and_another_persons_need_is_not_found(
    client: Client, signed_in: Client, manager: Actor, episode: Episode
) -> None:
    other = open_need(actor=manager, person=make_person())
    assert (
        signed_in.get(reverse("casework:need", args=[episode.person.public_id, other.public_id])).status_code
        == 404
    )
    reader = make_treating(episode.person, "prescriber", function="prescriber")
    assert reader.user is not None
    client.force_login(reader.user)
    page = reverse("casework:needs", args=[episode.person.public_id])
    assert client.get(page).status_code == 200
    assert client.post(page, {"kind": "court", "wanted": "Hearing"}).status_code == 404


def test_today_shows_open_needs_by_person_where_the_chart_is_open(
    signed_in: Client, manager: Actor, episode: Episode
) -> None:
    hidden = make_person(legal_family="Closedchart")
    open_need(actor=manager, person=episode.person)
    open_need(actor=manager, person=hidden, wanted="Not to be seen")
    shown = signed_in.get(reverse("staff:today")).content.decode()
    assert "Open needs by person" in shown and episode.person.called in shown
    assert "Closedchart" not in shown and "Not to be seen" not in shown


def test_the_chart_shows_paper_and_case_work(signed_in: Client, manager: Actor, episode: Episode) -> None:
    chart = reverse("staff:chart", args=[episode.person.public_id])
    assert "Nothing written yet" in signed_in.get(chart).content.decode()
    open_need(actor=manager, person=episode.person)
    signed_letter(actor=manager, episode=episode)
    signed_summary(actor=manager, episode=episode)
    shown = signed_in.get(chart).content.decode()
    assert "Hearing, Part 4" in shown and "Letter: Work" in shown and "Discharge summary" in shown
    assert reverse("consent:accounting", args=[episode.person.public_id]) in shown


# -- meetings outside ----------------------------------------------------------------------------------------------


def test_a_meeting_outside_changes_no_counted_week(manager: Actor, episode: Episode) -> None:
    person, today = episode.person, today_at(episode.person)
    session = make_past_session()
    present(seat(session, person))
    day = local_day(session.during.lower, session.site.zone)
    before = week_of(person, day).verdict, attended_between(person, day, today)
    meetings.log_meeting(actor=manager, person=person, kind="twelve_step", on=today, minutes=60)
    assert (week_of(person, day).verdict, attended_between(person, day, today)) == before
    assert before[0].delivered > 0


def test_the_person_tells_and_takes_back_what_they_told(manager: Actor, episode: Episode) -> None:
    person, own = episode.person, own_actor(episode.person)
    today = today_at(person)
    mine = meetings.log_meeting(actor=own, person=person, kind="smart", on=today)
    theirs = meetings.log_meeting(actor=manager, person=person, kind="peer", on=today)
    with pytest.raises(Refused, match="written down by staff"):
        meetings.meeting_in_error(actor=own, meeting=theirs)
    meetings.meeting_in_error(actor=own, meeting=mine)
    mine.refresh_from_db()
    assert mine.entered_in_error_by == own.id and OutsideMeeting.objects.count() == 2
    for stranger in (own_actor(make_person()), SETUP):
        with pytest.raises(Refused, match="Only the person or staff"):
            meetings.log_meeting(actor=stranger, person=person, kind="smart", on=today)


def test_days_to_come_and_odd_lengths_are_refused(manager: Actor, episode: Episode) -> None:
    today = today_at(episode.person)
    with pytest.raises(Refused, match="still to come"):
        meetings.log_meeting(actor=manager, person=episode.person, kind="smart", on=today + timedelta(days=1))
    with pytest.raises(Refused, match="how many minutes"):
        meetings.log_meeting(actor=manager, person=episode.person, kind="smart", on=today, minutes=0)


def test_meetings_are_logged_and_struck_through_on_their_page(signed_in: Client, episode: Episode) -> None:
    person, today = episode.person.public_id, today_at(episode.person)
    page = reverse("casework:meetings", args=[person])
    assert signed_in.post(page, {"kind": "smart", "on": "2999-01-01"}).status_code == 422
    signed_in.post(page, {"kind": "smart", "on": today.isoformat(), "minutes": "60"})
    row = OutsideMeeting.objects.get()
    assert b"never count as hours" in signed_in.get(page).content
    signed_in.post(reverse("casework:meeting_in_error", args=[person, row.public_id]))
    assert b"Entered in error" in signed_in.get(page).content
