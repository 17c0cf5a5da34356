from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Prefetch, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dayward.care.catalog.models import ServiceKind
from dayward.care.schedule.models import Booking
from dayward.care.schedule.times import clock_range
from dayward.chart.assessments.models import ReportedMedication, Source
from dayward.chart.medications.models import Medication, MedicationChange, MedicationCheck, Reconciliation
from dayward.chart.medications.rules import timeline
from dayward.chart.medications.rules.reconcile import Entry, Line, side_by_side
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import Reading, all_of, alone, both, first_of
from dayward.kernel.prepared import Among, Prepared, Slot

SHOWN_DAYS = 26 * 7


def standing_changes() -> QuerySet[MedicationChange]:
    """Changes that nobody took back."""
    return MedicationChange.objects.filter(entered_in_error_at__isnull=True)


def list_of(person: Person, *, everything: bool = False) -> QuerySet[Medication]:
    """What the person takes or has on hold, with the standing changes of each, newest first; two queries."""
    rows = Medication.objects.filter(person_id__in=person.all_ids, entered_in_error_at__isnull=True)
    if not everything:
        rows = rows.exclude(status=Medication.Status.STOPPED)
    newest = standing_changes().select_related("made_by", "signature").order_by("-on", "-id")
    return rows.prefetch_related(Prefetch("changes", newest, to_attr="told")).order_by("name", "id")


LISTED = Prepared(
    lambda: (
        standing_changes()
        .filter(
            Among("medication__person", Slot("people")),
            ~Q(medication__status=Medication.Status.STOPPED),
            medication__entered_in_error_at__isnull=True,
        )
        .select_related("medication")
        .order_by("medication__name", "medication_id", "-on", "-id")
        .distinct("medication__name", "medication_id")
    )
)


def read_listed(person: Person) -> Reading[list[MedicationChange]]:
    """Of each medication on the list the newest change, with the medication beside it; one query."""
    return LISTED.reading(people=person.all_ids)


def rows_of(changes: list[MedicationChange]) -> list[tuple[Medication, MedicationChange, str]]:
    """Medication, its newest change, and that change in words."""
    return [(row.medication, row, change_words(row)) for row in changes]


def changes_of(person: Person) -> QuerySet[MedicationChange]:
    """Each standing change of the person's medications, the oldest first."""
    rows = standing_changes().filter(medication__person_id__in=person.all_ids)
    return rows.select_related("medication", "made_by").order_by("on", "id")


def checks_of(person: Person) -> QuerySet[MedicationCheck]:
    rows = MedicationCheck.objects.filter(person_id__in=person.all_ids, entered_in_error_at__isnull=True)
    return rows.select_related("made_by")


def reconciliations_of(person: Person) -> QuerySet[Reconciliation]:
    return Reconciliation.objects.filter(person_id__in=person.all_ids).select_related("made_by")


def reported_open(person: Person) -> QuerySet[ReportedMedication]:
    """Reported in an assessment, not on our list yet, and not said to be taken no more."""
    rows = ReportedMedication.objects.filter(
        person_id__in=person.all_ids, entered_in_error_at__isnull=True, taken_over__isnull=True
    )
    return rows.exclude(taking=ReportedMedication.Taking.NO)


@dataclass(frozen=True)
class Record:
    """All that is written down of a person's medication."""

    listed: list[Medication]
    changes: list[MedicationChange]
    checks: list[MedicationCheck]
    reported: list[ReportedMedication]
    reconciled: Reconciliation | None


def read_record(person: Person) -> Reading[Record]:
    """What is listed with its changes, the newest first, and what was reported beside it."""
    (listed, changes), ((checks, reported), reconciled) = yield from both(
        both(all_of(list_of(person, everything=True)), all_of(changes_of(person).order_by("-on", "-id"))),
        both(
            both(all_of(checks_of(person)), all_of(reported_open(person))),
            first_of(reconciliations_of(person)),
        ),
    )
    return Record(listed, changes, checks, reported, reconciled)


def three_lists(person: Person) -> list[Line]:
    """Outside list, what the person says, our list; side by side."""
    reported = ReportedMedication.objects.filter(
        person_id__in=person.all_ids, entered_in_error_at__isnull=True
    )
    entries = [
        Entry(
            "outside" if row.source == Source.REFERRAL else "told",
            " ".join(filter(None, (row.text, row.dose))),
            row.public_id,
        )
        for row in reported
        if row.taking != ReportedMedication.Taking.NO
    ]
    entries += [
        Entry("ours", f"{row.name}, {row.taken}", row.public_id)
        for row in list_of(person).prefetch_related(None)
    ]
    return side_by_side(entries)


