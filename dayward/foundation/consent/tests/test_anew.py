"""Newer words that ask to be signed again: of whom, from when, and what settles it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dayward.foundation.consent.rules.anew import SHIPPED, Said, Signed, What, Words, asked_anew


def at(day: int) -> datetime:
    return datetime(2026, 3, day, tzinfo=UTC)


def words(day: int) -> Words:
    return Words(f"t{day}", date(2026, 3, day), at(day))


OLD, SINCE = Signed(at(2), SHIPPED), at(1)
NEW = Signed(at(12), date(2026, 3, 10))


@pytest.mark.parametrize(
    ("signed", "said"),
    [
        ([OLD], {What.ASKED: 10}),
        ([], {}),  # who signed nothing is asked by the packet, not anew
        ([NEW], {}),
        ([OLD, NEW], {What.ASKED: 10, What.SIGNED: 12}),
        ([OLD, Signed(at(12), SHIPPED)], {What.ASKED: 10}),  # the older words once more settle nothing
        ([Signed(at(2), SHIPPED, at(9))], {}),  # bound no longer when the day came
        ([Signed(at(2), SHIPPED, at(14))], {What.ASKED: 10, What.ENDED: 14}),
        (
            [Signed(at(12), SHIPPED)],
            {What.ASKED: 12},
        ),  # a form prepared with the older words, signed afterwards
    ],
)
def test_one_version(signed: list[Signed], said: dict[What, int]) -> None:
    found = asked_anew([words(10)], signed, [], SINCE)
    assert found == [Said(what, at(day), "t10") for what, day in said.items()]


def test_a_version_after_it_asks_instead() -> None:
    found = asked_anew([words(20), words(10)], [OLD], [], SINCE)
    assert found == [
        Said(What.ASKED, at(10), "t10"),
        Said(What.ENDED, at(20), "t10"),
        Said(What.ASKED, at(20), "t20"),
    ]


def test_who_comes_later_is_asked_when_they_come_unless_they_signed_meanwhile() -> None:
    assert asked_anew([words(10)], [OLD], [], at(15)) == [Said(What.ASKED, at(15), "t10")]
    assert asked_anew([words(10)], [OLD, NEW], [], at(15)) == []


def test_no_is_an_answer() -> None:
    said = asked_anew([words(10)], [OLD], [at(5), at(11)], SINCE)
    assert [each.what for each in said] == [What.ASKED, What.DECLINED]
