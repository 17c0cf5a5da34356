"""Whom a paper is about and until when, and what a part of it says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dayward.care.journey.models import Episode, Segment
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import Reading
from dayward.kernel.prepared import Prepared, Slot
from dayward.kernel.time import at, local_day


@dataclass(frozen=True)
class Section:
    """A part of the paper. `gaps` are sentences about what the record does not hold."""

    key: str
    title: str
    lines: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()


_SEGMENTS = Prepared(
    lambda: (
        Segment.objects.filter(episode=Slot("episode")).select_related("track").order_by("starts_on", "id")
    )
)


@dataclass(frozen=True)
class Subject:
    """Whom it is about, and until when."""

    person: Person
    episode: Episode
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        return self.episode.program.site.zone

    def read_segments(self) -> Reading[list[Segment]]:
        return _SEGMENTS.reading(episode=self.episode.pk)

    @property
    def first_day(self) -> date:
        return local_day(self.episode.admitted_at, self.zone)

    @property
    def last_day(self) -> date:
        ended = self.episode.effective_end
        return ended or local_day(self.episode.ended_at or self.now, self.zone)

    @property
    def over_at(self) -> datetime | None:
        """The end of the day on which the stay ended: what came after, in another stay, is not of this one."""
        if self.episode.ended_at is None:
            return None
        following = local_day(self.episode.ended_at, self.zone) + timedelta(days=1)
        return at(following, time(0), self.zone)
