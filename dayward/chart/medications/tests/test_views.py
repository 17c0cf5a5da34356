from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dayward.care.attendance.factories import seat
from dayward.care.journey.factories import actor_of
from dayward.care.schedule.factories import make_session
from dayward.chart.assessments.models import Allergy
from dayward.chart.medications.factories import started
from dayward.chart.medications.models import Medication, MedicationCheck
from dayward.chart.medications.queries import read_record
from dayward.foundation.access.factories import make_treating
from dayward.foundation.audit.models import Entry
from dayward.foundation.organization.factories import make_site
from dayward.foundation.people.factories import make_person
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.gathering import alone

pytestmark = pytest.mark.django_db
TODAY = timezone.now().date() - timedelta(days=1)  # not ahead in any zone


@pytest.fixture
def person() -> Person:
    return make_person()


@pytest.fixture
def prescriber(person: Person) -> StaffMember:
    return make_treating(person, "prescriber", function="prescriber", credential="psychiatrist")


def signed_in(client: Client, staff: StaffMember) -> Client:
    assert staff.user is not None
    client.force_login(staff.user)
    return client


def page(name: str, *args: str) -> str:
    return reverse(f"medications:{name}", args=args)


def filled(**more: object) -> dict[str, object]:
    return {
        "name": "Sertraline 50 mg tablet",
        "ours": "yes",
        "dose": "50 mg",
        "frequency": "every morning",
        "reason": "Low mood",
        "on": TODAY.isoformat(),
        "next_look_on": (TODAY + timedelta(days=14)).isoformat(),
        **more,
    }


def test_allergies_stand_where_a_medication_is_chosen(
    client: Client, person: Person, prescriber: StaffMember
) -> None:
    signed_in(client, prescriber)
    told = "Allergies not asked"
    assert told in client.get(page("start", person.public_id)).content.decode()
    Allergy.objects.create(person=person, text="Penicillin", recorded_by=prescriber)
    medication = started(actor=actor_of(prescriber), person=person, on=TODAY)
    for url in (
        page("chart", person.public_id),
        page("start", person.public_id),
        page("change", person.public_id, medication.public_id),
    ):
        assert "Penicillin" in client.get(url).content.decode(), url


def test_a_prescriber_starts_and_raises(client: Client, person: Person, prescriber: StaffMember) -> None:
    signed_in(client, prescriber)
    response = client.post(page("start", person.public_id), filled(typed_name=prescriber.name))
    assert response.status_code == 302, response.content
    medication = Medication.objects.get()
    raised = {
        "kind": "up",
        "dose": "100 mg",
        "frequency": "every morning",
        "reason": "Still low",
        "on": TODAY.isoformat(),
        "next_look_on": (TODAY + timedelta(days=14)).isoformat(),
        "typed_name": prescriber.name,
    }
    response = client.post(page("change", person.public_id, medication.public_id), raised)
    assert response.status_code == 302
    shown = client.get(page("chart", person.public_id))
    assert b"Raised to 100 mg" in shown.content and b"med-picture" in shown.content


def test_what_is_missing_is_said_and_nothing_is_lost(
    client: Client, person: Person, prescriber: StaffMember
) -> None:
    signed_in(client, prescriber)
    response = client.post(
        page("start", person.public_id), filled(next_look_on="", typed_name=prescriber.name)
    )
    assert response.status_code == 422
    assert b"Say when you will look at it again." in response.content
    assert b"Low mood" in response.content and not Medication.objects.exists()


def test_a_therapist_reports_and_does_not_prescribe(
    client: Client, person: Person, prescriber: StaffMember
) -> None:
    medication = started(actor=actor_of(prescriber), person=person, on=TODAY - timedelta(days=9))
    signed_in(client, make_treating(person, credential="social_worker"))
    response = client.post(page("start", person.public_id), filled())
    assert response.status_code == 422 and Medication.objects.count() == 1
    response = client.get(page("change", person.public_id, medication.public_id))
    assert b"A prescriber changes this" in response.content
    response = client.post(
        page("check", person.public_id), {"on": TODAY.isoformat(), "adherence": "85", "burden": "mild"}
    )
    assert response.status_code == 302 and MedicationCheck.objects.get().adherence == 85


def test_the_lists_are_gone_through(client: Client, person: Person, prescriber: StaffMember) -> None:
    started(actor=actor_of(prescriber), person=person, on=TODAY - timedelta(days=9))
    signed_in(client, prescriber)
    assert b"only on our list" in client.get(page("reconcile", person.public_id)).content
    response = client.post(page("reconcile", person.public_id), {"occasion": "admission", "note": "ok"})
    assert response.status_code == 302
    assert b"Lists gone through" in client.get(page("chart", person.public_id)).content


def test_whose_visits_today_showed_is_written_down(client: Client, prescriber: StaffMember) -> None:
    today = timezone.now().astimezone(make_site().zone).date()
    session = make_session(
        leader=prescriber, service="medication-visit", day=today, clock=(time(0, 1), time(23, 59))
    )
    seen = seat(session, make_person(site=session.site, legal_family="Markedname"))
    shown = signed_in(client, prescriber).get(reverse("staff:today"))
    assert b"Medication visits today" in shown.content and b"Markedname" in shown.content
    named = [entry.detail["people"] for entry in Entry.objects.filter(action="staff:today")]
    assert [seen.person.public_id] in named


def test_all_that_is_written_down_is_read_in_two_statements(
    person: Person, prescriber: StaffMember, django_assert_num_queries: Callable[[int], Any]
) -> None:
    started(actor=actor_of(prescriber), person=person, on=TODAY)
    with django_assert_num_queries(2):  # the changes of each medication come after it
        found = alone(read_record(person))
    assert [row.name for row in found.listed] == [row.medication.name for row in found.changes]
