"""Episodes with their segments, holds and care team, and the standing seats in groups."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from psycopg.types.range import Range

from dayward.care.journey.models import Episode, Hold, Segment
from dayward.care.schedule.models import Enrollment
from dayward.demo import clinic, timetable
from dayward.demo.facts import Course, Step
from dayward.demo.ledger import Ledger
from dayward.demo.rows.clinic import user_id
from dayward.demo.rows.intake import add_steps
from dayward.foundation.access.models import CareTeamMember

HOLD_REASONS = {"Hospital stay": "hospital", "Travel": "travel", "Illness": "illness"}
SYSTEM = "demo"


def add_course(ledger: Ledger, course: Course, now: datetime) -> None:
    """An episode as it stands at `now`."""
    plan = clinic.track(course.track)
    zone = ZoneInfo(clinic.site(plan.site).zone)
    steps = [step for step in course.steps if step.at <= now]
    closed = course.closed_at if course.closed_at and course.closed_at <= now else None
    ledger.add(
        Episode, course.key, person=course.key, program=plan.program, case=course.key,
        entry_mode=course.case.entry_mode, state=steps[-1].target, state_since=steps[-1].at,
        admitted_at=course.admitted_at, admitted_by=course.admitted_by, **_services(course, now, zone),
        **_ending(course, closed), **_at_risk(course, now, closed),
    )  # fmt: skip
    add_steps(ledger, f"episode-{course.key}", steps, episode=course.key)
    _care_team(ledger, course, closed)
    _segments(ledger, course, now, closed, zone)
    _holds(ledger, course, steps)


def _services(course: Course, now: datetime, zone: ZoneInfo) -> dict[str, date | None]:
    first, last = course.first_service, course.last_service
    started = first is not None and first <= now
    return {
        "first_service_on": first.astimezone(zone).date() if first and started else None,
        "last_service_on": min(last, now).astimezone(zone).date() if last and started else None,
    }


def _ending(course: Course, closed: datetime | None) -> dict[str, object]:
    if closed is None:
        return {}
    last = course.steps[-1]
    ending: dict[str, object] = {"ended_at": closed, "ended_by": course.therapist, "end_reason": last.reason}
    if last.target == "never_started":
        return ending
    ending["discharge_type"] = course.kind
    lost = course.kind == "LOST" and course.last_service
    ending["effective_end"] = course.last_service.date() if lost and course.last_service else course.ends_on
    if course.kind == "ADMIN":
        director = timetable.with_role(clinic.track(course.track).site, "director")[0]
        ending |= {"director_signed_at": closed, "director_signed_by": director}
    return ending


def _at_risk(course: Course, now: datetime, closed: datetime | None) -> dict[str, object]:
    standing = [since for since, until in course.at_risk if since <= now and (until is None or until > now)]
    if not standing or closed:
        return {}
    return {"at_risk_at": standing[-1], "at_risk_by": SYSTEM,
            "at_risk_reason": "Two unexcused absences in a row"}  # fmt: skip


def _care_team(ledger: Ledger, course: Course, closed: datetime | None) -> None:
    team = {"primary_therapist": course.therapist, "case_manager": course.case_manager}
    if course.on_medication:
        team["prescriber"] = course.prescriber
    for function, staff in team.items():
        ledger.add(CareTeamMember, f"{course.key}-{function}", person=course.key, staff=staff, function=function,
                   during=Range(course.admitted_at, closed, "[)"))  # fmt: skip


def _segments(ledger: Ledger, course: Course, now: datetime, closed: datetime | None, zone: ZoneInfo) -> None:
    today = now.astimezone(zone).date()
    end = max(course.ends_on, course.starts_on) + timedelta(days=1) if closed else None
    stepped = course.step_down_on if course.step_down_on and course.step_down_on <= today else None
    if stepped and end and stepped >= end:
        stepped = None
    _segment(ledger, course, "1", course.starts_on, stepped or end, course.weekdays, "")
    if stepped:
        fewer = course.weekdays[: course.step_down_days]
        _segment(ledger, course, "2", stepped, end, fewer, "Steady for two weeks; fewer days")


def _segment(
    ledger: Ledger, course: Course, number: str, starts: date, ends: date | None, weekdays: tuple[int, ...],
    reason: str,
) -> None:  # fmt: skip
    key = f"{course.key}-{number}"
    per_day = sum(minutes(group.slot) for group in timetable.of_cohort(course.track, course.cohort))
    ledger.add(Segment, key, episode=course.key, track=course.track, days_per_week=len(weekdays),
               prescribed_minutes=per_day * len(weekdays), starts_on=starts, ends_on=ends, reason=reason)  # fmt: skip
    for group in timetable.of_cohort(course.track, course.cohort):
        ended: dict[str, object] = {}
        if ends is not None:
            at = course.closed_at if number == "2" or not course.step_down_on else None
            moment = at or datetime.combine(ends, datetime.min.time(), course.admitted_at.tzinfo)
            ended = {"ended_at": moment, "ended_by": user_id(course.therapist)}
        ledger.add(
            Enrollment, f"{key}-{group.key}", segment=key, person=course.key, group=group.key,
            weekdays=list(weekdays), starts_on=starts, ends_on=ends, made_at=course.admitted_at,
            made_by=user_id(course.admitted_by), own_hours_reason=_own_hours(course), **ended,
        )  # fmt: skip


def minutes(slot: clinic.Slot) -> int:
    return (slot.ends.hour - slot.starts.hour) * 60 + slot.ends.minute - slot.starts.minute


def _own_hours(course: Course) -> str:
    shift = course.case.special == "shift work against the track"
    return "No day seat free; asked the employer for early shifts" if shift else ""


def _holds(ledger: Ledger, course: Course, steps: list[Step]) -> None:
    went = next((step for step in steps if step.transition == "hold"), None)
    if went is None or course.hold is None:
        return
    back = next((step for step in steps if step.transition == "return_to_active"), None)
    ended_on = course.hold.back if back else course.closed_at.date() if course.closed_at else None
    ledger.add(
        Hold, course.key, episode=course.key, reason=HOLD_REASONS[course.hold.reason],
        starts_on=course.hold.first, expected_return=course.hold.back, ended_on=ended_on, set_at=went.at,
        set_by=user_id(went.by),
    )  # fmt: skip


def segment_on(course: Course, day: date) -> str:
    """The key of the segment that holds a day."""
    return f"{course.key}-2" if course.step_down_on and day >= course.step_down_on else f"{course.key}-1"
