"""The way in: cases, inquiries, screenings, calls, assessment times, and each step."""

from __future__ import annotations

from datetime import datetime, timedelta

from dayward.care.journey.models import (
    AssessmentSlot,
    ContactAttempt,
    Handoff,
    Inquiry,
    IntakeCase,
    Screening,
    Transition,
    WaitlistEntry,
)
from dayward.demo import clinic
from dayward.demo.dice import Dice
from dayward.demo.facts import Case, Step
from dayward.demo.ledger import Ledger, span
from dayward.demo.rows.clinic import user_id
from dayward.demo.rows.screening import answers

MODES = {"call": "phone", "text": "text", "letter": "letter"}
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
        closing_note=steps[-1].reason,
    )  # fmt: skip
    _inquiry(ledger, dice, case)
    for number, attempt in enumerate(a for a in case.attempts if a.at <= now):
        ledger.add(ContactAttempt, f"{case.key}-{number}", case=case.key, mode=MODES[attempt.mode],
                   outcome="sent" if attempt.mode in ("text", "letter") else attempt.outcome,
                   made_at=attempt.at, made_by=user_id(attempt.by))  # fmt: skip
    for step in steps:
        _also(ledger, dice, case, step)
    _slots(ledger, case, steps, now)
    add_steps(ledger, f"case-{case.key}", steps, case=case.key)


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


def _slots(ledger: Ledger, case: Case, steps: list[Step], now: datetime) -> None:
    """Assessment times: booked, missed or kept."""
    booked = [s for s in steps if s.transition in ("schedule_assessment", "reschedule_assessment")]
    missed = sum(s.transition == "miss_assessment" for s in steps)
    kept = any(s.transition == "record_assessment" for s in steps)
    for number, (slot, step) in enumerate(zip(case.assessments, booked, strict=False)):
        last = number == len(booked) - 1
        status = "missed" if number < missed else "kept" if last and kept else "booked"
        ledger.add(AssessmentSlot, f"{case.key}-{number}", case=case.key, clinician=case.assessor,
                   during=span(slot, slot + timedelta(minutes=90)), status=status, booked_at=step.at,
                   booked_by=user_id(step.by))  # fmt: skip


def add_steps(ledger: Ledger, key: str, steps: list[Step], **subject: str) -> None:
    """The log of the machine."""
    for number, step in enumerate(steps):
        ledger.add(
            Transition, f"{key}-{number}", **subject, key=step.transition, from_state=step.source,
            to_state=step.target, at=step.at, by=user_id(step.by) if step.by else "public",
            reason=step.reason, evidence={},
        )  # fmt: skip
