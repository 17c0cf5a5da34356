"""All rows of the synthetic clinic as it stands at an instant."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dayward.care.journey.models import Episode
from dayward.demo import clinic
from dayward.demo.dice import Dice
from dayward.demo.facts import Case, Course, History, Presence
from dayward.demo.ledger import Ledger
from dayward.demo.rows import (
    certifying,
    chart,
    first_week,
    intake,
    leaving,
    links,
    medications,
    needs,
    notes,
    outreach,
    packet,
    people,
    referrals,
    returning,
    scores,
    stepping_up,
    trail,
    treatment,
    week,
)
from dayward.demo.rows import clinic as clinic_rows
from dayward.demo.rows.plans import Written, add_plan
from dayward.demo.rows.reviews import Stay, add_reviews
from dayward.demo.simulation import AHEAD_DAYS, Simulation, last_day
from dayward.foundation.people.models import Person

RECENT_DAYS = 14  # of what is older, the demo has no referral documents and no audit trail


def clinic_at(simulation: Simulation, now: datetime, titles: dict[str, str]) -> Ledger:
    """Run the simulation up to `now` and lay out its rows; what begins after `now` is only booked.

    `titles` are those of the codes of ICD-10-CM that the plan of the clinic names.
    """
    return lay_out(simulation, simulation.run(last_day(now)), now, titles)


def lay_out(
    simulation: Simulation, history: History, now: datetime, titles: dict[str, str], *, papers: bool = True
) -> Ledger:
    """The rows of a history; without `papers` those of the way in and of the week only."""
    until = last_day(now)
    ledger = Ledger()
    clinic_rows.add_clinic(ledger, simulation.start, simulation.anchor)
    dice = Dice(simulation.seed, "rows")
    for case in _cases(history, now):
        _add_case(ledger, dice.of(case.key), case, now, titles)
    here = [c for c in history.courses if c.admitted_at <= now and c.key in ledger.rows(Person)]
    for course in here:
        ended = treatment.add_course(ledger, course, now)
        packet.add_packet(ledger, dice.of(course.key, "packet"), course, now, ended)
    recent = simulation.anchor - timedelta(days=RECENT_DAYS)
    for case in [*history.cases, *simulation.referrals_ahead(until)]:
        if case.source == "referral_document" and case.opened_at.date() > recent:
            referrals.add_referral(ledger, dice.of(case.key, "letter"), case, now)
    _add_week(ledger, history, now, until)
    if papers:
        _add_papers(ledger, history, here, simulation.start, simulation.anchor, dice, now)
    links.add_links(ledger)
    returning.join_people(ledger)
    trail.add_trail(ledger, dice.of("trail"), history, _midnight(recent), now)
    return ledger


def _add_papers(
    ledger: Ledger, history: History, here: list[Course], start: date, anchor: date, dice: Dice, now: datetime
) -> None:  # fmt: skip
    """What is written about those in treatment: first week, plan and reviews, questionnaires, notes."""
    for case in _cases(history, now):
        if any(step.transition == "record_assessment" and step.at <= now for step in case.steps):
            scores.add_first_scores(ledger, case, now)
    plans: dict[str, Written] = {}
    present: dict[str, list[Presence]] = defaultdict(list)
    for presence in history.presences:
        present[presence.seat.course.key].append(presence)
    for course in here:
        zone = ZoneInfo(clinic.site(clinic.track(course.track).site).zone)
        first_week.add_first_week(ledger, course, now, zone)
        filled = scores.add_scores(ledger, course, anchor, now, zone)
        plan = add_plan(ledger, course, now, zone)
        if plan is not None:
            plans[course.key] = plan
            add_reviews(ledger, Stay(course, plan, filled, present[course.key], zone), now)
        medications.add_medications(ledger, course, present[course.key], now, zone)
        certifying.add_certifications(ledger, course, anchor, now, zone)
        needs.add_needs(ledger, course, now, zone)
        needs.add_letter_asked(ledger, course, anchor, now, zone)
        leaving.add_leaving(ledger, course, now, zone)
        stepping_up.add_transfer(ledger, course, now, zone)
    leaving.add_events(ledger, start, anchor, now, {course.key: course for course in here})
    outreach.add_outreach(ledger, history, now)
    notes.add_notes(ledger, history, plans, dice.of("notes"), anchor, now)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def _cases(history: History, now: datetime) -> list[Case]:
    """Everybody who asked in the kept time, and those admitted earlier who were still here then."""
    kept = {case.key: case for case in history.cases}
    kept |= {course.case.key: course.case for course in history.courses}
    return sorted((c for c in kept.values() if c.opened_at <= now), key=lambda c: (c.opened_at, c.key))


def _add_case(ledger: Ledger, dice: Dice, case: Case, now: datetime, titles: dict[str, str]) -> None:
    people.add_person(ledger, case)
    intake.add_case(ledger, dice, case, now)
    screened = next((step for step in case.steps if step.transition == "schedule_assessment"), None)
    if screened is not None and screened.at <= now:
        people.add_details(ledger, dice.of("details"), case, screened.by)
    chart.add_chart(ledger, dice.of("chart"), case, [step for step in case.steps if step.at <= now], titles)


def _add_week(ledger: Ledger, history: History, now: datetime, until: date) -> None:
    week.add_closures(ledger, history)
    for meeting in history.meetings:
        week.add_meeting(ledger, meeting, now)
    here = ledger.rows(Episode)
    for seat in history.seats:
        if seat.course.key in here and seat.meeting.day is not None:
            week.add_seat(ledger, seat, seat.meeting.day, now)
    for course in history.courses:
        if course.key in here:
            week.add_exempt_week(ledger, course, now)
    for presence in history.presences:
        week.add_presence(ledger, presence, now)
    for missed in history.missed:
        week.add_missed(ledger, missed, now)
    week.set_horizon(ledger, until + timedelta(days=AHEAD_DAYS))
