"""The week's count: table 5.6 as far as the rules go, and properties."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dayward.care.attendance.rules.hours import Held, Outcome, Presence, Week, count_hours
from dayward.care.attendance.rules.settings import Settings
from dayward.care.attendance.rules.verdicts import WeekVerdict, explain, judge_week
from dayward.kernel.spans import Span, minutes, total, union
from dayward.kernel.time import at

CHICAGO = ZoneInfo("America/Chicago")
SUNDAY = date(2026, 11, 22)
MON, WED, FRI, SAT = (SUNDAY + timedelta(days=n) for n in (1, 3, 5, 6))


def session(
    number: int, day: date, start: str, end: str, *breaks: tuple[str, str], counts: bool = True
) -> Held:
    return Held(number, span(day, start, end), tuple(span(day, *each) for each in breaks), counts)


def span(day: date, start: str, end: str) -> Span:
    return Span(at(day, time.fromisoformat(start), CHICAGO), at(day, time.fromisoformat(end), CHICAGO))


def week(sessions: list[Held], there: list[Presence]) -> Week:
    return count_week(SUNDAY, sessions, there, CHICAGO)


def count_week(start: date, sessions: list[Held], there: list[Presence], zone: ZoneInfo) -> Week:
    """With the settings that deny nothing, and without the sessions the program canceled."""
    found = count_hours(start, sessions, there, zone, Settings())
    return replace(
        found, credits=tuple(each for each in found.credits if each.outcome is not Outcome.CANCELLED)
    )


def judge(counted: Week, *, floor: int, exempt: str = "") -> WeekVerdict:
    return judge_week(counted, prescribed=0, settings=Settings(floor_minutes=floor), exemption=exempt)


# Requirements 5.6: adult, floor 9 h delivered, Sunday week, breaks out. Minutes per day; None is a no-show.
TABLE_5_6 = [
    ("A", {MON: 190, WED: 185, FRI: 190}, "", 565, True, False),
    ("B", {MON: 190, WED: 170, FRI: 190}, "", 550, True, False),
    ("C", {MON: 190, WED: None, FRI: 190}, "", 380, False, True),
    ("D", {MON: 190, WED: None, FRI: 190, SAT: 165}, "", 545, True, False),
    ("E", {WED: 185, FRI: 190}, "holiday", 375, False, False),
]


@pytest.mark.parametrize(("row", "days", "exempt", "delivered", "met", "alert"), TABLE_5_6)
def test_table_5_6(
    row: str, days: dict[date, int | None], exempt: str, delivered: int, met: bool, alert: bool
) -> None:
    sessions = [session(n, day, "17:00", "20:25") for n, day in enumerate(days)]
    there = [
        Presence(n, Span(sessions[n].span.start, sessions[n].span.start + timedelta(minutes=present)))
        for n, present in enumerate(days.values())
        if present
    ]
    verdict = judge(week(sessions, there), floor=540, exempt=exempt)
    assert verdict.delivered == delivered
    assert (verdict.met, verdict.alert) == (met, alert)


def test_breaks_are_out_three_groups_of_fifty_minutes_are_150() -> None:
    """5.5: 10:00-12:50 with two breaks of ten minutes is 150 clinical minutes."""
    day = session(1, MON, "10:00", "12:50", ("10:50", "11:00"), ("11:50", "12:00"))
    counted = week([day], [Presence(1, day.span)])
    assert counted.delivered == 150
    assert counted.scheduled == 150


def test_ten_minutes_late_at_exactly_nine_hours_fails() -> None:
    sessions = [session(n, day, "17:00", "20:00") for n, day in enumerate((MON, WED, FRI))]
    there = [
        Presence(0, span(MON, "17:10", "20:00")),
        Presence(1, sessions[1].span),
        Presence(2, sessions[2].span),
    ]
    verdict = judge(week(sessions, there), floor=540)
    assert verdict.delivered == 530
    assert not verdict.met
    assert verdict.short_by == 10


def test_a_pull_out_takes_its_minutes_out_of_the_group() -> None:
    group = session(1, MON, "17:00", "20:00")
    visit = session(2, MON, "18:00", "18:25", counts=False)
    counted = week([group, visit], [Presence(1, group.span), Presence(2, visit.span)])
    assert counted.delivered == 155
    assert [credit.minutes for credit in counted.credits] == [155, 25]


def test_a_minute_goes_to_the_session_that_ends_first_when_both_begin_together() -> None:
    long, short = session(1, MON, "17:00", "18:00"), session(2, MON, "17:00", "17:30")
    counted = week([long, short], [Presence(1, long.span), Presence(2, short.span)])
    assert [counted.credit_of(1).minutes, counted.credit_of(2).minutes] == [30, 30]  # type: ignore[union-attr]


def test_who_was_there_too_short_reads_the_minutes_that_were_held_against_the_share() -> None:
    """Fifty minutes with ten of a break are 40 of 100, which is less than half."""
    group, half = (
        session(1, MON, "09:00", "11:00", ("09:40", "10:00")),
        Settings(minimum_presence=Fraction(1, 2)),
    )
    (credit,) = count_hours(
        SUNDAY, [group], [Presence(1, span(MON, "09:00", "09:50"))], CHICAGO, half
    ).credits
    assert credit.outcome is Outcome.TOO_SHORT
    assert str(explain(credit, half)).startswith("40 min there, less than 50 % of the session")


def test_taking_is_decided_by_presence_before_breaks() -> None:
    """Whoever was in the visit was not in the group, also during the visit's break."""
    group = session(1, MON, "17:00", "19:00")
    visit = session(2, MON, "17:30", "18:30", ("17:50", "18:10"))
    counted = week([group, visit], [Presence(1, group.span), Presence(2, visit.span)])
    assert counted.credit_of(1).minutes == 60  # type: ignore[union-attr]
    assert counted.credit_of(2).minutes == 40  # type: ignore[union-attr]


