"""The hours engine: the truth table and the traps of the requirements, each setting, and what always holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dayward.care.attendance.rules.because import said
from dayward.care.attendance.rules.hours import Held, Outcome, Presence, Week, count_hours, there_until
from dayward.care.attendance.rules.settings import Basis, LateRule, Settings, begins_week
from dayward.care.attendance.rules.verdicts import explain, judge_days, judge_week
from dayward.kernel.spans import Span, minutes, total, union
from dayward.kernel.time import WeekDefinition, at, week_start

CHICAGO = ZoneInfo("America/Chicago")
SUNDAY = date(2026, 11, 22)
MON, TUE, WED, FRI, SAT = (SUNDAY + timedelta(days=n) for n in (1, 2, 3, 5, 6))
USUAL = Settings(floor_minutes=540, day_minimum_minutes=180)


def span(day: date, start: str, end: str) -> Span:
    return Span(at(day, time.fromisoformat(start), CHICAGO), at(day, time.fromisoformat(end), CHICAGO))


def session(
    number: int, day: date, start: str, end: str, *breaks: tuple[str, str], counts: bool = True
) -> Held:
    return Held(number, span(day, start, end), tuple(span(day, *each) for each in breaks), counts)


def there(of: Held, start: str = "", end: str = "") -> Presence:
    """Present in all of the session, or between two times of its day."""
    day = of.span.start.astimezone(CHICAGO).date()
    return Presence(of.id, span(day, start, end) if start else of.span)


def count(sessions: Iterable[Held], presences: Iterable[Presence], settings: Settings = USUAL) -> Week:
    return count_hours(SUNDAY, sessions, presences, CHICAGO, settings)


def credit(week: Week, number: int) -> tuple[Outcome, Any]:
    found = week.credit_of(number)
    assert found is not None
    return found.outcome, found.minutes


# -- the truth table 5.6: adult, floor 9 h delivered, Sunday week, breaks out, 180 minutes a day ------------------

TABLE = [
    # week, minutes per day, exemption, delivered, floor met, days that pass, somebody must act
    ("A", {MON: 190, WED: 185, FRI: 190}, None, 565, True, 3, False),
    ("B", {MON: 190, WED: 170, FRI: 190}, None, 550, True, 2, False),
    ("C", {MON: 190, WED: None, FRI: 190}, None, 380, False, 2, True),
    ("D", {MON: 190, WED: None, FRI: 190, SAT: 165}, None, 545, True, 2, False),
    ("E", {WED: 185, FRI: 190}, "holiday", 375, False, 2, False),
]


@pytest.mark.parametrize(("row", "days", "exempt", "delivered", "met", "passing", "alert"), TABLE)
def test_the_truth_table(
    row: str,
    days: dict[date, int | None],
    exempt: str | None,
    delivered: int,
    met: bool,
    passing: int,
    alert: bool,
) -> None:
    sessions = [session(n, day, "17:00", "20:20", ("18:30", "18:40")) for n, day in enumerate(days)]
    presences = [
        Presence(n, Span(each.span.end - timedelta(minutes=present + 10), each.span.end))
        for n, (each, present) in enumerate(zip(sessions, days.values(), strict=True))
        if present
    ]
    week = count(sessions, presences)
    verdict = judge_week(week, prescribed=540, settings=USUAL, exemption=exempt)
    assert verdict.figures.delivered == delivered
    assert (verdict.met, verdict.alert) == (met, alert)
    assert sum(day.ok is True for day in judge_days(week, USUAL)) == passing


# -- the traps 5.5 -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "delivered"), [(3, 450), (4, 600), (5, 750)])
def test_a_three_hour_evening_with_breaks_is_two_and_a_half(days: int, delivered: int) -> None:
    dates = [MON + timedelta(days=n) for n in range(days)]
    sessions = [
        session(n, day, "10:00", "12:50", ("10:50", "11:00"), ("11:50", "12:00"))
        for n, day in enumerate(dates)
    ]
    week = count(sessions, map(there, sessions))
    assert week.delivered == week.scheduled == delivered


def test_three_times_three_hours_with_a_break_are_no_nine_hours() -> None:
    sessions = [
        session(n, day, "17:00", "20:00", ("18:30", "18:45")) for n, day in enumerate((MON, WED, FRI))
    ]
    counted = judge_week(count(sessions, map(there, sessions)), prescribed=540, settings=USUAL)
    assert counted.figures.delivered == 495
    assert counted.short_by == 45
    assert not counted.met
    allowed = Settings(floor_minutes=540, breaks_count=True)
    assert count(sessions, map(there, sessions), allowed).delivered == 540


def test_at_exactly_nine_hours_ten_minutes_late_fail_the_week() -> None:
    sessions = [session(n, day, "17:00", "20:00") for n, day in enumerate((MON, WED, FRI))]
    presences = [there(sessions[0], "17:10", "20:00"), there(sessions[1]), there(sessions[2])]
    assert judge_week(count(sessions, map(there, sessions)), prescribed=540, settings=USUAL).met
    verdict = judge_week(count(sessions, presences), prescribed=540, settings=USUAL)
    assert not verdict.met
    assert verdict.short_by == 10
    assert str(verdict.because) == "8 h 50 min were delivered: 10 min short of the floor of 9 h."


def test_the_same_late_week_passes_where_scheduled_hours_are_tested() -> None:
    sessions = [session(n, day, "17:00", "20:00") for n, day in enumerate((MON, WED, FRI))]
    week = count(sessions, [there(sessions[0])])
    for test, prescribed, met in [
        (Basis.DELIVERED, 600, False),
        (Basis.SCHEDULED, 0, True),
        (Basis.PRESCRIBED, 600, True),
        (Basis.PRESCRIBED, 500, False),
    ]:
        settings = Settings(floor_minutes=540, test=test)
        assert judge_week(week, prescribed=prescribed, settings=settings).met is met


def test_a_pull_out_takes_its_minutes_out_of_the_group() -> None:
    group, visit = session(1, MON, "17:00", "20:00"), session(2, MON, "18:00", "18:25", counts=False)
    week = count([group, visit], [there(group), there(visit)])
    assert (credit(week, 1)[1], credit(week, 2)[1]) == (155, 25)
    assert week.delivered == 155
    found = week.credit_of(1)
    assert found is not None
    assert str(explain(found, USUAL)) == (
        "2 h 35 min are credited; 25 min belong to a session that began later."
    )


def test_leaving_and_coming_back_is_two_intervals() -> None:
    group = session(1, MON, "17:00", "20:00")
    week = count([group], [there(group, "17:00", "18:00"), there(group, "18:30", "21:00")])
    assert week.delivered == 150


def test_who_is_still_there_was_there_for_whole_minutes_and_not_beyond_the_end() -> None:
    end = at(MON, time(17), CHICAGO)
    assert there_until(at(MON, time(16, 28, 38, 383_607), CHICAGO), end) == at(MON, time(16, 28), CHICAGO)
    assert there_until(at(MON, time(17, 5), CHICAGO), end) == end


def test_the_same_attendance_passes_one_week_definition_and_fails_the_other() -> None:
    """180 minutes on Sunday, Tuesday and Saturday: one Sunday week, but two Monday weeks."""
    sessions = [session(n, day, "10:00", "13:00") for n, day in enumerate((SUNDAY, TUE, SAT))]
    presences = [there(each) for each in sessions]
    delivered = {
        definition: count_hours(week_start(TUE, definition), sessions, presences, CHICAGO, USUAL).delivered
        for definition in (WeekDefinition.SUNDAY, WeekDefinition.MONDAY)
    }
    assert delivered == {WeekDefinition.SUNDAY: 540, WeekDefinition.MONDAY: 360}


@pytest.mark.parametrize(
    ("definition", "day", "begins"),
    [
        (WeekDefinition.SUNDAY, SUNDAY, True),
        (WeekDefinition.SUNDAY, MON, False),
        (WeekDefinition.MONDAY, MON, True),
        (WeekDefinition.MONDAY, SUNDAY, False),
        (WeekDefinition.ROLLING, WED, True),
    ],
)
def test_the_day_on_which_a_week_begins(definition: WeekDefinition, day: date, begins: bool) -> None:
    assert begins_week(day, definition) is begins


def test_rolling_weeks_go_by_the_first_day_of_service() -> None:
    assert week_start(SAT, WeekDefinition.ROLLING, WED) == WED
    assert week_start(WED + timedelta(days=13), WeekDefinition.ROLLING, WED) == WED + timedelta(days=7)


# -- settings --------------------------------------------------------------------------------------------------------

DENY = Settings(late_after_minutes=15, late_rule=LateRule.DENY)


@pytest.mark.parametrize(
    ("came", "outcome", "minutes_"),
    [("16:50", "credited", 180), ("17:15", "credited", 165), ("17:16", "late", 0)],
)
def test_late_is_strictly_more_than_tolerated(came: str, outcome: str, minutes_: int) -> None:
    group = session(1, MON, "17:00", "20:00")
    found = credit(count([group], [there(group, came, "20:00")], DENY), 1)
    assert (found[0].value, found[1]) == (outcome, minutes_)


def test_an_early_look_in_counts_as_coming_in_time() -> None:
    """The earliest interval that touches the session decides; one that only reaches its beginning does not touch."""
    group = session(1, MON, "17:00", "20:00")
    back = there(group, "17:30", "20:00")
    assert credit(count([group], [there(group, "17:00", "17:01"), back], DENY), 1)[1] == 151
    assert credit(count([group], [there(group, "16:00", "17:00"), back], DENY), 1)[0] is Outcome.LATE


def test_a_denied_session_keeps_what_it_took() -> None:
    group, visit = session(1, MON, "17:00", "20:00"), session(2, MON, "18:00", "19:00")
    week = count([group, visit], [there(group), there(visit, "18:20", "19:00")], DENY)
    assert (credit(week, 1), credit(week, 2)) == ((Outcome.CREDITED, 140), (Outcome.LATE, 0))


def test_minimum_presence_is_judged_before_any_minute_is_given_away() -> None:
    half = Settings(minimum_presence=Fraction(1, 2))
    group, visit = session(1, MON, "17:00", "19:00"), session(2, MON, "17:30", "18:30")
    week = count([group, visit], [there(group, "17:00", "18:30"), there(visit)], half)
    assert credit(week, 1) == (Outcome.CREDITED, 30)
    alone = count([group], [there(group, "17:00", "17:59")], half)
    assert credit(alone, 1) == (Outcome.TOO_SHORT, 0)
    assert credit(count([group], [there(group, "17:00", "18:00")], half), 1) == (Outcome.CREDITED, 60)


def test_minimum_presence_is_a_share_of_clinical_time() -> None:
    half = Settings(minimum_presence=Fraction(1, 2))
    group = session(1, MON, "17:00", "19:00", ("17:30", "17:50"))
    assert credit(count([group], [there(group, "17:00", "18:10")], half), 1) == (Outcome.CREDITED, 50)
    assert credit(count([group], [there(group, "17:00", "18:09")], half), 1) == (Outcome.TOO_SHORT, 0)


@pytest.mark.parametrize(
    ("asked", "ok"),
    [
        (Settings(), [None, None]),
        (Settings(day_minimum_minutes=180), [True, False]),
        (Settings(day_minimum_services=3), [False, True]),
        (Settings(day_minimum_minutes=180, day_minimum_services=3), [True, True]),
    ],
)
def test_a_day_passes_by_minutes_or_by_services(asked: Settings, ok: list[bool | None]) -> None:
    long = session(1, MON, "17:00", "20:00")
    short = [session(n, WED, f"{n + 8}:00", f"{n + 8}:45") for n in (2, 3, 4)]
    week = count([long, *short], map(there, [long, *short]))
    assert [day.ok for day in judge_days(week, asked)] == ok


def test_a_day_nobody_came_to_is_still_a_day() -> None:
    group, gone = session(1, MON, "17:00", "20:00"), session(2, TUE, "17:00", "20:00")
    talk = session(3, WED, "17:00", "18:00", counts=False)
    week = count([group, Held(gone.id, gone.span, cancelled=True), talk], [there(talk)])
    assert [(day.day, float(day.minutes), day.ok) for day in judge_days(week, USUAL)] == [(MON, 0, False)]


def test_a_minute_scheduled_twice_is_scheduled_once() -> None:
    one, other = session(1, MON, "17:00", "19:00", ("17:40", "17:50")), session(2, MON, "17:30", "18:00")
    assert count([one, other], []).scheduled == 120


@pytest.mark.parametrize(
    ("day", "start", "end", "elapsed"),
    [
        (date(2026, 3, 8), "00:30", "04:30", 180),  # the clock skips an hour
        (date(2026, 11, 1), "00:30", "04:30", 300),  # an hour comes twice
    ],
)
def test_a_night_keeps_its_minutes_when_the_clock_changes(
    day: date, start: str, end: str, elapsed: int
) -> None:
    night = session(1, day, start, end)
    assert count_hours(day, [night], [Presence(1, night.span)], CHICAGO, USUAL).delivered == elapsed


def test_a_session_over_midnight_belongs_to_the_day_and_week_it_begins_in() -> None:
    late = Held(1, Span(at(SAT, time(23), CHICAGO), at(SAT + timedelta(days=1), time(1), CHICAGO)))
    week = count([late], [Presence(1, late.span)])
    assert dict(week.days) == {SAT: Fraction(120)}
    after = count_hours(SUNDAY + timedelta(weeks=1), [late], [Presence(1, late.span)], CHICAGO, USUAL)
    assert after.credits == ()
    assert after.scheduled == 0


def test_an_exempt_week_without_a_reason_is_not_exempt() -> None:
    verdict = judge_week(count([], []), prescribed=0, settings=USUAL, exemption="  ")
    assert verdict.alert


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (0, "0 min"),
        (59, "59 min"),
        (60, "1 h"),
        (Fraction(31793, 60), "8 h 49 min 53 s"),
        (Fraction(1, 60_000_000), "0.000001 s"),
    ],
)
def test_minutes_in_words_are_exact(length: Fraction, words: str) -> None:
    assert said(length) == words


# -- what always holds -----------------------------------------------------------------------------------------------

BASE = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)  # Sunday midnight in Chicago
offsets = st.integers(0, 6 * 24 * 60 * 60)


@st.composite
def spans(draw: st.DrawFn, near: int | None = None) -> Span:
    start = draw(offsets) if near is None else near + draw(st.integers(-2000, 9000))
    length = draw(st.integers(0, 15_000))
    return Span(BASE + timedelta(seconds=start), BASE + timedelta(seconds=start + length))


@st.composite
def weeks(draw: st.DrawFn) -> tuple[list[Held], list[Presence], Settings]:
    """Sessions close together, so that they overlap, and intervals around them."""
    near = draw(offsets)
    sessions = [
        Held(
            n,
            draw(spans(near)),
            tuple(draw(st.lists(spans(near), max_size=2))),
            draw(st.booleans()),
            draw(st.integers(0, 9)) == 0,
        )
        for n in range(draw(st.integers(1, 5)))
    ]
    numbers = st.integers(0, len(sessions) - 1)
    presences = [Presence(draw(numbers), draw(spans(near))) for _ in range(draw(st.integers(0, 8)))]
    settings = Settings(
        late_after_minutes=draw(st.integers(0, 30)),
        late_rule=draw(st.sampled_from(LateRule)),
        minimum_presence=Fraction(draw(st.integers(0, 4)), 4),
        breaks_count=draw(st.booleans()),
    )
    return sessions, presences, settings


@given(weeks())
def test_no_minute_is_counted_twice(made: tuple[list[Held], list[Presence], Settings]) -> None:
    week = count(*made)
    together = minutes(total(union(span for credit in week.credits for span in credit.spans)))
    assert together == sum((credit.minutes for credit in week.credits), Fraction(0))


@given(weeks())
def test_clipping_never_adds(made: tuple[list[Held], list[Presence], Settings]) -> None:
    sessions, presences, _settings = made
    for credit in count(*made).credits:
        held = sessions[credit.session]
        present = minutes(total(each.span for each in presences if each.session == credit.session))
        assert credit.minutes <= min(present, minutes(held.span.length))
        assert all(held.span.holds(each) for each in credit.spans)


@given(weeks(), st.randoms(use_true_random=False))
def test_order_and_splitting_do_not_matter(
    made: tuple[list[Held], list[Presence], Settings], random: st.DataObject
) -> None:
    sessions, presences, settings = made
    pieces = []
    for each in presences:
        middle = each.span.start + (each.span.end - each.span.start) * 0.3
        pieces += [Span(each.span.start, middle), Span(middle, each.span.end)]
    halves = [Presence(presences[n // 2].session, piece) for n, piece in enumerate(pieces)]
    random.shuffle(halves)  # type: ignore[attr-defined]
    assert count(sessions[::-1], halves, settings) == count(sessions, presences, settings)


@given(weeks())
def test_delivered_is_within_what_was_scheduled(
    made: tuple[list[Held], list[Presence], Settings],
) -> None:
    week = count(*made)
    assert week.delivered <= week.scheduled
    assert week.delivered == sum((minutes_ for _day, minutes_ in week.days), Fraction(0))


@given(weeks())
def test_what_was_credited_breaks_out_and_given_away_is_the_presence(
    made: tuple[list[Held], list[Presence], Settings],
) -> None:
    for credit in count(*made).credits:
        if credit.outcome is Outcome.CREDITED:
            present = sum((minutes(each.length) for each in credit.present_spans), Fraction(0))
            rest = minutes(timedelta(microseconds=credit.in_breaks + credit.elsewhere))
            assert present == credit.minutes + rest


@given(weeks(), st.sampled_from([date(2026, 3, 8), date(2026, 11, 1), date(2026, 7, 5)]))
def test_a_change_of_the_clock_neither_makes_nor_loses_minutes(
    made: tuple[list[Held], list[Presence], Settings], sunday: date
) -> None:
    """The same stretches of time, moved to the noon before or a night in which the clock changes."""
    sessions, presences, settings = made
    by = at(sunday - timedelta(days=1), time(12), CHICAGO) - BASE
    inside = [each for each in sessions if BASE <= each.span.start < BASE + timedelta(days=6)]
    moved = [
        replace(each, span=shifted(each.span, by), breaks=tuple(shifted(b, by) for b in each.breaks))
        for each in inside
    ]
    later = [Presence(each.session, shifted(each.span, by)) for each in presences]
    saturday = count_hours(sunday - timedelta(days=1), moved, later, CHICAGO, settings)
    assert outcomes(saturday) == outcomes(count(inside, presences, settings))


def outcomes(week: Week) -> list[tuple[int, Outcome, Fraction]]:
    return [(credit.session, credit.outcome, credit.minutes) for credit in week.credits]


def shifted(one: Span, by: timedelta) -> Span:
    return Span(one.start + by, one.end + by)
