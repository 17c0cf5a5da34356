"""What is looked after around treatment, and meetings outside that people tell of."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dayward.chart.casework.models import Letter, Need, NeedStep, OutsideMeeting
from dayward.demo import clinic, papers
from dayward.demo.dice import Dice
from dayward.demo.facts import Course
from dayward.demo.ledger import Ledger, Values
from dayward.demo.rows.clinic import user_id
from dayward.demo.rows.signing import own_user
from dayward.demo.special import COURT
from dayward.demo.times import moment, working_day

#: Kind -> share of the stays (requirements 6.6), what is needed, with whom, what was done first and last.
NEEDS: dict[str, tuple[float, str, str, str, str]] = {
    "housing": (
        0.22,
        "A room by the first of the month",
        "Storybook Housing Office",
        "Form sent in, a list of three rooms given.",
        "Has signed for a room.",
    ),
    "court": (
        0.18,
        "Letters for the probation officer, and court days off",
        "Fable County Probation",
        "Dates written down; told what needs a release.",
        "Probation has what it asked for.",
    ),
    "insurance": (
        0.09,
        "Coverage lapses at the end of the month",
        "Sample State Medicaid",
        "Renewal filled in together.",
        "Renewed for a year.",
    ),
    "transport": (
        0.25,
        "A way here on program days",
        "Example Transit",
        "Bus pass asked for.",
        "Pass is there.",
    ),
    "employment": (
        0.30,
        "Keep the job while in the program",
        "Own employer",
        "Talked about what to say at work.",
        "Shifts are moved until the end of the program.",
    ),
}
PROBATION = 0.35  # in a program for substance use
OUTSIDE = ("substance_use", "co_occurring")


def add_needs(ledger: Ledger, course: Course, now: datetime, zone: ZoneInfo) -> None:
    """Needs with their steps; and for those in programs for substance use the meetings they go to."""
    first = papers.began_on(course, zone)
    if first is None:
        return
    stream = clinic.program(clinic.track(course.track).program).stream
    for kind in NEEDS:
        dice = course.dice.of("need", kind)
        likely = PROBATION if kind == "court" and stream in OUTSIDE else NEEDS[kind][0]
        if dice.chance(likely) or (kind == "court" and course.case.special == COURT):
            _need(ledger, course, kind, dice, first, now, zone)
    if stream in OUTSIDE:
        _meetings(ledger, course, now, zone)


def _need(
    ledger: Ledger, course: Course, kind: str, dice: Dice, first: date, now: datetime, zone: ZoneInfo
) -> None:
    """One need as far as it came by `now`."""
    _share, wanted, whom, begun, ended = NEEDS[kind]
    opened = moment(working_day(first + timedelta(days=dice.whole(1, 9))), dice.between(9.5, 16), zone)
    asked = opened + timedelta(days=dice.whole(1, 4))
    settled = opened + timedelta(days=dice.whole(8, 40))
    if opened > now or opened.date() > papers.left_on(course):
        return
    key, by = f"{course.key}-{kind}", course.case_manager
    done: Values = {"stage": "made" if asked <= now else "open", "closed_at": None}
    if settled <= now:
        done = {"stage": "settled", "closed_at": settled, "closed_by": by}
    after = None if settled <= now else (opened + timedelta(days=14)).astimezone(zone).date()
    ledger.add(
        Need,
        key,
        person=course.key,
        episode=course.key,
        kind=kind,
        wanted=wanted,
        with_whom=whom,
        next_on=after,
        owner=by,
        opened_at=opened,
        opened_by=user_id(by),
        **done,
    )
    for number, (stage, at, note) in enumerate((("made", asked, begun), ("settled", settled, ended))):
        if at <= now:
            ledger.add(
                NeedStep,
                f"{key}-{number}",
                need=key,
                stage=stage,
                note=note,
                minutes=dice.whole(10, 35),
                done_at=at,
                done_by=by,
            )


def add_letter_asked(ledger: Ledger, course: Course, anchor: date, now: datetime, zone: ZoneInfo) -> None:
    """One person asks for a letter on the working day before the first build; it waits for the case manager."""
    if course.case.special != COURT:
        return
    day = anchor - timedelta(days=1)
    at = moment(day - timedelta(days=max(0, day.isoweekday() - 5)), 19.4, zone)
    if at <= now:
        ledger.add(
            Letter,
            f"{course.key}-court",
            person=course.key,
            episode=course.key,
            kind="court",
            asked_at=at,
            asked_by=user_id(own_user(ledger, course.key, at)),
            asked_note="Hearing on Monday; the court asks for my days.",
        )


def _meetings(ledger: Ledger, course: Course, now: datetime, zone: ZoneInfo) -> None:
    """Told by the person on their own page, one or two a week: never clinical hours."""
    first, last = papers.began_on(course, zone), papers.left_on(course)
    dice = course.dice.of("meetings")
    kind = dice.weighted((("twelve_step", 6), ("smart", 2), ("faith", 1), ("", 4)))
    day = first + timedelta(days=dice.whole(4, 10)) if first and kind else last + timedelta(days=1)
    while day <= last:
        at = moment(day, 21.6, zone)
        if at > now:
            return
        ledger.add(
            OutsideMeeting,
            f"{course.key}-{day}",
            person=course.key,
            kind=kind,
            on=day,
            minutes=60,
            logged_at=at,
            logged_by=user_id(own_user(ledger, course.key, at)),
        )
        day += timedelta(days=dice.whole(3, 9))
