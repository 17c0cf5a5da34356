# ruff: noqa: E501
"""C-CDA, one rule at a time, and our own discharge summary as a whole."""

from __future__ import annotations

from datetime import date

import pytest

from dayward.care.referrals.packet import last_stay
from dayward.care.referrals.read import read
from dayward.care.referrals.summary import found, summary
from dayward.care.referrals.tests.ccda_parts import SERTRALINE, T, allergy, coded, drug, packet, problem
from dayward.care.referrals.tests.documents import ccda, section, summary_bytes


class TestOurDischargeSummary:
    def test_line(self) -> None:
        line = summary(read(summary_bytes()), file="discharge_summary.xml")
        assert line["outcome"] == "accepted"
        assert line["patient"] == {
            "family": "Ávila-Brandt",
            "given": "Mateo",
            "birth_date": "1987-09-14",
            "sex": "male",
        }
        assert line["found"] == {
            "conditions": 2,
            "medications": 1,
            "allergies": 0,
            "encounters": 1,
            "procedures": 0,
            "immunizations": 0,
            "care_team": 1,
            "coverage": 1,
        }

    def test_stay_it_comes_from(self) -> None:
        stay = last_stay(packet(summary_bytes()), date(2030, 1, 1))
        assert stay is not None
        assert (stay.kind, stay.facility) == ("inpatient", "Lakeside Fictional Hospital, Unit 4")
        assert stay.end == "2026-11-17T12:00:00-06:00"
        assert stay.disposition == "Discharged to home or self care"

    def test_labels_and_where_they_stand(self) -> None:
        labels = {(label.code, label.where) for label in packet(summary_bytes()).labels}
        assert labels == {
            ("R", "document"),
            ("V", "section “Discharge diagnoses”"),
            ("ETH", "section “Discharge diagnoses”, Opioid dependence, on agonist therapy"),
        }

    def test_people(self) -> None:
        read_packet = packet(summary_bytes())
        assert read_packet.patient.name is not None
        assert read_packet.patient.name.suffix == "Jr."
        assert read_packet.patient.name.preferred == "Teo"
        assert [name.use for name in read_packet.patient.other_names] == ["maiden"]
        assert read_packet.related[0].relationship == "spouse"
        assert read_packet.care_team[0].role == "Primary care provider"
        assert read_packet.coverage[0].member_id == "MA-4410098"
        assert read_packet.document.custodian == "Lakeside Fictional Hospital"

    def test_nothing_is_left_out_silently(self) -> None:
        reasons = {(left.what, left.why) for left in packet(summary_bytes()).left_out}
        assert ("Diagnosis", "marked by the sender as entered in error") in reasons
        assert ("Allergy", "only says “No known drug allergies”") in reasons
        assert packet(summary_bytes()).none_known == ("allergies",)

    def test_part_2_in_words_is_pointed_at(self) -> None:
        assert any("42 CFR" in problem for problem in packet(summary_bytes()).problems)

    def test_read_the_same_without_the_namespace_but_said(self) -> None:
        plain = summary_bytes().replace(b' xmlns="urn:hl7-org:v3"', b"")
        assert found(packet(plain)) == found(packet(summary_bytes()))
        assert any("namespace" in problem for problem in packet(plain).problems)

    def test_read_the_same_with_a_prefix(self) -> None:
        text = summary_bytes().decode().replace('xmlns="urn:hl7-org:v3"', 'xmlns:n="urn:hl7-org:v3"')
        prefixed = text.replace("<sdtc:", "<SDTC").replace("</", "</n:").replace("<", "<n:")
        prefixed = prefixed.replace("<n:/n:", "</n:").replace("<n:?", "<?").replace("<n:SDTC", "<sdtc:")
        assert found(packet(prefixed.encode())) == found(packet(summary_bytes()))


@pytest.mark.parametrize(
    ("patient", "family", "given"),
    [
        (
            "<name><given>Ana</given><given>María</given><family>O'Neil-Díaz</family></name>",
            "O'Neil-Díaz",
            "Ana",
        ),
        (
            (
                '<name use="SRCH"><given>Eve</given><family qualifier="BR">Old</family></name>'
                '<name use="L"><given>Eve</given><family qualifier="SP">New</family></name>'
            ),
            "New",
            "Eve",
        ),
        (
            (
                '<name use="L"><given qualifier="BR">Alicia</given><family>Now</family></name>'
                '<name use="L"><given>Alice</given><family>Now</family></name>'
            ),
            "Now",
            "Alice",
        ),
        (
            "<name><given>Ann</given><family qualifier='BR'>Born</family><family>Wed</family></name>",
            "Wed",
            "Ann",
        ),
        ("<name><given/><given>Second</given><family/></name>", None, "Second"),
        ("<name><given qualifier='CL'>Bo</given><given>Boris</given><family>X</family></name>", "X", "Boris"),
        ("<name>Solo, Hana B</name>", "Solo", "Hana"),
        ("<name>Hana B Solo</name>", "Solo", "Hana"),
        ("<name><family>Only</family></name>", "Only", None),
        ("<name nullFlavor='UNK'/>", None, None),
        ("", None, None),
    ],
)
def test_the_legal_name(patient: str, family: str | None, given: str | None) -> None:
    line = summary(read(ccda(patient=f'<id root="1" extension="2"/><patient>{patient}</patient>')), file="x")
    assert (line["patient"]["family"], line["patient"]["given"]) == (family, given)


