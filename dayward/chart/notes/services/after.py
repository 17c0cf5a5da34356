"""What may follow a signed note: the supervisor's signature, an amendment, entered in error; and outreach."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.attendance.delivered import episode_of
from dayward.care.attendance.models import Absence
from dayward.care.journey import services as journey
from dayward.care.schedule.models import Booking
from dayward.chart.notes import queries
from dayward.chart.notes.models import Note, Outreach
from dayward.chart.notes.rules.signing import may_cosign
from dayward.chart.notes.services.signing import licensed_kinds
from dayward.chart.safety.services import author
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.people.queries import today_at
from dayward.foundation.signing.models import Signature
from dayward.foundation.signing.services import sign_words
from dayward.kernel import facts
from dayward.kernel.errors import Refused


def _locked(note: Note) -> Note:
    rows = Note.objects.select_for_update(of=("self",)).select_related(
        "person__site", "session__site", "session__service", "service", "objective", "signature"
    )
    return rows.get(pk=note.pk)


@transaction.atomic
def cosign(
    *,
    actor: Actor,
    note: Note,
    typed_name: str,
    method: str = Signature.Method.SESSION,
    at: datetime | None = None,
) -> Note:
    """The supervisor signs the same words after somebody who works under supervision."""
    staff, now, row = author(actor), at or timezone.now(), _locked(note)
    if not row.waits_for_cosigning or row.entered_in_error_at:
        raise Refused(_("No second signature is waited for here."))
    assert row.signature is not None
    if row.signature.staff_id == staff.pk:
        raise Refused(_("Somebody else signs after you."))
    template = queries.template_of(row)
    verdict = may_cosign(queries.credentials(staff), template, today_at(row.person, now), licensed_kinds())
    if verdict.held is None:
        raise Refused(_(verdict.reason))
    row.cosignature = sign_words(
        actor=actor,
        paper=row,
        about=row.person,
        text=row.signed_text,
        typed_name=typed_name,
        meaning="cosigner",
        credential=verdict.held.name,
        method=method,
        at=now,
    )
    row.save(update_fields=["cosignature"])
    facts.changed(row.person_id, "note")
    record(actor=actor, action="notes.cosign", person=row.person, subject=row)
    return row


@transaction.atomic
def amend(*, actor: Actor, note: Note, reason: str, at: datetime | None = None) -> Note:
    """A new draft that begins with the signed words and points back to them; the signed note stays."""
    staff, now, old = author(actor), at or timezone.now(), _locked(note)
    if not old.is_signed or old.entered_in_error_at:
        raise Refused(_("Only a signed note can be amended."))
    if not reason.strip():
        raise Refused(_("Please say why it is amended."))
    newer = Note.objects.standing().filter(amends=old).first()
    if newer is not None:
        if newer.is_signed:
            raise Refused(_("This note was amended already. Amend the latest one."))
        return newer
    same = ("person_id", "episode_id", "booking_id", "session_id", "service_id", "template", "happened_at")
    draft = Note.objects.create(
        **{
            name: getattr(old, name)
            for name in (*same, "minutes", "objective_id", "objective_reason", "parts")
        },
        family_chosen=_family_keys(old),
        amends=old,
        amendment_reason=reason.strip()[:200],
        written_at=now,
        written_by=staff,
        saved_at=now,
        saved_by=staff,
    )
    record(actor=actor, action="notes.amend", person=old.person, subject=draft, amends=old.public_id)
    return draft


def _family_keys(note: Note) -> list[str]:
    """Whom the draft begins with; somebody whose consent has ended since is asked about anew at signing."""
    found = queries.present_family(note)
    keys = (row.relationship or row.consent for row in found)
    return [key.public_id for key in keys if key is not None]


@transaction.atomic
def enter_in_error(*, actor: Actor, note: Note, reason: str, at: datetime | None = None) -> None:
    """Say that this should not have been written; it stays readable and counts no longer."""
    if not reason.strip():
        raise Refused(_("Please say what is wrong with it."))
    row = _locked(note)
    if row.entered_in_error_at:
        return
    if Note.objects.standing().filter(amends=row).exists():
        raise Refused(_("It was amended. Mark the amendment first."))
    row.entered_in_error_at, row.entered_in_error_by = at or timezone.now(), author(actor)
    row.entered_in_error_reason = reason.strip()[:200]
    row.save(update_fields=["entered_in_error_at", "entered_in_error_by", "entered_in_error_reason"])
    facts.changed(row.person_id, "note")
    record(actor=actor, action="notes.enter_in_error", person=row.person, subject=row)


@transaction.atomic
def log_outreach(
    *,
    actor: Actor,
    booking: Booking,
    mode: str = "phone",
    outcome: str = "no_answer",
    note: str = "",
    at: datetime | None = None,
) -> Outreach:
    """Somebody who was expected and did not come was called: in the record, and for the booking they missed."""
    seat = Booking.objects.select_related("person", "session__site", "enrollment__segment__episode").get(
        pk=booking.pk
    )
    if not Absence.objects.filter(booking=seat, withdrawn_at__isnull=True).exists():
        raise Refused(_("%(name)s is not marked absent on the roll.") % {"name": seat.person.called})
    episode = episode_of(seat)
    if episode is None:
        raise Refused(_("There is no treatment this belongs to."))
    attempt = journey.log_contact(
        actor=actor, mode=mode, outcome=outcome, note=note.strip(), episode=episode, at=at
    )
    row = Outreach.objects.create(booking=seat, attempt=attempt)
    facts.changed(seat.person_id, "outreach")
    record(actor=actor, action="notes.log_outreach", person=seat.person, subject=row, site=seat.session.site)
    return row
