"""What was proved at each step, as the providers of evidence would have answered then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

from dayward.care.journey.rules.waiting import Attempt, contact_rule, is_soon
from dayward.demo import clinic, papers
from dayward.demo.facts import Case, Course, Step

Proof = Callable[[Step, str], bool]

QUIET = timedelta(days=30)  # T23: how long without a service


def proof_of_case(case: Case) -> Proof:
    """For the steps of a way in."""
    booked = [
        step for step in case.steps if step.transition in ("schedule_assessment", "reschedule_assessment")
    ]

    def proved(step: Step, key: str) -> bool:
        if key == "assessment.slot_soon":
            return is_soon(case.assessments[booked.index(step)].at, step.at)
        if key == "contact.attempts_made":
            tried = [
                Attempt(each.mode, each.outcome == "reached") for each in case.attempts if each.at <= step.at
            ]
            return contact_rule(tried).enough
        if key == "consent.telehealth":
            return case.telehealth
        return True

    return proved


def proof_of_course(course: Course) -> Proof:
    """For the steps of an episode."""
    zone = ZoneInfo(clinic.site(clinic.track(course.track).site).zone)

    def proved(step: Step, key: str) -> bool:
        if key == "service.quiet":
            last = course.last_service or course.admitted_at
            return step.at.date() - last.date() >= QUIET
        if key == "plan.signed":
            return papers.plan_holds(course, step.at, zone)
        if key == "week_one.checklist":
            return papers.week_one_done(course, step.at, zone)
        return True

    return proved
