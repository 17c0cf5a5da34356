"""Questionnaires with each answer, their scores, and what an answer asks for: alerts, until they are closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dayward.chart.measures import library
from dayward.chart.measures.models import Administration, Answer, Score
from dayward.chart.measures.rules import scoring
from dayward.demo import scores
from dayward.demo.facts import Case, Course
from dayward.demo.ledger import Ledger
from dayward.demo.rows import alerts
from dayward.demo.rows.clinic import user_id
from dayward.demo.rows.signing import own_user
from dayward.demo.scores import ASQ, EACH, Filled


@dataclass(frozen=True)
class Asked:
    """Who answers, how, and whose episode it belongs to."""

    ledger: Ledger
    person: str
    episode: str | None
    mode: str
    by: str  # an actor's id
    language: str
    now: datetime


def add_first_scores(ledger: Ledger, case: Case, now: datetime) -> None:
    """The two that the assessment asks for, in the interview."""
    began = case.assessments[-1].at
    asked = Asked(ledger, case.key, None, "interview", user_id(case.assessor), "en", now)
    for filled in scores.first_ones(case.dice, began + timedelta(minutes=50)):
        _add(asked, f"{case.key}-{filled.instrument}-0", filled)


def add_scores(ledger: Ledger, course: Course, anchor: date, now: datetime, zone: ZoneInfo) -> list[Filled]:
    """The weekly ones of the stay, answered on the own page; comes back with those that were finished."""
    done: list[Filled] = []
    asked: Asked | None = None
    for filled in scores.weekly(course, anchor, zone):
        if filled.at + timedelta(minutes=4) > now:
            break
        if asked is None:
            actor = user_id(own_user(ledger, course.key, filled.at))
            language = (
                course.case.person.language if course.case.person.language in library.LANGUAGES else "en"
            )
            asked = Asked(ledger, course.key, course.key, "self", actor, language, now)
        done.append(filled)
        key = f"{course.key}-{filled.instrument}-{filled.week}"
        _add(asked, key, filled)
        _answer_for(asked, course, key, filled, done, zone)
    return done


def _add(asked: Asked, key: str, filled: Filled) -> None:
    """The questionnaire with its answers, and the ASQ in the middle of it where item 9 asks for one."""
    at, pause = filled.at, timedelta()
    _begin(asked, key, filled.instrument, at, ended(filled))
    for number, (item, value) in enumerate(filled.answers.items()):
        when = at + EACH * (number + 1) + pause
        _say(asked, key, item, value, when)
        if item == "9" and filled.asq:
            pause = _asq(asked, key, filled, when)
    result = scoring.score(library.instrument(filled.instrument), filled.answers)
    _score(asked, key, result, ended(filled))


def ended(filled: Filled) -> datetime:
    return filled.at + EACH * (len(filled.answers) + len(filled.asq) + 1)


def answered_nine(filled: Filled) -> datetime:
    """When item 9 was answered."""
    return filled.at + EACH * (list(filled.answers).index("9") + 1)


def _asq(asked: Asked, key: str, filled: Filled, at: datetime) -> timedelta:
    own = f"{key}-asq"
    over = at + EACH * len(filled.asq)
    _begin(asked, own, ASQ, at, over, follows=key)
    for number, (item, value) in enumerate(filled.asq.items()):
        _say(asked, own, item, value, at + EACH * (number + 1))
    _score(asked, own, scoring.score(library.instrument(ASQ), filled.asq), over)
    return EACH * len(filled.asq)


def _begin(asked: Asked, key: str, instrument: str, at: datetime, over: datetime, **more: object) -> None:
    found = library.instrument(instrument)
    asked.ledger.add(
        Administration,
        key,
        person=asked.person,
        episode=asked.episode,
        instrument=instrument,
        version=found.version,
        text_version=found.text(asked.language).version,
        scoring_version=found.scoring_version,
        language=asked.language,
        mode=asked.mode,
        started_at=at,
        started_by=asked.by,
        finished_at=over,
        finished_by=asked.by,
        **more,
    )


def _say(asked: Asked, key: str, item: str, value: int, at: datetime) -> None:
    asked.ledger.add(
        Answer,
        f"{key}-{item}",
        administration=key,
        item=item,
        value=value,
        answered_at=at,
        answered_by=asked.by,
        mode=asked.mode,
    )


def _score(asked: Asked, key: str, result: scoring.Score, at: datetime) -> None:
    asked.ledger.add(
        Score,
        key,
        administration=key,
        total=result.total,
        band=result.band,
        answered=result.answered,
        prorated=result.prorated,
        at=at,
    )


# -- what an answer asks for -------------------------------------------------------------------------------------


def _answer_for(
    asked: Asked, course: Course, key: str, filled: Filled, done: list[Filled], zone: ZoneInfo
) -> None:
    """An alert for item 9; for a score that is reliably worse a line on the team's list, one in seven days."""
    to = alerts.Told(asked.ledger, course, asked.by, asked.now, zone)
    if filled.positive:
        alerts.add_answer(to, key, answered_nine(filled), filled)
    elif scores.worse(done, filled):
        alerts.add_watch(to, key, ended(filled))
