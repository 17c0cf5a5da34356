"""Whatever the bytes: an answer, never an error, and never an answer that is our own fault."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from dayward.care.referrals.outcome import OUR_FAULT, RefusedDocument
from dayward.care.referrals.read import read
from dayward.care.referrals.summary import summary
from dayward.care.referrals.tests.documents import bundle_bytes, summary_bytes
from dayward.care.referrals.wire import from_plain, to_plain

BUNDLE = json.loads(bundle_bytes())
SUMMARY = summary_bytes()
ODD: list[Any] = [
    None, True, 0, -1, 10**40, 1e308, "", " ", "x", [], {}, [[]], [{}], [None], {"a": {"b": [1]}}, "9" * 5000,
    "2026-02-31", "urn:uuid:11111111-aaaa-4aaa-8aaa-000000000001", {"reference": "#"}, {"coding": "x"},
    {"coding": [1, None]}, "\x00", "\ud800", {"resourceType": "Bundle"},
]  # fmt: skip
XML_BITS = [
    b"", b"<a/>", b"</section>", b"<entry/>", b'nullFlavor="UNK"', b'code=""', b'value="2026"', b"&amp;", b"\xff",
    b"<observation/>", b"<act><entryRelationship/></act>", b'xsi:type="CD"', b"<name/>", b"<!-- -->", b"<?x?>", b"]]>",
]  # fmt: skip


# Each example damages one place of many: fewer would seldom meet the places that matter.
MANY = settings(max_examples=300)


def read_without_fault(data: bytes) -> None:
    """Refused for what is wrong with the bytes, or accepted into a packet that can be kept and read again."""
    result = read(data)
    line = json.loads(json.dumps(summary(result, file="x")))
    if isinstance(result, RefusedDocument):
        assert result.reason != OUR_FAULT, result
        assert (line["outcome"], line["problems"]) == ("refused", [result.sentence])
        return
    assert line["outcome"] == "accepted"
    kept = json.loads(json.dumps(to_plain(result.packet)))
    assert from_plain(kept) == result.packet
    written = json.dumps(to_plain(result.packet), ensure_ascii=False).encode()  # no halves of characters
    assert b"\\u0000" not in written  # PostgreSQL keeps no NUL


@given(st.binary(max_size=300))
def test_random_bytes(data: bytes) -> None:
    read_without_fault(data)


@given(st.sampled_from([b"<", b"{", b"[", b"\x1f\x8b\x08", b"<?xml ", b"\xff\xfe<"]), st.binary(max_size=200))
def test_random_bytes_with_a_promising_start(start: bytes, data: bytes) -> None:
    read_without_fault(start + data)


@MANY
@given(st.data())
def test_a_bundle_with_wrong_types_in_random_places(data: st.DataObject) -> None:
    damaged = json.loads(bundle_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        _replace_somewhere(damaged, data)
    read_without_fault(json.dumps(damaged).encode("utf-8", "surrogatepass"))


def _replace_somewhere(value: Any, data: st.DataObject) -> None:
    """Walk down to a random place and put something odd there."""
    while True:
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        key = data.draw(st.sampled_from(keys))
        below = value[key]
        if not isinstance(below, dict | list) or not below or data.draw(st.integers(0, 5)) == 0:
            value[key] = deepcopy(data.draw(st.sampled_from(ODD)))
            return
        value = below


@MANY
@given(st.recursive(st.sampled_from(ODD), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
    st.sampled_from(["resource", "entry", "name", "code", "coding", "subject", "meta", "security", "resourceType"]),
    inner, max_size=4), max_leaves=12))  # fmt: skip
def test_a_bundle_of_nonsense(nonsense: Any) -> None:
    patient = {
        "resource": {
            "resourceType": "Patient",
            "name": nonsense,
            "identifier": [{"value": "1"}],
            "meta": nonsense,
        }
    }
    condition = {
        "resource": {
            "resourceType": "Condition",
            "code": nonsense,
            "subject": nonsense,
            "onsetPeriod": nonsense,
        }
    }
    document = {"resourceType": "Bundle", "type": "collection", "entry": [patient, condition, nonsense]}
    read_without_fault(json.dumps(document).encode("utf-8", "surrogatepass"))


@MANY
@given(
    st.lists(
        st.tuples(st.integers(0, len(SUMMARY)), st.integers(0, 60), st.sampled_from(XML_BITS)), max_size=4
    )
)
def test_a_document_with_random_cuts(cuts: list[tuple[int, int, bytes]]) -> None:
    data = SUMMARY
    for start, length, bit in cuts:
        data = data[:start] + bit + data[start + length :]
    read_without_fault(data)


@MANY
@given(st.data())
def test_a_document_that_loses_random_elements_and_attributes(data: st.DataObject) -> None:
    root = etree.fromstring(SUMMARY)
    everything = list(root.iter())[1:]
    for _ in range(data.draw(st.integers(1, 8))):
        element = data.draw(st.sampled_from(everything))
        deed = data.draw(st.sampled_from(["remove", "empty", "null", "value"]))
        parent = element.getparent()
        if deed == "remove" and parent is not None:
            parent.remove(element)
        elif deed == "empty":
            element.attrib.clear()
        elif deed == "null":
            element.set("nullFlavor", "UNK")
        else:
            element.set(
                data.draw(st.sampled_from(["value", "code", "root"])),
                data.draw(st.sampled_from(["", "x", "20261345"])),
            )
    read_without_fault(etree.tostring(root))
