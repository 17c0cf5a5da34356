from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dayward.chart.safety import library
from dayward.chart.safety.rules import plan, risk
from dayward.chart.safety.rules.merge import fingerprint, merge, tidy
from dayward.chart.safety.rules.qualification import (
    EXPIRED,
    NO_CREDENTIAL,
    NO_END,
    NOT_ALLOWED,
    NOT_THESE,
    Act,
    Held,
    may_sign,
    substance_related,
)
from dayward.chart.safety.rules.wording import signed_text

TABLE = library.qualifications()
DAY = date(2026, 11, 20)
EXAMPLES = [(name, example) for name in library.names() for example in library.examples(name)]
texts = st.dictionaries(st.sampled_from(["a", "b", "c"]), st.text(alphabet="xy \n\r", max_size=6), min_size=3)


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=[row["says"] for _name, row in EXAMPLES])
def test_worked_examples_of_who_may_sign(name: str, example: dict[str, Any]) -> None:
    held = [Held(example["kind"], example["kind"], example.get("ends"))]
    table = library.qualifications(name)
    verdict = may_sign(held, Act(example["act"]), example["day"], table, example.get("codes", ()))
    assert verdict.allowed is example["allowed"]


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        ([], NO_CREDENTIAL),
        ([Held("trainee", "Trainee")], NOT_ALLOWED),
        ([Held("psychologist", "Psychologist")], NO_END),
        ([Held("psychologist", "Psychologist", date(2026, 11, 19))], EXPIRED),
        ([Held("adc", "Counselor", date(2027, 1, 1))], NOT_THESE),
        # Several credentials: the reason nearest to being allowed to sign.
        ([Held("peer", "Peer"), Held("lmft", "Therapist", date(2026, 1, 1))], EXPIRED),
        ([Held("unheard of", "?")], NOT_ALLOWED),
    ],
)
def test_a_refusal_gives_the_closest_reason(held: list[Held], reason: str) -> None:
    verdict = may_sign(held, Act.DIAGNOSE, DAY, TABLE, ["F33.1"])
    assert (verdict.allowed, verdict.reason) == (False, reason)


@given(
    st.sampled_from(sorted(TABLE)), st.sampled_from(list(Act)), st.dates(date(2000, 1, 1), date(2050, 1, 1))
)
def test_an_expired_license_signs_nothing(kind: str, act: Act, ends: date) -> None:
    verdict = may_sign([Held(kind, kind, ends)], act, DAY, TABLE, ["F10.20"])
    if TABLE[kind].needs_license and ends < DAY:
        assert not verdict.allowed


@pytest.mark.parametrize(
    ("code", "is_so"), [("F10.20", True), ("F19", True), ("F20.9", False), ("F09", False), ("Z72.0", False)]
)
def test_what_counts_as_substance_related(code: str, is_so: bool) -> None:
    assert substance_related(code) is is_so


@given(texts, texts, texts)
def test_merging_never_loses_a_text(
    began: dict[str, str], mine: dict[str, str], theirs: dict[str, str]
) -> None:
    """Each typed text is stored, or equal to what is stored, or untouched, or handed back beside theirs."""
    base = {key: fingerprint(text) for key, text in began.items()}
    merged = merge(base, mine, theirs)
    clashing = {clash.key: clash for clash in merged.clashes}
    for key, typed in mine.items():
        text, stored = tidy(typed), theirs[key]
        if key in clashing:
            assert (clashing[key].mine, clashing[key].theirs) == (text, stored)
            assert merged.texts[key] == stored
        elif key in merged.changed:
            assert merged.texts[key] == text
        else:
            assert merged.texts[key] == stored
            assert text == tidy(stored) or text == tidy(began[key])


@given(texts, texts)
def test_alone_on_a_form_everything_typed_is_stored(began: dict[str, str], mine: dict[str, str]) -> None:
    merged = merge({key: fingerprint(text) for key, text in began.items()}, mine, began)
    assert not merged.clashes
    assert {key: tidy(text) for key, text in merged.texts.items()} == {
        key: tidy(text) for key, text in mine.items()
    }


def test_two_people_in_different_parts_keep_both() -> None:
    base = {key: fingerprint("") for key in "ab"}
    merged = merge(base, {"a": "mine", "b": ""}, {"a": "", "b": "theirs"})
    assert merged.texts == {"a": "mine", "b": "theirs"} and not merged.clashes


@pytest.mark.parametrize(
    ("level", "given_texts", "missing"),
    [
        ("", {}, ["Choose the level of risk."]),
        ("none", {"suicide": "no", "violence": "no", "protective": "much"}, []),
        ("none", {"suicide": " ", "violence": "no", "protective": "much"}, ["Harm to self"]),
        (
            "elevated",
            {"suicide": "x", "violence": "x", "protective": "x"},
            ["Access to means", "What follows from it"],
        ),
        (
            "imminent",
            {"suicide": "x", "violence": "x", "protective": "x", "means": "x", "action": "x"},
            ["The emergency path: what was done"],
        ),
    ],
)
def test_what_a_statement_must_say(level: str, given_texts: dict[str, str], missing: list[str]) -> None:
    assert list(risk.missing(level, given_texts)) == missing


def test_only_no_risk_needs_no_plan() -> None:
    assert [level for level in risk.LEVELS if not risk.positive(level)] == ["none"]


def test_a_plan_must_address_the_surroundings() -> None:
    said = {part.key: "something" for part in plan.PARTS if part.needed}
    assert plan.missing(said) == ()
    assert [part.key for part in plan.missing(said | {"safer_surroundings": " "})] == ["safer_surroundings"]


@pytest.mark.parametrize(
    ("signed", "holds"), [(None, False), (date(2026, 10, 1), False), (DAY, True), (date(2026, 12, 1), True)]
)
def test_a_plan_from_an_earlier_treatment_is_gone_through_again(signed: date | None, holds: bool) -> None:
    assert plan.holds_for(signed, DAY) is holds


def test_the_signed_text_leaves_out_what_says_nothing() -> None:
    text = signed_text("Title", [("Person", "A. B."), ("Born", "")], [("One", "said"), ("Two", "  ")])
    assert text == "Title\n\nPerson: A. B.\n\nOne\nsaid\n"
