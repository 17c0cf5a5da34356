"""Whom a role is about; which openings compliance looks at first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dayward.foundation.access.rules import (
    AccountDay,
    AccountReason,
    Opened,
    Reason,
    account_reasons,
    is_about,
    ranked,
    ranked_accounts,
    reasons,
)

PLAIN = Opened(
    actor="a",
    person="p",
    day=date(2026, 3, 4),
    first_at=datetime(2026, 3, 4, 15, tzinfo=UTC),
    views=3,
    at_night=0,
    refused=0,
    through=frozenset({"care_team"}),
    acted=True,
    most_an_hour=4,
)
R = Reason


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({}, ()),
        ({"acted": False}, (R.NO_ACT,)),
        ({"acted": False, "through": frozenset({"role"})}, ()),  # reading for all is their work
        ({"through": frozenset({"break_glass"})}, (R.BREAK_GLASS,)),
        ({"through": frozenset({"break_glass"}), "acted": False}, (R.BREAK_GLASS, R.NO_ACT)),
        ({"watched": True}, (R.WATCHED,)),
        ({"watched": True, "views": 0, "refused": 1}, (R.REFUSED,)),  # nothing was seen
        ({"at_night": 1}, (R.AT_NIGHT,)),
        ({"most_an_hour": 19}, ()),
        ({"most_an_hour": 20}, (R.MANY,)),
        ({"refused": 2, "views": 0, "acted": False}, (R.REFUSED,)),
        ({"same_family_name": True}, (R.SAME_FAMILY_NAME,)),
        ({"same_family_name": True, "same_name": True}, (R.SAME_NAME,)),
        ({"same_family_name": True, "same_name": True, "same_contact": True}, (R.OWN_CHART,)),
        ({"same_contact": True}, ()),  # a shared house phone alone says little
    ],
)
def test_what_is_out_of_the_ordinary(change: dict[str, Any], why: tuple[Reason, ...]) -> None:
    assert reasons(replace(PLAIN, **change)) == why


def test_an_example_worked_out() -> None:
    """As docs/access.md tells it, in any order they come in."""
    glass = replace(PLAIN, through=frozenset({"break_glass"}), at_night=1, acted=False)
    namesake = replace(PLAIN, same_name=True, same_family_name=True)
    watched = replace(PLAIN, watched=True, at_night=1)
    family = replace(PLAIN, same_family_name=True)
    told = [
        replace(one, person=str(place)) for place, one in enumerate((family, watched, PLAIN, namesake, glass))
    ]
    assert [(line.opened.person, line.weight) for line in ranked(told)] == [
        ("4", 75),
        ("3", 60),
        ("1", 55),
        ("0", 35),
    ]


def test_reading_without_acting_alone_is_no_line() -> None:
    assert ranked([replace(PLAIN, acted=False), PLAIN]) == []


OPENINGS = st.builds(
    Opened,
    actor=st.just("a"),
    person=st.sampled_from(["p", "q"]),
    day=st.just(date(2026, 3, 4)),
    first_at=st.integers(0, 86399).map(lambda second: datetime.fromtimestamp(1772582400 + second, UTC)),
    views=st.integers(0, 9),
    at_night=st.integers(0, 2),
    refused=st.integers(0, 2),
    through=st.frozensets(st.sampled_from(["role", "care_team", "break_glass"])),
    acted=st.booleans(),
    most_an_hour=st.integers(0, 40),
    same_family_name=st.booleans(),
    same_name=st.booleans(),
    same_contact=st.booleans(),
)


@given(st.lists(OPENINGS, max_size=12))
def test_the_heaviest_come_first_and_break_glass_is_never_left_out(openings: list[Opened]) -> None:
    found = ranked(openings)
    assert all(one.weight >= other.weight for one, other in pairwise(found))
    glass = {(one.actor, one.person) for one in openings if "break_glass" in one.through}
    assert glass <= {(one.opened.actor, one.opened.person) for one in found}
    assert sum(one.charts for one in found) == sum(bool(set(reasons(one)) - {R.NO_ACT}) for one in openings)


@pytest.mark.parametrize(
    ("acts", "guesses", "why"),
    [
        ({"added"}, 0, ()),
        ({"added", "link"}, 0, ()),
        ({"added", "chart_role"}, 0, (AccountReason.CHART_ROLE,)),
        ({"added", "chart_role", "link"}, 0, (AccountReason.MADE_AND_OPENED,)),
        ({"reset"}, 0, (AccountReason.FACTOR_RESET,)),
        ({"reset", "link"}, 0, (AccountReason.TAKEN_OVER,)),
        (set(), 9, ()),
        (set(), 10, (AccountReason.GUESSED,)),
    ],
)
def test_accounts(acts: set[str], guesses: int, why: tuple[AccountReason, ...]) -> None:
    assert account_reasons(AccountDay("a", "b", date(2026, 3, 4), frozenset(acts), guesses)) == why


def test_an_account_made_up_stands_before_all_others() -> None:
    day = date(2026, 3, 4)
    guessed = AccountDay("", "x", date(2026, 3, 9), frozenset(), 500)
    made = AccountDay("a", "b", day, frozenset({"added", "chart_role", "link"}))
    assert [one for one, _why in ranked_accounts([guessed, made])] == [made, guessed]


@pytest.mark.parametrize(
    ("role_for", "belongs_to", "answer"),
    [
        ((), (), True),
        ((), ("day",), True),
        (("day",), (), True),
        (("day",), ("day",), True),
        (("day", "youth"), ("evening", "youth"), True),
        (("day",), ("evening",), False),
        (("day", "youth"), ("evening", "night"), False),
    ],
)
def test_whom_a_role_is_about(role_for: tuple[str, ...], belongs_to: tuple[str, ...], answer: bool) -> None:
    assert is_about(role_for, belongs_to) is answer
