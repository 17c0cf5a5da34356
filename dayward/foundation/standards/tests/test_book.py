"""Which rules hold where and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dayward.foundation.standards.rules.book import Own, Place, Use, holds, rules_for
from dayward.foundation.standards.rules.pack import Authority, Length, Pack, Pattern, Rule, Scope, Unit

DAY = date(2026, 3, 10)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)


def rule(key: str = "plan.review", **more: object) -> Rule:
    plain: dict[str, object] = {
        **dict.fromkeys(("title", "why", "source", "citation"), "x"),
        "key": key,
        "pack": "p",
        "role": "therapist",
        "after": (Pattern("start"),),
        "done": (Pattern("done"),),
        "within": Length(14, Unit.DAYS),
        "confidence": "policy",
    }
    return Rule(**{**plain, **more})  # type: ignore[arg-type]


def pack(scope: Scope, *rules: Rule, key: str = "p") -> Pack:
    return Pack(key, key, "c", scope, date.min, None, ("x",), rules or (rule(),))


POLICY = pack(Scope(Authority.POLICY))
STATE = pack(Scope(Authority.STATE, ("MN",), frozenset({"substance_use"})))
PAYER = pack(Scope(Authority.PAYER, ("medicare",)))
ACCREDITOR = pack(Scope(Authority.ACCREDITOR, ("carf",)))
MEDI_CAL = pack(Scope(Authority.STATE, ("CA",), payers=frozenset({"medicaid"})))
DULUTH = Place(1, "MN", "sud", "substance_use", "adult")
PAID = (("medicare", DAY, None),)


@pytest.mark.parametrize(
    ("pack", "place", "on"),
    [
        (POLICY, DULUTH, [True, True]),
        (STATE, DULUTH, [True, True]),
        (STATE, replace(DULUTH, state="WI"), [False, False]),
        (STATE, replace(DULUTH, stream="mental_health"), [False, False]),  # 245G is SUD only
        (PAYER, DULUTH, [False, False]),
        (PAYER, replace(DULUTH, payers=PAID), [False, True]),  # covered from that day on
        (MEDI_CAL, Place(1, "CA", payers=(("medicaid", date.min, DAY),)), [True, False]),
        (MEDI_CAL, Place(1, "CA", payers=PAID), [False, False]),
        (ACCREDITOR, DULUTH, [False, False]),  # until the clinic says so
    ],
)
def test_where_a_pack_holds_by_itself(pack: Pack, place: Place, on: list[bool]) -> None:
    assert [holds(pack, place, (), day) for day in (BEFORE, DAY)] == on


@pytest.mark.parametrize(
    ("pack", "use", "on"),
    [
        (ACCREDITOR, Use("p", 1, "", True, DAY, None), [False, True, True]),
        (ACCREDITOR, Use("p", 1, "", True, DAY, AFTER), [False, True, False]),
        (ACCREDITOR, Use("p", 2, "", True, DAY, None), [False, False, False]),  # another site
        (ACCREDITOR, Use("p", 1, "teen", True, DAY, None), [False, False, False]),  # another program
        (STATE, Use("p", 1, "", False, DAY, AFTER), [True, False, True]),
        (PAYER, Use("p", 1, "", True, DAY, None), [False, False, False]),  # for whom nobody of them pays
        (ACCREDITOR, Use("q", 1, "", True, DAY, None), [False, False, False]),
    ],
)
def test_what_the_clinic_says_goes_first(pack: Pack, use: Use, on: list[bool]) -> None:
    assert [holds(pack, DULUTH, [use], day) for day in (BEFORE, DAY, AFTER)] == on


def test_what_is_said_of_a_program_goes_before_what_is_said_of_its_site() -> None:
    uses = [Use("p", 1, "sud", True, DAY, None), Use("p", 1, "", False, date.min, None)]
    assert [holds(STATE, DULUTH, uses, day) for day in (BEFORE, DAY)] == [False, True]


def own(
    days: int, since: date, until: date | None = None, site: int | None = None, asked: bool = True
) -> Own:
    mine = rule(within=Length(days, Unit.DAYS), effective_from=since, effective_to=until, policy=1)
    return Own(mine, site, asked)


def on(day: date, words: list[Own], place: Place = DULUTH) -> list[int]:
    return [
        each.within.amount
        for each in rules_for(place, [POLICY], (), words)
        if each.effective_from <= day and (each.effective_to is None or day < each.effective_to)
    ]


def test_the_clinics_number_holds_from_its_day_to_its_end() -> None:
    words = [own(7, DAY, DAY + timedelta(days=9))]
    assert [on(day, words) for day in (BEFORE, DAY, DAY + timedelta(days=9))] == [[14], [7], [14]]


def test_a_sites_own_number_goes_before_the_clinics() -> None:
    words = [own(7, date.min), own(5, DAY, AFTER, site=1)]
    assert [on(day, words) for day in (BEFORE, DAY, AFTER)] == [[7], [5], [7]]
    assert on(DAY, words, replace(DULUTH, site=2)) == [7]


def test_what_the_clinic_no_longer_asks_is_not_asked() -> None:
    assert [on(day, [own(7, DAY, asked=False)]) for day in (BEFORE, DAY)] == [[14], []]


SPANS = st.tuples(st.integers(0, 60), st.integers(1, 30)).map(
    lambda pair: (DAY + timedelta(days=pair[0]), DAY + timedelta(days=pair[0] + pair[1]))
)


@given(
    st.lists(st.tuples(SPANS, st.sampled_from([None, 1]), st.booleans()), max_size=5),
    st.lists(st.tuples(SPANS, st.sampled_from(["", "sud"]), st.booleans()), max_size=5),
)
def test_two_rules_of_one_key_never_hold_on_the_same_day(
    words: list[tuple[tuple[date, date], int | None, bool]],
    uses: list[tuple[tuple[date, date], str, bool]],
) -> None:
    mine = [own(7, since, until, site, asked) for (since, until), site, asked in _apart(words)]
    said = [Use("p", 1, program, applies, since, until) for (since, until), program, applies in _apart(uses)]
    found = rules_for(DULUTH, [STATE], said, mine)
    for day in (DAY + timedelta(days=each) for each in range(95)):
        held = [
            each
            for each in found
            if each.effective_from <= day and (each.effective_to is None or day < each.effective_to)
        ]
        assert len(held) <= 1
        if not any(since <= day < until for (since, until), _site, _asked in words):
            assert bool(held) == holds(STATE, DULUTH, said, day)


def _apart(rows: list[tuple[tuple[date, date], Any, bool]]) -> list[tuple[tuple[date, date], Any, bool]]:
    """As the database keeps them: of one site (or program) never two at a time."""
    kept: list[tuple[tuple[date, date], Any, bool]] = []
    for row in rows:
        if all(row[1] != other[1] or row[0][1] <= other[0][0] or other[0][1] <= row[0][0] for other in kept):
            kept.append(row)
    return kept
