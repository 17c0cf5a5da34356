from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dayward.chart.measures.factories import answered
from dayward.chart.safety.alerts.models import Alert, AlertClosing
from dayward.chart.safety.rules.merge import fingerprint
from dayward.foundation.access.factories import make_staff_with, make_treating
from dayward.foundation.audit.models import Entry
from dayward.foundation.organization.factories import make_site
from dayward.foundation.people.factories import make_person
from dayward.foundation.people.models import Person, StaffMember

pytestmark = pytest.mark.django_db
WRITTEN = {
    "level": "none",
    "contact": "By phone at 2:10 pm.",
    "findings": "Passive thoughts, no plan.",
    "protective": "Sister.",
    "means": "None.",
    "actions": "Safety plan gone through.",
    "reassess": "Tomorrow.",
}


@pytest.fixture
def person() -> Person:
    return make_person(site=make_site(), legal_family="Markedname")


@pytest.fixture
def staff(person: Person) -> StaffMember:
    return make_treating(person, function="primary_therapist", credential="social_worker")


@pytest.fixture
def alert(person: Person, staff: StaffMember) -> Alert:
    at = timezone.now() + timedelta(seconds=1)
    answered(person=person, instrument="phq-9", answers="000000002-", finish=False, at=at)
    return Alert.objects.get()


def signed_in_as(staff: StaffMember) -> Client:
    client = Client()
    assert staff.user is not None
    client.force_login(staff.user)
    return client


@pytest.fixture
def client(staff: StaffMember) -> Client:
    return signed_in_as(staff)


def page(name: str, alert: Alert) -> str:
    return reverse(f"safety:{name}", args=[alert.person.public_id, alert.public_id])


def test_an_alert_is_on_every_page_of_whom_it_names(client: Client, alert: Alert) -> None:
    today = client.get(reverse("staff:today")).content
    assert b"An urgent task waits for you" in today and b"Markedname" in today
    chart = client.get(reverse("staff:chart", args=[alert.person.public_id])).content
    assert b"Alert: not acknowledged" in chart
    assert b"Markedname" in client.get(reverse("safety:alerts")).content


def test_the_page_of_safety_lists_every_alert(client: Client, alert: Alert, person: Person) -> None:
    safety = client.get(reverse("safety:chart", args=[person.public_id]))
    assert page("alert", alert) in safety.content.decode()


def test_whose_alerts_a_list_named_is_written_down(client: Client, alert: Alert) -> None:
    for name in ("staff:today", "safety:alerts"):
        client.get(reverse(name))
        entry = Entry.objects.filter(action=name, kind=Entry.Kind.VIEW).latest("pk")
        assert entry.detail["people"] == [alert.person.public_id]
    stranger = signed_in_as(make_staff_with("therapist"))
    before = Entry.objects.filter(action="safety:alerts").count()
    stranger.get(reverse("safety:alerts"))
    assert Entry.objects.filter(action="safety:alerts").count() == before


def test_others_see_nothing_of_it(alert: Alert) -> None:
    other = signed_in_as(make_staff_with("therapist"))
    assert b"urgent task" not in other.get(reverse("staff:today")).content
    assert b"No open alerts" in other.get(reverse("safety:alerts")).content
    assert other.get(page("alert", alert)).status_code in (403, 404)


@pytest.mark.parametrize("role", ["director", "supervisor", "compliance"])
def test_who_answers_for_all_of_them_sees_all(alert: Alert, role: str) -> None:
    client = signed_in_as(make_staff_with(role))
    assert b"Markedname" in client.get(reverse("safety:alerts")).content
    assert client.get(page("alert", alert)).status_code == 200


def test_the_compliance_officer_reads_and_does_not_answer(alert: Alert) -> None:
    client = signed_in_as(make_staff_with("compliance"))
    assert b"I have seen it" not in client.get(page("alert", alert)).content
    assert client.post(page("acknowledge", alert)).status_code in (403, 404)


def test_from_the_alert_to_its_end(client: Client, alert: Alert, staff: StaffMember) -> None:
    client.post(page("acknowledge", alert))
    assert b"Speak with the person until" in client.get(page("alert", alert)).content
    assert client.post(page("contact", alert), {"act": "contact"}).status_code == 422  # how is missing
    client.post(page("contact", alert), {"act": "tried", "how": "phone", "note": "No answer"})
    client.post(page("contact", alert), {"act": "contact", "how": "in_person"})
    shown = client.get(page("alert", alert)).content
    assert b"No answer" in shown and b"To be documented and closed until" in shown
    refused = client.post(page("close_alert", alert), {**WRITTEN, "typed_name": staff.name})
    assert refused.status_code == 422 and b"The day of the next look" in refused.content
    form = {"typed_name": staff.name, "reassess_on": "2027-01-04"}
    base = {f"base_{key}": fingerprint(text) for key, text in WRITTEN.items()}
    assert client.post(page("close_alert", alert), {**WRITTEN, **base, **form}).status_code == 302
    alert.refresh_from_db()
    assert alert.closed_by == staff
    assert b"Passive thoughts, no plan." in client.get(page("alert", alert)).content
    assert b"Alert:" not in client.get(reverse("staff:chart", args=[alert.person.public_id])).content


def test_typing_saves_a_draft(client: Client, alert: Alert) -> None:
    typed = {"findings": "Half a sentence", "base_findings": fingerprint("")}
    said = client.post(page("save_closing", alert), typed, headers={"HX-Request": "true"})
    assert said.status_code == 200 and AlertClosing.objects.get().findings == "Half a sentence"
    assert b"Half a sentence" in client.get(page("close_alert", alert)).content
    late = {"findings": "mine", "base_findings": fingerprint(""), "act": "save"}
    said = client.post(page("close_alert", alert), late)
    assert said.status_code == 422 and b"mine" in said.content and b"Half a sentence" in said.content


def test_a_late_alert_says_so(client: Client, alert: Alert) -> None:
    past = timezone.now() - timedelta(hours=3)
    Alert.objects.update(acknowledge_until=past)
    assert b"This is late" in client.get(page("alert", alert)).content
    assert b"late by" in client.get(reverse("safety:alerts")).content


def test_a_trainees_documentation_waits_for_a_colleague(person: Person, alert: Alert) -> None:
    trainee = make_treating(person, credential="trainee")
    client = signed_in_as(trainee)
    client.post(page("contact", alert), {"act": "contact", "how": "phone"})
    form = {**WRITTEN, "typed_name": trainee.name, "reassess_on": "2027-01-04"}
    assert client.post(page("close_alert", alert), form).status_code == 302
    supervisor = make_staff_with("supervisor", credential="psychologist")
    second = signed_in_as(supervisor)
    assert b"Cosign and close" in second.get(page("alert", alert)).content
    second.post(page("cosign_closing", alert), {"typed_name": supervisor.name})
    alert.refresh_from_db()
    assert alert.closed_by == supervisor
