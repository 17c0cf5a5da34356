"""A calendar that says when, and nothing else: no names, topics, places or links."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vText

PRODUCT = "-//Dayward//Calendar//EN"


@dataclass(frozen=True)
class Appointment:
    """One event. `sequence` grows with every change, `changed` says when the last one was."""

    uid: str
    start: datetime
    end: datetime
    zone: ZoneInfo
    sequence: int
    changed: datetime
    cancelled: bool


def uid(owner: str, session: str) -> str:
    """Stable for one reader, and different between readers: two calendars do not tell that people meet."""
    return f"{hashlib.sha256(f'{owner}:{session}'.encode()).hexdigest()[:32]}@calendar"


def build(appointments: Iterable[Appointment], *, name: str) -> bytes:
    """The file. The same appointments give the same bytes, so that an unchanged calendar is not sent again."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar["REFRESH-INTERVAL"] = vText("PT1H", params={"VALUE": "DURATION"})
    calendar["X-PUBLISHED-TTL"] = vText("PT1H")
    rows = sorted(appointments, key=lambda each: (each.start, each.uid))
    for each in rows:
        calendar.add_component(_event(each))
    if rows:  # fixed years, so that the same week gives the same time zone tomorrow
        calendar.add_missing_timezones(
            date(rows[0].start.year - 1, 1, 1), date(rows[-1].start.year + 2, 1, 1)
        )
    return bytes(calendar.to_ical())


def _event(each: Appointment) -> Event:
    event = Event()
    event.add("uid", each.uid)
    event.add("dtstamp", each.changed)
    event.add("last-modified", each.changed)
    event.add("dtstart", each.start.astimezone(each.zone))
    event.add("dtend", each.end.astimezone(each.zone))
    event.add("summary", _("Appointment"))
    event.add("sequence", each.sequence)
    event.add("status", "CANCELLED" if each.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if each.cancelled else "OPAQUE")
    event.add("class", "PRIVATE")
    return event
