"""The only code that writes referral documents."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.journey.services import ComesFrom, open_referral
from dayward.care.referrals import wire
from dayward.care.referrals.events import ReferralAccepted
from dayward.care.referrals.filing import Filed, write_down
from dayward.care.referrals.models import ReferralDocument, State
from dayward.care.referrals.outcome import Accepted, RefusedDocument
from dayward.care.referrals.packet import Packet, last_stay
from dayward.care.referrals.parsers.values import is_restricting_label
from dayward.care.referrals.read import read
from dayward.care.referrals.undoing import take_out, why_not
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.models import Entry
from dayward.foundation.audit.services import record
from dayward.foundation.documents import services as documents
from dayward.foundation.documents.models import Document
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person
from dayward.foundation.people.services import register_person
from dayward.kernel.errors import Conflict, Refused
from dayward.kernel.events import publish
from dayward.kernel.hanging import hanging


@dataclass(frozen=True)
class Received:
    """What became of one file. ``again``: the same bytes came before, so nothing was added."""

    result: Accepted | RefusedDocument
    referral: ReferralDocument | None = None
    again: bool = False


def receive(*, actor: Actor, site: Site, content: bytes, file_name: str = "") -> Received:
    """Read one file; if it is understood, keep it and let it wait for somebody.

    A refused file leaves nothing behind but the word that it was refused.
    """
    result = read(content)
    if isinstance(result, RefusedDocument):
        _note_refusal(actor=actor, site=site, reason=result.reason)
        return Received(result)
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        with transaction.atomic():
            known = ReferralDocument.objects.filter(sha256=sha256, site=site).first()
            if known is None:
                kept = _keep(
                    actor=actor, site=site, content=content, file_name=file_name, packet=result.packet
                )
                return Received(result, kept)
    except IntegrityError:  # the same file, at the same moment, by somebody else
        known = ReferralDocument.objects.filter(sha256=sha256, site=site).first()
        if known is None:
            raise
    return Received(result, known, again=True)


@transaction.atomic
def _note_refusal(*, actor: Actor, site: Site, reason: str) -> None:
    record(actor=actor, action="referrals.refuse", kind=Entry.Kind.REFUSED, site=site, because=reason)


@transaction.atomic
def _keep(*, actor: Actor, site: Site, content: bytes, file_name: str, packet: Packet) -> ReferralDocument:
    document = documents.keep(
        actor=actor,
        content=content,
        kind=Document.Kind.REFERRAL,
        title=packet.document.kind or packet.document.title or packet.document.format,
        file_name=file_name,
        media_type=_media_type(content, packet),
    )
    referral = ReferralDocument.objects.create(
        site=site,
        document=document,
        sha256=hashlib.sha256(content).hexdigest(),
        packet=wire.to_plain(packet),
        kind=(packet.document.kind or packet.document.format)[:120],
        sender=sender_of(packet, document.received_at.date())[:200],
        patient_name=(packet.patient.name.plain if packet.patient.name else "")[:200],
        born=packet.patient.birth_date or "",
        restricted=any(is_restricting_label(label.code) for label in packet.labels),
        problem_count=len(packet.problems),
    )
    record(actor=actor, action="referrals.receive", subject=referral, site=site, document=document.public_id)
    return referral


def _media_type(content: bytes, packet: Packet) -> str:
    if content[:2] == b"\x1f\x8b":
        return "application/gzip"
    return "application/xml" if packet.document.format == "C-CDA" else "application/fhir+json"


def sender_of(packet: Packet, received: date) -> str:
    """Who sends the person: where the stay was, else who wrote or keeps the document."""
    stay = last_stay(packet, received)
    named = (
        stay.facility if stay else "",
        packet.document.author_organization,
        packet.document.custodian,
        _latest_place(packet),
    )
    return next(filter(None, named), "")


def _latest_place(packet: Packet) -> str:
    placed = [visit for visit in packet.encounters if visit.facility]
    latest = max(placed, key=lambda visit: (visit.end or visit.start or "")[:19], default=None)
    return latest.facility if latest else ""


@dataclass(frozen=True)
class Decision:
    """What somebody decided on the preview: who it is, and how they come.

    ``person`` None means somebody new, with these ``demographics``.
    """

    comes_from: ComesFrom
    person: Person | None = None
    demographics: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def accept(*, actor: Actor, referral: ReferralDocument, version: int, decision: Decision) -> ReferralDocument:
    """The person of the document gets (or keeps) their place in our records, and an open intake case."""
    referral = _waiting(referral, version)
    packet = referral.understood()
    before = hanging(decision.person) if decision.person else frozenset()
    person = decision.person or register_person(actor=actor, site=referral.site, **decision.demographics)
    write_down(actor=actor, person=person, packet=packet)
    documents.assign(actor=actor, document=referral.document, person=person)
    brought = open_referral(actor=actor, site=referral.site, person=person, comes_from=decision.comes_from)
    case = brought.case
    referral.person, referral.case = person, case
    _decide(referral, actor, State.ACCEPTED)
    publish(ReferralAccepted(referral.pk, person.pk, case.pk, packet, actor))
    _remember(
        referral,
        Filed(decision.person is None, brought.opened, brought.told, hanging(person) - before, hanging(case)),
    )
    record(actor=actor, action="referrals.accept", person=person, subject=referral, site=referral.site)
    return referral


def _remember(referral: ReferralDocument, filed: Filed) -> None:
    referral.filed = filed.plain()
    referral.save(update_fields=["filed"])


@transaction.atomic
def undo_accept(*, actor: Actor, referral: ReferralDocument) -> ReferralDocument:
    """Accepted by mistake: it waits again, and what only this acceptance made is entered in error."""
    referral = _locked(referral)
    if referral.state != State.ACCEPTED or referral.person_id is None:
        raise Refused(_("This referral is not accepted."))
    referral.person = Person.objects.select_for_update().get(pk=referral.person_id)
    refusal = why_not(referral)
    if refusal:
        raise Refused(refusal)
    reason = _("The referral was accepted by mistake.")
    take_out(actor=actor, referral=referral, reason=reason)
    person = referral.person
    referral.document = documents.belongs_to_nobody_yet(
        actor=actor, document=referral.document, reason=reason
    )
    referral.person = referral.case = None
    referral.filed = {}
    _wait(referral)
    record(actor=actor, action="referrals.undo_accept", person=person, subject=referral, site=referral.site)
    return referral


@transaction.atomic
def set_aside(*, actor: Actor, referral: ReferralDocument, version: int, reason: str) -> ReferralDocument:
    """Nobody is to be taken in from this document; it stays findable with the reason."""
    if not reason.strip():
        raise Refused(_("Say why this referral is set aside."))
    referral = _waiting(referral, version)
    referral.set_aside_reason = reason.strip()[:300]
    _decide(referral, actor, State.SET_ASIDE)
    record(actor=actor, action="referrals.set_aside", subject=referral, site=referral.site)
    return referral


@transaction.atomic
def take_back(*, actor: Actor, referral: ReferralDocument) -> ReferralDocument:
    """Undo of setting aside: it waits again."""
    referral = _locked(referral)
    if referral.state != State.SET_ASIDE:
        raise Refused(_("This referral is not set aside."))
    _wait(referral)
    record(actor=actor, action="referrals.take_back", subject=referral, site=referral.site)
    return referral


def _wait(referral: ReferralDocument) -> None:
    referral.state, referral.set_aside_reason = State.WAITING, ""
    referral.decided_at = referral.decided_by = None
    referral.version += 1
    referral.save()


def _decide(referral: ReferralDocument, actor: Actor, state: State) -> None:
    if actor.user is None:
        raise Refused(_("Only a person who signed in can decide about a referral."))
    referral.state, referral.decided_at, referral.decided_by = state, timezone.now(), actor.user
    referral.version += 1
    referral.save()


def _locked(referral: ReferralDocument) -> ReferralDocument:
    return (
        ReferralDocument.objects.select_for_update(of=("self",))
        .select_related("document", "site", "case")
        .get(pk=referral.pk)
    )


def _waiting(referral: ReferralDocument, version: int) -> ReferralDocument:
    current = _locked(referral)
    if current.state == State.ACCEPTED:
        raise Refused(_("This referral was accepted already."))
    if current.state == State.SET_ASIDE:
        raise Refused(_("This referral was set aside; take that back first."))
    if current.version != version:
        raise Conflict
    return current
