"""A person's week as a strip: a stretch for each day, what is still to come, and each floor. Templates draw it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dayward.care.attendance.rules.because import said
from dayward.care.attendance.rules.person_week import FloorState, Outlook
from dayward.care.attendance.rules.settings import Basis
from dayward.care.attendance.words import FLOOR_STATES

WIDTH, GAP = 1000, 3  # of the viewBox; between two days
APART = 12  # between two floors that are the same, so that both are seen


@dataclass(frozen=True)
class Bit:
    """A day's minutes, there or still to come."""

    x: int
    width: int
    kind: str  # done, coming


@dataclass(frozen=True)
class Cell:
    """One day: what it is, and the same in words."""

    letter: str
    state: str  # done, low, coming, missed, off
    text: str


@dataclass(frozen=True)
class Mark:
    """A floor that somebody asks for besides the program."""

    x: int | None  # None: it is not held against hours that were delivered
    name: str
    minutes: float
    state: FloorState
    text: str


@dataclass(frozen=True)
class Strip:
    bits: tuple[Bit, ...]
    floor: int | None
    others: tuple[Mark, ...]
    prescribed: int | None
    cells: tuple[Cell, ...]
    text: str


@dataclass(frozen=True)
class _Day:
    day: date
    delivered: float
    coming: float
    held: bool
    enough: bool | None


def longest(outlooks: Iterable[Outlook]) -> float:
    """What the full width stands for, so that all strips of a page share one floor line."""
    most = [1.0]
    for each in outlooks:
        figures = each.then.figures
        most += [float(figures.delivered), float(figures.prescribed)]
        most += [float(judged.floor.minutes) for judged in each.now.floors]
    return max(most)


def strip(outlook: Outlook, most: float, today: date) -> Strip:
    days = _days(outlook)
    floor, prescribed = float(outlook.now.verdict.floor), float(outlook.now.figures.prescribed)
    others = tuple(_marks(outlook, most, today))
    return Strip(
        bits=tuple(_bits(days, most)),
        floor=_x(floor, most) if floor else None,
        others=others,
        prescribed=_x(prescribed, most) if prescribed else None,
        cells=tuple(_cell(day) for day in days),
        text="; ".join([_text(outlook), *(each.text for each in others)]),
    )


def _x(minutes: float, most: float) -> int:
    return min(round(WIDTH * minutes / most), WIDTH - 2)


def _marks(outlook: Outlook, most: float, today: date) -> Iterable[Mark]:
    """Each other floor where it lies; one that is the same as another stands a little to the right of it."""
    taken = {_x(float(outlook.now.verdict.floor), most)}
    for each in outlook.floors[1:]:
        floor, state = each.judged.floor, each.state(today)
        x = None
        if floor.test is Basis.DELIVERED:
            x = _beside(taken, _x(float(floor.minutes), most))
            taken.add(x)
        words = {"name": floor.source, "floor": said(floor.minutes), "state": FLOOR_STATES[state]}
        text = _("%(name)s asks for %(floor)s: %(state)s") % words
        yield Mark(x, floor.source, float(floor.minutes), state, text)


def _beside(taken: set[int], x: int) -> int:
    """The nearest place to `x` at which no other floor stands."""
    places = [x + side * APART * n for n in range(len(taken) + 1) for side in (1, -1)]
    free = (at for at in places if 0 <= at < WIDTH and all(abs(at - other) >= APART for other in taken))
    return next(free, x)


def _days(outlook: Outlook) -> list[_Day]:
    now = {day.day: day for day in outlook.now.days}
    then = {day.day: day for day in outlook.then.days}
    found = []
    for n in range(outlook.now.length):
        day = outlook.now.start + timedelta(days=n)
        delivered = float(now[day].minutes) if day in now else 0.0
        expected = float(then[day].minutes) if day in then else 0.0
        enough = then[day].ok if day in then else None
        found.append(_Day(day, delivered, max(expected - delivered, 0.0), day in now, enough))
    return found


def _bits(days: Iterable[_Day], most: float) -> Iterable[Bit]:
    begins = 0.0
    for day in days:
        for minutes, kind in ((day.delivered, "done"), (day.coming, "coming")):
            if minutes:
                start, end = _x(begins, most), _x(begins + minutes, most)
                yield Bit(start, max(end - start - GAP, 2), kind)
                begins += minutes


def _cell(day: _Day) -> Cell:
    letter, name = date_format(day.day, "D")[:2], date_format(day.day, "D, M j")
    words = {"day": name, "there": _minutes(day.delivered), "coming": _minutes(day.coming)}
    if not day.held:
        return Cell(letter, "off", _("%(day)s: nothing") % words)
    if day.coming and not day.delivered:
        return Cell(letter, "coming", _("%(day)s: %(coming)s to come") % words)
    if day.coming:
        return Cell(letter, "done", _("%(day)s: %(there)s, %(coming)s to come") % words)
    if not day.delivered:
        return Cell(letter, "missed", _("%(day)s: missed") % words)
    if day.enough is False:
        return Cell(letter, "low", _("%(day)s: %(there)s, less than a day asks for") % words)
    return Cell(letter, "done", _("%(day)s: %(there)s") % words)


def _minutes(value: float) -> str:
    return said(round(value))


def _text(outlook: Outlook) -> str:
    verdict, ahead = outlook.now.verdict, outlook.forecast.ahead
    words = {"delivered": said(verdict.delivered), "ahead": said(ahead), "floor": said(verdict.floor)}
    if not verdict.floor:
        return _("%(delivered)s delivered, %(ahead)s to come; no floor") % words
    return _("%(delivered)s delivered, %(ahead)s to come; the floor is %(floor)s") % words
