"""The treatment plan as its person reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import get_language

from dayward.chart.plans import queries as plans
from dayward.chart.plans.models import (
    Intervention,
    Objective,
    ObjectiveProgress,
    Plan,
    PlanReview,
    PlanSignature,
)
from dayward.chart.plans.queries.reviews import reviews_of
from dayward.chart.plans.queries.tree import read_tree
from dayward.chart.plans.rules.team import BOTH, GUARDIAN
from dayward.chart.plans.services.wording import often
from dayward.foundation.consent.queries import guardian_sees, who_signs
from dayward.foundation.consent.rules.kinds import Information, Kind
from dayward.foundation.people.models import Person
from dayward.foundation.people.queries import today_at
from dayward.kernel.gathering import Reading, all_of, alone, both


@dataclass(frozen=True)
class Step:
    """An objective, and what the last review said about it."""

    objective: Objective
    progress: ObjectiveProgress | None


@dataclass(frozen=True)
class Wish:
    """A goal in the person's words, and the steps towards it."""

    words: str
    steps: list[Step]


@dataclass(frozen=True)
class Subject:
    """A problem of the plan with what the person wants about it."""

    title: str
    statement: str
    wishes: list[Wish]


@dataclass(frozen=True)
class Help:
    """What is done: a service, how long and how often, with whom."""

    name: str
    method: str
    minutes: int
    often: str
    who: str


@dataclass(frozen=True)
class OwnPlan:
    """The version that holds."""

    plan: Plan
    subjects: list[Subject]
    helps: list[Help]
    criteria: list[str]
    signed: list[PlanSignature]


@dataclass(frozen=True)
class ToSign:
    """A version that waits for the reader's signature; `whose` is empty for their own."""

    plan: Plan
    whose: str


def to_sign(reader: Person) -> list[ToSign]:
    """The reader's own, and a ward's where a guardian has to sign or may."""
    return [
        ToSign(plan, "" if plan.person_id in reader.all_ids else plan.person.called)
        for plan in plans.plans_to_sign(reader)
        if may_sign(reader, plan)
    ]


def may_sign(reader: Person, plan: Plan) -> bool:
    """A guardian where one has to sign, or may and is allowed to see it; elsewhere it does not exist for them."""
    if plan.person_id in reader.all_ids:
        return not _said(plan)
    wanted = who_signs(plan.person, Kind.TREATMENT, today_at(plan.person))
    if wanted.signers in (GUARDIAN, BOTH):
        return True
    return wanted.guardian_accepted and guardian_sees(plan.person, reader, Information.PLAN)


def _said(plan: Plan) -> bool:
    return PlanSignature.objects.filter(plan=plan, role=PlanSignature.Role.PATIENT, outcome="signed").exists()


def readable(reader: Person, key: str) -> Plan | None:
    """A version whose words are fixed: the reader's own, or one they have to sign as a guardian."""
    own = plans.plans_of(reader).filter(public_id=key, signature__isnull=False, entered_in_error_at=None)
    found = own.first()
    if found is not None:
        return found
    return next((each.plan for each in to_sign(reader) if each.plan.public_id == key), None)


def own_plan(person: Person) -> OwnPlan | None:
    """The plan that holds, with progress from the last signed review; two statements."""
    plan = plans.active_plan(person)
    return alone(_read_own(plan)) if plan else None


def _read_own(plan: Plan) -> Reading[OwnPlan]:
    signed = PlanSignature.objects.filter(plan=plan).select_related("signature__staff")
    tree, (said, signatures) = yield from both(read_tree(plan), both(all_of(_progress(plan)), all_of(signed)))
    by_thread = {row.objective.thread: row for row in said}
    subjects = [
        Subject(
            row.problem.title,
            row.problem.statement,
            [
                Wish(goal.goal.words, [Step(each, by_thread.get(each.thread)) for each in goal.objectives])
                for goal in row.goals
            ],
        )
        for row in tree.problems
    ]
    criteria = [row.text for row in tree.criteria if row.text]
    return OwnPlan(plan, subjects, [_help(row) for row in tree.interventions], criteria, signatures)


def _progress(plan: Plan) -> QuerySet[ObjectiveProgress]:
    """What signed reviews said, the newest last."""
    rows = ObjectiveProgress.objects.filter(
        review__episode=plan.episode_id,
        review__signature__isnull=False,
        review__entered_in_error_at__isnull=True,
    ).exclude(progress="")
    return rows.select_related("objective", "review__signature").order_by("review__signature__signed_at")


def _help(row: Intervention) -> Help:
    """The catalog's own name is in English; in another language the page says the kind of service, as the week does."""
    who = row.responsible.name if row.responsible else ""
    english = (get_language() or "en").startswith("en")
    name = row.service.name if english else str(row.service.get_form_display())
    return Help(name, row.method.strip(), row.minutes or 0, often(row.per_week), who)


def own_reviews(person: Person) -> list[PlanReview]:
    """Signed reviews, the newest first."""
    rows = reviews_of(person).filter(signature__isnull=False, entered_in_error_at__isnull=True)
    return list(rows[:6])


def next_review(reviews: list[PlanReview]) -> date | None:
    return reviews[0].next_review_on if reviews else None
