from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dayward.care.schedule.models import Booking
from dayward.chart.assessments.models import ReportedMedication
from dayward.chart.medications import queries
from dayward.chart.medications.models import Medication, MedicationChange, MedicationCheck, Reconciliation
from dayward.chart.medications.rules import changes as rules
from dayward.chart.safety.rules.qualification import Act
from dayward.chart.safety.services import author, credential_for
from dayward.chart.safety.wording import in_words
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.people.models import Person, StaffMember
from dayward.foundation.people.queries import today_at
from dayward.foundation.signing.services import sign_paper
from dayward.kernel.errors import Refused
from dayward.kernel.facts import changed


@dataclass(frozen=True)
class NewMedication:
    """What is begun: the label, and who prescribes it."""

    name: str
    route: str = ""
    indication: str = ""
    ours: bool = True
    outside_prescriber: str = ""
    reported: ReportedMedication | None = None


@dataclass(frozen=True)
class Wanted:
    """A change as it was filled in."""

    kind: str
    on: date
    reason: str
    dose: str = ""
    frequency: str = ""
    target_symptom: str = ""
    side_effects: str = ""
    next_look_on: date | None = None


@transaction.atomic
def start(
    *,
    actor: Actor,
    person: Person,
    what: NewMedication,
    wanted: Wanted,
    typed_name: str = "",
    instead_of: MedicationChange | None = None,
    at: datetime | None = None,
) -> MedicationChange:
    """Put a medication on the list. One of ours is a signed act of a prescriber; another is written down as told."""
    staff, now = author(actor), at or timezone.now()
    if not what.name.strip():
        raise Refused(_("Write the name of the medication as on its label."))
    _check(wanted, None, ours=what.ours)
    _check_day(person, wanted.on, now)
    medication = Medication.objects.create(
        person=person,
        name=" ".join(what.name.split())[:200],
        route=what.route,
        indication=what.indication,
        ours=what.ours,
        outside_prescriber=what.outside_prescriber,
        reported=what.reported,
        dose=wanted.dose.strip(),
        frequency=wanted.frequency.strip(),
        started_on=wanted.on,
        recorded_at=now,
        recorded_by=staff,
    )
    row = _unsaved(staff, medication, wanted, None, now)
    row.switched_with = instead_of
    _keep(actor, staff, row, typed_name, now)
    changed(person.pk, "medication")
    record(actor=actor, action="medications.start", person=person, subject=medication, ours=what.ours)
    return row


@transaction.atomic
def change(
    *,
    actor: Actor,
    medication: Medication,
    wanted: Wanted,
    typed_name: str = "",
    at: datetime | None = None,
) -> MedicationChange:
    """Raise, lower, hold, resume or stop; what was before stays in the change."""
    staff, now = author(actor), at or timezone.now()
    current = _locked(medication)
    _check(wanted, _present(current), ours=current.ours)
    _check_day(current.person, wanted.on, now)
    _check_order(current, wanted.on)
    row = _unsaved(staff, current, wanted, _present(current), now)
    _keep(actor, staff, row, typed_name, now)
    _follow(current, row)
    changed(current.person_id, "medication")
    record(
        actor=actor, action="medications.change", person=current.person, subject=row, change=str(wanted.kind)
    )
    return row


@transaction.atomic
def switch(
    *,
    actor: Actor,
    medication: Medication,
    what: NewMedication,
    wanted: Wanted,
    typed_name: str = "",
    at: datetime | None = None,
) -> MedicationChange:
    """One medication for another: a stop and a start of the same day that name each other."""
    stop = Wanted(
        rules.Kind.STOP,
        wanted.on,
        _("Switched to %(name)s: %(why)s") % {"name": what.name, "why": wanted.reason},
        side_effects=wanted.side_effects,
    )
    stopped = change(actor=actor, medication=medication, wanted=stop, typed_name=typed_name, at=at)
    return start(
        actor=actor,
        person=medication.person,
        what=what,
        wanted=wanted,
        typed_name=typed_name,
        instead_of=stopped,
        at=at,
    )


