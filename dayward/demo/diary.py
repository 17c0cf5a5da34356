"""Assessment times: who among the assessors is free when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dayward.demo import clinic, timetable
from dayward.demo.dice import Dice
from dayward.demo.times import moment, working_day

STARTS = (9.0, 10.5, 13.0, 14.5, 16.0)


@dataclass(frozen=True)
class Slot:
    """A time with a clinician."""

    clinician: str
    at: datetime
    days_late: int  # later than the day that was wished for


@dataclass
class Diary:
    """The times given away so far. Who asks first is served first."""

    closings: timetable.Closings
    taken: set[tuple[str, datetime]] = field(default_factory=set)

    def first_free(self, dice: Dice, site: str, wished: date, after: datetime, zone: ZoneInfo) -> Slot:
        """The first day from `wished` on with a free time after `after`; which of that day's is chance."""
        day = working_day(wished)
        while True:
            free = self._free(site, day, after, zone)
            if free:
                clinician, at = dice.pick(free)
                self.taken.add((clinician, at))
                return Slot(clinician, at, (day - wished).days)
            day = working_day(day + timedelta(days=1))

    def _free(self, site: str, day: date, after: datetime, zone: ZoneInfo) -> list[tuple[str, datetime]]:
        if self.closings.name(clinic.site(site), day):
            return []
        times = [moment(day, start, zone) for start in STARTS]
        return [
            (clinician, at)
            for at in times
            for clinician in timetable.assessors(site)
            if at > after and (clinician, at) not in self.taken
        ]
