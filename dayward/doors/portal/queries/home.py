from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import get_language

from dayward.care.attendance.queries import WeekSum, read_sum
from dayward.care.schedule.queries.week import Item as Booked
from dayward.care.schedule.queries.week import PersonWeek, read_next_of, read_week_for
from dayward.foundation.consent import queries as consents
from dayward.foundation.consent import texts
from dayward.foundation.consent.models import Consent, NoticeGiven
from dayward.foundation.consent.queries import Item
from dayward.foundation.consent.rules import texts as rules
from dayward.foundation.consent.rules.kinds import Information
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import Reading, alone, both, side_by_side
from dayward.kernel.time import week_start


@dataclass(frozen=True)
class Sheet:
    """A form of the packet as its reader sees it."""

    person: Person
    item: Item
    title: str
    own: bool  # the reader's own; else they are the guardian

    @property
    def key(self) -> str:
        return self.item.row.public_id

    @property
    def waits_for_other(self) -> bool:
        """Signed by this reader; somebody else has to sign as well."""
        row = self.item.row
        return isinstance(row, Consent) and self.item.signed and not row.is_complete


@dataclass(frozen=True)
class Week:
    """One person's week; `whose` is empty for the reader's own."""

    whose: str
    week: PersonWeek


def sheets_for(reader: Person) -> list[Sheet]:
    """The reader's own forms, then those they have to sign as a guardian."""
    return alone(read_sheets(reader))


def read_sheets(reader: Person) -> Reading[list[Sheet]]:
    own, wards = yield from both(consents.read_packet(reader, reader), consents.read_wards(reader))
    packets = yield from side_by_side(consents.read_packet(ward, reader) for ward in wards)
    return [_sheet(reader, item, own=True) for item in own] + [
        _sheet(ward, item, own=False) for ward, items in zip(wards, packets, strict=True) for item in items
    ]


def _sheet(person: Person, item: Item, *, own: bool) -> Sheet:
    return Sheet(person, item, title_of(item.row, get_language() or "en"), own)


def title_of(row: Consent | NoticeGiven, language: str) -> str:
    return rules.title(texts.version(row.kind, row.text_version).template(language[:2]))


def sheet_for(reader: Person, key: str) -> Sheet | None:
    """One of the reader's forms by its public id; None for anybody else's."""
    return sheet_in(sheets_for(reader), key)


def sheet_in(sheets: list[Sheet], key: str) -> Sheet | None:
    return next((sheet for sheet in sheets if sheet.key == key), None)


def weeks_for(reader: Person, day: date) -> list[Week]:
    """The reader's own week, and those of the people whose session times they may see as a guardian."""
    return alone(read_weeks(reader, day))


def read_weeks(reader: Person, day: date) -> Reading[list[Week]]:
    own, wards = yield from both(read_week_for(reader, day), consents.read_wards(reader))
    sees = yield from side_by_side(
        consents.read_guardian_sees(ward, reader, Information.SESSION_TIMES) for ward in wards
    )
    seen = [ward for ward, may in zip(wards, sees, strict=True) if may]
    weeks = yield from side_by_side(read_week_for(ward, day) for ward in seen)
    return [Week("", own), *(Week(ward.called, week) for ward, week in zip(seen, weeks, strict=True))]


def read_hours(person: Person, day: date) -> Reading[WeekSum | None]:
    """The reader's own counted week: the same figure as in the chart; None for who is not in treatment."""
    counted = yield from read_sum(person, day)
    return counted if counted.prescribed else None


def read_next(person: Person, today: date, now: datetime) -> Reading[Booked | None]:
    """What the person goes to next: in this week, or in the one after."""
    return (yield from read_next_of(person, week_start(today) + timedelta(days=13), now))


@dataclass(frozen=True)
class Home:
    """What the first page shows."""

    weeks: list[Week]
    sheets: list[Sheet]
    hours: WeekSum | None
    next: Booked | None


def home_for(reader: Person, day: date, today: date, now: datetime) -> Home:
    """As few queries for a guardian of five as for somebody alone."""
    (weeks, sheets), (hours, ahead) = alone(
        both(
            both(read_weeks(reader, day), read_sheets(reader)),
            both(read_hours(reader, day), read_next(reader, today, now)),
        )
    )
    return Home(weeks, sheets, hours, ahead)
