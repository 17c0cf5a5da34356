# ruff: noqa: E501
"""C-CDA: visits and the stay of the header, the body, the labels, the people around."""

from __future__ import annotations

from dayward.care.referrals.packet import SecurityLabel
from dayward.care.referrals.tests.ccda_parts import STAY, T, coded, packet, visit
from dayward.care.referrals.tests.documents import ccda, section


class TestEncounters:
    def test_the_stay_of_the_header_joins_its_entry(self) -> None:
        entry = visit('<code code="99221" displayName="Initial hospital care"/>', '<low value="20200301"/>')
        read_packet = packet(ccda(section("46240-8", entry), header=STAY))
        assert len(read_packet.encounters) == 1
        assert (read_packet.encounters[0].end, read_packet.encounters[0].disposition) == (
            "2020-03-09",
            "Home",
        )
        assert read_packet.encounters[0].kind == "inpatient"

    def test_another_visit_stays_apart(self) -> None:
        entry = visit('<code code="99213"/>', '<low value="20190101"/>', identifier="V2")
        assert len(packet(ccda(section("46240-8", entry), header=STAY)).encounters) == 2

    def test_a_planned_visit_is_no_visit(self) -> None:
        entry = visit('<code code="99213"/>', '<low value="20300101"/>').replace(
            'moodCode="EVN"', 'moodCode="INT"'
        )
        assert not packet(ccda(section("46240-8", entry))).encounters

    def test_its_place_disposition_and_diagnosis(self) -> None:
        rest = (
            '<sdtc:dischargeDispositionCode code="04" displayName="Intermediate care"/><participant typeCode="LOC">'
            '<participantRole classCode="SDLOC"><playingEntity><name>Ward Seven</name></playingEntity></participantRole>'
            f'</participant><entryRelationship><act><templateId root="{T}80"/><entryRelationship><observation>'
            f'<templateId root="{T}4"/>{coded("F32.9", "Depression", "2.16.840.1.113883.6.90")}</observation></entryRelationship>'
            "</act></entryRelationship>"
        )
        read_packet = packet(
            ccda(section("46240-8", visit('<code code="99221"/>', '<low value="20200101"/>', rest)))
        )
        assert read_packet.encounters[0].facility == "Ward Seven"
        assert read_packet.encounters[0].disposition == "Intermediate care"
        assert [item.text for item in read_packet.diagnoses] == ["Depression"]


class TestBodyAndLabels:
    def test_text_inside_is_readable(self) -> None:
        body = '<component><nonXMLBody><text mediaType="text/plain" representation="B64">SGVsbG8=</text></nonXMLBody></component>'
        read_packet = packet(ccda(header=body))
        assert read_packet.sections[0].text == "Hello"
        assert read_packet.attachments[0].media_type == "text/plain"
        assert any("one piece" in problem for problem in read_packet.problems)

    def test_a_missing_body_is_said(self) -> None:
        assert "The document has a header but no content." in packet(ccda()).problems

    def test_labels_of_document_and_section(self) -> None:
        mark = '<confidentialityCode code="R" codeSystem="2.16.840.1.113883.5.25"/>'
        read_packet = packet(ccda(section("11450-4", "", title="Problems", before=mark), header=mark))
        assert read_packet.labels == (
            SecurityLabel("R", "document", "Confidentiality", ""),
            SecurityLabel("R", "section “Problems”", "Confidentiality", ""),
        )

    def test_a_null_label_is_none_and_an_unknown_one_is_said(self) -> None:
        assert not packet(ccda(header='<confidentialityCode nullFlavor="NI"/>')).labels
        odd = packet(ccda(header='<confidentialityCode code="zzz"/>'))
        assert [label.code for label in odd.labels] == ["zzz"]
        assert any("zzz" in problem for problem in odd.problems)

    def test_guardians_are_told_apart(self) -> None:
        patient = (
            '<id root="1" extension="2"/><patient><name><family>Kid</family></name><guardian><code displayName="Mother"/>'
            "<guardianPerson><name><given>Mo</given><family>Ther</family></name></guardianPerson></guardian></patient>"
        )
        guardian = packet(ccda(patient=patient)).related[0]
        assert (guardian.guardian, guardian.relationship) == (True, "Mother")
