"""The first week: its list, the calls on day 3 and 7, and a safety plan on the first day."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dayward.care.journey.models import AftercareCall, WeekOneItem
from dayward.chart.safety.models import SafetyPlan
from dayward.chart.safety.rules import plan as plan_rules
from dayward.chart.safety.rules.wording import signed_text
from dayward.chart.safety.wording import in_words
from dayward.demo import papers, sentences
from dayward.demo import plan_sentences as words
from dayward.demo.facts import Course
from dayward.demo.ledger import Ledger
from dayward.demo.rows.chart import REVIEWED_AFTER, person_facts
from dayward.demo.rows.clinic import user_id
from dayward.demo.rows.models import person_of
from dayward.demo.rows.signing import staff_signs

SAFETY_KINDS = frozenset(("psychologist", "social_worker", "counselor", "lmft", "adc"))
HOW: dict[str, tuple[str, ...]] = {
    "day3": (
        "Tired and glad to have come. Asks about parking.",
        "Two evenings were hard; comes on the next day of the track.",
        "Says the group is kinder than expected.",
    ),
    "day7": (
        "Has found the way in. Mornings still hard.",
        "Wants to stay; asks whether a day can be moved.",
        "Thinks of leaving, and will say so in the next session.",
    ),
}


def add_first_week(ledger: Ledger, course: Course, now: datetime, zone: ZoneInfo) -> None:
    """What was done of it by `now`."""
    for kind, at, dice in papers.week_one(course, zone):
        text = "\n".join(_goals(course)) if kind == "goals" else ""
        if kind in words.WEEK_ONE:
            text = dice.pick(words.WEEK_ONE[kind])
        if at <= now:
            ledger.add(
                WeekOneItem,
                f"{course.key}-{kind}",
                episode=course.key,
                kind=kind,
                text=text,
                done_at=at,
                done_by=user_id(course.therapist),
            )
    for slot, at, outcome in papers.early_calls(course, zone):
        if at <= now:
            how = course.dice.of("call", slot).pick(HOW[slot]) if outcome == "reached" else ""
            key = f"{course.key}-{slot}-{at:%m%d%H}"
            ledger.add(
                AftercareCall,
                key,
                episode=course.key,
                slot=slot,
                mode="phone",
                outcome=outcome,
                how=how,
                warning_signs=[],
                made_at=at,
                made_by=user_id(course.therapist),
            )
    _safety_plan(ledger, course, now)


def _goals(course: Course) -> tuple[str, str]:
    dice, trouble = course.dice.of("goals"), sentences.kind_of_trouble(course.case.diagnosis[0])
    return dice.pick(words.GOALS[trouble]), dice.pick(words.SECOND_GOALS)


def _safety_plan(ledger: Ledger, course: Course, now: datetime) -> None:
    """Written together on the first day, after the first group; the assessment may have made one before."""
    if course.first_service is None:
        return
    at = course.first_service + timedelta(minutes=course.dice.of("safety").whole(60, 170))
    if at <= now:
        before = course.key if course.key in ledger.rows(SafetyPlan) else None
        who = papers.able(course.therapist, SAFETY_KINDS)
        write_safety_plan(ledger, course, f"{course.key}-first", at, before, who)


def write_safety_plan(
    ledger: Ledger, course: Course, key: str, at: datetime, before: str | None, who: str
) -> None:
    """Signed at an instant, in the place of the one before."""
    texts = course.dice.of("safety", key).pick(sentences.PLANS)
    review = (at + REVIEWED_AFTER).date()
    facts = [
        *person_facts(person_of(course.case)),
        ("Copy given", "yes"),
        ("To be looked at again", in_words(review)),
    ]
    text = signed_text("Safety plan", facts, [(part.title, texts[part.key]) for part in plan_rules.PARTS])
    ledger.add(
        SafetyPlan,
        key,
        person=course.key,
        **texts,
        copy_given=True,
        review_on=review,
        written_at=at - timedelta(minutes=25),
        written_by=who,
        saved_at=at - timedelta(minutes=2),
        saved_by=who,
        supersedes=before,
        signature=staff_signs(ledger, SafetyPlan, key, text, who, at),
        signed_text=text,
    )
