"""Recurrence, edits, own hours, seats: by tables and by properties."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dayward.care.schedule.rules.edits import EditPlan, Kept, SessionFact, plan_edit
from dayward.care.schedule.rules.own_hours import Busy, conflicts
from dayward.care.schedule.rules.recurrence import Rhythm, days, meeting, meetings, problem
from dayward.care.schedule.rules.seats import Fit, Held, Seats, fit, limited_by_room, pull_out_of
from dayward.care.schedule.rules.typical import minutes_by_day, slots, weekly_minutes
from dayward.kernel.spans import Span
from dayward.kernel.time import at

CHICAGO = ZoneInfo("America/Chicago")
ZONES = [CHICAGO, ZoneInfo("America/New_York"), ZoneInfo("America/Phoenix"), ZoneInfo("Pacific/Honolulu")]
MONDAY = date(2026, 11, 23)
EVENING = Rhythm(frozenset({1, 2, 4}), time(17, 30), time(21), MONDAY)
everyday = st.dates(date(2025, 1, 1), date(2027, 12, 31))
weekdays = st.frozensets(st.integers(1, 7), min_size=1)


# -- recurrence ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rhythm", "key"),
    [
        (EVENING, ""),
        (Rhythm(frozenset(), time(9), time(10), MONDAY), "weekdays"),
        (Rhythm(frozenset({0}), time(9), time(10), MONDAY), "weekdays"),
        (Rhythm(frozenset({1}), time(10), time(10), MONDAY), "ends_before_start"),
        (Rhythm(frozenset({1}), time(9), time(10), MONDAY, MONDAY - timedelta(days=1)), "last_before_first"),
        (Rhythm(frozenset({1}), time(9), time(10), MONDAY, None, ((time(8, 50), time(9, 10)),)), "breaks"),
        (Rhythm(frozenset({1}), time(9), time(10), MONDAY, None, ((time(9, 30), time(9, 30)),)), "breaks"),
    ],
)
def test_a_rhythm_that_makes_no_sense(rhythm: Rhythm, key: str) -> None:
    assert problem(rhythm) == key


def test_closures_are_skipped_and_not_moved() -> None:
    closed = {MONDAY + timedelta(days=3)}  # Thanksgiving
    found = list(days(EVENING, since=MONDAY, until=MONDAY + timedelta(days=7), closed=closed))
    assert found == [MONDAY, MONDAY + timedelta(days=1), MONDAY + timedelta(days=7)]


def test_the_clock_on_the_wall_stays_when_summer_time_begins() -> None:
    sunday = Rhythm(frozenset({7}), time(9), time(10), date(2026, 3, 1))
    before, after = meetings(sunday, CHICAGO, since=date(2026, 3, 1), until=date(2026, 3, 8))
    assert (after.span.start - before.span.start) == timedelta(days=7) - timedelta(hours=1)


@given(everyday, st.sampled_from(ZONES), weekdays, st.integers(0, 22), st.integers(1, 60))
def test_every_meeting_is_at_its_wall_clock_on_its_weekday(
    since: date, zone: ZoneInfo, on: frozenset[int], hour: int, length: int
) -> None:
    rhythm = Rhythm(on, time(hour), time(hour, length - 1, 59), since)
    for each in meetings(rhythm, zone, since=since, until=since + timedelta(days=20)):
        local = each.span.start.astimezone(zone)
        assert each.day.isoweekday() in on
        existed = at(each.day, time(hour), zone).astimezone(ZoneInfo("UTC")).astimezone(zone).time() == time(
            hour
        )
        assert not existed or (local.date(), local.time()) == (each.day, time(hour))


@given(everyday, weekdays, st.integers(0, 40))
def test_a_window_split_in_two_gives_the_same_days(since: date, on: frozenset[int], cut: int) -> None:
    rhythm = Rhythm(on, time(9), time(10), since)
    until, middle = since + timedelta(days=40), since + timedelta(days=cut)
    parts = [
        *days(rhythm, since=since, until=middle),
        *days(rhythm, since=middle + timedelta(days=1), until=until),
    ]
    assert parts == list(days(rhythm, since=since, until=until))


# -- edits -----------------------------------------------------------------------------------------------------

NOW = datetime(2026, 11, 20, tzinfo=CHICAGO)


def facts(*on: date, **marks: bool) -> list[SessionFact]:
    return [SessionFact(n, day, at(day, time(9), CHICAGO), **marks) for n, day in enumerate(on)]


def edit(sessions: list[SessionFact], on: set[int], until: int = 6) -> EditPlan:
    rhythm = Rhythm(frozenset(on), time(10), time(12), MONDAY)
    return plan_edit(
        sessions, rhythm, CHICAGO, since=MONDAY, until=MONDAY + timedelta(days=until), now=NOW, closed=()
    )


def day(n: int) -> date:
    return MONDAY + timedelta(days=n)


def test_one_day_changes_and_one_session_moves() -> None:
    plan = edit(facts(day(0), day(2), day(4)), {1, 4, 5})
    assert [(move.session, move.meeting.day) for move in plan.moves] == [
        (0, day(0)),
        (2, day(4)),
        (1, day(3)),
    ]
    assert (plan.new, plan.gone) == ((), ())


def test_more_days_are_made_and_fewer_go() -> None:
    assert [each.day for each in edit(facts(day(0)), {1, 3}).new] == [day(2)]
    assert edit(facts(day(0), day(2)), {1}).gone == (1,)


@pytest.mark.parametrize(
    ("marks", "why"),
    [
        ({"attended": True}, Kept.ATTENDED),
        ({"cancelled": True}, Kept.CANCELLED),
        ({"by_hand": True}, Kept.BY_HAND),
        ({"attended": True, "by_hand": True}, Kept.ATTENDED),
    ],
)
def test_what_is_kept_and_why(marks: dict[str, bool], why: Kept) -> None:
    plan = edit(facts(day(0), **marks), {1})
    assert plan.kept == ((0, why),)
    assert (plan.moves, plan.new, plan.gone) == ((), (), ())


def test_a_session_that_has_begun_is_kept() -> None:
    begun = [SessionFact(0, MONDAY, NOW - timedelta(hours=1))]
    assert edit(begun, {1}).kept == ((0, Kept.BEGUN),)


@given(
    st.lists(st.integers(0, 27), unique=True, max_size=12),
    weekdays,
    st.sets(st.integers(0, 11)),
    st.sets(st.integers(0, 11)),
)
def test_nothing_is_lost_and_nothing_attended_moves(
    on: list[int], new: frozenset[int], attended: set[int], cancelled: set[int]
) -> None:
    sessions = [
        SessionFact(n, day(d), at(day(d), time(9), CHICAGO), attended=n in attended, cancelled=n in cancelled)
        for n, d in enumerate(on)
    ]
    plan = edit(sessions, set(new), until=27)
    moved = {move.session for move in plan.moves}
    kept = {session for session, _why in plan.kept}
    assert moved | kept | set(plan.gone) == {fact.id for fact in sessions}
    assert len(moved) + len(kept) + len(plan.gone) == len(sessions)
    assert not moved & attended
    standing = {fact.series_day for fact in sessions if fact.id in kept}
    after = [*(move.meeting.day for move in plan.moves), *(each.day for each in plan.new), *standing]
    assert len(after) == len(set(after))  # one session a day
    wanted = {day(n) for n in range(28) if day(n).isoweekday() in new}
    assert wanted <= set(after)


# -- own hours -------------------------------------------------------------------------------------------------


def busy(on: set[int], starts: str, ends: str, until: date | None = None) -> Busy:
    return Busy(
        "job", frozenset(on), time.fromisoformat(starts), time.fromisoformat(ends), date(2026, 1, 1), until
    )


def span(on: date, starts: str, ends: str) -> Span:
    return Span(at(on, time.fromisoformat(starts), CHICAGO), at(on, time.fromisoformat(ends), CHICAGO))


@pytest.mark.parametrize(
    ("own", "wanted", "collides"),
    [
        (busy({1}, "09:00", "17:00"), span(MONDAY, "16:00", "18:00"), True),
        (busy({1}, "09:00", "17:00"), span(MONDAY, "17:00", "20:00"), False),  # touching ends
        (busy({2}, "09:00", "17:00"), span(MONDAY, "10:00", "11:00"), False),
        (busy({7}, "22:00", "06:00"), span(MONDAY, "05:00", "07:00"), True),  # Sunday's night shift
        (busy({1}, "22:00", "06:00"), span(MONDAY, "05:00", "07:00"), False),  # it starts that evening
        (busy({7}, "22:00", "10:00", MONDAY), span(MONDAY, "09:00", "11:00"), True),  # began while it held
        (busy({1}, "09:00", "17:00", MONDAY), span(MONDAY, "10:00", "11:00"), False),  # ended that day
    ],
)
def test_own_hours(own: Busy, wanted: Span, collides: bool) -> None:
    assert bool(conflicts([own], [wanted], CHICAGO)) is collides


@given(everyday, st.sampled_from(ZONES), weekdays, st.integers(0, 23), st.integers(0, 23), st.integers(0, 47))
def test_own_hours_agree_with_looking_at_every_day(
    on: date, zone: ZoneInfo, own_days: frozenset[int], starts: int, ends: int, wanted: int
) -> None:
    own = Busy("job", own_days, time(starts), time(ends), date(2024, 1, 1))
    start = at(on, time(wanted // 2, 30 * (wanted % 2)), zone)
    want = Span(start, start + timedelta(minutes=50))
    every = [on + timedelta(days=n) for n in range(-3, 4)]
    expected = any(own.on(each, zone).overlaps(want) for each in every if each.isoweekday() in own_days)
    assert bool(conflicts([own], [want], zone)) is expected


# -- seats -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seats", "places", "left", "over", "by_room"),
    [
        (Seats(10, None, 4), 10, 6, 0, False),
        (Seats(10, 8, 8), 8, 0, 0, True),
        (Seats(10, 12, 11), 10, 0, 1, False),
    ],
)
def test_seats(seats: Seats, places: int, left: int, over: int, by_room: bool) -> None:
    assert (seats.places, seats.left, seats.over, limited_by_room(seats)) == (places, left, over, by_room)
    assert seats.full is (left == 0)


GROUP = Held(1, span(MONDAY, "17:00", "20:00"))
INNER = Held(2, span(MONDAY, "18:00", "18:30"), is_pull_out=True)


@pytest.mark.parametrize(
    ("wanted", "held", "how"),
    [
        (span(MONDAY, "20:00", "21:00"), (GROUP,), Fit.FREE),
        (span(MONDAY, "19:00", "19:30"), (GROUP, INNER), Fit.INSIDE),
        (span(MONDAY, "18:15", "18:45"), (GROUP, INNER), Fit.BLOCKED),
        (span(MONDAY, "19:30", "20:30"), (GROUP,), Fit.BLOCKED),
        (span(MONDAY, "17:00", "20:00"), (GROUP,), Fit.BLOCKED),
        (span(MONDAY, "16:00", "21:00"), (GROUP,), Fit.AROUND),
        (span(MONDAY, "16:00", "21:00"), (GROUP, INNER), Fit.BLOCKED),
    ],
)
def test_how_a_booking_meets_what_is_there(wanted: Span, held: tuple[Held, ...], how: Fit) -> None:
    assert fit(wanted, held)[0] is how


minute = st.integers(0, 300)


@given(minute, minute, st.lists(st.tuples(minute, minute, st.booleans()), max_size=4))
def test_a_pull_out_lies_inside_and_touches_nothing_else(
    a: int, b: int, rows: list[tuple[int, int, bool]]
) -> None:
    base = at(MONDAY, time(8), CHICAGO)

    def stretch(x: int, y: int) -> Span:
        return Span(base + timedelta(minutes=min(x, y)), base + timedelta(minutes=max(x, y) + 1))

    wanted = stretch(a, b)
    held = tuple(Held(n, stretch(x, y), inner) for n, (x, y, inner) in enumerate(rows))
    outer = pull_out_of(wanted, held)
    if outer is not None:
        assert outer.span.holds(wanted)
        assert not outer.is_pull_out
        assert [each for each in held if each.span.overlaps(wanted)] == [outer]


# -- a typical week --------------------------------------------------------------------------------------------


def test_the_break_trap_of_5_5() -> None:
    """Three evenings of three hours with a break of 15 minutes are 8 h 15 min, under a floor of nine."""
    evenings = slots({1, 3, 5}, time(17), time(20), [(time(18, 30), time(18, 45))])
    assert weekly_minutes(evenings) == 495
    assert minutes_by_day(evenings) == {1: 165, 3: 165, 5: 165}


def test_a_minute_scheduled_twice_counts_once_and_only_what_counts() -> None:
    week = [
        *slots({1}, time(9), time(12)),
        *slots({1}, time(11), time(13)),
        *slots({1}, time(15), time(16), counts=False),
    ]
    assert weekly_minutes(week) == 240


def test_meeting_breaks_are_inside() -> None:
    rhythm = Rhythm(frozenset({1}), time(17), time(20), MONDAY, None, ((time(18, 30), time(18, 45)),))
    (pause,) = meeting(rhythm, MONDAY, CHICAGO).breaks
    assert pause.length == timedelta(minutes=15)
