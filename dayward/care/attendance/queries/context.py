"""What decides how a week counts besides attendance: stays, numbers of the program, closures, holds, exemptions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F

from dayward.care.attendance.models import WeekExemption
from dayward.care.attendance.registries import Asking
from dayward.care.attendance.rules.exemptions import Exemption, Reason, Stretch
from dayward.care.attendance.rules.makeups import MOST_CARRY
from dayward.care.attendance.rules.weeks import Era, ServiceSpan, service_week
from dayward.care.catalog.models import Closure, ProgramTerms
from dayward.care.journey.models import Hold, Segment
from dayward.kernel.gathering import Reading, Selected
from dayward.kernel.prepared import Among, Prepared, Slot
from dayward.kernel.time import WeekDefinition, local_day

WEEK = timedelta(days=7)
FAR = timedelta(days=MOST_CARRY)  # what a make-up makes up for
CLOSED = {
    Closure.Reason.HOLIDAY: Reason.HOLIDAY,
    Closure.Reason.WEATHER: Reason.WEATHER,
    Closure.Reason.OTHER: Reason.CLOSURE,
}


@dataclass(frozen=True)
class WeekFrame:
    """A person's week before anything is counted. Of two stays at once, the one that began later."""

    person: int
    span: ServiceSpan
    zone: ZoneInfo
    segment: Any  # with `born` beside it
    terms: ProgramTerms | None
    reasons: tuple[Stretch, ...]
    holidays: frozenset[date]

    @property
    def start(self) -> date:
        return self.span.start

    @property
    def end(self) -> date:
        """Exclusive."""
        return self.span.end

    @property
    def definition(self) -> WeekDefinition:
        return self.span.definition

    @property
    def asking(self) -> Asking:
        program = self.segment.track.program.name
        age = _age(self.segment.born, self.start)
        return Asking(
            self.person, self.segment.pk, self.segment.level, age, self.start, self.end, program, self.terms
        )

    @property
    def began(self) -> date:
        """Of the episode: the first service, until then the first day planned."""
        first: date | None = self.segment.episode.first_service_on
        return first or self.segment.starts_on

    @property
    def ended(self) -> date | None:
        episode = self.segment.episode
        if episode.ended_at is None:
            return None
        found: date = episode.effective_end or local_day(episode.ended_at, self.zone)
        return found


def _age(born: date | None, day: date) -> int | None:
    if born is None:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@dataclass(frozen=True)
class Context:
    """Of any number of people, read once."""

    segments: Mapping[int, Sequence[Any]]  # by person; the latest first
    terms: Mapping[int, Sequence[ProgramTerms]]  # by program; the latest first
    closures: Mapping[int, Sequence[Closure]]  # by site
    reasons: Mapping[int, Sequence[Stretch]]  # by person
    _eras: dict[int, list[Era]] = field(default_factory=dict)  # by person, as they are asked for

    def frame(self, person: int, day: date) -> WeekFrame | None:
        """The week that holds `day`; None where no stay touches it."""
        rows = self.segments.get(person, ())
        if (_holding(rows, day) or _next(rows, day, WEEK) or _last(rows, day)) is None:
            return None
        span = service_week(day, self.eras(person))
        segment = _holding(rows, span.start) or _next(rows, span.start, span.end - span.start)
        if segment is None:
            return None
        site = segment.track.program.site
        return WeekFrame(
            person=person,
            span=span,
            zone=site.zone,
            segment=segment,
            terms=self._terms(segment, span.start),
            reasons=(*self.reasons.get(person, ()), *self._closed(site.pk, span)),
            holidays=frozenset(
                row.day for row in self.closures.get(site.pk, ()) if row.reason == Closure.Reason.HOLIDAY
            ),
        )

    def frames(self, person: int, since: date, until: date) -> list[WeekFrame]:
        """Every week that holds a day of `since`..`until`."""
        found: dict[date, WeekFrame] = {}
        day = since
        while day <= until:
            frame = self.frame(person, day)
            if frame is not None:
                found.setdefault(frame.start, frame)
            day = frame.end if frame else day + timedelta(days=1)
        return list(found.values())

    def eras(self, person: int) -> list[Era]:
        """How the person's weeks are cut: a new era where another program, stay or number of its changes that."""
        if person not in self._eras:
            self._eras[person] = list(_merged(self._cuts(self.segments.get(person, ()))))
        return self._eras[person]

    def _cuts(self, rows: Sequence[Any]) -> Iterator[Era | date]:
        """Whatever may change it, in order; a bare day where nothing holds from there."""
        days = {row.starts_on for row in rows} | {row.ends_on for row in rows if row.ends_on}
        programs = {row.track.program_id for row in rows}
        days |= {terms.effective_from for program in programs for terms in self.terms.get(program, ())}
        for day in sorted(days):
            segment = _holding(rows, day)
            if segment is None:
                yield day
                continue
            terms = self._terms(segment, day)
            definition = WeekDefinition(terms.week_starts) if terms else WeekDefinition.SUNDAY
            rolling = definition is WeekDefinition.ROLLING
            first = segment.episode.first_service_on or segment.starts_on
            yield Era(day, definition, first if rolling else None)

    def _terms(self, segment: Any, day: date) -> ProgramTerms | None:
        """Those that hold on the day; before the program's first ones, the first."""
        rows = self.terms.get(segment.track.program_id, ())
        begun = (row for row in rows if row.effective_from <= day)
        return next(begun, rows[-1] if rows else None)

    def _closed(self, site: int, span: ServiceSpan) -> list[Stretch]:
        return [
            Stretch(
                Exemption(CLOSED[Closure.Reason(row.reason)], row.name), row.day, row.day + timedelta(days=1)
            )
            for row in self.closures.get(site, ())
            if span.holds(row.day)
        ]


