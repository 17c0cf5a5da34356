"""Assessment times: the slot of the case, and the session that it is on the week of clinician and person."""

from __future__ import annotations

from datetime import datetime, timedelta

from psycopg.types.range import Range

from dayward.care.attendance.models import Interval, RollCall
from dayward.care.journey.models import AssessmentSlot
from dayward.care.journey.rules.leaving import team_ends
from dayward.care.journey.rules.policy import TEAM_DAYS
from dayward.care.schedule.models import Booking, Session, SessionStaff
from dayward.demo.facts import Booked, Case, Step
from dayward.demo.ledger import Ledger, Values, span
from dayward.demo.rows.clinic import user_id
from dayward.foundation.access.models import CareTeamMember

EVALUATION, TITLE = "mental-health-evaluation", "Mental health evaluation"
LASTS = timedelta(minutes=90)
BOOKING = ("schedule_assessment", "reschedule_assessment")
CALLED_OFF = "Did not come"


def add_evaluations(ledger: Ledger, case: Case, steps: list[Step], now: datetime, *, over: bool) -> None:
    """Each time that was booked: still ahead, missed or kept. `over`: the person did not come in."""
    booked = [step for step in steps if step.transition in BOOKING]
    missed = [step for step in steps if step.transition == "miss_assessment"]
    done = next((step for step in steps if step.transition == "record_assessment"), None)
    for number, (slot, step) in enumerate(zip(case.assessments, booked, strict=False)):
        key = f"{case.key}-{number}"
        kept = done if number == len(booked) - 1 else None
        status = "missed" if number < len(missed) else "kept" if kept else "booked"
        ledger.add(AssessmentSlot, key, case=case.key, clinician=slot.clinician, during=_span(slot),
                   status=status, booked_at=step.at, booked_by=user_id(step.by))  # fmt: skip
        _session(ledger, key, case, slot, step, missed[number] if number < len(missed) else None)
        if slot.at <= now and number >= len(missed):
            _there(ledger, key, case, slot, now)
    for clinician, since in {
        slot.clinician: step.at for slot, step in zip(case.assessments, booked, strict=False)
    }.items():
        until = _left(since, steps[-1].at, now) if over else None
        ledger.add(CareTeamMember, clinician_key(case, clinician), person=case.key, staff=clinician,
                   function="intake", during=Range(since, until, "[)"))  # fmt: skip


def clinician_key(case: Case, clinician: str) -> str:
    """Of the clinician's place on the care team."""
    return f"{case.key}-intake-{clinician}"


def _left(since: datetime, over_since: datetime, now: datetime) -> datetime | None:
    """When the clinician lost the chart of somebody who was not admitted, as a night would have ended it."""
    until = team_ends(since, over_since, TEAM_DAYS)
    return until if until <= now else None


def _span(slot: Booked) -> object:
    return span(slot.at, slot.at + LASTS)


def _session(ledger: Ledger, key: str, case: Case, slot: Booked, step: Step, missed: Step | None) -> None:
    gone: Values = {}
    if missed:
        gone = {"status": "cancelled", "cancelled_at": missed.at, "cancelled_by": user_id(missed.by)}
    reason = {"cancel_reason": CALLED_OFF, "sequence": 1} if missed else {}
    ledger.add(
        Session, f"evaluation-{key}", site=case.person.site, service=EVALUATION, title=TITLE,
        during=_span(slot), assessment=key, changed_at=missed.at if missed else step.at,
        changed_by=user_id(missed.by if missed else step.by), **gone, **reason,
    )  # fmt: skip
    ledger.add(SessionStaff, f"evaluation-{key}", session=f"evaluation-{key}", staff=slot.clinician,
               during=_span(slot), status="cancelled" if missed else "leads")  # fmt: skip
    kind = {"cancel_kind": "timetable"} if missed else {}
    ledger.add(
        Booking, f"evaluation-{key}", session=f"evaluation-{key}", person=case.key, during=_span(slot),
        booked_at=step.at, booked_by=user_id(step.by), **gone, **reason, **kind,
    )  # fmt: skip


def _there(ledger: Ledger, key: str, case: Case, slot: Booked, now: datetime) -> None:
    """The clinician writes down that the person came."""
    session, ends = f"evaluation-{key}", slot.at + LASTS
    over = ends <= now
    done = {"closed_at": ends, "closed_by": slot.clinician} if over else {}
    out = {"went_out": ends, "out_at": ends, "out_by": slot.clinician} if over else {}
    if over:
        ledger.change(Session, session, status="held")
    ledger.add(RollCall, session, session=session, opened_at=slot.at, opened_by=slot.clinician, **done)
    ledger.add(
        Interval, session, booking=session, session=session, person=case.key, came_in=slot.at,
        modality="in_person", source="roll", recorded_at=slot.at, recorded_by=slot.clinician, **out,
    )  # fmt: skip
