"""Discharge as rules: what each type asks for, and what a plan still lacks; two writers lose nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dayward.care.journey.models import (
    AdministrativeReason,
    AftercareCall,
    AlumniAttendance,
    AlumniEvent,
    DischargePlan,
    DischargeType,
    WeekOneItem,
)
from dayward.care.journey.rules import calls, first_week
from dayward.care.journey.rules.leaving import (
    ADMINISTRATIVE_REASONS,
    EXPLAINED,
    FAMILY,
    FOLLOWED,
    NEEDED,
    SOON,
    TEXTS,
    Ending,
    Visit,
    first_in_time,
    has_aftercare,
    lacking,
    plan_lacks,
)
from dayward.care.journey.rules.merge import fingerprint, merge, tidy

OUT = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
FULL = dict.fromkeys(TEXTS, "Settled")
WHEN = [Visit(OUT + timedelta(days=2))]


@pytest.mark.parametrize(
    ("ending", "missing"),
    [
        (Ending("COMP"), ()),
        (Ending("STEPDN"), ()),
        (Ending("AMA"), ("reason",)),
        (Ending("AMA", "Wants to go home"), ()),
        (Ending("INSUR"), ("reason",)),
        (Ending("ADMIN"), ("reason", "administrative_reason", "appeal")),
        (Ending("ADMIN", "Positive drug test", "drug_test", True), ("administrative_reason",)),
        (Ending("ADMIN", "Hit somebody", "threats", False), ("appeal",)),
        (Ending("ADMIN", "Hit somebody", "threats", True), ()),
    ],
)
def test_what_a_type_asks_for(ending: Ending, missing: tuple[str, ...]) -> None:
    assert lacking(ending) == missing


def test_no_reason_is_about_drug_tests() -> None:
    """4.3: a positive drug screen alone never discharges anybody."""
    words = " ".join([*ADMINISTRATIVE_REASONS, *ADMINISTRATIVE_REASONS.values()]).lower()
    assert not any(word in words for word in ("uds", "urine", "screen", "test", "positive"))


def test_rules_and_tables_know_the_same_words() -> None:
    assert set(ADMINISTRATIVE_REASONS) == set(AdministrativeReason.values)
    assert set(DischargeType.values) >= EXPLAINED | FOLLOWED
    assert set(FAMILY) == set(DischargePlan.Family.values)
    assert set(first_week.BY_KEY) == set(WeekOneItem.Kind.values)
    assert set(AftercareCall.Outcome.values) > calls.SETTLING
    fields = {field.name for field in DischargePlan._meta.concrete_fields}
    assert set(TEXTS) <= fields


def test_nothing_can_be_given_for_a_referral() -> None:
    """EKRA (18 USC 220), 7.4 (18): there is no field in which a reward could stand."""
    names = {
        field.name
        for model in (AftercareCall, AlumniAttendance, AlumniEvent)
        for field in model._meta.get_fields()
    }
    wrong = ("reward", "bonus", "gift", "amount", "credit", "points", "referral", "referred", "paid")
    assert not [name for name in names if any(word in name for word in wrong)]


@pytest.mark.parametrize("kind", DischargeType.values)
def test_who_is_called_after_discharge(kind: str) -> None:
    assert has_aftercare(kind) is (kind in {"COMP", "STEPDN", "XFER", "MED", "AMA", "ASA", "ADMIN", "INSUR"})


@pytest.mark.parametrize(
    ("after", "standing", "soon"),
    [
        (timedelta(0), True, True),
        (SOON, True, True),
        (SOON + timedelta(minutes=1), True, False),
        (timedelta(days=3), False, False),
        (timedelta(days=-1), True, False),
    ],
)
def test_seen_within_seven_days(after: timedelta, standing: bool, soon: bool) -> None:
    assert first_in_time([Visit(OUT + after, standing)], OUT) is soon


def test_a_plan_that_lacks_nothing() -> None:
    assert plan_lacks(FULL, ["secular"], "told", WHEN, OUT) == ()


@pytest.mark.parametrize("key", NEEDED)
def test_each_part_is_asked_for(key: str) -> None:
    assert plan_lacks({**FULL, key: "  "}, ["none"], "nobody", WHEN, OUT) == (key,)


def test_an_empty_plan_lacks_all_of_it() -> None:
    assert plan_lacks({}, [], "", [], OUT) == (*NEEDED, "supports", "family", "appointment")


@pytest.mark.parametrize(
    ("outcomes", "place"),
    [
        ([], None),
        (["no_answer"], None),
        (["no_answer", "no_answer"], None),
        (["no_answer", "no_answer", "no_answer"], 2),
        (["no_answer", "reached"], 1),
        (["left_message", "reached"], 0),
        (["declined"], 0),
    ],
)
def test_when_a_call_counts_as_made(outcomes: list[str], place: int | None) -> None:
    assert calls.settled_by(outcomes) == place


def test_the_next_call_is_the_first_that_is_open() -> None:
    assert calls.next_slot([]) == "72h"
    assert calls.next_slot(["72h", "30d"]) == "7d"
    assert calls.next_slot(list(calls.AFTERCARE)) == "365d"


@pytest.mark.parametrize(
    ("text", "goals"),
    [
        ("", ()),
        ("- Sleep\n\n * See my son ", ("Sleep", "See my son")),
        ("Sleep\nSleep", ("Sleep",)),
    ],
)
def test_goals_are_lines(text: str, goals: tuple[str, ...]) -> None:
    assert first_week.goals_of(text) == goals


@pytest.mark.parametrize(
    ("key", "text", "wrong"),
    [
        ("goals", "Sleep", "goals"),
        ("goals", "Sleep\nWork", ""),
        ("buddy", " ", "text"),
        ("orientation", "", ""),
    ],
)
def test_what_a_tick_wants(key: str, text: str, wrong: str) -> None:
    assert first_week.wanting(key, text) == wrong


texts = st.dictionaries(st.sampled_from("abc"), st.text("xyz \n", max_size=4))


@given(before=texts, mine=texts, theirs=texts)
def test_two_writers_lose_nothing(
    before: dict[str, str], mine: dict[str, str], theirs: dict[str, str]
) -> None:
    """Whatever somebody wrote stands, or comes back to the one who wrote it."""
    start = {key: tidy(before.get(key, "")) for key in "abc"}
    base = {key: fingerprint(text) for key, text in start.items()}
    stands = merge(start, theirs, base)
    assert not stands.clashes
    second = merge(stands.values, mine, base)
    for key, typed in mine.items():
        kept = second.values[key] == tidy(typed) or tidy(typed) == start[key]
        assert kept or any(clash.key == key and clash.typed == tidy(typed) for clash in second.clashes)
    for key, typed in theirs.items():
        if tidy(typed) != start[key] and second.values[key] != tidy(typed):
            raise AssertionError("what the first wrote was lost")
