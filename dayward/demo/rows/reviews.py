"""Reviews of the plan: what changed, hours used, scores since the start, and before a step down that it is founded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dayward.chart.assessments.models import LevelOfCare
from dayward.chart.measures import library as measures
from dayward.chart.measures.queries import ScorePoint
from dayward.chart.plans.models import ObjectiveProgress, PlanReview
from dayward.chart.plans.queries.reviews import (
    Sheet,
    StepRow,
    dimensions_of,
    next_review_day,
    scale_of,
    scores_in_words,
)
from dayward.chart.plans.services.wording import review_text
from dayward.demo import papers
from dayward.demo import plan_sentences as words
from dayward.demo.dice import Dice
from dayward.demo.facts import Course, Presence
from dayward.demo.ledger import Ledger, Values
from dayward.demo.papers import Review
from dayward.demo.rows.models import service_of
from dayward.demo.rows.plans import Written
from dayward.demo.rows.signing import staff_signs
from dayward.demo.rows.treatment import prescribed
from dayward.demo.scores import Filled

LEVEL_KINDS = frozenset(("psychologist", "social_worker", "counselor", "lmft", "adc"))
MOST_WEEKS = 8


@dataclass(frozen=True)
class Stay:
    """What a review looks back at."""

    course: Course
    plan: Written
    filled: list[Filled]
    presences: list[Presence]
    zone: ZoneInfo


def add_reviews(ledger: Ledger, stay: Stay, now: datetime) -> None:
    """Every review that is signed by `now`."""
    if not stay.plan.holds(now):
        return
    before = stay.plan.days.written
    for review in papers.reviews_of(stay.course, stay.zone):
        if review.at > now:
            return
        _add(ledger, stay, review, before)
        before = review.at


def _add(ledger: Ledger, stay: Stay, review: Review, before: datetime) -> None:
    course, plan = stay.course, stay.plan
    key, dice = f"{course.key}-review-{review.number}", course.dice.of("review", review.number)
    who = papers.able(course.therapist, LEVEL_KINDS)
    values = _values(ledger, stay, review, before)
    steps = [(chosen, dice.pick(words.PROGRESS[chosen])) for chosen in _progress(dice, plan, review)]
    row = PlanReview(person=plan.tree.plan.person, plan=plan.tree.plan, **values)
    sheet = Sheet(
        row,
        [StepRow(plan.tree.objectives[at], *step, None) for at, step in enumerate(steps)],
        dimensions_of(row),
        scale_of(row.criteria_set),
        [(one, row.criteria_met.get(plan.criterion_id(at), "")) for at, one in enumerate(plan.tree.criteria)],
    )
    text = review_text(sheet)
    ledger.add(
        PlanReview,
        key,
        person=course.key,
        episode=course.key,
        plan=plan.key,
        **values,
        signed_text=text,
        written_at=review.at - timedelta(minutes=28),
        written_by=who,
        saved_at=review.at - timedelta(minutes=1),
        saved_by=who,
        signature=staff_signs(ledger, PlanReview, key, text, who, review.at),
    )
    for at, (progress, note) in enumerate(steps):
        ledger.add(
            ObjectiveProgress,
            f"{key}-{at}",
            review=key,
            objective=plan.keys[at],
            progress=progress,
            note=note,
        )


def _values(ledger: Ledger, stay: Stay, review: Review, before: datetime) -> Values:
    """What the review says beside the objectives."""
    course, plan = stay.course, stay.plan
    dice = course.dice.of("review", review.number)
    level = ledger.rows(LevelOfCare)[course.key]
    return {
        "kind": "step_down" if review.step_down else "regular",
        "summary": dice.pick(words.SUMMARIES),
        "person_words": dice.pick(words.PERSON_SAYS),
        "person_agrees": "yes",
        "criteria_set": level["criteria_set"],
        "ratings": level["ratings"][level["criteria_set"]],
        "level": "iop" if not review.step_down else _level(course, review),
        "criteria_met": _criteria(dice, plan, review),
        "changes_plan": False,
        "stable_since": review.at.astimezone(stay.zone).date() - timedelta(days=15)
        if review.step_down
        else None,
        "next_review_on": next_review_day(plan.tree.plan.person, review.at),
        "hours": _hours(stay, before, review.at),
        "scores": scores_in_words(_points(stay, review.at)),
    }


def _level(course: Course, review: Review) -> str:
    return next(move.level for move in course.moves if review.at < move.at)


def _progress(dice: Dice, plan: Written, review: Review) -> Iterable[str]:
    """Better as time goes by; before a step down nothing is worse and something moves."""
    for number in range(len(plan.keys)):
        met = min(0.45, 0.08 * review.number)
        chosen = dice.weighted(
            (("met", met), ("progressing", 0.55), ("same", 0.3), ("worse", 0.0 if review.step_down else 0.07))
        )
        yield "progressing" if number == 0 and review.step_down else chosen


def _criteria(dice: Dice, plan: Written, review: Review) -> dict[str, str]:
    return {
        plan.criterion_id(at): "yes" if dice.chance(min(0.8, 0.15 * review.number)) else "no"
        for at in range(len(plan.criteria))
    }


def _points(stay: Stay, at: datetime) -> list[ScorePoint]:
    """The scores up to then, as the course of the chart tells them."""
    return [
        ScorePoint(
            instrument=one.instrument,
            at=one.at,
            day=one.at.astimezone(stay.zone).date(),
            total=one.total,
            band="",
            prorated=False,
            mode="self",
            administration="",
            episode=None,
        )
        for one in stay.filled
        if one.at < at and one.instrument in measures.instruments()
    ]


def _hours(stay: Stay, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """By week: minutes there in services that count, and prescribed."""
    last, day = until.astimezone(stay.zone).date(), since.astimezone(stay.zone).date()
    first = max(day, last - timedelta(weeks=MOST_WEEKS - 1))
    week, found = first - timedelta(days=first.isoweekday() % 7), []
    while week <= last:
        minutes = _minutes(stay, week, until)
        weekdays = stay.course.weekdays_on(max(week, first))
        level = next((m.level for m in reversed(stay.course.moves) if m.on <= max(week, first)), "iop")
        found.append(
            {
                "week": week.isoformat(),
                "minutes": minutes["there"],
                "scheduled": minutes["booked"],
                "prescribed": prescribed(stay.course, len(weekdays), level),
            }
        )
        week += timedelta(days=7)
    return found


def _minutes(stay: Stay, week: date, until: datetime) -> Mapping[str, int]:
    mine = [
        one
        for one in stay.presences
        if week <= one.came_in.astimezone(stay.zone).date() < week + timedelta(days=7)
        and one.came_in < until
        and service_of(one.seat.meeting.service).counts
    ]
    there = sum((one.went_out - one.came_in for one in mine), timedelta())
    booked = sum((one.seat.meeting.ends - one.seat.meeting.starts for one in mine), timedelta())
    return {"there": int(there.total_seconds() // 60), "booked": int(booked.total_seconds() // 60)}
