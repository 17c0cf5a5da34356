"""The questionnaires of whoever is signed in, one question at a time."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from dayward.chart.measures import library, picture
from dayward.chart.measures import queries as measures
from dayward.chart.measures.models import Administration
from dayward.chart.measures.queries import Question, ScorePoint, Waiting
from dayward.chart.measures.rules.change import Direction, Point, step
from dayward.chart.measures.rules.instrument import Instrument
from dayward.foundation.people.models import Person
from dayward.kernel.errors import Refused

SELF = Administration.Mode.SELF


def waiting_for(person: Person) -> list[Waiting]:
    """What they can answer here; what staff began in talk goes on in talk."""
    return [
        each
        for each in measures.asked_now(person)
        if each.administration is None or not each.is_begun or each.administration.mode == SELF
    ]


def asked_of(person: Person) -> QuerySet[Administration]:
    """What somebody asked or the person began; nothing is offered by itself after treatment."""
    rows = measures.administrations(person).filter(entered_in_error_at__isnull=True, mode=SELF)
    return rows.filter(finished_at__isnull=True, left_at__isnull=True, follows__isnull=True)


def own(person: Person, key: str) -> Administration | None:
    """One of their questionnaires by its public id; None for anybody else's."""
    rows = measures.administrations(person).filter(entered_in_error_at__isnull=True, mode=SELF)
    return rows.filter(public_id=key).first()


def unanswered(administration: Administration) -> bool:
    """Whether one of its own questions has no answer yet."""
    found = measures.next_item(administration)
    return found is not None and found.administration.pk == administration.pk


@dataclass(frozen=True)
class Shown:
    """A question with the way back to the one before it, which may be in the questionnaire that asked this one."""

    question: Question
    back_to: str  # public id of the questionnaire of the question before, "" for none
    back_item: str


def shown(administration: Administration, item: str) -> Shown | None:
    """The question asked for (going back), else the next one; None when all have an answer."""
    if item:
        found: Question | None = _asked(administration, item)
    else:
        found = measures.next_item(administration)
    if found is None:
        return None
    row = found.administration
    if found.previous:
        return Shown(found, row.public_id, found.previous)
    if row.follows is not None:
        return Shown(found, row.follows.public_id, _asking_item(row.follows, row.instrument))
    return Shown(found, "", "")


def _asked(administration: Administration, item: str) -> Question | None:
    """Only what can still be answered."""
    if not administration.is_open:
        return None
    try:
        return measures.question(administration, item)
    except Refused:
        return measures.next_item(administration)


def _asking_item(administration: Administration, asked: str) -> str:
    critical = library.instrument(administration.instrument).critical
    return next((one.item for one in critical if one.ask == asked), "")


@dataclass(frozen=True)
class OwnCourse:
    """One questionnaire over time as its person sees it: numbers and a line, never a band or a label."""

    instrument: Instrument
    picture: picture.Picture | None
    points: tuple[Point, ...]
    direction: Direction | None  # None with fewer than two scores

    @property
    def first(self) -> Point:
        return self.points[0]

    @property
    def last(self) -> Point:
        return self.points[-1]


def own_courses(rows: list[ScorePoint]) -> list[OwnCourse]:
    """Those that have a number, in the order of the library."""
    found = [_course(each, rows) for each in library.instruments().values()]
    return [each for each in found if each.points]


def _course(instrument: Instrument, rows: list[ScorePoint]) -> OwnCourse:
    points = tuple(measures.points(rows, instrument.key))
    changed = step(points, instrument.change) if instrument.change else None
    drawn = picture.draw(instrument, points, {})
    return OwnCourse(instrument, drawn, points, changed.direction if changed else None)
