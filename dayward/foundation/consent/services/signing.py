"""Signing: the person, a guardian, or both put their name under exactly the words they read."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.consent import facts, queries
from dayward.foundation.consent.events import ConsentSigned
from dayward.foundation.consent.models import Consent, NoticeGiven
from dayward.foundation.consent.rules import texts as rules
from dayward.foundation.consent.services.offering import SINGLE
from dayward.foundation.consent.wording import text_of
from dayward.foundation.documents import queries as documents
from dayward.foundation.documents.models import Document
from dayward.foundation.documents.services import keep
from dayward.foundation.people.models import Person
from dayward.foundation.people.queries import today_at
from dayward.foundation.signing.models import Signature
from dayward.foundation.signing.rules import digest
from dayward.foundation.signing.services import sign as sign_text
from dayward.kernel.errors import Refused
from dayward.kernel.events import publish

PATIENT, GUARDIAN = "patient", "guardian"


@transaction.atomic
def sign(
    *,
    actor: Actor,
    consent: Consent,
    printed_name: str,
    method: str,
    language: str = "en",
    seen: str = "",
    at: datetime | None = None,
) -> Consent:
    """The actor (the person or a guardian) signs. `seen` is the digest of the words they were shown."""
    now = at or timezone.now()
    locked = Consent.objects.select_for_update(of=("self",)).select_related("person__site").get(pk=consent.pk)
    role = _role(actor, locked.person)
    _refuse_closed(locked)
    if locked.signature_id is None:
        locked.signers = _signers_now(locked, role, now)
    _refuse_wrong_signer(locked, role)
    text = _words_to_sign(locked, language)
    _refuse_other_words(text, seen)
    signature = _sign(actor, locked, role, text, printed_name, method, now)
    _store(actor, locked, signature, text, language)
    if locked.is_complete:
        publish(ConsentSigned(locked.person_id, locked.public_id, locked.kind))
        facts.changed(locked)
    record(
        actor=actor,
        action="consent.sign",
        person=locked.person,
        subject=locked,
        role=role,
        consent_kind=locked.kind,
    )
    return locked


def _role(actor: Actor, person: Person) -> str:
    """As what the actor signs."""
    signer = None if actor.staff else actor.person
    if signer is not None and signer.pk in person.all_ids:
        return PATIENT
    if signer is not None and any(signer.pk in guardian.all_ids for guardian in queries.guardians_of(person)):
        return GUARDIAN
    raise Refused(_("Only the person or their guardian can sign this form."))


def _refuse_closed(consent: Consent) -> None:
    if consent.withdrawn_at or consent.declined_at or consent.revoked_at:
        raise Refused(_("This form is not open for signing any more. Ask for a new one."))
    if consent.is_complete:
        raise Refused(_("This form is signed already."))


def _signers_now(consent: Consent, role: str, now: datetime) -> str:
    """Who has to sign on this day: somebody may have come of age since the form was prepared."""
    wanted = queries.who_signs(consent.person, consent.kind, today_at(consent.person, now))
    if role == GUARDIAN and wanted.guardian_accepted:
        return Consent.Signers.GUARDIAN  # the state's rule is not verified: it warns and does not block
    return wanted.signers


def _refuse_wrong_signer(consent: Consent, role: str) -> None:
    if consent.signers not in {role, Consent.Signers.BOTH}:
        raise Refused(
            _("This form is for the person alone to sign.")
            if role == GUARDIAN
            else _("A guardian has to sign this form.")
        )
    if consent.signature is not None and consent.signature.meaning == role:
        raise Refused(_("You signed this form already. One more signature is missing."))


def _words_to_sign(consent: Consent, language: str) -> str:
    """The second signature goes under the same words as the first."""
    if consent.document is not None:
        return documents.content(consent.document).decode()
    return text_of(consent, language)


def _refuse_other_words(text: str, seen: str) -> None:
    if seen and seen != digest(text):
        raise Refused(_("The words of this form have changed since you opened it. Please read it again."))


def _sign(
    actor: Actor,
    row: Consent | NoticeGiven,
    role: str,
    text: str,
    printed_name: str,
    method: str,
    now: datetime,
) -> Signature:
    return sign_text(
        actor=actor,
        subject_kind=row._meta.label_lower,
        subject=row.public_id,
        meaning=role,
        text=text,
        method=method,
        printed_name=printed_name,
        about=row.person,
        at=now,
    )


def _store(actor: Actor, consent: Consent, signature: Signature, text: str, language: str) -> None:
    if consent.signature_id is not None:
        consent.second_signature = signature
        consent.save(update_fields=["second_signature"])
        return
    consent.language = language
    consent.document = _kept(actor, consent, text, Document.Kind.CONSENT)
    consent.signature = signature
    consent.save(update_fields=["signers", "language", "document", "signature"])


def _kept(actor: Actor, row: Consent | NoticeGiven, text: str, kind: str) -> Document:
    """The signed words, by their hash: the hash of the file is the hash that was signed."""
    return keep(
        actor=actor,
        content=text.encode(),
        kind=kind,
        title=_document_title(row, text),
        file_name=f"{row.kind}-{row.text_version}.txt",
        media_type="text/plain",
        person=row.person,
    )


def _document_title(row: Consent | NoticeGiven, text: str) -> str:
    """The form's title, and for whom it is where one is named."""
    title = rules.title(text)
    if isinstance(row, Consent) and row.kind not in SINGLE:
        return f"{title}: {row.recipient}"
    return title


@transaction.atomic
def sign_notice(
    *,
    actor: Actor,
    notice: NoticeGiven,
    printed_name: str,
    method: str,
    language: str = "en",
    seen: str = "",
    at: datetime | None = None,
) -> NoticeGiven:
    """The person (or a guardian) signs that they got the notice."""
    locked = (
        NoticeGiven.objects.select_for_update(of=("self",)).select_related("person__site").get(pk=notice.pk)
    )
    role = _role(actor, locked.person)
    if locked.signature_id:
        raise Refused(_("This form is signed already."))
    text = text_of(locked, language)
    _refuse_other_words(text, seen)
    locked.signature = _sign(actor, locked, role, text, printed_name, method, at or timezone.now())
    locked.document = _kept(actor, locked, text, Document.Kind.NOTICE)
    locked.language = language
    locked.save(update_fields=["signature", "document", "language"])
    facts.changed(locked)
    record(actor=actor, action="consent.sign_notice", person=locked.person, subject=locked, role=role)
    return locked
