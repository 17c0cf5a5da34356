"""Leaving and after: discharge plan, appointments, summary, aftercare with its calls, alumni by their own consent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dayward.care.catalog.models import Program
from dayward.care.journey.models import (
    AftercareCall,
    AftercareCase,
    AlumniAttendance,
    AlumniEvent,
    DischargePlan,
    Episode,
    FollowUpAppointment,
    Transition,
)
from dayward.care.journey.models.episodes import DischargeType
from dayward.care.journey.rules.leaving import TEXTS, has_aftercare
from dayward.chart.casework.models import Summary
from dayward.chart.casework.queries import summaries as casework
from dayward.chart.casework.queries.letters import Signer
from dayward.chart.casework.queries.papers import plain
from dayward.chart.casework.queries.subject import Section
from dayward.chart.safety.rules.qualification import Held
from dayward.demo import clinic, leaving, papers
from dayward.demo import leaving_sentences as words
from dayward.demo.facts import Course
from dayward.demo.ledger import Ledger, Values
from dayward.demo.rows.clinic import user_id
from dayward.demo.rows.models import person_of, site_of, staff_of
from dayward.demo.rows.packet import Form, add_consent
from dayward.demo.rows.signing import credential_of, keep_paper, staff_signs
from dayward.demo.times import moment, working_day
from dayward.foundation.consent.rules.kinds import Kind

ASSESS_KINDS = frozenset(("psychologist", "social_worker", "counselor", "lmft", "adc"))
JOINS, REACHED = 0.35, {"72h": 0.8, "7d": 0.75, "30d": 0.70, "90d": 0.55, "180d": 0.40}
DAYS = {"72h": 2, "7d": 6, "30d": 29, "90d": 89, "180d": 179}
KEPT, SLIPS, UNPLANNED_TAKE = 0.75, 0.08, 0.93
LATE = (2, 5)  # so many days later is done what was not done in time
CONSENT_NAME = "alumni consent"  # the actor of the step that a consent takes


@dataclass(frozen=True)
class Leave:
    """Somebody who is leaving, up to a moment."""

    ledger: Ledger
    course: Course
    now: datetime
    zone: ZoneInfo

    @property
    def key(self) -> str:
        return self.course.key

    @property
    def closed(self) -> datetime | None:
        at = self.course.closed_at
        return at if at is not None and at <= self.now and self.course.state == "discharged" else None


def add_leaving(ledger: Ledger, course: Course, now: datetime, zone: ZoneInfo) -> None:
    it = Leave(ledger, course, now, zone)
    _plan(it)
    if it.closed is None:
        return
    _summary(it, it.closed)
    if has_aftercare(course.kind):
        _aftercare(it, it.closed)


# -- before ------------------------------------------------------------------------------------------------------


def _plan(it: Leave) -> None:
    """Written on the day the discharge is planned, with the first appointments made."""
    course = it.course
    day = leaving.planned_on(course)
    if day is None or not any(step.transition == "plan_discharge" for step in course.steps):
        return
    at = moment(day, 14.2, it.zone)
    if at > it.now:
        return
    dice = course.dice.of("leaving", "plan")
    texts = {key: dice.pick(words.PLAN[key]) for key in TEXTS}
    if not course.on_medication:
        texts |= {
            "medication_supply": words.PLAN["medication_supply"][1],
            "prescriber_after": words.PLAN["prescriber_after"][1],
        }
    by = user_id(course.therapist)
    copy: Values = {}
    given = moment(course.ends_on, 11.0, it.zone)
    if given <= it.now and given > at:
        copy = {"copy_given_at": given, "copy_given_by": by}
    it.ledger.add(
        DischargePlan,
        it.key,
        episode=it.key,
        planned_for=course.ends_on,
        **texts,
        supports=list(dice.pick(words.SUPPORTS)),
        supports_note="",
        family="unwanted",
        written_at=at,
        written_by=by,
        **copy,
    )
    _appointment(it, "therapy", at + timedelta(minutes=25), 4, 6)
    if course.on_medication:
        _appointment(it, "prescriber", at + timedelta(minutes=31), 9, 13)


def _appointment(
    it: Leave, kind: str, made: datetime, first: int, last: int, since: date | None = None
) -> None:
    dice, key = it.course.dice.of("appointment", kind), f"{it.key}-{kind}"
    day = (since or it.course.ends_on) + timedelta(days=dice.whole(first, last))
    at = moment(
        day - timedelta(days=max(0, day.isoweekday() - 5)), dice.pick((9.0, 10.5, 14.0, 15.5)), it.zone
    )
    asked = timedelta(days=1 + (dice.whole(*LATE) if dice.chance(0.03) else 0))
    told = moment(working_day(at.astimezone(it.zone).date() + asked), dice.between(9, 15), it.zone)
    settled: Values = {}
    if told <= it.now and it.closed is not None:
        kept = dice.chance(KEPT)
        settled = {
            "state": "attended" if kept else "missed",
            "settled_at": told,
            "settled_by": user_id(it.course.case_manager),
            "result": "" if kept else "Forgot it; a new one is asked for.",
        }
    it.ledger.add(
        FollowUpAppointment,
        key,
        episode=it.key,
        kind=kind,
        name=dice.pick(words.APPOINTMENTS),
        at=at,
        phone="555-0119",
        made_at=made,
        made_by=user_id(it.course.therapist),
        **settled,
    )


# -- the summary -------------------------------------------------------------------------------------------------


def _summary(it: Leave, closed: datetime) -> None:
    """Signed within the week; one in eight later, a few still waiting."""
    course, dice = it.course, it.course.dice.of("summary")
    days = dice.whole(8, 14) if dice.chance(0.05) else dice.whole(0, 6)
    at = moment(
        working_day(closed.astimezone(it.zone).date() + timedelta(days=days)),
        dice.between(16.2, 18.5),
        it.zone,
    )
    if at > it.now:
        return
    who = papers.able(course.therapist, ASSESS_KINDS)
    texts = {key: dice.pick(options) for key, options in words.SUMMARY.items()}
    if course.kind == "LOST":
        texts["condition"] = words.LOST
    plan = clinic.program(clinic.track(course.track).program)
    program = Program(name=plan.name, part_two=plan.part_two, site=site_of(plan.site))
    row = Summary(person=person_of(course.case), episode=Episode(program=program), kind="discharge", **texts)
    found = _sections(it, program.name)
    staff = clinic.staff(who)
    signer = Signer(staff_of(who), Held(staff.credential, credential_of(who)))
    paper = casework.paper_of(row, found, signer, None, at)
    text = plain(paper)
    keep_paper(it.ledger, f"{it.key}-summary", it.key, paper, "Discharge summary", "discharge.pdf", who, at)
    it.ledger.add(
        Summary,
        it.key,
        person=it.key,
        episode=it.key,
        kind="discharge",
        **texts,
        sections=casework.frozen(found),
        written_at=at - timedelta(minutes=22),
        written_by=who,
        saved_at=at - timedelta(minutes=1),
        saved_by=who,
        copy_given=course.kind in leaving.PLANNED,
        signed_text=text,
        document=f"{it.key}-summary",
        signature=staff_signs(it.ledger, Summary, it.key, text, who, at),
    )


def _sections(it: Leave, program: str) -> list[Section]:
    """The stay in a few lines; the page of the chart has the rest."""
    course = it.course
    assert course.last_service is not None
    lost = course.kind == "LOST"  # the last day of service counts (T23)
    ended = course.last_service.astimezone(it.zone).date() if lost else course.ends_on
    lines = [
        f"Admitted {course.admitted_at.astimezone(it.zone):%B %-d, %Y} to {program}.",
        f"Last service on {course.last_service.astimezone(it.zone):%B %-d, %Y}.",
        f"Discharged {ended:%B %-d, %Y}: {DischargeType(course.kind).label}.",
    ]
    code, title = course.case.diagnosis
    gaps = () if course.kind in leaving.PLANNED else ("There is no discharge plan: the end was not planned.",)
    return [
        Section("stay", "Treatment here", tuple(lines)),
        Section("diagnoses", "Diagnoses", (f"{code} {title}",)),
        Section("leaving", "After discharge", (), gaps),
    ]


# -- after -------------------------------------------------------------------------------------------------------


def _aftercare(it: Leave, closed: datetime) -> None:
    by, opened = user_id(it.course.case_manager), closed + timedelta(minutes=48)
    if opened > it.now:
        return
    it.ledger.add(
        AftercareCase,
        it.key,
        episode=it.key,
        state="aftercare",
        state_since=opened,
        opened_at=opened,
        opened_by=by,
    )
    _step(it, 0, "open_aftercare", "", "aftercare", opened, by, {"episode.discharged": True})
    dice, made = it.course.dice.of("follow-up"), opened + timedelta(minutes=12)
    if not dice.chance(UNPLANNED_TAKE):  # at first they want none
        made += timedelta(days=dice.whole(*LATE))
    planned = f"{it.key}-therapy" in it.ledger.rows(FollowUpAppointment)
    if not planned and made <= it.now:
        _appointment(it, "therapy", made, 4, 6, made.astimezone(it.zone).date())  # as soon as possible
    joined = _join(it, closed)
    for slot, days in DAYS.items():
        _call(it, slot, closed.astimezone(it.zone).date() + timedelta(days=days), closed, joined)


def _step(
    it: Leave,
    number: int,
    key: str,
    source: str,
    target: str,
    at: datetime,
    by: str,
    evidence: dict[str, bool],
) -> None:
    it.ledger.add(
        Transition,
        f"aftercare-{it.key}-{number}",
        aftercare=it.key,
        key=key,
        from_state=source,
        to_state=target,
        at=at,
        by=by,
        reason="",
        evidence=evidence,
    )


def _join(it: Leave, closed: datetime) -> datetime | None:
    """A third of those who completed ask for it, by a consent of its own."""
    dice = it.course.dice.of("alumni")
    at = moment(
        working_day(closed.astimezone(it.zone).date() + timedelta(days=dice.whole(2, 9))),
        dice.between(11, 19),
        it.zone,
    )
    if it.course.kind != "COMP" or not dice.chance(JOINS) or at > it.now:
        return None
    teen = clinic.track(it.course.track).age[1] < 18
    if teen:
        return None
    form = Form(Kind.ALUMNI, {}, offered=closed - timedelta(hours=2))
    add_consent(it.ledger, it.course, form, at, it.now)
    it.ledger.change(AftercareCase, it.key, state="alumni", state_since=at)
    _step(it, 1, "join_alumni", "aftercare", "alumni", at, CONSENT_NAME, {"consent.alumni_contact": True})
    return at


def _call(it: Leave, slot: str, day: date, closed: datetime, joined: datetime | None) -> None:
    dice = it.course.dice.of("call", slot)
    day = working_day(day + timedelta(days=dice.whole(2, 4) if dice.chance(0.03) else 0))
    if slot in ("72h", "7d"):
        day -= timedelta(days=3 if day.isoweekday() == 1 else 0)
    at = max(moment(day, dice.between(9.5, 16.5), it.zone), closed + timedelta(hours=2))
    if dice.chance(0.02):  # somebody was ill, and nobody called that day
        at = moment(working_day(day + timedelta(days=dice.whole(*LATE))), dice.between(9.5, 16.5), it.zone)
    if at > it.now:
        return
    alumni = joined is not None and slot not in ("72h", "7d")
    reached = dice.chance(REACHED[slot])
    slipping = reached and dice.chance(SLIPS)
    it.ledger.add(
        AftercareCall,
        f"{it.key}-{slot}",
        episode=it.key,
        slot=slot,
        mode="phone",
        outcome="reached" if reached else "left_message",
        how=dice.pick(words.SLIPPING if slipping else words.HOW) if reached else "",
        warning_signs=["sleep"] if slipping else [],
        handed_back=words.HANDED if slipping else "",
        made_at=at,
        made_by=user_id("alumni" if alumni else it.course.case_manager),
    )


def add_events(ledger: Ledger, start: date, anchor: date, now: datetime, courses: dict[str, Course]) -> None:
    """Once a month at each site, and one that is still to come; who came of those who had joined before."""
    for site in clinic.SITES:
        zone, first, number = ZoneInfo(site.zone), start, 0
        while first <= anchor + timedelta(days=35):
            day = first + timedelta(days=(4 - first.isoweekday()) % 7)
            starts, made = moment(day, 18.0, zone), moment(day - timedelta(days=30), 12.0, zone)
            if made <= now:
                _event(ledger, f"{site.key}-{day}", site.key, number, starts, made, courses, now)
            first, number = first + timedelta(days=28), number + 1


def _event(
    ledger: Ledger,
    key: str,
    site: str,
    number: int,
    starts: datetime,
    made: datetime,
    courses: dict[str, Course],
    now: datetime,
) -> None:
    kind, title, place = words.EVENTS[number % len(words.EVENTS)]
    ledger.add(
        AlumniEvent,
        key,
        site=site,
        kind=kind,
        title=title,
        place=place,
        starts_at=starts,
        led_by="alumni",
        ends_at=starts + timedelta(minutes=90),
        made_at=made,
        made_by=user_id("alumni"),
    )
    for member, row in ledger.rows(AftercareCase).items():
        course = courses[member]
        if row["state"] != "alumni" or row["state_since"] > starts or clinic.track(course.track).site != site:
            continue
        dice = course.dice.of("event", key)
        if not dice.chance(0.5):
            continue
        over = starts + timedelta(minutes=95)
        answer = ("came" if dice.chance(0.75) else "absent") if over <= now else "coming"
        at = over if over <= now else max(made, row["state_since"]) + timedelta(minutes=10)
        if at <= now:
            ledger.add(
                AlumniAttendance,
                f"{key}-{member}",
                event=key,
                aftercare=member,
                answer=answer,
                answered_at=at,
                answered_by=user_id("alumni"),
            )
