"""Medicare: a physician certifies the need on the first day and again within sixty days (requirements 2.1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dayward.demo import clinic, papers
from dayward.demo.facts import Course
from dayward.demo.ledger import Ledger
from dayward.demo.rows.models import person_of
from dayward.demo.rows.signing import keep_paper
from dayward.demo.special import NEW_HERE
from dayward.demo.times import moment
from dayward.ui.pdf import Paper, Part

AGAIN = timedelta(days=56)
PAYERS = frozenset(name for name, kind, _share in clinic.PAYERS if kind == "medicare")
NEW_SINCE = timedelta(days=14)  # before the first build


def add_certifications(ledger: Ledger, course: Course, anchor: date, now: datetime, zone: ZoneInfo) -> None:
    """Those on file by `now`; of the new prescriber's last people one is still to be signed."""
    if course.case.person.payer not in PAYERS:
        return
    for number, at in enumerate(_days(course, anchor, zone)):
        if at <= now:
            key = f"{course.key}-certified-{number}"
            by = course.prescriber
            name = "certification.pdf"
            keep_paper(
                ledger, key, course.key, _paper(course, at, zone), "Certification", name, by, at, "certified"
            )


def _days(course: Course, anchor: date, zone: ZoneInfo) -> Iterator[datetime]:
    first = papers.began_on(course, zone)
    if first is None or (course.prescriber == NEW_HERE and anchor - NEW_SINCE <= first <= anchor):
        return
    day, last = first, papers.left_on(course)
    while day <= last:
        yield moment(day, course.dice.of("certified", day).between(21.6, 22.6), zone)
        day += AGAIN


def _paper(course: Course, at: datetime, zone: ZoneInfo) -> Paper:
    site = clinic.site(clinic.track(course.track).site)
    doctor = clinic.staff(course.prescriber)
    words = "At least nine hours a week of intensive outpatient care are needed, under an individual plan and my care."
    return Paper(
        title="Physician certification",
        letterhead=(clinic.ORGANIZATION, f"{site.city}, {site.state} {site.zip_code}", site.phone),
        day=f"{at.astimezone(zone):%B %-d, %Y}",
        parts=(Part("", (words,), (("Name", person_of(course.case).legal_name),)),),
        signed=(f"{doctor.given} {doctor.family}", doctor.title),
    )
