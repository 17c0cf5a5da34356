"""Episodes with their segments, holds and care team, and the standing seats in groups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from psycopg.types.range import Range

from dayward.care.journey.models import Episode, Handoff, Hold, Segment
from dayward.care.journey.rules.leaving import has_aftercare
from dayward.care.journey.rules.stepping import OP_MOST
from dayward.care.schedule.models import Enrollment
from dayward.demo import clinic, timetable
from dayward.demo.facts import Case, Course, Move, Step
from dayward.demo.ledger import Ledger
from dayward.demo.names import HOSPITALS
from dayward.demo.rows.clinic import user_id
from dayward.demo.rows.evaluation import clinician_key
from dayward.demo.rows.intake import add_attempt, add_steps
from dayward.demo.rows.proof import proof_of_course
from dayward.demo.special import SHIFT
from dayward.foundation.access.models import CareTeamMember

HOLD_REASONS = {"Hospital stay": "hospital", "Travel": "travel", "Illness": "illness"}
ENDED, CHANGED, FEWER = "Treatment ended", "The track or days changed", "Steady for two weeks; fewer days"
BELOW_FLOOR = "Individual and family sessions make up the rest of the week"


def add_course(ledger: Ledger, course: Course, now: datetime) -> date | None:
    """An episode as it stands at `now`; returns its last day, if it has ended."""
    plan = clinic.track(course.track)
    zone = ZoneInfo(clinic.site(plan.site).zone)
    steps = [step for step in course.steps if step.at <= now]
    ended = last_day(course, now, zone)
    closed = course.closed_at if ended else None
    ledger.add(
        Episode, course.key, person=course.key, program=plan.program, case=course.key,
        entry_mode=course.case.entry_mode, state=steps[-1].target, state_since=steps[-1].at,
        admitted_at=course.admitted_at, admitted_by=course.admitted_by, **_services(course, now, zone),
        **_ending(course, steps, ended), **_at_risk(steps),
    )  # fmt: skip
    add_steps(ledger, f"episode-{course.key}", steps, proof_of_course(course), episode=course.key)
    _care_team(ledger, course, closed)
    _segments(ledger, course, now, ended)
    _holds(ledger, course, steps, ended)
    _contacts(ledger, course, steps, now)
    return ended


def _services(course: Course, now: datetime, zone: ZoneInfo) -> dict[str, date | None]:
    first, last = course.first_service, course.last_service
    started = first is not None and first <= now
    return {
        "first_service_on": first.astimezone(zone).date() if first and started else None,
        "last_service_on": min(last, now).astimezone(zone).date() if last and started else None,
    }


def _ending(course: Course, steps: list[Step], last_day: date | None) -> dict[str, object]:
    if last_day is None:
        return {}
    end = steps[-1]
    ending: dict[str, object] = {"ended_at": end.at, "ended_by": end.by, "end_reason": end.reason,
                                 "effective_end": last_day}  # fmt: skip
    if end.target == "never_started":
        return ending
    ending["discharge_type"] = course.kind
    if course.kind == "ADMIN":
        ending |= {"director_signed_at": end.at, "director_signed_by": end.by,
                   "administrative_reason": "attendance", "appeal_told_on": last_day}  # fmt: skip
    return ending


def last_day(course: Course, now: datetime, zone: ZoneInfo) -> date | None:
    """The day on which the episode ended, as the discharge says; None while it is open."""
    if course.closed_at is None or course.closed_at > now:
        return None
    if course.steps[-1].target == "never_started":
        return course.closed_at.astimezone(zone).date()
    if course.kind == "LOST" and course.last_service:
        return course.last_service.astimezone(zone).date()
    return course.ends_on


def _at_risk(steps: list[Step]) -> dict[str, object]:
    """The flag as the last of its steps left it."""
    flags = [step for step in steps if step.transition.endswith("at_risk")]
    if not flags or flags[-1].transition == "clear_at_risk":
        return {}
    return {
        "at_risk_at": flags[-1].at,
        "at_risk_by": user_id(flags[-1].by),
        "at_risk_reason": flags[-1].reason,
    }


def _care_team(ledger: Ledger, course: Course, closed: datetime | None) -> None:
    """Of who is followed up the case manager stays: their calls have an owner."""
    team = {
        "primary_therapist": course.therapist,
        "case_manager": course.case_manager,
        "prescriber": course.prescriber,
    }
    followed = has_aftercare(course.kind) and not course.case.special and not course.never_starts
    for function, staff in team.items():
        until = None if followed and function == "case_manager" else closed
        ledger.add(CareTeamMember, f"{course.key}-{function}", person=course.key, staff=staff, function=function,
                   during=Range(course.admitted_at, until, "[)"))  # fmt: skip
    if closed:
        for key in {clinician_key(course.case, slot.clinician) for slot in course.case.assessments}:
            if found := ledger.rows(CareTeamMember).get(key):
                ledger.change(CareTeamMember, key, during=Range(found["during"].lower, closed, "[)"))


def _segments(ledger: Ledger, course: Course, now: datetime, ended: date | None) -> None:
    end = max(ended + timedelta(days=1), course.starts_on) if ended else None
    taken = [move for move in course.moves if move.at <= now]
    starts = [course.starts_on, *(move.on for move in taken)]
    for number, first in enumerate(starts):
        stretch = Stretch(
            str(number + 1), first, [*starts, end][number + 1], taken[number - 1] if number else None
        )
        _segment(ledger, course, stretch, number + 1 == len(starts))


@dataclass(frozen=True)
class Stretch:
    """A segment: its number, its days, and the step that began it."""

    number: str
    starts: date
    ends: date | None  # exclusive
    move: Move | None


def _segment(ledger: Ledger, course: Course, it: Stretch, last: bool) -> None:
    key, move = f"{course.key}-{it.number}", it.move
    weekdays = course.weekdays_on(it.starts) if move else course.weekdays
    weekly = prescribed(course, len(weekdays), move.level if move else "iop")
    program = clinic.program(clinic.track(course.track).program)
    below = BELOW_FLOOR if weekly < program.floor_minutes else ""
    ledger.add(Segment, key, episode=course.key, track=course.track, days_per_week=len(weekdays),
               level=move.level if move else "iop", prescribed_minutes=weekly, starts_on=it.starts, ends_on=it.ends,
               reason=FEWER if move else below)  # fmt: skip
    made = {"made_at": move.at if move else course.admitted_at,
            "made_by": user_id(course.therapist if move else course.admitted_by)}  # fmt: skip
    ended = _seats_end(course, it, last)
    for group in timetable.of_cohort(course.track, course.cohort):
        ledger.add(
            Enrollment, f"{key}-{group.key}", segment=key, person=course.key, group=group.key,
            weekdays=list(weekdays), starts_on=it.starts, ends_on=it.ends, **made,
            own_hours_reason=own_hours_reason(course.case), below_floor_reason=below, **ended,
        )  # fmt: skip


def _seats_end(course: Course, it: Stretch, last: bool) -> dict[str, object]:
    """Seats end with the stretch: at the step that follows it, or with treatment."""
    if it.ends is None:
        return {}
    if last:
        return {"ended_at": course.closed_at, "ended_by": user_id(course.steps[-1].by), "end_reason": ENDED}
    following = course.moves[int(it.number) - 1]
    return {"ended_at": following.at, "ended_by": user_id(course.therapist), "end_reason": CHANGED}


def prescribed(course: Course, days: int, level: str) -> int:
    """Minutes a week: what the groups of so many days come to; of outpatient care six hours at most (N12)."""
    per_day = sum(minutes(group.slot) for group in timetable.of_cohort(course.track, course.cohort))
    return min(OP_MOST, per_day * days) if level == "op" else per_day * days


def minutes(slot: clinic.Slot) -> int:
    return (slot.ends.hour - slot.starts.hour) * 60 + slot.ends.minute - slot.starts.minute


def own_hours_reason(case: Case) -> str:
    """Why somebody sits in groups that lie over their own hours."""
    return "No day seat free; asked the employer for early shifts" if case.special == SHIFT else ""


def _holds(ledger: Ledger, course: Course, steps: list[Step], ended: date | None) -> None:
    went = next((step for step in steps if step.transition == "hold"), None)
    if went is None or course.hold is None:
        return
    back = any(step.transition == "return_to_active" for step in steps)
    ended_on = course.hold.back if back else max(ended, course.hold.first) if ended else None
    ledger.add(
        Hold, course.key, episode=course.key, reason=HOLD_REASONS[course.hold.reason],
        note=course.hold.reason, starts_on=course.hold.first, expected_return=course.hold.back,
        ended_on=ended_on, set_at=went.at, set_by=user_id(went.by),
    )  # fmt: skip


def _contacts(ledger: Ledger, course: Course, steps: list[Step], now: datetime) -> None:
    """Calls to those who stay away, and the hand-off of those who need more."""
    for number, attempt in enumerate(each for each in course.attempts if each.at <= now):
        add_attempt(ledger, f"episode-{course.key}-{number}", attempt, episode=course.key)
    up = next((step for step in steps if step.transition == "step_up"), None)
    if up is not None:
        ledger.add(Handoff, f"episode-{course.key}", episode=course.key, route="higher", reason="needs_more",
                   target=HOSPITALS[0], contact_name="Admissions desk", accepted=True,
                   packet_note="Summary and medication list, under the signed consent",
                   wait_note="A partner stays with the person until the bed is free", made_at=up.at,
                   made_by=user_id(up.by))  # fmt: skip


def segment_on(course: Course, day: date) -> str:
    """The key of the segment that holds a day."""
    return f"{course.key}-{1 + sum(move.on <= day for move in course.moves)}"
