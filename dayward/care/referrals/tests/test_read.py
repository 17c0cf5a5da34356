"""Which files are refused, and with which reason: the list is closed."""

from __future__ import annotations

import gzip
import json
import time
import zlib
from collections.abc import Callable

import pytest

from dayward.care.referrals import outcome
from dayward.care.referrals.outcome import Accepted, RefusedDocument
from dayward.care.referrals.parsers import detect
from dayward.care.referrals.read import read
from dayward.care.referrals.tests.documents import PATIENT, bundle, bundle_bytes, ccda, section, summary_bytes
from dayward.care.referrals.wire import to_plain

BILLION_LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol1 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
<!ENTITY lol2 "&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;">]>
<ClinicalDocument xmlns="urn:hl7-org:v3"><title>&lol2;</title></ClinicalDocument>"""

REFUSED = {
    "nothing": (b"", outcome.EMPTY),
    "only white space": (b" \r\n\t ", outcome.EMPTY),
    "only a byte order mark": (b"\xef\xbb\xbf\n", outcome.EMPTY),
    "gzipped nothing": (gzip.compress(b""), outcome.EMPTY),
    "cut XML": (summary_bytes()[:2000], outcome.NOT_WELL_FORMED),
    "cut JSON": (bundle_bytes()[:2000], outcome.NOT_WELL_FORMED),
    "JSON with a comma too many": (b'{"resourceType": "Bundle", }', outcome.NOT_WELL_FORMED),
    "JSON with NaN": (b'{"resourceType": "Bundle", "total": NaN}', outcome.NOT_WELL_FORMED),
    "cut gzip": (gzip.compress(bundle_bytes())[:200], outcome.NOT_WELL_FORMED),
    "damaged gzip": (b"\x1f\x8b\x08\x00nonsense", outcome.NOT_WELL_FORMED),
    "a prefix nobody declared": (
        b'<ClinicalDocument xmlns="urn:hl7-org:v3"><sdtc:x/></ClinicalDocument>',
        outcome.NOT_WELL_FORMED,
    ),
    "billion laughs": (BILLION_LAUGHS, outcome.HOSTILE),
    "billion laughs in UTF-16": (BILLION_LAUGHS.decode().encode("utf-16"), outcome.HOSTILE),
    "outside entity": (
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><ClinicalDocument>&x;</ClinicalDocument>',
        outcome.HOSTILE,
    ),
    "outside DTD": (
        b'<!DOCTYPE a SYSTEM "http://example.invalid/a.dtd"><ClinicalDocument/>',
        outcome.HOSTILE,
    ),
    "parameter entity": (
        b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://example.invalid/x">%x;]><ClinicalDocument/>',
        outcome.HOSTILE,
    ),
    "deep XML": (b"<a>" * 5000 + b"</a>" * 5000, outcome.HOSTILE),
    "deep JSON": (b'{"a":' * 20000 + b"1" + b"}" * 20000, outcome.HOSTILE),
    "deep JSON list": (b"[" * 100_000, outcome.HOSTILE),
    "PDF": (b"%PDF-1.7 ...", outcome.OTHER_KIND),
    "ZIP": (b"PK\x03\x04....", outcome.OTHER_KIND),
    "RTF": (b"{\\rtf1 hello}", outcome.OTHER_KIND),
    "HL7 version 2": (b"MSH|^~\\&|A|B|||202601010101||ADT^A01|1|P|2.5\r", outcome.OTHER_KIND),
    "X12": (b"ISA*00*          *", outcome.OTHER_KIND),
    "plain words": (b"Dear colleague, thank you for seeing ...", outcome.OTHER_KIND),
    "web page": (b"<!DOCTYPE html><html><body>Hello<br></body></html>", outcome.OTHER_KIND),
    "a section": (b'<section xmlns="urn:hl7-org:v3"><title>Notes</title></section>', outcome.OTHER_KIND),
    "a component": (b"<component><section/></component>", outcome.OTHER_KIND),
    "CCR": (b'<ContinuityOfCareRecord xmlns="urn:astm-org:CCR"/>', outcome.OTHER_KIND),
    "single Patient": (json.dumps(PATIENT).encode(), outcome.OTHER_KIND),
    "NDJSON": (b'{"resourceType":"Patient"}\n{"resourceType":"Condition"}\n', outcome.OTHER_KIND),
    "JSON list": (b"[]", outcome.OTHER_KIND),
    "JSON of another kind": (b'{"hello": "world"}', outcome.OTHER_KIND),
    "search result": (bundle(PATIENT, type="searchset"), outcome.OTHER_KIND),
    "message": (bundle(PATIENT, type="message"), outcome.OTHER_KIND),
    "history": (bundle(PATIENT, type="history"), outcome.OTHER_KIND),
    "bundle of nobody": (bundle({"resourceType": "Practitioner"}), outcome.NO_PATIENT),
    "bundle without entries": (b'{"resourceType": "Bundle", "type": "batch"}', outcome.NO_PATIENT),
    "document of nobody": (b'<ClinicalDocument xmlns="urn:hl7-org:v3"/>', outcome.NO_PATIENT),
    "record target without a role": (
        b'<ClinicalDocument xmlns="urn:hl7-org:v3"><recordTarget/></ClinicalDocument>',
        outcome.NO_PATIENT,
    ),
    "patient without name or identifier": (
        bundle({"resourceType": "Patient", "birthDate": "1990-01-01", "id": "technical"}),
        outcome.NO_IDENTITY,
    ),
    "patient with a blank name": (
        bundle({"resourceType": "Patient", "name": [{"family": " "}]}),
        outcome.NO_IDENTITY,
    ),
    "role without name or identifier": (
        ccda(patient='<id nullFlavor="UNK"/><patient><name nullFlavor="UNK"/></patient>'),
        outcome.NO_IDENTITY,
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_its_reason_and_a_sentence(name: str) -> None:
    data, reason = REFUSED[name]
    result = read(data)
    assert isinstance(result, RefusedDocument)
    assert result.reason == reason
    assert result.sentence.endswith(".")


def test_refused_when_larger_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detect, "MAX_BYTES", 1000)
    result = read(bundle_bytes())
    assert isinstance(result, RefusedDocument)
    assert result.reason == outcome.TOO_LARGE


def test_a_gzip_bomb_is_opened_no_further_than_the_limit() -> None:
    opener = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    million = b" " * 1_000_000
    bomb = b"".join(opener.compress(million) for _ in range(60)) + opener.flush()
    assert len(bomb) < 100_000
    result = read(bomb)
    assert isinstance(result, RefusedDocument)
    assert result.reason == outcome.TOO_LARGE


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(bundle_bytes()),
        gzip.compress(bundle_bytes()[:500]) + gzip.compress(bundle_bytes()[500:]),
        b"\xef\xbb\xbf" + bundle_bytes(),
        bundle_bytes().decode().encode("utf-16"),
        b"\n\n  " + bundle_bytes(),
    ],
    ids=["gzip", "gzip in two members", "byte order mark", "UTF-16", "white space before"],
)
def test_a_bundle_is_read_however_it_is_packed(data: bytes) -> None:
    result = read(data)
    assert isinstance(result, Accepted)
    assert result.packet.patient.name is not None
    assert result.packet.patient.name.family == "Ñúñez-Quist"


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + summary_bytes(),
        summary_bytes().decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16"),
        summary_bytes()
        .decode()
        .replace('encoding="UTF-8"', 'encoding="ISO-8859-1"')
        .encode("latin-1", "ignore"),
        gzip.compress(summary_bytes()),
    ],
    ids=["byte order mark", "UTF-16", "ISO-8859-1", "gzip"],
)
def test_a_document_is_read_in_whichever_encoding(data: bytes) -> None:
    result = read(data)
    assert isinstance(result, Accepted)
    assert result.packet.patient.name is not None
    assert result.packet.patient.name.family == "Ávila-Brandt"


def test_json_in_an_old_encoding_is_read_with_a_warning() -> None:
    result = read(bundle_bytes().decode().encode("cp1252"))
    assert isinstance(result, Accepted)
    assert result.packet.patient.name is not None
    assert result.packet.patient.name.family == "Ñúñez-Quist"
    assert any("UTF-8" in problem for problem in result.packet.problems)


def test_a_harmless_doctype_is_no_attack() -> None:
    document = ccda()
    assert isinstance(read(b"<!DOCTYPE ClinicalDocument>" + document), Accepted)


def _slow_markup() -> bytes:
    head = {"resourceType": "Composition", "section": [{"text": {"div": "<" * 3_000_000}}]}
    return bundle(PATIENT, head, type="document")


def _much_repeated_words() -> bytes:
    words = f'<paragraph ID="w">{"word " * 200_000}</paragraph>'
    value = '<value nullFlavor="OTH"><originalText><reference value="#w"/></originalText></value>'
    entries = "".join(
        f'<entry><observation><effectiveTime><low value="{day}"/></effectiveTime>{value}</observation></entry>'
        for day in range(19000101, 19001101)
    )
    return ccda(section("11450-4", entries, text=words, title="t" * 100_000))


def _much_repeated_name() -> bytes:
    place = {"resourceType": "Organization", "id": "o", "name": "n" * 1_000_000}
    visits = [
        {
            "resourceType": "Encounter",
            "period": {"start": f"{year}"},
            "serviceProvider": {"reference": "Organization/o"},
        }
        for year in range(1000, 4000)
    ]
    return bundle(PATIENT, place, *visits)


@pytest.mark.parametrize("make", [_slow_markup, _much_repeated_words, _much_repeated_name])
def test_a_small_file_cannot_grow_or_take_long(make: Callable[[], bytes]) -> None:
    data = make()
    started = time.process_time()  # not the clock: other programs run too
    result = read(data)
    assert isinstance(result, Accepted)
    assert len(json.dumps(to_plain(result.packet))) < 20_000_000
    assert time.process_time() - started < 30  # of minutes and hours, if it did
