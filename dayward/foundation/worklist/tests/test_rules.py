from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dayward.foundation.standards.rules.pack import Length, Unit
from dayward.foundation.standards.words import length
from dayward.foundation.worklist.rules import Away, Item, Standing, away, grouped, standing
from dayward.foundation.worklist.words import when

CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 3, 6, 20, tzinfo=UTC)  # Friday, 2 pm


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHICAGO).astimezone(UTC)


@pytest.mark.parametrize(
    ("due", "hard", "expected", "said"),
    [
        ("2026-03-06 13:59:59", None, Standing.LATE, "1 minute late"),
        ("2026-03-06 13:20", "2026-03-06 13:50", Standing.PAST_HARD_LINE, "40 minutes late"),
        ("2026-03-06 13:20", "2026-03-06 14:50", Standing.LATE, "40 minutes late"),
        ("2026-03-06 13:00", None, Standing.LATE, "1 hour late"),
        ("2026-03-04 15:00", None, Standing.LATE, "47 hours late"),
        ("2026-03-03 23:59:59", None, Standing.LATE, "3 days late"),
        ("2026-03-06 15:40", None, Standing.TODAY, "by 3:40 PM"),
        ("2026-03-06 23:59:59", None, Standing.TODAY, "today"),
        ("2026-03-07 09:00", None, Standing.SOON, "tomorrow"),
        ("2026-03-08 23:59:59", None, Standing.SOON, "Sun, Mar 8"),  # over the change of the clock
        ("2026-03-13 13:00", None, Standing.SOON, "Fri, Mar 13"),
        ("2026-03-20 23:59:59", None, Standing.LATER, "Fri, Mar 20"),
    ],
)
def test_how_a_due_reads(due: str, hard: str | None, expected: Standing, said: str) -> None:
    found = standing(local(due), local(hard) if hard else None, NOW, CHICAGO)
    assert found is expected
    assert when(local(due), found, NOW, CHICAGO) == said


@pytest.mark.parametrize(
    ("of", "said"),
    [
        (Length(10, Unit.MINUTES), "10 minutes"),
        (Length(72, Unit.HOURS), "72 hours"),
        (Length(1, Unit.DAYS), "1 day"),
        (Length(0, Unit.DAYS), "the same day"),
    ],
)
def test_lengths_in_words(of: Length, said: str) -> None:
    assert length(of) == said


@given(st.timedeltas(timedelta(days=-400), timedelta(days=400)))
def test_what_is_late_has_an_amount_and_what_is_ahead_is_not_late(distance: timedelta) -> None:
    found = standing(NOW + distance, None, NOW, CHICAGO)
    assert found.is_late == (distance < timedelta())
    assert away(NOW + distance, NOW, CHICAGO).amount >= 1


def test_days_away_are_days_of_the_calendar() -> None:
    assert away(local("2026-03-03 23:59:59"), local("2026-03-06 00:30"), CHICAGO) == Away(3, Unit.DAYS)


def item(number: int, rule: str, person: int, *, by_thing: bool = False, hour: int = 9) -> Item:
    return Item(number, rule, person, by_thing, datetime(2026, 3, 6, hour, tzinfo=UTC))


def test_the_notes_of_one_session_are_one_line() -> None:
    notes = [item(n, "note.service", n, by_thing=True) for n in range(3)]
    other = item(3, "note.service", 1, by_thing=True, hour=11)
    assert grouped([*notes, other]) == [(0, 1, 2), (3,)]


def test_one_persons_dues_of_a_family_are_one_line_and_two_people_two() -> None:
    first_week = [item(0, "week_one.goals", 1), item(1, "plan.signed", 1), item(2, "week_one.buddy", 1)]
    assert grouped([*first_week, item(3, "week_one.buddy", 2)]) == [(0, 2), (1,), (3,)]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["note.service", "week_one.goals", "week_one.buddy", "plan.signed"]),
            st.integers(1, 3),
            st.booleans(),
            st.integers(8, 10),
        )
    )
)
def test_grouping_loses_and_doubles_nothing(rows: list[tuple[str, int, bool, int]]) -> None:
    items = [
        item(n, rule, person, by_thing=thing, hour=hour) for n, (rule, person, thing, hour) in enumerate(rows)
    ]
    found = [number for group in grouped(items) for number in group]
    assert sorted(found) == list(range(len(items)))
    assert [group[0] for group in grouped(items)] == sorted(group[0] for group in grouped(items))
