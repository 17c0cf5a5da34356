from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import get_language

from dayward.care.attendance.queries import CountedWeek, week_of
from dayward.care.schedule.queries.week import Item as Booked
from dayward.care.schedule.queries.week import PersonWeek, week_for
from dayward.foundation.consent import queries as consents
from dayward.foundation.consent import texts
from dayward.foundation.consent.models import Consent, NoticeGiven
from dayward.foundation.consent.queries import Item
from dayward.foundation.consent.rules import texts as rules
from dayward.foundation.consent.rules.kinds import Information
from dayward.foundation.people.models import Person


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
    own = [_sheet(reader, item, own=True) for item in consents.packet_for(reader, reader)]
    wards = consents.wards_of(reader)
    return own + [
        _sheet(ward, item, own=False) for ward in wards for item in consents.packet_for(ward, reader)
    ]


def _sheet(person: Person, item: Item, *, own: bool) -> Sheet:
    return Sheet(person, item, title_of(item.row, get_language() or "en"), own)


def title_of(row: Consent | NoticeGiven, language: str) -> str:
    return rules.title(texts.version(row.kind, row.text_version).template(language[:2]))


def sheet_for(reader: Person, key: str) -> Sheet | None:
    """One of the reader's forms by its public id; None for anybody else's."""
    return next((sheet for sheet in sheets_for(reader) if sheet.key == key), None)


def weeks_for(reader: Person, day: date) -> list[Week]:
    """The reader's own week, and those of the people whose session times they may see as a guardian."""
    shown = [Week("", week_for(reader, day))]
    for ward in consents.wards_of(reader):
        if consents.guardian_sees(ward, reader, Information.SESSION_TIMES):
            shown.append(Week(ward.called, week_for(ward, day)))
    return shown


def hours_for(person: Person, day: date) -> CountedWeek | None:
    """The reader's own counted week: the same figure as in the chart; None for who is not in treatment."""
    counted = week_of(person, day)
    return counted if counted.prescribed else None


def next_for(person: Person, today: date, now: datetime) -> Booked | None:
    """What the person goes to next: in this week, or else in the one after."""
    for day in (today, today + timedelta(days=7)):
        ahead = (item for item in week_for(person, day).items if item.span.end > now and not item.cancelled)
        found = min(ahead, key=lambda item: item.span.start, default=None)
        if found is not None:
            return found
    return None
