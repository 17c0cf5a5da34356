"""Reliable change, and on track or not by rules alone (measures.md section 2, layer 1). Lower scores are better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dayward.chart.measures.rules.instrument import Change

WEEKS_TO_WAIT = timedelta(weeks=4)
LEAST_DROP = 0.2  # of the first score


class Direction(StrEnum):
    """How two scores differ."""

    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    WORSE = "worse"


class Outcome(StrEnum):
    """Jacobson and Truax 1991, with a crossing of the cut-off in either direction."""

    RECOVERED = "recovered"
    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    DETERIORATED = "deteriorated"
    HARMED = "harmed"


class Track(StrEnum):
    """White: below the cut-off then and now. Green: reliable improvement. Amber: slower. Red: reliable worsening."""

    NONE = ""
    WHITE = "white"
    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Point:
    """A score on a day."""

    day: date
    total: int


def direction(before: int, after: int, threshold: int) -> Direction:
    """A difference of the threshold or more is more than measurement noise."""
    if before - after >= threshold:
        return Direction.IMPROVED
    return Direction.WORSE if after - before >= threshold else Direction.UNCHANGED


def outcome(before: int, after: int, change: Change) -> Outcome:
    """A score equal to the cut-off counts as clinical (a case "at or above" it, as the services publish)."""
    way = direction(before, after, change.threshold)
    if way is Direction.IMPROVED:
        crossed = before >= change.cutoff > after
        return Outcome.RECOVERED if crossed else Outcome.IMPROVED
    if way is Direction.WORSE:
        crossed = before < change.cutoff <= after
        return Outcome.HARMED if crossed else Outcome.DETERIORATED
    return Outcome.UNCHANGED


def track(points: Sequence[Point], change: Change) -> Track:
    """By rules, from the second score on; `points` from the first to the last."""
    if len(points) < 2:
        return Track.NONE
    first, last, best = points[0], points[-1], min(point.total for point in points[:-1])
    if Direction.WORSE in (
        direction(first.total, last.total, change.threshold),
        direction(best, last.total, change.threshold),
    ):
        return Track.RED
    if direction(first.total, last.total, change.threshold) is Direction.IMPROVED:
        return Track.GREEN
    if first.total < change.cutoff and last.total < change.cutoff:
        return Track.WHITE
    late = last.day - first.day >= WEEKS_TO_WAIT
    slow = last.total >= change.cutoff or first.total - last.total < LEAST_DROP * first.total
    return Track.AMBER if late and slow else Track.NONE


@dataclass(frozen=True, slots=True)
class Step:
    """From the first score to the last: how many points, and whether that is more than noise."""

    since: date
    points: int  # negative: down
    direction: Direction


def step(points: Sequence[Point], change: Change) -> Step | None:
    """None with fewer than two scores."""
    if len(points) < 2:
        return None
    first, last = points[0], points[-1]
    return Step(first.day, last.total - first.total, direction(first.total, last.total, change.threshold))