def _locked(medication: Medication) -> Medication:
    current = (
        Medication.objects.select_for_update(of=("self",))
        .select_related("person__site")
        .get(pk=medication.pk)
    )
    if current.entered_in_error_at:
        raise Refused(_("This medication was entered in error; put it on the list anew if it is taken."))
    return current


def _present(medication: Medication) -> rules.Present:
    return rules.Present(
        rules.Status(medication.status), medication.dose, medication.frequency, medication.started_on
    )


def _check(wanted: Wanted, present: rules.Present | None, *, ours: bool) -> None:
    plain = rules.Change(
        rules.Kind(wanted.kind),
        wanted.on,
        wanted.reason,
        wanted.dose,
        wanted.frequency,
        wanted.next_look_on,
    )
    found = rules.problems(plain, present, ours=ours)
    if found:
        raise Refused(_("Not written down yet:"), reasons=[_(each) for each in found])


def _check_day(person: Person, day: date, now: datetime) -> None:
    """A change may hold from tomorrow; farther ahead it is a plan, not a change."""
    if (day - today_at(person, now)).days > 1:
        raise Refused(_("The day is ahead. Write the change down when it is made."))


def _check_order(medication: Medication, day: date) -> None:
    """The list says what the newest change says, so a change from an earlier day cannot be put beneath it."""
    newest = queries.standing_changes().filter(medication=medication).order_by("-on", "-id").first()
    if newest is not None and day < newest.on:
        raise Refused(
            _("A change from %(day)s is written down already. Take that one back first.")
            % {"day": date_format(newest.on)}
        )


def _unsaved(
    staff: StaffMember, medication: Medication, wanted: Wanted, before: rules.Present | None, now: datetime
) -> MedicationChange:
    return MedicationChange(
        medication=medication,
        kind=wanted.kind,
        on=wanted.on,
        dose_before=before.dose if before else "",
        frequency_before=before.frequency if before else "",
        dose=wanted.dose.strip() or (before.dose if before else ""),
        frequency=wanted.frequency.strip() or (before.frequency if before else ""),
        reason=wanted.reason.strip()[:300],
        target_symptom=wanted.target_symptom.strip()[:200],
        side_effects=wanted.side_effects.strip()[:300],
        next_look_on=wanted.next_look_on,
        made_at=now,
        made_by=staff,
    )


def _keep(actor: Actor, staff: StaffMember, row: MedicationChange, typed_name: str, now: datetime) -> None:
    """Signed where it is ours, and saved."""
    if row.medication.ours:
        _sign(actor, staff, row, typed_name, now)
    else:
        row.save()


def _sign(actor: Actor, staff: StaffMember, row: MedicationChange, typed_name: str, now: datetime) -> None:
    person = row.medication.person
    credential = credential_for(staff=staff, act=Act.MEDICATION, day=today_at(person, now))
    sign_paper(
        actor=actor,
        paper=row,
        about=person,
        text=wording(row),
        typed_name=typed_name,
        credential=credential.name,
        at=now,
    )


def wording(row: MedicationChange) -> str:
    """Exactly what is signed."""
    medication = row.medication
    lines = [
        (_("Medication"), medication.name),
        (_("Change"), str(row.get_kind_display())),
        (_("From"), in_words(row.on)),
        (_("Before"), ", ".join(filter(None, (row.dose_before, row.frequency_before)))),
        (_("Now"), ", ".join(filter(None, (row.dose, medication.route, row.frequency)))),
        (_("Why"), row.reason),
        (_("To help with"), row.target_symptom),
        (_("Side effects"), row.side_effects),
        (_("Look again"), in_words(row.next_look_on)),
    ]
    return "\n".join(f"{label}: {words}" for label, words in lines if words)


