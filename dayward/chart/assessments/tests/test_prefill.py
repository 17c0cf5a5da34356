from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dayward.care.referrals.packet import (
    Allergy,
    Coding,
    Diagnosis,
    Document,
    Encounter,
    Medication,
    Packet,
    Patient,
    Provider,
)
from dayward.care.referrals.packet import Section as Narrative
from dayward.chart.assessments import library
from dayward.chart.assessments.rules.prefill import LONGEST, Sent, Told, clip, prefill

ICD = "http://hl7.org/fhir/sid/icd-10-cm"
SUMMARY = Packet(
    Document("C-CDA"),
    Patient(),
    diagnoses=(
        Diagnosis("Major depression", (Coding("F33.1", ICD),), "active", "2024"),
        Diagnosis("Depression", (Coding("F33.1", "urn:oid:2.16.840.1.113883.6.90"),)),
        Diagnosis("Old fracture", (Coding("S72.001A", ICD),), "resolved"),
        Diagnosis("Feeling low", (Coding("366979004", "http://snomed.info/sct"),)),
    ),
    medications=(Medication("Sertraline 50 mg", dose="daily"), Medication("Ibuprofen", status="stopped")),
    allergies=(Allergy("Penicillin", reactions=("Hives", "Swelling")),),
    encounters=(
        Encounter(
            "",
            facility="Lakeview Hospital",
            kind="inpatient",
            start="2026-11-02T08:00",
            end="2026-11-12",
            reason="Depression",
        ),
        Encounter("Office visit", kind="ambulatory", start="2026-10-01"),
    ),
    care_team=(Provider("Dr. Amara Osei", "Family doctor", phone="(312) 555-0177"),),
    sections=(
        Narrative("Hospital course", "Slept better after a week.", "8648-8"),
        Narrative("Vitals", "Normal", "8716-3"),
    ),
)
SENT = Sent(SUMMARY, "Discharge summary, Lakeview Hospital")
TOLD = Told(
    {"prior_treatment": "Two tries with sertraline.", "F05": "Was outpatient care tried? Yes.", "living": ""},
    "Screening",
)


def test_the_story_begins_with_both_and_says_so() -> None:
    found = prefill(library.sections(), TOLD, [SENT])
    treatment = found.texts["prior_treatment"]
    assert treatment.startswith("Two tries with sertraline.\nWas outpatient care tried? Yes.")
    assert "2026-11-02 – 2026-11-12: inpatient, Lakeview Hospital (Depression)" in treatment
    assert "Office visit" not in treatment
    assert found.sources["prior_treatment"] == ["Screening", "Discharge summary, Lakeview Hospital"]
    assert found.texts["history"] == "Slept better after a week."
    assert found.texts["supports"] == "Dr. Amara Osei, Family doctor, (312) 555-0177"
    assert "housing" not in found.texts  # an empty answer is no text
    assert not any("Normal" in text for text in found.texts.values())


def test_the_lists_hold_each_thing_once_and_nothing_that_is_over() -> None:
    found = prefill(library.sections(), None, [SENT, Sent(SUMMARY, "Sent again")])
    assert [(row.code, row.text) for row in found.diagnoses] == [
        ("F33.1", "Major depression"),
        ("", "Feeling low"),
    ]
    assert [row.text for row in found.medications] == ["Sertraline 50 mg"]
    assert [(row.text, row.detail) for row in found.allergies] == [("Penicillin", "Hives, Swelling")]
    assert {row.source for row in (*found.diagnoses, *found.medications, *found.allergies)} == {SENT.source}


def test_no_known_allergies_is_said_only_when_no_document_lists_one() -> None:
    none = Sent(Packet(Document("C-CDA"), Patient(), none_known=("allergies",)), "Note")
    assert [row.none_known for row in prefill(library.sections(), None, [none]).allergies] == [True]
    assert [row.none_known for row in prefill(library.sections(), None, [none, SENT]).allergies] == [False]


def test_without_anything_known_it_begins_empty() -> None:
    found = prefill(library.sections(), None, [])
    assert (found.texts, found.diagnoses, found.allergies) == ({}, (), ())


@given(st.text(max_size=3 * LONGEST))
def test_a_long_narrative_is_cut_and_says_so(text: str) -> None:
    short = clip(text)
    assert len(short) <= LONGEST + 2
    assert short == text.strip() or short.endswith(" …")
