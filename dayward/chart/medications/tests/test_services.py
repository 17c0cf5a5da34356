from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from dayward.care.journey.factories import actor_of
from dayward.chart.medications import queries, services
from dayward.chart.medications.factories import started
from dayward.chart.medications.models import Medication, MedicationChange
from dayward.chart.medications.services import NewMedication, Wanted
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.models import Entry
from dayward.foundation.people.factories import make_person
from dayward.foundation.people.models import Person
from dayward.foundation.signing.rules import digest
from dayward.kernel.errors import Refused
from dayward.kernel.gathering import alone

pytestmark = pytest.mark.django_db
TODAY = timezone.now().date() - timedelta(days=1)  # not ahead in any zone
BEGAN = TODAY - timedelta(days=30)


@pytest.fixture
def prescriber() -> Actor:
    return actor_of(make_staff_with("prescriber", credential="psychiatrist"))


@pytest.fixture
def person() -> Person:
    return make_person()


def raised(prescriber: Actor, medication: Medication, on: date = TODAY) -> MedicationChange:
    assert prescriber.staff is not None
    wanted = Wanted("up", on, "Still low", "100 mg", "every morning", next_look_on=on + timedelta(days=14))
    return services.change(
        actor=prescriber, medication=medication, wanted=wanted, typed_name=prescriber.staff.name
    )


def test_a_start_is_signed_and_on_the_list(prescriber: Actor, person: Person) -> None:
    medication = started(actor=prescriber, person=person, on=BEGAN)
    change = medication.changes.get()
    assert change.signature is not None and change.signature.sha256 == digest(change.signed_text)
    assert "50 mg" in change.signed_text and "Low mood for months" in change.signed_text
    assert [row.pk for row in queries.list_of(person)] == [medication.pk]
    assert Entry.objects.filter(action="medications.start", person=person.public_id).count() == 1


def test_a_change_keeps_what_was_before(prescriber: Actor, person: Person) -> None:
    medication = started(actor=prescriber, person=person, on=BEGAN)
    change = raised(prescriber, medication)
    medication.refresh_from_db()
    assert (change.dose_before, change.dose, medication.dose) == ("50 mg", "100 mg", "100 mg")
    stop = Wanted("stop", TODAY, "Sick to the stomach", side_effects="nausea")
    assert prescriber.staff is not None
    services.change(actor=prescriber, medication=medication, wanted=stop, typed_name=prescriber.staff.name)
    medication.refresh_from_db()
    assert medication.status == "stopped" and medication.ended_on == TODAY
    assert not queries.list_of(person).exists()
    assert [row.kind for row in queries.changes_of(person)] == ["start", "up", "stop"]


def test_no_change_is_put_beneath_a_later_one(prescriber: Actor, person: Person) -> None:
    medication = started(actor=prescriber, person=person, on=BEGAN)
    raised(prescriber, medication)
    assert prescriber.staff is not None
    early = Wanted(
        "down",
        BEGAN + timedelta(days=3),
        "Sleepy",
        "25 mg",
        "at night",
        next_look_on=TODAY + timedelta(days=9),
    )
    with pytest.raises(Refused, match="Take that one back first"):
        services.change(
            actor=prescriber, medication=medication, wanted=early, typed_name=prescriber.staff.name
        )
    medication.refresh_from_db()
    assert medication.dose == "100 mg"


def test_who_may_not_prescribe_signs_no_change(person: Person) -> None:
    therapist = actor_of(make_staff_with("therapist", credential="social_worker"))
    with pytest.raises(Refused, match="credential does not allow"):
        started(actor=therapist, person=person, on=BEGAN)
    assert not Medication.objects.exists()


def test_what_others_prescribe_is_written_down_without_a_signature(person: Person) -> None:
    therapist = actor_of(make_staff_with("therapist", credential="social_worker"))
    change = services.start(
        actor=therapist,
        person=person,
        what=NewMedication("Lisinopril 10 mg", ours=False, outside_prescriber="Dr. Example"),
        wanted=Wanted("start", BEGAN, "Told by the person", "10 mg", "daily"),
    )
    assert change.signature is None and not change.medication.ours


def test_a_signed_change_never_changes(prescriber: Actor, person: Person) -> None:
    change = started(actor=prescriber, person=person, on=BEGAN).changes.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        MedicationChange.objects.filter(pk=change.pk).update(dose="500 mg")


def test_taking_back_the_newest_change_restores_the_list(prescriber: Actor, person: Person) -> None:
    medication = started(actor=prescriber, person=person, on=BEGAN)
    first, second = medication.changes.get(), raised(prescriber, medication)
    with pytest.raises(Refused, match="newest"):
        services.enter_in_error(actor=prescriber, change=first, reason="wrong")
    services.enter_in_error(actor=prescriber, change=second, reason="Wrong person")
    medication.refresh_from_db()
    assert medication.dose == "50 mg" and medication.status == "taking"
    services.enter_in_error(actor=prescriber, change=first, reason="Wrong person")
    assert not queries.list_of(person, everything=True).exists()
    assert MedicationChange.objects.count() == 2  # nothing is gone


def test_a_switch_is_a_stop_and_a_start(prescriber: Actor, person: Person) -> None:
    medication = started(actor=prescriber, person=person, on=BEGAN)
    assert prescriber.staff is not None
    begun = services.switch(
        actor=prescriber,
        medication=medication,
        what=NewMedication("Bupropion 150 mg", "by mouth", "low mood"),
        wanted=Wanted(
            "start", TODAY, "No effect", "150 mg", "every morning", next_look_on=TODAY + timedelta(days=14)
        ),
        typed_name=prescriber.staff.name,
    )
    assert begun.switched_with is not None and begun.switched_with.medication_id == medication.pk
    assert [row.name for row in queries.list_of(person)] == ["Bupropion 150 mg"]


def test_the_three_lists_are_kept_as_they_stood(prescriber: Actor, person: Person) -> None:
    medication = started(actor=prescriber, person=person, on=BEGAN)
    row = services.reconcile(actor=prescriber, person=person, occasion="admission", note="agrees")
    raised(prescriber, medication)
    assert row.lines[0]["ours"].startswith("Sertraline 50 mg tablet, 50 mg")


def test_the_panel_reads_once(
    prescriber: Actor, person: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    started(actor=prescriber, person=person, on=BEGAN)
    started(actor=prescriber, person=person, on=BEGAN, name="Trazodone 50 mg")
    assert person.all_ids  # read once for all panels of a page
    with django_assert_num_queries(1):
        rows = queries.rows_of(alone(queries.read_listed(person)))
    assert [row.name for row, _change, _words in rows] == ["Sertraline 50 mg tablet", "Trazodone 50 mg"]
