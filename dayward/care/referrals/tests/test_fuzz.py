"""Whatever the bytes: an answer, never an error, and never an answer that is our own fault."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
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


# Each example damages a few places of many: fewer would seldom meet the places that matter.
MANY = settings(max_examples=200)


def fault_in(data: bytes) -> str:
    """What is wrong with the answer: refused for what is wrong with the bytes, or kept and read again unchanged."""
    result = read(data)
    line = json.loads(json.dumps(summary(result, file="x")))
    if isinstance(result, RefusedDocument):
        if result.reason == OUR_FAULT:
            return f"our own fault: {result}"
        told = (line["outcome"], line["problems"]) == ("refused", [result.sentence])
        return "" if told else f"refused, but the summary says {line}"
    if line["outcome"] != "accepted":
        return f"accepted, but the summary says {line}"
    written = json.dumps(to_plain(result.packet), ensure_ascii=False).encode()  # no halves of characters
    if from_plain(json.loads(written)) != result.packet:
        return "what is kept is not what was read"
    return "PostgreSQL keeps no NUL" if b"\\u0000" in written else ""


@given(st.binary(max_size=300))
def test_random_bytes(data: bytes) -> None:
    fault = fault_in(data)
    assert not fault, fault


@given(st.sampled_from([b"<", b"{", b"[", b"\x1f\x8b\x08", b"<?xml ", b"\xff\xfe<"]), st.binary(max_size=200))
def test_random_bytes_with_a_promising_start(start: bytes, data: bytes) -> None:
    fault = fault_in(start + data)
    assert not fault, fault


def _ways(value: Any, way: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The ways down from a document to each of its leaves."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if not inside and way:
        yield way
    for key, below in inside:
        yield from _ways(below, (*way, key))


# How far down which way, and what odd thing to put there.
DAMAGE = st.tuples(st.sampled_from(list(_ways(BUNDLE))), st.integers(1, 8), st.sampled_from(ODD))


@MANY
@given(st.lists(DAMAGE, min_size=1, max_size=6))
def test_a_bundle_with_wrong_types_in_random_places(
    damages: list[tuple[tuple[str | int, ...], int, Any]],
) -> None:
    damaged = deepcopy(BUNDLE)
    for way, steps, odd in damages:
        _replace(damaged, way[:steps], odd)
    fault = fault_in(json.dumps(damaged).encode("utf-8", "surrogatepass"))
    assert not fault, fault


def _replace(value: Any, way: tuple[str | int, ...], odd: Any) -> None:
    """Put something odd at the end of the way, unless the way was damaged before."""
    with suppress(KeyError, IndexError, TypeError):
        for key in way[:-1]:
            value = value[key]
        value[way[-1]] = deepcopy(odd)


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
    fault = fault_in(json.dumps(document).encode("utf-8", "surrogatepass"))
    assert not fault, fault


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
    fault = fault_in(data)
    assert not fault, fault


DEEDS = st.tuples(
    st.integers(1, 10_000),
    st.sampled_from(["remove", "empty", "null", "value"]),
    st.sampled_from(["value", "code", "root"]),
    st.sampled_from(["", "x", "20261345"]),
)


@MANY
@given(st.lists(DEEDS, min_size=1, max_size=8))
def test_a_document_that_loses_random_elements_and_attributes(deeds: list[tuple[int, str, str, str]]) -> None:
    root = etree.fromstring(SUMMARY)
    everything = list(root.iter())[1:]
    for place, deed, attribute, value in deeds:
        element = everything[place % len(everything)]
        parent = element.getparent()
        if deed == "remove" and parent is not None:
            parent.remove(element)
        elif deed == "empty":
            element.attrib.clear()
        elif deed == "null":
            element.set("nullFlavor", "UNK")
        else:
            element.set(attribute, value)
    fault = fault_in(etree.tostring(root))
    assert not fault, fault
