# ruff: noqa: E501
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dayward.care.referrals.packet import Coding
from dayward.care.referrals.parsers.values import (
    clean,
    code_fits,
    from_hl7_time,
    from_iso_time,
    is_part2_label,
    is_restricting_label,
    readable,
    says_none_known,
    sex_of,
    system_name,
)


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("1970", "1970"),
        ("197005", "1970-05"),
        ("19700501", "1970-05-01"),
        ("20130710214400.000-0500", "2013-07-10T21:44:00-05:00"),
        ("201506221000-0500", "2015-06-22T10:00:00-05:00"),
        ("20150622100000", "2015-06-22T10:00:00"),
        ("2015062210", "2015-06-22T10:00:00"),
        ("20150622-0500", "2015-06-22"),
        (" 19700501 ", "1970-05-01"),
        ("20240229", "2024-02-29"),
        ("20230229", None),
        ("19701301", None),
        ("19700532", None),
        ("00000101", None),
        ("18991230", None),
        ("732497932932937937327393270", None),
        ("", None),
        ("1970-05-01", None),
    ],
)
def test_hl7_times_keep_their_precision(written: str, iso: str | None) -> None:
    assert from_hl7_time(written) == iso


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("1970", "1970"),
        ("1970-05", "1970-05"),
        ("1970-05-01", "1970-05-01"),
        ("2019-01-01T10:00:00Z", "2019-01-01T10:00:00Z"),
        ("2019-01-01T10:00:00.123+02:00", "2019-01-01T10:00:00+02:00"),
        ("1970-02-30", None),
        ("05/01/1970", None),
        ("1970-5-1", None),
    ],
)
def test_fhir_times_keep_their_precision(written: str, iso: str | None) -> None:
    assert from_iso_time(written) == iso


@given(st.text())
def test_any_text_is_a_time_or_is_not(text: str) -> None:
    for iso in (from_hl7_time(text), from_iso_time(text)):
        assert iso is None or iso[:4].isdigit()


@pytest.mark.parametrize(
    ("text", "codes", "none"),
    [
        ("No known allergies", [], True),
        ("No Known Drug Allergies", [], True),
        ("NKDA", [], True),
        ("None", [], True),
        ("No problems recorded", [], True),
        ("No current problems or disability", [], True),
        ("No Drug Therapy Prescribed", [], True),
        ("No information available.", [], True),
        ("Not on file", [], True),
        ("", ["716186003"], True),
        ("anything", ["no-known-medications"], True),
        ("No known drug allergies except penicillin", [], False),
        ("Noncompliance with treatment", [], False),
        ("No-show", [], False),
        ("Nonsuicidal self-injury", [], False),
        ("Unknown substance overdose", [], False),
        ("Norepinephrine", [], False),
        ("Not otherwise specified depressive disorder", [], False),
        ("", [], False),
    ],
)
def test_what_says_that_nothing_is_known(text: str, codes: list[str], none: bool) -> None:
    assert says_none_known(text, [Coding(code) for code in codes]) is none


@pytest.mark.parametrize(
    ("code", "sex"),
    [
        ("M", "male"),
        ("F", "female"),
        ("UN", "other"),
        ("female", "female"),
        ("UNK", "unknown"),
        ("dnfd", None),
        ("", None),
    ],
)
def test_sexes(code: str, sex: str | None) -> None:
    assert sex_of(code) == sex


def test_code_systems_have_the_names_people_know() -> None:
    assert system_name("urn:oid:2.16.840.1.113883.6.90") == "ICD-10-CM"
    assert system_name("http://snomed.info/sct") == "SNOMED CT"
    assert system_name("urn:mine") == "urn:mine"


@pytest.mark.parametrize(
    ("code", "system", "fits"),
    [
        ("F33.1", "http://hl7.org/fhir/sid/icd-10-cm", True),
        ("F331", "2.16.840.1.113883.6.90", True),
        ("hello", "2.16.840.1.113883.6.90", False),
        ("66344007", "http://snomed.info/sct", True),
        ("ueioiewyr", "2.16.840.1.113883.3.26.1.1", False),
        ("whatever", "urn:mine", True),
    ],
)
def test_codes_have_the_shape_of_their_system(code: str, system: str, fits: bool) -> None:
    assert code_fits(code, system) is fits


@pytest.mark.parametrize("code", ["ETH", "42CFRPart2", "SUD", "opioidud"])
def test_labels_of_part_2(code: str) -> None:
    assert is_part2_label(code)
    assert is_restricting_label(code)


def test_normal_confidentiality_restricts_nothing() -> None:
    assert not is_restricting_label("N")
    assert is_restricting_label("R")
    assert not is_part2_label("R")


def test_narrative_becomes_lines() -> None:
    markup = "<table><tr><th>Drug</th><th>Dose</th></tr><tr><td>A &amp; B</td><td/></tr></table><paragraph>End</paragraph>"
    assert readable(markup) == "Drug | Dose\nA & B\nEnd"


def test_text_loses_what_no_database_keeps() -> None:
    assert clean("a\x00b \ud800 c") == "ab ? c"
