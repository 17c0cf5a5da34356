"""Limits and checks: each pack's worked examples, and what a pack may not say."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dayward.care.schedule import library
from dayward.care.schedule.rules.checks import (
    SENTENCES,
    Finding,
    Leader,
    Meeting,
    Planned,
    check_caseload,
    check_meeting,
    check_week,
)
from dayward.care.schedule.rules.limits import Check, Confidence, Limit, Malformed, limits_for, read_limits


def keys(found: tuple[Finding, ...]) -> list[str]:
    assert all(str(each) for each in found)
    return sorted(each.limit.key for each in found)


def worked(kind: str) -> list[tuple[str, dict[str, Any]]]:
    return [(name, row) for name in library.names() for row in library.examples(name).get(kind, ())]


def held(pack: str, row: dict[str, Any]) -> tuple[Limit, ...]:
    """The pack's limits in one of its states, with the clinic's own numbers of the example."""
    found = library.pack(pack)
    state = next(iter(sorted(found.states)), "")
    return limits_for([found], state=state, day=date(2026, 3, 2), own=row.get("own", {}))


def leader(given: dict[str, Any]) -> Leader:
    supervisor = given.get("supervisor")
    return Leader(
        "Ana Rivera",
        frozenset(given.get("credentials", ())),
        frozenset(given.get("expired", ())),
        None if supervisor is None else frozenset(supervisor),
    )


@pytest.mark.parametrize(("pack", "row"), worked("meeting"), ids=lambda each: str(each)[:60])
def test_worked_examples_of_sessions(pack: str, row: dict[str, Any]) -> None:
    meeting = Meeting(
        form=row["form"],
        taken=row["taken"],
        leaders=tuple(map(leader, row.get("leaders", ()))),
        age=row.get("age", ""),
        stream=row.get("stream", ""),
        group=row.get("group", True),
    )
    found = check_meeting(held(pack, row), meeting)
    assert (
        keys(tuple(each for each in found if each.limit.is_of_payers(row.get("payers", ()))))
        == row["findings"]
    )


@pytest.mark.parametrize(("pack", "row"), worked("week"), ids=lambda each: str(each)[:60])
def test_worked_examples_of_weeks(pack: str, row: dict[str, Any]) -> None:
    minutes = {date.fromisoformat(day): count for day, count in row["minutes"].items()}
    planned = Planned(row["start"], minutes, frozenset(row.get("closed", ())), row.get("began"))
    assert keys(check_week(held(pack, row), planned)) == row["findings"]


@pytest.mark.parametrize(("pack", "row"), worked("program"), ids=lambda each: str(each)[:60])
def test_worked_examples_of_programs(pack: str, row: dict[str, Any]) -> None:
    found = check_caseload(
        held(pack, row),
        people=row["people"],
        counselors=row["counselors"],
        age=row.get("age", ""),
        stream=row.get("stream", ""),
    )
    assert keys(found) == row["findings"]


def test_every_limit_has_an_example_that_finds_it_and_one_that_does_not() -> None:
    rows = [*worked("meeting"), *worked("week"), *worked("program")]
    for pack in library.packs():
        mine = [row for name, row in rows if name == pack.key]
        assert any(not row["findings"] for row in mine)
        assert {key for row in mine for key in row["findings"]} == {limit.key for limit in pack.limits}


def test_every_check_has_its_sentence() -> None:
    assert set(SENTENCES) == set(Check)


def one(**changes: Any) -> dict[str, Any]:
    row = {
        "key": "x.most",
        "check": "group_most",
        "title": "Most",
        "number": 12,
        "source": "2.10",
        "citation": "Somewhere",
        "confidence": "policy",
        **changes,
    }
    return {"pack": {"key": "x", "title": "X", "citation": "X"}, "limit": [row]}


@pytest.mark.parametrize(
    "changes",
    [
        {"confidence": "memory", "hard": True},
        {"confidence": "secondary", "hard": True},
        {"check": "phase of the moon"},
        {"confidence": "rumor"},
        {"nummer": 12},
        {"unset": True},  # and a number
        {"unset": True, "number": 0, "confidence": "verified"},  # a state says how many
    ],
)
def test_what_a_pack_may_not_say(changes: dict[str, Any]) -> None:
    with pytest.raises((Malformed, ValueError)):
        read_limits(one(**changes))


def test_what_was_read_at_its_source_may_be_hard() -> None:
    (limit,) = read_limits(one(confidence="verified", hard=True)).limits
    assert limit.hard


@pytest.mark.parametrize(
    ("own", "number"),
    [({}, 12), ({"x.most": 10}, 10), ({"x.most": 0}, None), ({"other": 3}, 12)],
)
def test_the_clinic_changes_its_own_policy(own: dict[str, int], number: int | None) -> None:
    found = limits_for([read_limits(one())], state="IL", day=date(2026, 3, 2), own=own)
    assert [limit.number for limit in found] == ([] if number is None else [number])


@pytest.mark.parametrize(("own", "number"), [({}, None), ({"x.most": 0}, None), ({"x.most": 10}, 10)])
def test_what_waits_for_the_clinics_number_is_not_looked_at(own: dict[str, int], number: int | None) -> None:
    pack = read_limits(one(number=0, unset=True))
    found = limits_for([pack], state="IL", day=date(2026, 3, 2), own=own)
    assert [limit.number for limit in found] == ([] if number is None else [number])


def test_it_does_not_change_what_a_state_says() -> None:
    pack = read_limits(one(confidence="verified"))
    (limit,) = limits_for([pack], state="IL", day=date(2026, 3, 2), own={"x.most": 30})
    assert limit.number == 12


@pytest.mark.parametrize(
    ("day", "holds"), [(date(2026, 1, 31), False), (date(2026, 2, 1), True), (date(2026, 3, 1), False)]
)
def test_a_limit_has_its_dates(day: date, holds: bool) -> None:
    pack = read_limits(one(effective_from=date(2026, 2, 1), effective_to=date(2026, 3, 1)))
    assert bool(limits_for([pack], state="IL", day=day)) is holds


def test_a_state_speaks_for_itself_only() -> None:
    here = {limit.pack for limit in limits_for(library.packs(), state="WY", day=date(2026, 3, 2))}
    assert here == {"generic", "medicare", "wyoming"}


MOST = Limit("x", "x", Check.GROUP_MOST, "Most", "2.10", "x", Confidence.POLICY, number=12)


@given(st.integers(0, 40), st.integers(0, 40))
def test_more_people_never_mend_a_group_that_is_too_large(few: int, more: int) -> None:
    found = [bool(check_meeting([MOST], Meeting("group", few + extra))) for extra in (0, more)]
    assert found == sorted(found)