# -- the picture ---------------------------------------------------------------------------------------------------


def regimen(
    medications: list[Medication], scores: list[timeline.Scores], today: date
) -> timeline.Picture | None:
    """The medications (`list_of`, everything) over the scores of the same days."""
    if not medications:
        return None
    first = max(
        min([row.started_on for row in medications] + [p.day for s in scores for p in s.points]),
        today - timedelta(days=SHOWN_DAYS),
    )
    shown = [row for row in medications if row.ended_on is None or row.ended_on > first]
    first = min(first, today - timedelta(days=28))
    inside = [
        timeline.Scores(each.name, each.top, tuple(p for p in each.points if p.day >= first))
        for each in scores
    ]
    return timeline.draw([_course(row) for row in shown], inside, first, today)


def _course(row: Medication) -> timeline.Course:
    told: list[MedicationChange] = list(reversed(getattr(row, "told")))  # noqa: B009 - prefetched
    stretches = []
    for number, each in enumerate(told):
        ends = told[number + 1].on if number + 1 < len(told) else row.ended_on
        if each.kind != MedicationChange.Kind.STOP:
            held = each.kind == MedicationChange.Kind.HOLD
            words = _("held") if held else ", ".join(filter(None, (each.dose, each.frequency)))
            stretches.append(timeline.Taken(each.on, ends, words, held))
    return timeline.Course(row.name, tuple(stretches))


# -- visits ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Visit:
    """A medication visit of the day, with what to know before it."""

    booking: Booking
    medications: tuple[Medication, ...]
    check: MedicationCheck | None

    @property
    def last_change(self) -> MedicationChange | None:
        told = [each for row in self.medications for each in getattr(row, "told")[:1]]  # noqa: B009
        return max(told, key=lambda each: (each.on, each.pk), default=None)

    @property
    def change_words(self) -> str:
        return change_words(self.last_change) if self.last_change else ""

    @property
    def time(self) -> str:
        session = self.booking.session
        return clock_range(session.span, session.site.zone)


def visits(bookings: QuerySet[Booking]) -> list[Visit]:
    """Bookings of medication visits with regimen and last report; three queries, whatever the number."""
    return alone(read_visits(bookings))


def read_visits(bookings: QuerySet[Booking]) -> Reading[list[Visit]]:
    rows = yield from all_of(
        bookings.filter(session__service__form=ServiceKind.Form.MEDICATION)
        .select_related("person", "session__site", "session__service")
        .order_by("during")
    )
    people = [row.person_id for row in rows]
    newest = standing_changes().order_by("-on", "-id")
    taken: dict[int, list[Medication]] = {}
    listed = Medication.objects.filter(person__in=people, entered_in_error_at__isnull=True).exclude(
        status=Medication.Status.STOPPED
    )
    checks = MedicationCheck.objects.filter(person__in=people, entered_in_error_at__isnull=True)
    medications, reports = yield from both(
        all_of(listed.prefetch_related(Prefetch("changes", newest, to_attr="told")).order_by("name")),
        all_of(checks.order_by("person", "-on", "-id").distinct("person")),
    )
    for each in medications:
        taken.setdefault(each.person_id, []).append(each)
    last = {row.person_id: row for row in reports}
    return [Visit(row, tuple(taken.get(row.person_id, ())), last.get(row.person_id)) for row in rows]


def change_words(row: MedicationChange) -> str:
    """A change in a line: "Raised to 20 mg, every morning (from 10 mg), Mar 2"."""
    words = {
        "kind": row.get_kind_display(),
        "now": ", ".join(filter(None, (row.dose, row.frequency))),
        "before": row.dose_before,
        "day": date_format(row.on, "M j"),
    }
    if row.kind in (MedicationChange.Kind.UP, MedicationChange.Kind.DOWN):
        return _("%(kind)s to %(now)s (from %(before)s), %(day)s") % words
    if row.kind == MedicationChange.Kind.START:
        return _("%(kind)s with %(now)s, %(day)s") % words
    return _("%(kind)s, %(day)s") % words
