"""The way in: cases, inquiries, screenings, calls, assessment times, and each step."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dayward.care.journey.models import (
    ContactAttempt,
    Handoff,
    Inquiry,
    IntakeCase,
    Screening,
    Transition,
    WaitlistEntry,
)
from dayward.care.journey.rules.table import BY_KEY
from dayward.demo import clinic
from dayward.demo.dice import Dice
from dayward.demo.facts import Attempt, Case, Step
from dayward.demo.ledger import Ledger
from dayward.demo.rows.clinic import user_id
from dayward.demo.rows.evaluation import add_evaluations
from dayward.demo.rows.people import add_own_hours
from dayward.demo.rows.proof import Proof, proof_of_case
from dayward.demo.rows.screening import answers
from dayward.demo.times import moment

MODES = {"call": "phone", "text": "text", "letter": "letter"}
CLOSING = frozenset({"refer_out", "hand_to_higher_level", "hand_to_lower_level", "decline", "withdraw",
                     "close_no_contact"})  # fmt: skip
ROUTES = {"refer_out": ("elsewhere", "geography"), "hand_to_higher_level": ("higher", "needs_more"),
          "hand_to_lower_level": ("lower", "needs_less")}  # fmt: skip


def add_case(ledger: Ledger, dice: Dice, case: Case, now: datetime) -> None:
    """A case as it stands at `now`."""
    steps = [step for step in case.steps if step.at <= now]
    plan = clinic.track(case.track)
    ledger.add(
        IntakeCase, case.key, site=plan.site, person=case.key, program=plan.program, entry_mode=case.entry_mode,
        source=case.source, state=steps[-1].target, state_since=steps[-1].at, opened_at=case.opened_at,
        opened_by=user_id(steps[0].by), owner=next((s.by for s in steps if s.by), None) or None,
        sending_facility=case.facility, facility_discharge_date=case.facility_discharge,
        planned_for=_planned(case, steps, now),
        closing_note=steps[-1].reason if steps[-1].transition in CLOSING else "",
    )  # fmt: skip
    _inquiry(ledger, dice, case)
    for number, attempt in enumerate(a for a in case.attempts if a.at <= now):
        add_attempt(ledger, f"{case.key}-{number}", attempt, case=case.key)
    for step in steps:
        _also(ledger, dice, case, step)
    add_evaluations(ledger, case, steps, now, over=steps[-1].transition in CLOSING)
    add_steps(ledger, f"case-{case.key}", steps, proof_of_case(case), case=case.key)


def _planned(case: Case, steps: list[Step], now: datetime) -> datetime | None:
    """When somebody tries again, where a try has been made; or when the seat that was agreed on is taken."""
    state, since = steps[-1].target, steps[-1].at
    ahead = [attempt.at for attempt in case.attempts if attempt.at > now]
    ahead += [step.at for step in case.steps if step.at > now]
    tried = any(since <= attempt.at <= now for attempt in case.attempts)
    if ahead and (state == "level_decided" or (state in ("inquiry", "assessment_missed") and tried)):
        return min(ahead)
    if state == "level_decided" and case.ready_on:
        return moment(case.ready_on, 16.0, ZoneInfo(clinic.site(case.person.site).zone))
    return None


def add_attempt(ledger: Ledger, key: str, attempt: Attempt, **of: str) -> None:
    """A try to reach somebody, of a case or an episode."""
    ledger.add(ContactAttempt, key, **of, mode=MODES[attempt.mode],
               outcome="sent" if attempt.mode in ("text", "letter") else attempt.outcome,
               made_at=attempt.at, made_by=user_id(attempt.by))  # fmt: skip


def _inquiry(ledger: Ledger, dice: Dice, case: Case) -> None:
    said = dice.pick(("Asks what a week looks like.", "Wants to know how soon there is a place.",
                      "Is just out of hospital and looks for a program.", "Asks about evening groups."))  # fmt: skip
    ledger.add(
        Inquiry, case.key, case=case.key, by_other=case.by_other, message=said,
        inquirer_name=f"A relative of {case.person.given}" if case.by_other else "",
        inquirer_relation="family" if case.by_other else "", received_at=case.opened_at,
        inquirer_phone=case.person.phone if case.by_other else "", received_by=user_id(case.steps[0].by),
        person_knows=True if case.by_other else None,
    )  # fmt: skip


def _also(ledger: Ledger, dice: Dice, case: Case, step: Step) -> None:
    """What a step leaves beside itself."""
    if step.transition == "finish_screening":
        add_own_hours(ledger, case, step)
        ledger.add(Screening, case.key, case=case.key, **answers(dice.of("screening"), case), saved_at=step.at,
                   saved_by=user_id(step.by), finished_at=step.at, finished_by=step.by)  # fmt: skip
    elif step.transition in ROUTES:
        route, reason = ROUTES[step.transition]
        ledger.add(Handoff, case.key, case=case.key, route=route, reason=reason, target=case.handed_to,
                   contact_name="Intake desk", accepted=True, made_at=step.at - timedelta(minutes=3),
                   made_by=user_id(step.by))  # fmt: skip
    elif step.transition == "waitlist":
        ledger.add(WaitlistEntry, case.key, case=case.key, program=clinic.track(case.track).program,
                   track=case.track, interim_plan="Weekly call; keeps seeing the outpatient therapist.",
                   added_at=step.at, added_by=user_id(step.by))  # fmt: skip
    elif step.source == "waitlisted":
        ledger.change(WaitlistEntry, case.key, ended_at=step.at, ended_by=user_id(step.by))


def add_steps(ledger: Ledger, key: str, steps: list[Step], proof: Proof, **subject: str) -> None:
    """The log of the machine."""
    for number, step in enumerate(steps):
        row = BY_KEY[step.transition]
        ledger.add(
            Transition, f"{key}-{number}", **subject, key=step.transition, from_state=step.source,
            to_state=step.target, at=step.at, by=user_id(step.by), reason=step.reason,
            evidence={ask.key: proof(step, ask.key) for ask in row.asks},
        )  # fmt: skip
