"""Arithmetic on spans of time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from dayward.kernel.spans import Span, Spans, clip, minus, minutes, total, union
from dayward.kernel.time import at

BASE = datetime(2026, 11, 1, 4, 0, tzinfo=UTC)  # the clocks go back that night in Chicago
CHICAGO = ZoneInfo("America/Chicago")


def span(start: int, end: int) -> Span:
    return Span(BASE + timedelta(minutes=start), BASE + timedelta(minutes=end))


spans = st.lists(
    st.tuples(st.integers(0, 120), st.integers(0, 120)).map(lambda p: span(min(p), max(p))), max_size=8
)


def instants(of: Spans | list[Span]) -> set[int]:
    return {n for n in range(121) for each in of if each.start <= BASE + timedelta(minutes=n) < each.end}


@given(spans)
def test_a_union_is_the_same_time_without_overlaps(given_spans: list[Span]) -> None:
    joined = union(given_spans)
    assert instants(joined) == instants(given_spans)
    assert all(a.end < b.start for a, b in pairwise(joined))


@given(spans, spans)
def test_minus_takes_exactly_what_is_there(left: list[Span], right: list[Span]) -> None:
    assert instants(minus(left, right)) == instants(left) - instants(right)


@given(spans, st.integers(0, 60), st.integers(60, 120))
def test_clipping_never_adds(given_spans: list[Span], start: int, end: int) -> None:
    window = span(start, end)
    assert instants(clip(given_spans, window)) == instants(given_spans) & instants([window])


@given(spans)
def test_total_counts_each_minute_once(given_spans: list[Span]) -> None:
    assert minutes(total(given_spans)) == len(instants(given_spans))


def test_an_hour_that_exists_twice_lasts_two_hours() -> None:
    day = date(2026, 11, 1)
    assert minutes(Span(at(day, time(1), CHICAGO), at(day, time(2), CHICAGO)).length) == 120


def test_minutes_keep_their_fraction() -> None:
    assert minutes(timedelta(seconds=90, microseconds=1)) == Fraction(90_000_001, 60_000_000)


def test_touching_spans_do_not_overlap() -> None:
    assert not span(0, 10).overlaps(span(10, 20))
    assert span(0, 20).holds(span(10, 20))
