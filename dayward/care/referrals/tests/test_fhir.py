"""FHIR bundles, one rule at a time, and our own discharge bundle as a whole."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from dayward.care.referrals.outcome import Accepted
from dayward.care.referrals.packet import Packet, last_stay
from dayward.care.referrals.read import read
from dayward.care.referrals.summary import found, summary
from dayward.care.referrals.tests.documents import PATIENT, bundle, bundle_bytes


def packet(*resources: dict[str, Any], type: str = "collection", data: bytes = b"") -> Packet:
    result = read(data or bundle(*resources, type=type))
    assert isinstance(result, Accepted), result
    return result.packet


def patient(**fields: Any) -> dict[str, Any]:
    return {**PATIENT, **fields}


def condition(**fields: Any) -> dict[str, Any]:
    return {
        "resourceType": "Condition",
        "code": {"coding": [{"code": "F32.9"}]},
        "subject": {"reference": "Patient/p"},
        **fields,
    }


class TestOurDischargeBundle:
    def test_line(self) -> None:
        line = summary(read(bundle_bytes()), file="b.json")
        assert line["patient"] == {
            "family": "Ñúñez-Quist",
            "given": "Rosalía",
            "birth_date": "1991-04-23",
            "sex": "female",
        }
        assert line["found"] == {
            "conditions": 2,
            "medications": 2,
            "allergies": 1,
            "encounters": 2,
            "procedures": 0,
            "immunizations": 0,
            "care_team": 2,
            "coverage": 1,
        }
        assert {label["code"] for label in line["labels"]} == {"R", "ETH", "42CFRPart2"}
        assert {label["where"] for label in line["labels"]} == {
            "Condition: Alcohol dependence, uncomplicated"
        }

    def test_stay_it_comes_from(self) -> None:
        stay = last_stay(packet(data=bundle_bytes()), date(2030, 1, 1))
        assert stay is not None
        assert (stay.facility, stay.end) == ("Harbor Fictional Hospital", "2026-11-18T11:00:00-06:00")

    def test_medications_with_their_names_and_doses(self) -> None:
        medications = packet(data=bundle_bytes()).medications
        assert [(item.text, item.dose) for item in medications] == [
            ("sertraline 100 MG Oral Tablet", "1 tablet by mouth every morning"),
            ("naltrexone 50 MG Oral Tablet", "50.0 mg, by mouth, 1 × per 1 d"),
        ]

    def test_person(self) -> None:
        person = packet(data=bundle_bytes()).patient
        assert person.pronouns == "she/her"
        assert person.language == "Spanish"
        assert [name.use for name in person.other_names] == ["nickname", "maiden"]

    def test_what_was_left_out_and_why(self) -> None:
        assert {(left.what, left.count) for left in packet(data=bundle_bytes()).left_out} == {
            ("Condition", 1),
            ("Observation", 1),
        }

    def test_the_xml_form_says_the_same(self) -> None:
        assert found(packet(data=_as_xml(json.loads(bundle_bytes())))) == found(packet(data=bundle_bytes()))


def _as_xml(value: dict[str, Any]) -> bytes:
    def element(name: str, item: Any) -> str:
        if isinstance(item, list):
            return "".join(element(name, one) for one in item)
        if not isinstance(item, dict):
            return f'<{name} value="{str(item).lower() if isinstance(item, bool) else item}"/>'
        url = f' url="{item["url"]}"' if name == "extension" else ""
        inner = "".join(
            element(key, one)
            for key, one in item.items()
            if key not in ("resourceType", "url") or name == "request"
        )
        kind = item.get("resourceType")
        return f"<{name}{url}>{f'<{kind}>{inner}</{kind}>' if kind else inner}</{name}>"

    inner = "".join(element(key, one) for key, one in value.items() if key != "resourceType")
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Bundle xmlns="http://hl7.org/fhir">{inner}</Bundle>'.encode()
    )


@pytest.mark.parametrize("type", ["collection", "transaction", "batch", "document"])
def test_the_four_kinds_of_bundle(type: str) -> None:
    assert packet(patient(), type=type).patient.name is not None


def test_a_bundle_without_a_type_is_read_and_said() -> None:
    assert any("type" in problem for problem in packet(patient(), type="").problems)


@pytest.mark.parametrize(
    ("names", "family", "given"),
    [
        (
            [{"use": "maiden", "family": "Old"}, {"use": "official", "family": "New", "given": ["A", "B"]}],
            "New",
            "A",
        ),
        (
            [
                {"use": "usual", "family": "U", "given": ["X"]},
                {"use": "official", "family": "O", "given": ["Y"]},
            ],
            "O",
            "Y",
        ),
        ([{"family": "Ended", "period": {"end": "2001"}}, {"family": "Now", "given": ["Z"]}], "Now", "Z"),
        (
            [{"use": "nickname", "given": ["Nick"]}, {"family": "Plain", "given": ["Nicholas"]}],
            "Plain",
            "Nicholas",
        ),
        ([{"text": "García-Pérez, José Luis"}], "García-Pérez", "José"),
        ([{"family": ["Two", "Parts"], "given": "Sole"}], "Two Parts", "Sole"),
        ([{"use": "old", "family": "Only", "given": ["Old"]}], "Only", "Old"),
        ({"family": "Not", "given": ["List"]}, "Not", "List"),
    ],
)
def test_the_legal_name(names: Any, family: str, given: str) -> None:
    line = summary(read(bundle(patient(name=names))), file="x")
    assert (line["patient"]["family"], line["patient"]["given"]) == (family, given)


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("1970", "1970"),
        ("1970-05", "1970-05"),
        ("1970-05-01", "1970-05-01"),
        ("1970-02-31", None),
        ("1/2/70", None),
        (None, None),
    ],
)
def test_birth_date_is_as_precise_as_the_source(written: Any, date: str | None) -> None:
    read_packet = packet(patient(birthDate=written))
    assert read_packet.patient.birth_date == date
    assert date is not None or read_packet.problems


@pytest.mark.parametrize(
    ("written", "sex"),
    [("female", "female"), ("M", "male"), ("zzz", None), (None, None), ("unknown", "unknown")],
)
def test_sex(written: Any, sex: str | None) -> None:
    assert packet(patient(gender=written)).patient.sex == sex


def test_an_identifier_alone_is_enough() -> None:
    read_packet = packet({"resourceType": "Patient", "identifier": [{"value": "MRN-1"}]})
    assert read_packet.patient.name is None
    assert any("no name" in problem for problem in read_packet.problems)


class TestWhoItIsAbout:
    other = {"resourceType": "Patient", "id": "q", "name": [{"family": "Other"}]}

    def test_the_one_most_entries_are_about(self) -> None:
        read_packet = packet(self.other, patient(), condition(), condition(onsetDateTime="2020"))
        assert read_packet.patient.name is not None
        assert read_packet.patient.name.family == "Doe"
        assert any("2 patients" in problem for problem in read_packet.problems)

    def test_what_is_about_the_other_is_left_out(self) -> None:
        theirs = condition(subject={"reference": "Patient/q"}, code={"text": "Theirs"})
        read_packet = packet(self.other, patient(), condition(), condition(onsetDateTime="2020"), theirs)
        assert all(item.text != "Theirs" for item in read_packet.diagnoses)
        assert any("another patient" in left.why for left in read_packet.left_out)

    def test_the_subject_of_the_composition_decides(self) -> None:
        head = {"resourceType": "Composition", "subject": {"reference": "Patient/q"}, "title": "Summary"}
        read_packet = packet(head, self.other, patient(), condition(), type="document")
        assert read_packet.patient.name is not None
        assert read_packet.patient.name.family == "Other"


class TestConditions:
    @pytest.mark.parametrize(
        "fields",
        [
            {"verificationStatus": {"coding": [{"code": "entered-in-error"}]}},
            {"verificationStatus": {"coding": [{"code": "refuted"}]}},
            {"code": {"coding": [{"code": "no-known-problems"}]}},
            {"code": {"text": "No known problems"}},
            {
                "code": {
                    "coding": [
                        {"system": "http://terminology.hl7.org/CodeSystem/v3-NullFlavor", "code": "UNK"}
                    ]
                }
            },
            {"code": None},
            {"code": {}},
        ],
    )
    def test_what_does_not_count(self, fields: dict[str, Any]) -> None:
        read_packet = packet(patient(), condition(**fields))
        assert found(read_packet)["conditions"] == 0
        assert read_packet.left_out

    def test_same_code_and_day_is_one(self) -> None:
        twice = [condition(onsetDateTime="2020-01-01", id=str(number)) for number in range(2)]
        assert found(packet(patient(), *twice))["conditions"] == 1

    def test_same_code_on_another_day_is_another(self) -> None:
        assert (
            found(
                packet(
                    patient(), condition(onsetDateTime="2020-01-01"), condition(onsetDateTime="2021-01-01")
                )
            )["conditions"]
            == 2
        )

    def test_a_subject_nobody_knows_is_taken_for_the_patient(self) -> None:
        assert found(packet(patient(), condition(subject={"reference": "Patient/gone"})))["conditions"] == 1

    def test_a_bad_date_is_said_and_the_rest_kept(self) -> None:
        read_packet = packet(patient(), condition(onsetDateTime="2020-02-31"))
        assert read_packet.diagnoses[0].onset is None
        assert any("2020-02-31" in problem for problem in read_packet.problems)


class TestReferences:
    def test_contained_medication(self) -> None:
        order = {
            "resourceType": "MedicationRequest",
            "contained": [{"resourceType": "Medication", "id": "m", "code": {"text": "lithium"}}],
            "medicationReference": {"reference": "#m"},
        }
        assert packet(patient(), order).medications[0].text == "lithium"

    def test_absolute_address_and_version(self) -> None:
        place = {"resourceType": "Organization", "id": "o", "name": "Somewhere"}
        visit = {
            "resourceType": "Encounter",
            "serviceProvider": {"reference": "https://ehr.example.invalid/fhir/Organization/o/_history/3"},
        }
        assert packet(patient(), place, visit).encounters[0].facility == "Somewhere"

    def test_by_identifier(self) -> None:
        place = {
            "resourceType": "Organization",
            "identifier": [{"system": "s", "value": "7"}],
            "name": "Found",
        }
        visit = {"resourceType": "Encounter", "serviceProvider": {"reference": "Organization?identifier=s|7"}}
        assert packet(patient(), place, visit).encounters[0].facility == "Found"

    def test_nowhere_leaves_the_words(self) -> None:
        visit = {
            "resourceType": "Encounter",
            "serviceProvider": {"reference": "Organization/x", "display": "Said so"},
        }
        assert packet(patient(), visit).encounters[0].facility == "Said so"


class TestOtherThings:
    def test_no_known_allergies_is_remembered_but_not_counted(self) -> None:
        nka = {
            "resourceType": "AllergyIntolerance",
            "code": {"coding": [{"code": "716186003", "display": "No known allergy"}]},
        }
        read_packet = packet(patient(), nka)
        assert found(read_packet)["allergies"] == 0
        assert read_packet.none_known == ("allergies",)

    def test_withdrawn_orders_and_visits_do_not_count(self) -> None:
        order = {
            "resourceType": "MedicationRequest",
            "status": "entered-in-error",
            "medicationCodeableConcept": {"text": "x"},
        }
        visit = {"resourceType": "Encounter", "status": "entered-in-error"}
        counts = found(packet(patient(), order, visit))
        assert (counts["medications"], counts["encounters"]) == (0, 0)

    def test_an_order_not_to_give_is_no_medication(self) -> None:
        order = {
            "resourceType": "MedicationRequest",
            "doNotPerform": True,
            "medicationCodeableConcept": {"text": "x"},
        }
        assert found(packet(patient(), order))["medications"] == 0

    def test_what_was_not_done_is_not_counted(self) -> None:
        shot = {"resourceType": "Immunization", "status": "not-done", "vaccineCode": {"text": "Tdap"}}
        assert found(packet(patient(), shot))["immunizations"] == 0

    def test_the_same_entry_twice_is_one(self) -> None:
        visit = {"resourceType": "Encounter", "id": "e", "period": {"start": "2020-01-01"}}
        assert found(packet(patient(), visit, visit))["encounters"] == 1

    def test_an_instruction_to_delete_is_no_information(self) -> None:
        data = json.dumps(
            {
                "resourceType": "Bundle",
                "type": "transaction",
                "entry": [
                    {"resource": patient()},
                    {"request": {"method": "DELETE", "url": "Condition/1"}},
                    {"request": {"method": "POST"}},
                ],
            }
        ).encode()
        read_packet = packet(data=data)
        assert any("delete" in left.why for left in read_packet.left_out)
        assert "Entry 3 of the bundle has no readable resource; it was left out." in read_packet.problems

    def test_a_document_bundle_has_sections_and_labels(self) -> None:
        head = {
            "resourceType": "Composition",
            "title": "Discharge summary",
            "type": {
                "coding": [{"system": "http://loinc.org", "code": "18842-5"}],
                "text": "Discharge summary",
            },
            "date": "2026-01-02",
            "confidentiality": "R",
            "subject": {"reference": "Patient/p"},
            "custodian": {"display": "Hospital"},
            "section": [{"title": "Course", "text": {"div": "<div><p>One</p><p>Two</p></div>"}}],
        }
        read_packet = packet(head, patient(), type="document")
        assert (read_packet.document.kind, read_packet.document.custodian) == (
            "Discharge summary",
            "Hospital",
        )
        assert read_packet.sections[0].text == "One\nTwo"
        assert [(label.code, label.where) for label in read_packet.labels] == [("R", "document")]

    def test_labels_on_the_bundle_and_inside_a_resource(self) -> None:
        inline = {
            "url": "http://hl7.org/fhir/uv/security-label-ds4p/StructureDefinition/extension-inline-sec-label",
            "valueCoding": {"code": "ETH"},
        }
        data = json.loads(bundle(patient(), condition(stage=[{"extension": [inline]}])))
        data["meta"] = {"security": [{"code": "V"}]}
        labels = [(label.code, label.where) for label in packet(data=json.dumps(data).encode()).labels]
        assert labels == [("V", "document"), ("ETH", "Condition: F32.9")]

    def test_the_law_a_label_rests_on_is_a_label_too(self) -> None:
        basis = {
            "url": "http://hl7.org/fhir/uv/security-label-ds4p/StructureDefinition/extension-sec-label-basis",
            "valueCoding": {"code": "42CFRPart2"},
        }
        labelled = condition(meta={"security": [{"code": "R", "extension": [basis]}]})
        labels = packet(patient(), labelled).labels
        assert [label.code for label in labels] == ["R", "42CFRPart2"]

    def test_the_insurer_of_the_latest_claim_where_no_coverage_is(self) -> None:
        claims = [
            {"resourceType": "Claim", "created": year, "insurance": [{"coverage": {"display": payer}}]}
            for year, payer in (("2019", "Old Plan"), ("2021", "New Plan"), ("2022", "NO_INSURANCE"))
        ]
        assert [coverage.payer for coverage in packet(patient(), *claims).coverage] == ["New Plan"]

    def test_a_stay_of_long_ago_is_history(self) -> None:
        stay = {
            "resourceType": "Encounter",
            "class": {"code": "IMP"},
            "period": {"start": "1996-09-06", "end": "1996-09-07"},
        }
        old = packet(patient(), stay)
        assert last_stay(old, date(2026, 1, 1)) is None
        assert last_stay(old, date(1996, 10, 1)) is not None

    def test_deceased(self) -> None:
        person = packet(patient(deceasedDateTime="2020-01-01T00:00:00Z")).patient
        assert (person.deceased, person.deceased_date) == (True, "2020-01-01")
