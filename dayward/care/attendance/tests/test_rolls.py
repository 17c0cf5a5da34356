"""What is now and what is next, among the sessions of a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from psycopg.types.range import TimestamptzRange

from dayward.care.attendance.queries import RollState, next_of
from dayward.care.schedule.models import Session

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def roll(after_noon: timedelta, status: str = Session.Status.PLANNED) -> RollState:
    start = NOON + after_noon
    return RollState(Session(during=TimestamptzRange(start, start + HOUR), status=status), NOON, 0, 0, False)


def test_a_day_says_what_is_now_and_what_is_next() -> None:
    over, running, last, following = roll(-HOUR), roll(-HOUR / 2), roll(3 * HOUR), roll(2 * HOUR)
    called_off = roll(HOUR, Session.Status.CANCELLED)
    day = [over, running, last, following, called_off]
    assert [each for each in day if each.running] == [running]
    assert next_of(day) is following
    assert next_of([over, running, called_off]) is None


def test_a_session_is_running_from_its_first_minute_and_not_in_its_last() -> None:
    assert roll(timedelta(0)).running
    assert not roll(-HOUR).running
    assert not roll(timedelta(0), Session.Status.CANCELLED).running
