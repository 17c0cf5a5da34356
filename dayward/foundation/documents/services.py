from __future__ import annotations

import hashlib
from pathlib import PurePath

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.documents import rules
from dayward.foundation.documents.models import Document, File
from dayward.foundation.people.models import Person
from dayward.kernel.errors import Refused
from dayward.kernel.facts import changed

AWAITED = frozenset({Document.Kind.CERTIFIED, Document.Kind.NOTICE})  # rules ask for them (standards)
LARGEST = 25 * 1024 * 1024


def typed(content: bytes) -> str:
    """What an upload is, by its bytes; refused is what does not belong in a chart."""
    found = rules.kind_of(content) if content else rules.PLAIN  # that it is empty is said by `keep`
    if found is None:
        raise Refused(
            _(
                "This is no kind of file for a chart. PDF, pictures, Word and OpenDocument letters and plain text are."
            )
        )
    return found


@transaction.atomic
def keep(
    *,
    actor: Actor,
    content: bytes,
    kind: str,
    title: str,
    file_name: str = "",
    media_type: str = "application/octet-stream",
    person: Person | None = None,
) -> Document:
    """Keep these bytes. The same bytes are one file, however often they come."""
    if not content:
        raise Refused(_("The file is empty."))
    if len(content) > LARGEST:
        raise Refused(_("The file is larger than 25 MB."))
    sha256 = hashlib.sha256(content).hexdigest()
    File.objects.bulk_create([File(sha256=sha256, content=content, size=len(content))], ignore_conflicts=True)
    document = Document.objects.create(
        file_id=sha256,
        person=person,
        kind=kind,
        title=title.strip()[:200],
        file_name=_plain_name(file_name),
        media_type=media_type[:100],
        received_by=actor.id,
    )
    _tell(document)
    record(actor=actor, action="documents.keep", person=person, subject=document, document_kind=str(kind))
    return document


@transaction.atomic
def assign(*, actor: Actor, document: Document, person: Person) -> Document:
    """Say whose document it is, once that is known."""
    if document.person_id not in {None, *person.all_ids}:
        raise Refused(_("This document belongs to somebody else."))
    if document.person_id is None:
        document.person = person
        document.save(update_fields=["person"])
        _tell(document)
    record(actor=actor, action="documents.assign", person=person, subject=document)
    return document


@transaction.atomic
def enter_in_error(*, actor: Actor, document: Document, reason: str) -> Document:
    """It does not belong here: it stays readable, marked, and counts for nothing."""
    if actor.user is None:
        raise Refused(_("Only a person who signed in can do this."))
    if not reason.strip():
        raise Refused(_("Say why it does not belong here."))
    if document.entered_in_error_at:
        raise Refused(_("This is marked as entered in error already."))
    if document.kind in {Document.Kind.CONSENT, Document.Kind.NOTICE}:
        raise Refused(_("A signed form stays as it is; the consent itself can be revoked."))
    document.entered_in_error_at, document.entered_in_error_by = timezone.now(), actor.user
    document.save(update_fields=["entered_in_error_at", "entered_in_error_by"])
    _tell(document)
    record(
        actor=actor,
        action="documents.enter_in_error",
        person=document.person,
        subject=document,
        reason=reason,
    )
    return document


@transaction.atomic
def belongs_to_nobody_yet(*, actor: Actor, document: Document, reason: str) -> Document:
    """Undo of `assign`: whose a row is never changes, so that one is in error and a new one has the same bytes."""
    again = Document.objects.create(
        file_id=document.file_id,
        kind=document.kind,
        title=document.title,
        file_name=document.file_name,
        media_type=document.media_type,
        received_at=document.received_at,
        received_by=document.received_by,
    )
    if document.entered_in_error_at is None:
        enter_in_error(actor=actor, document=document, reason=reason)
    record(actor=actor, action="documents.wait_again", subject=again, before=document.public_id)
    return again


@transaction.atomic
def take_back_error(*, actor: Actor, document: Document) -> Document:
    """Undo of `enter_in_error`."""
    document.entered_in_error_at = document.entered_in_error_by = None
    document.save(update_fields=["entered_in_error_at", "entered_in_error_by"])
    _tell(document)
    record(actor=actor, action="documents.take_back_error", person=document.person, subject=document)
    return document


def _tell(document: Document) -> None:
    if document.kind in AWAITED and document.person_id is not None:
        changed(document.person_id, "document")


def _plain_name(name: str) -> str:
    """The last part of what the browser calls the file, without control characters."""
    last = PurePath(name.replace("\\", "/")).name
    return "".join(letter for letter in last if letter.isprintable())[:255]
