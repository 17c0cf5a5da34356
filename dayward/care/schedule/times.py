"""Ranges of the database, spans of the rules, and times in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, time_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from psycopg.types.range import TimestamptzRange

from dayward.care.schedule.rules.recurrence import ClockPair
from dayward.kernel.spans import Span, Spans

LONGEST = timedelta(days=1)  # no session lasts as long: what runs at a moment began less than that before


def to_range(span: Span) -> TimestamptzRange:
    return TimestamptzRange(span.start, span.end)


def to_span(stored: Any) -> Span:
    return Span(stored.lower, stored.upper)


def hull(spans: Iterable[Span]) -> Span:
    """The shortest span that holds all of them."""
    wanted = list(spans)
    return Span(min(span.start for span in wanted), max(span.end for span in wanted))


def clock(instant: datetime, zone: ZoneInfo) -> str:
    """As a person reads it: 5:30 pm."""
    return clock_time(instant.astimezone(zone).time())


def clock_time(value: time) -> str:
    return time_format(value, pgettext("time of day, as 5:30 PM", "g:i A"))


def clock_range(span: Span, zone: ZoneInfo) -> str:
    """9:00–10:30 AM, or 11:00 AM–1:00 PM."""
    return time_range(span.start.astimezone(zone).time(), span.end.astimezone(zone).time())


def time_range(start: time, end: time) -> str:
    """The same for times on the wall; a week's page asks for the same few again and again."""
    return _time_range(start, end, get_language() or "")


@lru_cache(maxsize=4096)
def _time_range(start: time, end: time, language: str) -> str:
    if (start.hour < 12) == (end.hour < 12):
        first = time_format(start, pgettext("the first of two times of a day, as 5:30", "g:i"))
        return f"{first}–{clock_time(end)}"
    return f"{clock_time(start)}–{clock_time(end)}"


def when(span: Span, zone: ZoneInfo) -> str:
    """Mon, Nov 23, 5:30–6:30 PM"""
    return _("%(day)s, %(time)s") % {"day": day_in_words(span.start, zone), "time": clock_range(span, zone)}


def moment(instant: datetime, zone: ZoneInfo) -> str:
    """Mon, Nov 23, 5:30 PM"""
    return _("%(day)s, %(time)s") % {"day": day_in_words(instant, zone), "time": clock(instant, zone)}


def day_in_words(instant: datetime, zone: ZoneInfo) -> str:
    """Mon, Nov 23"""
    return plain_day(instant.astimezone(zone).date())


def plain_day(day: date) -> str:
    """Mon, Nov 23"""
    return date_format(day, pgettext("a day, as Mon, Nov 23", "D, M j"))


def store_breaks(breaks: Spans) -> list[list[str]]:
    return [[span.start.isoformat(), span.end.isoformat()] for span in breaks]


def read_breaks(stored: Iterable[Iterable[str]]) -> Spans:
    return tuple(Span(*(datetime.fromisoformat(instant) for instant in pair)) for pair in stored)


def store_clocks(breaks: Iterable[ClockPair]) -> list[list[str]]:
    return [[f"{start:%H:%M}", f"{end:%H:%M}"] for start, end in breaks]


def read_clocks(stored: Iterable[Iterable[str]]) -> tuple[ClockPair, ...]:
    pairs = [[time.fromisoformat(clock) for clock in pair] for pair in stored]
    return tuple((start, end) for start, end in pairs)


def shifted(spans: Spans, by: timedelta) -> Spans:
    return tuple(Span(span.start + by, span.end + by) for span in spans)
