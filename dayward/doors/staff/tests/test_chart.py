from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dayward.care.attendance.factories import make_past_session, present, seat
from dayward.care.journey.factories import actor_of, make_case, make_episode
from dayward.care.journey.models import IntakeCase
from dayward.chart.assessments.factories import signed_assessment
from dayward.chart.assessments.services import add_allergy
from dayward.chart.safety.factories import ELEVATED, signed_plan, signed_statement
from dayward.doors.staff.course import course_of
from dayward.foundation.access.factories import make_staff_with, make_treating
from dayward.foundation.access.roles import CHART_ROLES
from dayward.foundation.audit.models import Entry
from dayward.foundation.people.factories import make_person
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.gathering import Selected
from dayward.kernel.panels import chart_header, chart_panels

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    return make_person(
        legal_given="Jonathan", legal_family="Alvarado", chosen_name="Jonah", pronouns="they/them"
    )


@pytest.fixture
def therapist(person: Person) -> StaffMember:
    return make_treating(person, credential="social_worker")


def open_chart(client: Client, staff: StaffMember, person: Person) -> str:
    assert staff.user is not None
    client.force_login(staff.user)
    response = client.get(reverse("staff:chart", args=[person.public_id]))
    assert response.status_code == 200
    return response.content.decode()


def test_it_calls_people_by_their_name_and_keeps_the_legal_one_on_demand(
    client: Client, person: Person, therapist: StaffMember
) -> None:
    page = open_chart(client, therapist, person)
    assert "<h1>Jonah Alvarado" in page and "they/them" in page
    assert page.count("Jonathan") == 1 and "<details" in page[: page.index("Jonathan")]


def test_allergies_safety_and_consent_stand_on_top(
    client: Client, person: Person, therapist: StaffMember
) -> None:
    page = open_chart(client, therapist, person)
    assert "Allergies not asked" in page and "No safety plan" in page
    case = make_case(person=person)
    signed_assessment(actor=actor_of(therapist), case=case)
    add_allergy(actor=actor_of(therapist), person=person, text="Penicillin")
    signed_statement(actor=actor_of(therapist), person=person, case=case, texts=ELEVATED)
    assert "Safety plan missing" in open_chart(client, therapist, person)
    signed_plan(actor=actor_of(therapist), person=person)
    page = open_chart(client, therapist, person)
    top = page[page.index("dw-chart-facts") : page.index("dw-chart-panels")]
    assert "Penicillin" in top and "Safety plan of" in top


def test_every_panel_opens_alone_and_refreshes_itself(
    client: Client, person: Person, therapist: StaffMember
) -> None:
    """Each panel's own address shows the panel that the chart shows; that is where htmx takes it from."""
    make_episode(person=person)
    assert therapist.user is not None
    client.force_login(therapist.user)
    for key, panel in chart_panels:
        if not panel.url_name:
            continue  # it only links to pages
        response = client.get(reverse(panel.url_name, args=[person.public_id]))
        assert response.status_code in (200, 403), key
    assert {key for key, _panel in chart_header} >= {"allergies", "safety", "consents"}


def test_one_view_is_one_entry_in_the_trail(client: Client, person: Person, therapist: StaffMember) -> None:
    before = Entry.objects.filter(person=person.public_id, kind="view").count()
    open_chart(client, therapist, person)
    assert Entry.objects.filter(person=person.public_id, kind="view").count() == before + 1


def test_a_role_sees_only_the_panels_it_may(client: Client, person: Person) -> None:
    biller = make_staff_with("biller")
    page = open_chart(client, biller, person)
    assert 'id="panel-safety"' not in page and 'id="panel-assessment"' not in page
    assert "Safety plan" not in page


def test_the_course_is_for_those_who_may_read_what_it_tells(client: Client, person: Person) -> None:
    make_episode(person=person, started=True)
    for role, seen in (("biller", False), ("utilization", True)):
        assert ("Course so far" in open_chart(client, make_staff_with(role), person)) is seen


def test_the_course_tells_the_way_so_far(person: Person) -> None:
    now = timezone.now()
    assert course_of(person, now).picture is None
    episode = make_episode(person=person, started=True)
    course = course_of(person, now)
    assert course.episode == episode and course.picture is not None
    labels = [event.label for event in course.events]
    assert {"Inquiry", "Screened", "Assessed", "First service"} <= set(labels)
    assert [box.title for box in course.picture.stretches] == ["Intensive outpatient, 3 days a week"]


def test_a_new_way_in_begins_a_new_course(person: Person) -> None:
    now = timezone.now()
    make_episode(person=person, at=now - timedelta(days=200))
    case = make_case(person=person)
    course = course_of(person, now + timedelta(seconds=5))
    assert (course.case, course.episode) == (case, None)


MOST_QUERIES = 15
MOST_STATEMENTS = 12  # of which they are made, without those that are written once


def test_a_chart_with_every_panel_takes_few_queries(
    client: Client,
    person: Person,
    django_assert_max_num_queries: Callable[[int], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What all panels read becomes one statement a round (kernel/gathering.py): a new panel adds none."""
    everything = make_treating(person, *CHART_ROLES, credential="social_worker")
    make_episode(person=person)
    actor, case = actor_of(everything), IntakeCase.objects.get(person=person)
    signed_assessment(actor=actor, case=case)
    signed_statement(actor=actor, person=person, case=case, texts=ELEVATED)
    session = make_past_session(begun=timedelta(hours=4))
    present(seat(session, person), session.span.start)
    open_chart(client, everything, person)  # signs in, and caches what a first page caches
    written: list[object] = []
    write = Selected.__init__

    def writes(self: Selected, queryset: QuerySet[Any]) -> None:
        written.append(queryset)
        write(self, queryset)

    monkeypatch.setattr(Selected, "__init__", writes)
    with django_assert_max_num_queries(MOST_QUERIES):
        page = client.get(reverse("staff:chart", args=[person.public_id])).content.decode()
    assert "Course so far" in page and "Safety plan missing" in page
    assert 0 < len(written) <= MOST_STATEMENTS, "Django writes each of them for each page"


def test_header_and_panel_are_of_one_reading() -> None:
    lines, panels = dict(chart_header), dict(chart_panels)
    for key in ("safety", "consents"):
        assert lines[key].context is panels[key].context
