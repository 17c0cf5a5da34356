from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.people.models import Person, StaffMember
from dayward.foundation.signing.models import Signature
from dayward.foundation.signing.papers import Signable
from dayward.foundation.signing.rules import digest
from dayward.kernel.errors import Conflict, Refused
from dayward.kernel.models import Versioned

SHORTEST_NAME = 2


class Gap(Protocol):
    """Something that a paper still lacks; `what` says whose it is, where it is not the paper's own."""

    @property
    def sentence(self) -> str: ...

    @property
    def what(self) -> str: ...


def refuse_gaps(gaps: Iterable[Gap]) -> None:
    """Nothing is signed that lacks something: all of it is said at once."""
    reasons = [f"{_(gap.what)}: {_(gap.sentence)}" if gap.what else _(gap.sentence) for gap in gaps]
    if reasons:
        raise Refused(_("Something is still missing before signing."), reasons=reasons)


@transaction.atomic
def sign_paper(
    *,
    actor: Actor,
    paper: Signable,
    about: Person,
    text: str,
    typed_name: str,
    credential: str,
    seen: str = "",
    meaning: str = "author",
    method: str = Signature.Method.SESSION,
    at: datetime | None = None,
) -> Signature:
    """The actor signs the paper: its words and the signature are kept with it, and it is saved for good.

    The one way to sign a paper. The caller has locked it, has decided that the actor may sign it, and records
    the act. `seen` is the hash of the words that the signer was shown (`rules.digest`), where a page showed them.
    """
    if paper.is_signed:
        raise Refused(_("This is signed already."))
    signature = sign_words(
        actor=actor,
        paper=paper,
        about=about,
        text=text,
        typed_name=typed_name,
        credential=credential,
        seen=seen,
        meaning=meaning,
        method=method,
        at=at,
    )
    paper.signature, paper.signed_text = signature, text
    if isinstance(paper, Versioned):
        paper.version += 1
    paper.save()
    return signature


@transaction.atomic
def sign_words(
    *,
    actor: Actor,
    paper: Signable,
    about: Person,
    text: str,
    typed_name: str,
    meaning: str,
    credential: str = "",
    seen: str = "",
    method: str = Signature.Method.SESSION,
    at: datetime | None = None,
) -> Signature:
    """One more signature under a paper, under exactly these words; the paper itself stays as it is."""
    if actor.staff is not None:
        check_typed_name(typed_name, actor.staff)
    if seen and seen != digest(text):
        raise Conflict(_("The words have changed since you opened this page. Please read them again."))
    return sign(
        actor=actor,
        subject_kind=paper._meta.label_lower,
        subject=paper.public_id,
        meaning=meaning,
        text=text,
        method=method,
        printed_name=typed_name,
        credential=credential,
        about=about,
        at=at,
    )


def check_typed_name(typed: str, staff: StaffMember) -> str:
    """The name as typed; Refused when it is not the signer's own."""
    name = " ".join(typed.split())
    if name.casefold() != staff.name.casefold():
        raise Refused(_("Type your own name to sign: %(name)s.") % {"name": staff.name})
    return name


@transaction.atomic
def sign(
    *,
    actor: Actor,
    subject_kind: str,
    subject: str,
    meaning: str,
    text: str,
    method: str,
    printed_name: str = "",
    credential: str = "",
    about: Person | None = None,
    at: datetime | None = None,
) -> Signature:
    """The actor signs exactly this text. The name they typed stands as they typed it.

    `about` is whose chart the signed thing belongs to, for the audit entry; a person who signs their own need
    not be named again.
    """
    staff, person = actor.staff, None if actor.staff else actor.person
    if staff is None and person is None:
        raise Refused(_("Only a person can sign."))
    name = " ".join((printed_name or (staff.name if staff else "")).split())
    if len(name) < SHORTEST_NAME:
        raise Refused(_("Type your full name to sign."))
    signature = Signature.objects.create(
        subject_kind=subject_kind,
        subject=subject,
        meaning=meaning,
        sha256=digest(text),
        user=actor.user,
        staff=staff,
        person=person,
        printed_name=name[:200],
        credential=credential,
        method=method,
        signed_at=at or timezone.now(),
    )
    record(
        actor=actor,
        action="signing.sign",
        person=about or person,
        subject=signature,
        signed=subject_kind,
        id=subject,
    )
    return signature
