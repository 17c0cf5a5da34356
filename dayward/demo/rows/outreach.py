"""Calls to those who were expected and did not come, each for the first session they missed that day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dayward.care.attendance.models import Absence
from dayward.care.journey.models import ContactAttempt
from dayward.chart.notes.models import Outreach
from dayward.demo import clinic
from dayward.demo.facts import History
from dayward.demo.ledger import Ledger
from dayward.demo.rows.clinic import user_id
from dayward.demo.times import moment, working_day

SHARE = 0.93  # on the same day; the others on the next one


def add_outreach(ledger: Ledger, history: History, now: datetime) -> None:
    """One call for the day, kept for each session that was missed in it."""
    answers: dict[tuple[str, date], tuple[datetime, str]] = {}
    for missed in history.missed:
        seat = missed.seat
        if missed.kind != "unexcused" or seat.key not in ledger.rows(Absence):
            continue
        day = seat.meeting.day or missed.at.date()
        if (seat.course.key, day) not in answers:
            dice = seat.course.dice.of("outreach", day)
            outcome = dice.weighted((("reached", 4), ("left_message", 4), ("no_answer", 2)))
            at = missed.at + timedelta(minutes=dice.whole(12, 70))
            if not dice.chance(SHARE):
                zone = ZoneInfo(clinic.site(clinic.track(seat.course.track).site).zone)
                at = moment(working_day(day + timedelta(days=1)), dice.between(9, 12), zone)
            answers[seat.course.key, day] = at, outcome
        called = answers[seat.course.key, day]
        if (at := max(called[0], missed.at + timedelta(minutes=4))) <= now:
            key = f"outreach-{seat.key}"
            ledger.add(
                ContactAttempt,
                key,
                episode=seat.course.key,
                mode="phone",
                outcome=called[1],
                made_at=at,
                made_by=user_id(seat.meeting.staff),
            )
            ledger.add(Outreach, key, booking=seat.key, attempt=key)
