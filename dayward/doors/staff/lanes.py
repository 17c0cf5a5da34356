"""What stands below the hours in a person's course: absences, scores, changes of medication; and alerts above.

Each is one queryset, so that all of them are read in one statement with the rest of the chart.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from dayward.care.attendance.models import Absence
from dayward.chart.measures import library
from dayward.chart.measures.queries import ScorePoint, read_course
from dayward.chart.measures.rules.instrument import Instrument
from dayward.chart.medications.models import MedicationChange
from dayward.chart.medications.queries import standing_changes
from dayward.chart.safety.alerts.models import Alert
from dayward.doors.staff.picture import Beside, Event, Measured, Missed, Scored, Shade
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import Reading, both
from dayward.kernel.prepared import Among, Prepared, Slot
from dayward.kernel.time import at, local_day

STRENGTH = re.compile(r"\s+\d")


@dataclass(frozen=True)
class Days:
    """The days of a course, the last one included."""

    first: date
    last: date
    zone: ZoneInfo

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


def read_lanes(person: Person, days: Days, *, is_over: bool) -> Reading[tuple[Beside, list[Event]]]:
    """The lanes below, and the alerts among the events."""
    (absences, points), (changes, alerts) = yield from both(
        both(_read_absences(person, days), read_course(person)),
        both(_CHANGES.reading(people=person.all_ids), _ALERTS.reading(people=person.all_ids)),
    )
    beside = Beside(
        missed=_missed(absences),
        measured=_measured([point for point in points if days.holds(point.day)]),
        changed=[_changed(row) for row in changes if days.holds(row.on)],
        is_over=is_over,
    )
    raised = [Event(local_day(row.raised_at, days.zone), _alert(row), "alert") for row in alerts]
    return beside, [event for event in raised if days.holds(event.day)]


_PEOPLE = Slot("people")
_CHANGES = Prepared(
    lambda: (
        standing_changes()
        .filter(Among("medication__person", _PEOPLE))
        .select_related("medication")
        .order_by("on", "id")
        .only("on", "kind", "dose", "medication__name")
    )
)
_ALERTS = Prepared(
    lambda: Alert.objects.filter(Among("person", _PEOPLE)).only("raised_at", "contacted_at", "closed_at")
)


def _read_absences(person: Person, days: Days) -> Reading[list[Absence]]:
    midnight = datetime.min.time()
    since, until = (at(day, midnight, days.zone) for day in (days.first, days.last + timedelta(days=1)))
    return _ABSENCES.reading(people=person.all_ids, since=since, until=until)


def _absences() -> QuerySet[Absence]:
    rows = Absence.objects.filter(
        Among("booking__person", _PEOPLE),
        withdrawn_at__isnull=True,
        booking__during__startswith__gte=Slot("since"),
        booking__during__startswith__lt=Slot("until"),
    )
    site, service = "booking__session__site", "booking__session__service"
    shown = ("kind", "booking__session__during", f"{site}__time_zone", f"{service}__name")
    return rows.select_related(site, service).only(*shown)


_ABSENCES = Prepared(_absences)


def _missed(rows: Iterable[Absence]) -> list[Missed]:
    """One mark a day: a no-show stands before what was excused."""
    by_day: dict[date, list[Absence]] = defaultdict(list)
    for row in rows:
        session = row.booking.session
        by_day[local_day(session.span.start, session.site.zone)].append(row)
    return [
        Missed(
            day,
            ", ".join(
                _("%(service)s: %(kind)s")
                % {"service": row.booking.session.service.name, "kind": row.get_kind_display()}
                for row in missed
            ),
            all(row.kind == Absence.Kind.EXCUSED for row in missed),
        )
        for day, missed in sorted(by_day.items())
    ]


def _measured(points: Sequence[ScorePoint]) -> list[Measured]:
    """The measures with bands and a threshold, in the order of the library."""
    language = translation.get_language() or "en"
    found = []
    for key, instrument in library.instruments().items():
        own = [point for point in points if point.instrument == key and point.total is not None]
        if own and instrument.change:
            words = dict(instrument.text(language).bands)
            found.append(_one(instrument, own, words))
    return found


def _one(instrument: Instrument, points: Sequence[ScorePoint], words: dict[str, str]) -> Measured:
    assert instrument.change is not None
    return Measured(
        name=instrument.name,
        highest=instrument.highest,
        threshold=instrument.change.threshold,
        shades=tuple(
            Shade(band.lowest, band.highest, words.get(band.key, band.key)) for band in instrument.bands
        ),
        scores=tuple(
            Scored(point.day, point.total or 0, words.get(point.band, point.band)) for point in points
        ),
    )


def _changed(row: MedicationChange) -> Event:
    """The name with its new dose; the strength that belongs to the name would read as a second dose."""
    name = STRENGTH.split(row.medication.name)[0]
    dose = row.dose if row.kind != MedicationChange.Kind.STOP else ""
    return Event(row.on, " ".join(filter(None, (name, dose))), row.kind)


def _alert(row: Alert) -> str:
    return _("Alert, answered") if row.contacted_at or row.closed_at else _("Alert, open")
