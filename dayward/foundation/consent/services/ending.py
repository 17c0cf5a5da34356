"""Declining, taking back, withdrawing: what ends a consent stops what it allowed at once."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.consent import facts, queries
from dayward.foundation.consent.events import ConsentRevoked
from dayward.foundation.consent.models import Consent
from dayward.foundation.consent.rules.kinds import ExpiryEvent
from dayward.foundation.consent.rules.standing import may_revoke
from dayward.foundation.people.models import Person, User
from dayward.foundation.people.queries import today_at
from dayward.kernel.errors import Refused
from dayward.kernel.events import publish


def _locked(consent: Consent) -> Consent:
    rows = Consent.objects.select_for_update(of=("self",)).select_related(
        "person__site", "signature", "second_signature", "recipient_person"
    )
    return rows.get(pk=consent.pk)


def _user(actor: Actor) -> User:
    if actor.user is None:
        raise Refused(_("Only a person who signed in can do this."))
    return actor.user


def _refuse_strangers(actor: Actor, person: Person) -> None:
    """In their own page somebody ends their own consents, or those of a minor whose guardian they are."""
    mine = None if actor.staff else actor.person
    if actor.staff is None and (mine is None or mine.pk not in _concerned(person)):
        raise Refused(_("This form is not yours."))


def _concerned(person: Person) -> set[int]:
    if queries.is_adult(person):  # from that day on it is the person's own to say
        return set(person.all_ids)
    return {
        *person.all_ids,
        *(each for guardian in queries.guardians_of(person) for each in guardian.all_ids),
    }


@transaction.atomic
def decline(*, actor: Actor, consent: Consent, at: datetime | None = None) -> Consent:
    """Somebody who is asked to sign says no. Nothing is allowed; the form may be offered anew."""
    locked, user = _locked(consent), _user(actor)
    _refuse_strangers(actor, locked.person)
    if locked.signature_id or locked.declined_at or locked.withdrawn_at:
        raise Refused(_("This form is not open for signing any more. Ask for a new one."))
    locked.declined_at, locked.declined_by = at or timezone.now(), user
    locked.save(update_fields=["declined_at", "declined_by"])
    facts.changed(locked)
    record(
        actor=actor, action="consent.decline", person=locked.person, subject=locked, consent_kind=locked.kind
    )
    return locked


@transaction.atomic
def withdraw(*, actor: Actor, consent: Consent, at: datetime | None = None) -> Consent:
    """The clinic takes a form back that nobody has signed."""
    locked, user = _locked(consent), _user(actor)
    if locked.signature_id or locked.declined_at or locked.withdrawn_at:
        raise Refused(_("This form is not waiting any more."))
    locked.withdrawn_at, locked.withdrawn_by = at or timezone.now(), user
    locked.save(update_fields=["withdrawn_at", "withdrawn_by"])
    record(
        actor=actor, action="consent.withdraw", person=locked.person, subject=locked, consent_kind=locked.kind
    )
    return locked


@transaction.atomic
def revoke(*, actor: Actor, consent: Consent, note: str = "", at: datetime | None = None) -> Consent:
    """Take a consent back; in their own page that is in writing, staff say how the writing came."""
    now = at or timezone.now()
    locked, user = _locked(consent), _user(actor)
    _refuse_strangers(actor, locked.person)
    if actor.staff is not None and not note.strip():
        raise Refused(_("Say how the person took it back: a letter, a message, in person and signed."))
    if locked.signature_id is None or locked.revoked_at:
        raise Refused(_("There is nothing to take back."))
    if not may_revoke(queries.given(locked), today_at(locked.person, now)):
        raise Refused(
            _("This consent binds until the day or the end of the case that it names (42 CFR 2.35).")
        )
    locked.revoked_at, locked.revoked_by, locked.revocation_note = now, user, note.strip()
    locked.save(update_fields=["revoked_at", "revoked_by", "revocation_note"])
    publish(ConsentRevoked(locked.person_id, locked.public_id, locked.kind))
    facts.changed(locked)
    record(
        actor=actor, action="consent.revoke", person=locked.person, subject=locked, consent_kind=locked.kind
    )
    return locked


@transaction.atomic
def event_happened(*, actor: Actor, consent: Consent, on: date) -> Consent:
    """The event took place by which the consent ends; that day is its last."""
    locked = _locked(consent)
    if not locked.expiry_event or locked.expiry_event == ExpiryEvent.NONE:
        raise Refused(_("This consent does not end by an event."))
    if locked.event_on:
        raise Refused(_("The day of the event is written down already."))
    locked.event_on = on
    locked.save(update_fields=["event_on"])
    facts.changed(locked)
    record(actor=actor, action="consent.event_happened", person=locked.person, subject=locked)
    return locked


@transaction.atomic
def end_of_treatment(*, actor: Actor, person: Person, on: date) -> int:
    """Treatment has ended: what was given until then ends with that day. Called at discharge; twice is once."""
    rows = queries.consents_of(person).filter(
        expiry_event=ExpiryEvent.END_OF_TREATMENT, event_on__isnull=True, signature__isnull=False
    )
    ended = [event_happened(actor=actor, consent=row, on=on) for row in rows]
    record(actor=actor, action="consent.end_of_treatment", person=person, consents=len(ended))
    return len(ended)