def _merged(cuts: Iterable[Era | date]) -> Iterator[Era]:
    """Only real changes. Where nothing holds in between, the first weeks after are those of a stay of its own."""
    last: Era | None = None
    for cut in cuts:
        if isinstance(cut, date):
            last = replace(last, until=last.until or cut) if last else None
        elif last is None:
            last = cut
        elif (cut.definition, cut.first) == (last.definition, last.first):
            last = replace(last, until=None)
        else:
            yield last
            last = cut
    if last is not None:
        yield last


def _holding(rows: Iterable[Any], day: date) -> Any:
    return next(
        (row for row in rows if row.starts_on <= day and (row.ends_on is None or row.ends_on > day)), None
    )


def _next(rows: Sequence[Any], day: date, within: timedelta) -> Any:
    """The first stretch that begins in the days after."""
    ahead = [row for row in rows if day < row.starts_on < day + within and row.ends_on != row.starts_on]
    return min(ahead, key=lambda row: (row.starts_on, row.pk), default=None)


def _last(rows: Sequence[Any], day: date) -> Any:
    """The stretch that ended in the days before."""
    behind = [
        row for row in rows if row.ends_on and day - WEEK < row.ends_on <= day and row.ends_on > row.starts_on
    ]
    return max(behind, key=lambda row: (row.ends_on, row.pk), default=None)


def read_context(whose: Mapping[int, int], since: date, until: date) -> Reading[Context]:
    """`whose`: the rows of people, each with the person to read for it. One statement for any number."""
    segments, terms, closures, holds, exempt = yield _asked(list(whose), since, until)
    by_person: dict[int, list[Any]] = defaultdict(list)
    reasons: dict[int, list[Stretch]] = defaultdict(list)
    by_program: dict[int, list[ProgramTerms]] = defaultdict(list)
    by_site: dict[int, list[Closure]] = defaultdict(list)
    for row in segments:
        by_person[whose[row.whose]].append(row)
    for row in terms:
        by_program[row.program_id].append(row)
    for row in closures:
        by_site[row.site_id].append(row)
    for row in holds:
        reasons[whose[row.whose]].append(
            Stretch(Exemption(Reason.HOLD, row.reason), row.starts_on, row.ended_on)
        )
    for row in exempt:
        stretch = Stretch(Exemption(Reason(row.reason), row.note), row.start, row.start + WEEK)
        reasons[whose[row.person_id]].append(stretch)
    return Context(by_person, by_program, by_site, reasons)


def _asked(ids: list[int], since: date, until: date) -> list[Selected]:
    """Weeks of `since`..`until` begin up to six days before and end up to six days after."""
    first, last = since - 2 * WEEK, until + 2 * WEEK
    return [
        _SEGMENTS.filled(people=ids, since=first - FAR, until=last + FAR),
        _TERMS.filled(people=ids),
        _CLOSURES.filled(since=first, until=last),
        _HOLDS.filled(people=ids),
        _EXEMPT.filled(people=ids, since=first, until=last),
    ]


_OF_PEOPLE = Among("episode__person", Slot("people"))
_SEGMENTS = Prepared(
    lambda: (
        Segment.objects.filter(_OF_PEOPLE, starts_on__lte=Slot("until"))
        .exclude(ends_on__lt=Slot("since"))
        .annotate(born=F("episode__person__birth_date"), whose=F("episode__person_id"))
        .select_related("episode", "track__program__site")
        .order_by("-starts_on", "-pk")
    )
)
_TERMS = Prepared(
    lambda: ProgramTerms.objects.filter(
        program__in=Segment.objects.filter(_OF_PEOPLE).order_by().values("track__program")
    ).order_by("-effective_from")
)
_CLOSURES = Prepared(
    lambda: Closure.objects.standing().filter(day__gte=Slot("since"), day__lte=Slot("until"))
)
_HOLDS = Prepared(
    lambda: Hold.objects.filter(_OF_PEOPLE).annotate(whose=F("episode__person_id")).order_by("starts_on")
)
_EXEMPT = Prepared(
    lambda: WeekExemption.objects.filter(
        Among("person", Slot("people")),
        withdrawn_at=None,
        start__gte=Slot("since"),
        start__lte=Slot("until"),
    ).order_by("start")
)