def _follow(medication: Medication, row: MedicationChange) -> None:
    """The list says what the newest change says."""
    after = rules.status_after(rules.Kind(row.kind))
    stopped = after is rules.Status.STOPPED
    if not stopped:
        medication.dose, medication.frequency = row.dose, row.frequency
    medication.status, medication.ended_on = after.value, row.on if stopped else None
    medication.save(update_fields=["status", "dose", "frequency", "ended_on"])


@transaction.atomic
def enter_in_error(
    *, actor: Actor, change: MedicationChange, reason: str, at: datetime | None = None
) -> None:
    """The newest change should not have been written: the list goes back to what was before it."""
    if not reason.strip():
        raise Refused(_("Please say what is wrong with it."))
    now, staff = at or timezone.now(), author(actor)
    medication = _locked(change.medication)
    newest = queries.standing_changes().filter(medication=medication).order_by("-on", "-id").first()
    if newest is None or newest.pk != change.pk:
        raise Refused(_("Only the newest change of a medication can be taken back; begin with that one."))
    error: dict[str, Any] = {
        "entered_in_error_at": now,
        "entered_in_error_by": staff,
        "entered_in_error_reason": reason.strip()[:200],
    }
    MedicationChange.objects.filter(pk=newest.pk).update(**error)
    before = queries.standing_changes().filter(medication=medication).order_by("-on", "-id").first()
    if before is None:
        Medication.objects.filter(pk=medication.pk).update(**error)
    else:
        _follow(medication, before)
    changed(medication.person_id, "medication")
    record(actor=actor, action="medications.enter_in_error", person=medication.person, subject=newest)


@transaction.atomic
def record_check(
    *,
    actor: Actor,
    person: Person,
    on: date,
    adherence: int | None = None,
    burden: str = "",
    side_effects: str = "",
    note: str = "",
    monitoring_on: date | None = None,
    naloxone_offered: bool = False,
    next_look_on: date | None = None,
    booking: Booking | None = None,
    at: datetime | None = None,
) -> MedicationCheck:
    """What the person reports. It settles earlier "look again" days up to its own."""
    staff, now = author(actor), at or timezone.now()
    if on > today_at(person, now):
        raise Refused(_("The day is in the future."))
    if adherence is None and not burden and not note.strip():
        raise Refused(_("Write down at least one thing the person reports."))
    row = MedicationCheck.objects.create(
        person=person,
        booking=booking,
        on=on,
        adherence=adherence,
        burden=burden,
        side_effects=side_effects.strip()[:300],
        note=note.strip(),
        monitoring_on=monitoring_on,
        naloxone_offered=naloxone_offered,
        next_look_on=next_look_on,
        made_at=now,
        made_by=staff,
    )
    changed(person.pk, "medication")
    record(actor=actor, action="medications.check", person=person, subject=row)
    return row


@transaction.atomic
def check_in_error(*, actor: Actor, check: MedicationCheck, at: datetime | None = None) -> None:
    """The report was written down by mistake; it stays, struck through."""
    if check.entered_in_error_at:
        return
    check.entered_in_error_at, check.entered_in_error_by = at or timezone.now(), author(actor)
    check.save(update_fields=["entered_in_error_at", "entered_in_error_by"])
    changed(check.person_id, "medication")
    record(actor=actor, action="medications.check_in_error", person=check.person, subject=check)


@transaction.atomic
def reconcile(
    *, actor: Actor, person: Person, occasion: str, note: str = "", at: datetime | None = None
) -> Reconciliation:
    """The three lists were gone through; they are kept as they stood."""
    staff, now = author(actor), at or timezone.now()
    lines = queries.three_lists(person)
    row = Reconciliation.objects.create(
        person=person,
        occasion=Reconciliation.Occasion(occasion),
        lines=[
            {"name": line.name, "outside": line.outside, "told": line.told, "ours": line.ours}
            for line in lines
        ],
        note=note.strip(),
        made_at=now,
        made_by=staff,
    )
    changed(person.pk, "medication")
    record(actor=actor, action="medications.reconcile", person=person, subject=row, lines=len(lines))
    return row