@pytest.mark.parametrize(
    ("element", "sex"),
    [
        ('<administrativeGenderCode code="F"/>', "female"),
        ('<administrativeGenderCode code="UN"/>', "other"),
        ('<administrativeGenderCode nullFlavor="UNK"/>', "unknown"),
        ('<administrativeGenderCode nullFlavor="OTH"/>', "other"),
        ('<administrativeGenderCode nullFlavor="NI"/>', None),
        ('<administrativeGenderCode code="zzz" displayName="Female"/>', None),
        ("", None),
    ],
)
def test_sex(element: str, sex: str | None) -> None:
    read_packet = packet(ccda(patient=f'<id root="1" extension="2"/><patient>{element}</patient>'))
    assert read_packet.patient.sex == sex
    assert sex is not None or any("sex" in problem for problem in read_packet.problems)


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("1970", "1970"),
        ("197005", "1970-05"),
        ("19700501", "1970-05-01"),
        ("197005010930-0500", "1970-05-01"),
        ("x", None),
    ],
)
def test_birth_date_is_as_precise_as_the_source(value: str, date: str | None) -> None:
    patient = f'<id root="1" extension="2"/><patient><birthTime value="{value}"/></patient>'
    assert packet(ccda(patient=patient)).patient.birth_date == date


class TestDiagnoses:
    def count(self, *entries: str, code: str = "11450-4", text: str = "") -> int:
        return found(packet(ccda(section(code, "".join(entries), text=text))))["conditions"]

    def test_same_code_and_day_is_one(self) -> None:
        assert self.count(problem(coded("35489007")), problem(coded("35489007"), low="202001010800")) == 1

    def test_same_code_on_another_day_is_another(self) -> None:
        assert self.count(problem(coded("35489007")), problem(coded("35489007"), low="20210101")) == 2

    def test_a_translation_makes_two_codings_one_diagnosis(self) -> None:
        both = (
            '<value code="35489007"><translation code="F32.9" codeSystem="2.16.840.1.113883.6.90"/></value>'
        )
        assert self.count(problem(both), problem(coded("F32.9", system="2.16.840.1.113883.6.90"))) == 1

    def test_a_null_code_with_a_translation_counts(self) -> None:
        assert self.count(problem('<value nullFlavor="OTH"><translation code="F32.9"/></value>')) == 1

    def test_a_null_code_with_words_counts(self) -> None:
        assert self.count(problem('<value nullFlavor="UNK"><originalText>Panic</originalText></value>')) == 1

    @pytest.mark.parametrize(
        "entry",
        [
            '<entry nullFlavor="NI"/>',
            "<entry/>",
            problem(coded("35489007"), attrs='nullFlavor="UNK"'),
            problem('<value nullFlavor="UNK"/>'),
            problem("<value/>"),
            problem(coded("160245001", "No current problems")),
            problem(coded("55607006", "Problem"), attrs='negationInd="true"'),
            problem(coded("55607006", "Problem"), extra="<text>No problems recorded</text>"),
            problem(coded("35489007", "Depression"), attrs='negationInd="true"'),
            problem(coded("35489007"), status="nullified"),
        ],
    )
    def test_what_does_not_count(self, entry: str) -> None:
        assert self.count(entry) == 0

    def test_without_a_template_it_counts_and_is_said(self) -> None:
        bare = f"<entry><observation>{coded('35489007', 'Depression')}</observation></entry>"
        read_packet = packet(ccda(section("11450-4", bare)))
        assert found(read_packet)["conditions"] == 1
        assert any("template" in problem for problem in read_packet.problems)

    def test_an_aside_is_not_a_diagnosis(self) -> None:
        severity = f'<entry><act><entryRelationship><observation><templateId root="{T}8"/>{coded("6736007")}</observation></entryRelationship></act></entry>'
        assert self.count(severity) == 0

    def test_diagnoses_stand_in_several_sections(self) -> None:
        sections = section("46241-6", problem(coded("1010101"))) + section(
            "11348-0", problem(coded("2020202"))
        )
        assert found(packet(ccda(sections)))["conditions"] == 2

    def test_family_history_is_somebody_elses(self) -> None:
        assert self.count(problem(coded("35489007")), code="10157-6") == 0

    def test_words_come_from_the_narrative_row(self) -> None:
        value = '<value nullFlavor="OTH"><originalText><reference value="#r1"/></originalText></value>'
        text = '<table><tbody><tr ID="r1"><td>Panic disorder</td><td>2020</td></tr></tbody></table>'
        read_packet = packet(ccda(section("11450-4", problem(value), text=text)))
        assert read_packet.diagnoses[0].text == "Panic disorder"

    def test_a_bad_date_is_said_and_the_rest_kept(self) -> None:
        read_packet = packet(
            ccda(section("11450-4", problem(coded("35489007", "Depression"), low="20209999")))
        )
        assert read_packet.diagnoses[0].onset is None
        assert any("20209999" in problem for problem in read_packet.problems)

    def test_resolved_when_it_has_an_end(self) -> None:
        entry = problem(coded("35489007")).replace(
            "</effectiveTime>", '<high value="20210101"/></effectiveTime>'
        )
        assert packet(ccda(section("11450-4", entry))).diagnoses[0].status == "resolved"


