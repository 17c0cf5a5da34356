"""Each day belongs to exactly one service week, however often the definition changes."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dayward.care.attendance.rules.weeks import Era, service_week
from dayward.kernel.time import WeekDefinition

SUNDAY, MONDAY, ROLLING = WeekDefinition.SUNDAY, WeekDefinition.MONDAY, WeekDefinition.ROLLING
LONG_AGO = date(2026, 1, 1)


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


# What holds -> the weeks around the change. 2026-11-01 is a Sunday.
EXAMPLES = [
    ("never changed", [Era(LONG_AGO, SUNDAY)], [("11-01", 7), ("11-08", 7)]),
    (
        "from Sunday to Monday, on a Wednesday: the week ends as it began, and one day is left over",
        [Era(LONG_AGO, SUNDAY), Era(day("11-11"), MONDAY)],
        [("11-08", 7), ("11-15", 1), ("11-16", 7)],
    ),
    (
        "from Monday to Sunday, on a Monday: six days are left over",
        [Era(LONG_AGO, MONDAY), Era(day("11-09"), SUNDAY)],
        [("11-02", 7), ("11-09", 6), ("11-15", 7)],
    ),
    (
        "from Sunday to rolling from a Thursday",
        [Era(LONG_AGO, SUNDAY), Era(day("11-10"), ROLLING, first=day("10-01"))],
        [("11-08", 7), ("11-15", 4), ("11-19", 7)],
    ),
    (
        "changed and changed back within one week: nothing is short",
        [Era(LONG_AGO, SUNDAY), Era(day("11-10"), MONDAY), Era(day("11-12"), SUNDAY)],
        [("11-08", 7), ("11-15", 7)],
    ),
    (
        "another stay, weeks later: its own first week is whole",
        [Era(LONG_AGO, ROLLING, first=day("10-01"), until=day("10-20")), Era(day("11-11"), SUNDAY)],
        [("11-08", 7), ("11-15", 7)],
    ),
    (
        "another stay, in the week in which the one before ended",
        [Era(LONG_AGO, ROLLING, first=day("10-01"), until=day("11-06")), Era(day("11-11"), SUNDAY)],
        [("11-05", 7), ("11-12", 3), ("11-15", 7)],
    ),
]


@pytest.mark.parametrize(("what", "eras", "weeks"), EXAMPLES, ids=[each[0] for each in EXAMPLES])
def test_worked_examples(what: str, eras: list[Era], weeks: list[tuple[str, int]]) -> None:
    found, on = [], day(weeks[0][0])
    for _each in weeks:
        week = service_week(on, eras)
        found.append((f"{week.start:%m-%d}", week.days))
        on = week.end
    assert found == weeks


@st.composite
def all_eras(draw: st.DrawFn) -> list[Era]:
    since = date(2026, 3, 1)
    found: list[Era] = []
    for _each in range(draw(st.integers(1, 6))):
        definition = draw(st.sampled_from(WeekDefinition))
        first = since + timedelta(days=draw(st.integers(-20, 20)))
        lasts, gap = draw(st.integers(1, 40)), draw(st.sampled_from([0, 0, 1, 4, 9, 30]))
        ends = since + timedelta(days=lasts)
        found.append(
            Era(since, definition, first if definition is ROLLING else None, until=ends if gap else None)
        )
        since = ends + timedelta(days=gap)
    return found


@given(all_eras())
def test_each_day_belongs_to_exactly_one_week(eras: list[Era]) -> None:
    days = [eras[0].since + timedelta(days=n) for n in range(-20, 300)]
    weeks = [service_week(each, eras) for each in days]
    assert all(week.holds(each) for week, each in zip(weeks, days, strict=True))
    assert all(1 <= week.days <= 7 for week in weeks)
    distinct = sorted(set(weeks), key=lambda week: week.start)
    assert all(one.end == other.start for one, other in pairwise(distinct))
    for week in distinct[1:-1]:
        inside = [week.start + timedelta(days=n) for n in range(week.days)]
        assert {service_week(each, eras) for each in inside} == {week}


@given(all_eras())
def test_a_week_belongs_to_a_definition_that_is_in_force_when_it_begins(eras: list[Era]) -> None:
    """While treatment goes on. A short week comes only once after each change."""
    together = [Era(era.since, era.definition, era.first) for era in eras]
    on, short = eras[0].since, 0
    while on < eras[-1].since + timedelta(days=30):
        week = service_week(on, together)
        if week.start >= eras[0].since:
            holding = [era for era in together if era.since <= week.start][-1]
            assert week.definition is holding.definition
        short += week.short
        on = week.end
    assert short <= len(eras) - 1