def test_a_cancelled_session_credits_nobody_and_takes_nothing() -> None:
    group = session(1, MON, "17:00", "18:00")
    gone = Held(2, span(MON, "17:30", "18:00"), cancelled=True)
    counted = week([group, gone], [Presence(1, group.span), Presence(2, gone.span)])
    assert counted.delivered == 60
    assert counted.credit_of(2) is None


def test_sessions_of_other_weeks_are_left_out() -> None:
    before = session(1, SUNDAY - timedelta(days=1), "17:00", "18:00")
    assert week([before], [Presence(1, before.span)]).credits == ()


def test_seconds_are_kept() -> None:
    group = session(1, MON, "17:00", "18:00")
    came = Span(group.span.start + timedelta(seconds=7), group.span.end)
    assert week([group], [Presence(1, came)]).delivered == Fraction(3593, 60)


@pytest.mark.parametrize(
    ("day", "start", "end", "expected"),
    [
        (date(2026, 3, 8), "00:30", "04:30", 180),  # clocks go forward: an hour is missing
        (date(2026, 11, 1), "00:30", "04:30", 300),  # clocks go back: an hour is there twice
    ],
)
def test_elapsed_minutes_over_a_change_of_the_clock(day: date, start: str, end: str, expected: int) -> None:
    night = session(1, day, start, end)
    assert count_week(day, [night], [Presence(1, night.span)], CHICAGO).delivered == expected


# -- properties ------------------------------------------------------------------------------------------------

BASE = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)  # Monday midnight in Chicago
minute = st.integers(0, 24 * 60 * 4)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    start = draw(minute)
    return Span(BASE + timedelta(minutes=start), BASE + timedelta(minutes=start + draw(st.integers(1, 300))))


@st.composite
def weeks(draw: st.DrawFn) -> tuple[list[Held], list[Presence]]:
    sessions = [
        Held(n, each, counts=draw(st.booleans()), cancelled=draw(st.integers(0, 9)) == 0)
        for n, each in enumerate(draw(st.lists(spans(), min_size=1, max_size=6)))
    ]
    there = draw(st.lists(st.tuples(st.integers(0, len(sessions) - 1), spans()), max_size=12))
    return sessions, [Presence(n, each) for n, each in there]


@given(weeks())
def test_no_minute_is_counted_twice(data: tuple[list[Held], list[Presence]]) -> None:
    counted = week(*data)
    each = sum((credit.minutes for credit in counted.credits), Fraction(0))
    assert each == minutes(total(union(span for credit in counted.credits for span in credit.spans)))


@given(weeks())
def test_no_session_gives_more_than_presence_or_its_own_time(data: tuple[list[Held], list[Presence]]) -> None:
    sessions, there = data
    for credit in week(sessions, there).credits:
        held = next(each for each in sessions if each.id == credit.session)
        present = minutes(total(p.span for p in there if p.session == credit.session))
        assert credit.minutes <= min(present, minutes(held.span.length))


@given(weeks(), st.randoms())
def test_order_and_splitting_of_intervals_do_not_matter(
    data: tuple[list[Held], list[Presence]], random: object
) -> None:
    sessions, there = data
    halves = []
    for each in there:
        middle = each.span.start + each.span.length / 2
        halves += [
            Presence(each.session, Span(each.span.start, middle)),
            Presence(each.session, Span(middle, each.span.end)),
        ]
    random.shuffle(halves)  # type: ignore[attr-defined]
    assert week(sessions, halves) == week(sessions, there)
    assert week(sessions[::-1], there) == week(sessions, there)


@given(weeks())
def test_split_loses_nothing(data: tuple[list[Held], list[Presence]]) -> None:
    """With no breaks, everybody's clipped presence goes somewhere: the credits are its union."""
    sessions, there = data
    counted = week(sessions, there)
    inside = [
        Span(max(p.span.start, s.span.start), min(p.span.end, s.span.end))
        for p in there
        for s in sessions
        if s.id == p.session and s.span.overlaps(p.span) and counted.credit_of(s.id)
    ]
    assert sum((c.minutes for c in counted.credits), Fraction(0)) == minutes(total(inside))


@given(weeks())
def test_delivered_is_never_more_than_scheduled_when_everything_counts(
    data: tuple[list[Held], list[Presence]],
) -> None:
    sessions = [Held(each.id, each.span) for each in data[0]]
    counted = week(sessions, data[1])
    assert counted.delivered <= counted.scheduled
    assert counted.scheduled <= minutes(total(each.span for each in sessions))