class TestMedications:
    def test_the_course_is_not_the_frequency(self) -> None:
        times = (
            '<effectiveTime xsi:type="PIVL_TS"><period value="12" unit="h"/></effectiveTime>'
            '<effectiveTime><low value="20200101"/><high value="20200131"/></effectiveTime>'
        )
        rest = '<routeCode code="C38288" displayName="Oral"/><doseQuantity value="50" unit="mg"/>'
        medication = packet(ccda(section("10160-0", drug(SERTRALINE, times=times, rest=rest)))).medications[0]
        assert (medication.start, medication.end) == ("2020-01-01", "2020-01-31")
        assert medication.dose == "50 mg, Oral, every 12 h"

    def test_twice_the_same_is_one(self) -> None:
        read_packet = packet(ccda(section("10160-0", drug(SERTRALINE) + drug(SERTRALINE))))
        assert len(read_packet.medications) == 1

    def test_two_doses_of_one_drug_are_both_shown_but_counted_once(self) -> None:
        doses = [drug(SERTRALINE, rest=f'<doseQuantity value="{dose}" unit="mg"/>') for dose in (50, 100)]
        read_packet = packet(ccda(section("10160-0", "".join(doses))))
        assert len(read_packet.medications) == 2
        assert found(read_packet)["medications"] == 1

    @pytest.mark.parametrize(
        "entry",
        [
            drug('<code nullFlavor="UNK"/>'),
            drug('<code nullFlavor="OTH"><originalText>No known medications</originalText></code>'),
            drug('<code nullFlavor="NA"/>').replace(
                "<substanceAdministration", '<substanceAdministration negationInd="true"'
            ),
        ],
    )
    def test_what_does_not_count(self, entry: str) -> None:
        assert found(packet(ccda(section("10160-0", entry))))["medications"] == 0

    def test_instructions_inside_a_medication_are_not_another(self) -> None:
        inner = "<entryRelationship><substanceAdministration><code code='76662-6'/></substanceAdministration></entryRelationship>"
        assert found(packet(ccda(section("10160-0", drug(SERTRALINE, rest=inner)))))["medications"] == 1

    def test_planned_medications_are_not_taken(self) -> None:
        assert found(packet(ccda(section("18776-5", drug(SERTRALINE)))))["medications"] == 0


class TestAllergies:
    @pytest.mark.parametrize(
        ("entry", "names"),
        [
            (allergy('<code code="7980" displayName="Penicillin G"/>'), ["Penicillin G"]),
            (allergy("<name>Bee venom</name>"), ["Bee venom"]),
            (
                allergy('<code nullFlavor="UNK"/>', value=coded("91936005", "Allergy to penicillin")),
                ["Allergy to penicillin"],
            ),
            (
                allergy(
                    '<code nullFlavor="UNK"/>',
                    value='<value code="416098002"><originalText>Ampicillin</originalText></value>',
                ),
                ["Ampicillin"],
            ),
            (allergy('<code nullFlavor="UNK"/>'), []),
            (allergy('<code nullFlavor="UNK"><translation code="160244002"/></code>'), []),
            (allergy('<code code="7980"/>', attrs='negationInd="true"'), []),
            (allergy('<code nullFlavor="NA"/>', attrs='negationInd="true"'), []),
            (allergy('<code code="716186003" displayName="No known allergy"/>'), []),
        ],
    )
    def test_the_substance(self, entry: str, names: list[str]) -> None:
        assert [item.text for item in packet(ccda(section("48765-2", entry))).allergies] == names
