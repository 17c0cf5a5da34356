"""Treatment plans with who signed them, and their reviews."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from dayward.care.catalog.models import Program
from dayward.care.journey.models import Episode
from dayward.chart.assessments.models import Assessment, Diagnosis
from dayward.chart.plans import library
from dayward.chart.plans.models import (
    DischargeCriterion,
    Goal,
    Intervention,
    Objective,
    Plan,
    PlanSignature,
    Problem,
)
from dayward.chart.plans.queries.tree import GoalRow, ProblemRow, Tree
from dayward.chart.plans.rules.starters import Starter, in_order, starter_for
from dayward.chart.plans.services.wording import plan_text
from dayward.demo import clinic, papers, sentences, timetable
from dayward.demo import plan_sentences as words
from dayward.demo.facts import Course
from dayward.demo.ledger import Ledger, Values, public_id
from dayward.demo.papers import PlanDays
from dayward.demo.rows.clinic import user_id
from dayward.demo.rows.models import person_of, service_of, staff_of
from dayward.demo.rows.packet import signers
from dayward.demo.rows.signing import own_user, person_signs, staff_signs
from dayward.demo.rows.treatment import minutes
from dayward.foundation.consent.rules.kinds import Kind
from dayward.foundation.people.models import Person

#: Objectives that a plan holds at most: what fits a conversation.
MOST_OBJECTIVES = 4


@dataclass
class Written:
    """A plan as it stands: its rows as objects, with their keys."""

    key: str
    days: PlanDays
    tree: Tree
    number: int = 1
    keys: list[str] = field(default_factory=list)  # of the objectives
    criteria: list[str] = field(default_factory=list)

    def criterion_id(self, at: int) -> str:
        return public_id(DischargeCriterion, self.criteria[at])

    def holds(self, at: datetime) -> bool:
        return self.days.complete is not None and self.days.complete <= at


def add_plan(ledger: Ledger, course: Course, now: datetime, zone: ZoneInfo) -> Written | None:
    """The plan of a stay as it stands at `now`: nothing, a draft, being signed, or signed by all."""
    days = papers.plan_of(course, zone)
    if days is None or days.begun > now:
        return None
    signed = days.written <= now
    it = Written(f"{course.key}-plan", days, _tree(ledger, course, f"{course.key}-plan", days.begun, zone))
    values: Values = dict(it.tree.plan.texts)
    if signed:
        values |= _signatures(ledger, course, it, now, zone)
    ledger.add(
        Plan,
        it.key,
        person=course.key,
        episode=course.key,
        number=1,
        written_at=days.begun,
        written_by=course.therapist,
        saved_at=min(days.written - timedelta(minutes=3), now) if signed else days.begun,
        saved_by=course.therapist,
        **values,
    )
    _parts(ledger, it)
    return it


# -- what stands in it -------------------------------------------------------------------------------------------


def _tree(ledger: Ledger, course: Course, key: str, begun: datetime, zone: ZoneInfo) -> Tree:
    dice, case = course.dice.of("plan", "words"), course.case
    plan = Plan(person=person_of(case), episode=Episode(program=program_of(course)), number=1)
    starters = _starters(ledger, course)
    said = ledger.rows(Assessment)[course.key]["sections"]
    beginning = library.beginning()
    plan.strengths, plan.family = said["strengths"], said["supports"]
    plan.barriers = dice.pick(words.BARRIERS)
    plan.medication = dice.pick(words.MEDICATION if course.on_medication else words.NO_MEDICATION)
    plan.therapy, plan.transition = beginning.therapy, beginning.transition
    plan.education = "\n".join(dict.fromkeys(starter.education for _code, starter in starters))
    trouble = sentences.kind_of_trouble(case.diagnosis[0])
    goals = [dice.pick(words.GOALS[trouble]), dice.pick(words.SECOND_GOALS)]
    problems, left = [], MOST_OBJECTIVES
    for number, (code, starter) in enumerate(starters):
        problems.append(_problem(plan, key, number, code, starter, goals[number], begun, left, zone))
        left -= len(starter.objectives)
    criteria = [
        DischargeCriterion(plan=plan, position=at, text=text) for at, text in enumerate(beginning.criteria)
    ]
    return Tree(plan, problems, _interventions(plan, course), criteria)


@cache
def _program(key: str) -> Program:
    plan = clinic.program(key)
    return Program(name=plan.name, stream=plan.stream, age_group=plan.age_group)


def program_of(course: Course) -> Program:
    return _program(clinic.track(course.track).program)


def _starters(ledger: Ledger, course: Course) -> list[tuple[str, Starter]]:
    """For each diagnosis the problem that fits it, no problem twice; the general one where none fits."""
    found: dict[str, tuple[str, Starter]] = {}
    known = library.starters().values()
    for rank in (1, 2):
        row = ledger.rows(Diagnosis).get(f"{course.key}-{rank}")
        starter = starter_for(row["icd"], known) if row else None
        if row and starter:
            found.setdefault(starter.key, (row["icd"], starter))
    if found:
        return list(found.values())
    return [("", in_order([], program_of(course).stream, known)[0])]


def _problem(
    plan: Plan,
    key: str,
    number: int,
    code: str,
    starter: Starter,
    goal: str,
    begun: datetime,
    left: int,
    zone: ZoneInfo,
) -> ProblemRow:
    problem = Problem(
        plan=plan, position=number, icd_id=code or None, title=starter.title, statement=starter.statement
    )
    day = begun.astimezone(zone).date()
    objectives = [
        Objective(
            plan=plan,
            position=at,
            thread=public_id(Objective, f"{key}-{number}-{at}"),
            text=each.text,
            target=each.target,
            measure=each.measure,
            due_on=day + timedelta(weeks=each.weeks),
        )
        for at, each in enumerate(starter.objectives[: max(1, left)])
    ]
    return ProblemRow(problem, [GoalRow(Goal(plan=plan, words=goal), objectives)])


def _interventions(plan: Plan, course: Course) -> list[Intervention]:
    weeks = max(4, round(clinic.program(clinic.track(course.track).program).target_days / 7))
    groups = timetable.of_cohort(course.track, course.cohort)
    rows = [
        (group.slot.service, group.slot.name, minutes(group.slot), Decimal(len(course.weekdays)), "")
        for group in groups
    ]
    if course.individual:
        rows.append(("individual-therapy", "", 50, Decimal(1), course.therapist))
    if course.on_medication:
        rows.append(("medication-visit", "", 25, Decimal("0.5"), course.prescriber))
    return [
        Intervention(
            plan=plan,
            position=at,
            service=service_of(service),
            method=method,
            minutes=long,
            per_week=often,
            weeks=weeks,
            responsible=staff_of(who) if who else None,
        )
        for at, (service, method, long, often, who) in enumerate(rows)
    ]


def _parts(ledger: Ledger, it: Written) -> None:
    """The rows under a plan."""
    _problems(ledger, it)
    for one in it.tree.interventions:
        who = one.responsible.public_id if one.responsible else None
        ledger.add(
            Intervention,
            f"{it.key}-{one.position}",
            plan=it.key,
            position=one.position,
            service=one.service.key,
            method=one.method,
            minutes=one.minutes,
            per_week=one.per_week,
            weeks=one.weeks,
            responsible=who,
        )
    for criterion in it.tree.criteria:
        key = f"{it.key}-{criterion.position}"
        ledger.add(DischargeCriterion, key, plan=it.key, position=criterion.position, text=criterion.text)
        it.criteria.append(key)


def _problems(ledger: Ledger, it: Written) -> None:
    """Problems with their goal and objectives."""
    for number, problem in enumerate(it.tree.problems):
        top = f"{it.key}-{number}"
        row = problem.problem
        ledger.add(
            Problem,
            top,
            plan=it.key,
            position=number,
            icd=row.icd_id,
            title=row.title,
            statement=row.statement,
        )
        ledger.add(Goal, top, plan=it.key, problem=top, words=problem.goals[0].goal.words)
        for at, each in enumerate(problem.goals[0].objectives):
            key = f"{top}-{at}"
            ledger.add(
                Objective,
                key,
                plan=it.key,
                goal=top,
                position=at,
                thread=each.thread,
                text=each.text,
                target=each.target,
                measure=each.measure,
                due_on=each.due_on,
            )
            it.keys.append(key)


# -- who signs ---------------------------------------------------------------------------------------------------


def _signatures(ledger: Ledger, course: Course, it: Written, now: datetime, zone: ZoneInfo) -> Values:
    """The signatures given by `now`, and what they make of the plan."""
    text = plan_text(it.tree)
    for one in it.days.team:
        if one.at <= now:
            key = staff_signs(ledger, Plan, it.key, text, one.staff, one.at, one.role)
            ledger.add(PlanSignature, f"{it.key}-{one.role}", plan=it.key, role=one.role, signature=key)
    roles: tuple[str, ...] = ()
    at = it.days.person_at
    if at is not None and at <= now:
        roles = signers(course.case, Kind.TREATMENT, at.astimezone(zone).date())
        for role in roles:
            _person_signs(ledger, course, it.key, text, role, at)
    first = f"{Plan._meta.label_lower}-{it.key}-{it.days.team[0].role}"
    values: Values = {"signature": first, "signed_text": text}
    if it.holds(now):
        last = max(it.days.team, key=lambda one: one.at)
        assert at is not None
        by = (
            user_id(last.staff) if last.at > at else user_id(own_user(ledger, _signer(course, roles[-1]), at))
        )
        values |= {"completed_at": it.days.complete, "completed_by": by}
    return values


def _signer(course: Course, role: str) -> str:
    return course.key if role == "patient" else f"{course.key}-relative"


def _person_signs(ledger: Ledger, course: Course, key: str, text: str, role: str, at: datetime) -> None:
    who = _signer(course, role)
    row: dict[str, Any] = ledger.rows(Person)[who]
    name = f"{row['legal_given']} {row['legal_family']}"
    signature = person_signs(ledger, Plan, key, text, who, name, role, at)
    ledger.add(PlanSignature, f"{key}-{role}", plan=key, role=role, signature=signature)
