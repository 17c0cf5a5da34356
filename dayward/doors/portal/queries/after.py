"""What remains after treatment: appointments, calls, the plan for hard days, and the alumni."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dayward.care.journey.models import AftercareCase, AlumniEvent
from dayward.care.journey.queries.aftercare import AftercarePage, CallLine, aftercare_page, followed_episode
from dayward.care.journey.queries.alumni import COMING, events_for
from dayward.care.journey.queries.leaving import Shown
from dayward.doors.portal.queries.home import Sheet, read_sheets
from dayward.doors.portal.queries.questions import asked_of
from dayward.foundation.consent.models import Consent
from dayward.foundation.consent.queries import read_active
from dayward.foundation.consent.rules.kinds import Kind
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import alone, any_of, both

JOINS_FROM = ("aftercare", "alumni", "aftercare_ended")  # who has left, or whose consent ran out, joins again


@dataclass(frozen=True)
class Gathering:
    """Something alumni may come to, and what the person said."""

    event: AlumniEvent
    is_coming: bool


@dataclass(frozen=True)
class After:
    """The page of somebody whose treatment has ended."""

    page: AftercarePage | None
    now: datetime
    consent: Consent | None
    gatherings: list[Gathering]
    sheets: list[Sheet]
    asked: bool  # questions wait

    @property
    def appointments(self) -> list[Shown]:
        """Those still to come."""
        rows = self.page.appointments if self.page else ()
        return [each for each in rows if each.row.is_open and not each.passed]

    @property
    def next_call(self) -> CallLine | None:
        """When the team means to call next."""
        lines = self.page.calls if self.page and self.page.is_open else ()
        return next((line for line in lines if line.made_at is None and line.due_at), None)

    @property
    def is_member(self) -> bool:
        return self._case is not None and self._case.state == "alumni" and self.consent is not None

    @property
    def may_join(self) -> bool:
        return self._case is not None and self._case.state in JOINS_FROM and self.consent is None

    @property
    def _case(self) -> AftercareCase | None:
        return self.page.case if self.page else None


def after_of(person: Person, now: datetime) -> After:
    episode = followed_episode(person)
    page = aftercare_page(episode) if episode else None
    gatherings = [
        Gathering(event, answer in COMING) for event, answer in events_for(person) if event.ends_at > now
    ]
    (consent, asked), sheets = alone(
        both(both(read_active(person, Kind.ALUMNI), any_of(asked_of(person))), read_sheets(person))
    )
    return After(page, now, consent, gatherings, sheets, asked)
