"""Signatures and kept forms, as the packages that sign would have written them."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import cache, lru_cache

from dayward.demo import clinic
from dayward.demo.facts import Case
from dayward.demo.ledger import AnyModel, Ledger, public_id
from dayward.demo.rows.clinic import user_id
from dayward.foundation.consent.rules import texts
from dayward.foundation.documents.models import Document, File
from dayward.foundation.people.models import Credential, User
from dayward.foundation.signing.models import Signature
from dayward.foundation.signing.rules import digest
from dayward.ui.pdf import Paper, pdf

AUTHOR = "author"


def staff_signs(
    ledger: Ledger, model: AnyModel, key: str, text: str, staff: str, at: datetime, meaning: str = AUTHOR
) -> str:  # fmt: skip
    """A member of staff signs with the credential they hold; returns the signature's key."""
    plan = clinic.staff(staff)
    name = f"{model._meta.label_lower}-{key}" + (f"-{meaning}" if meaning != AUTHOR else "")
    return ledger.add(
        Signature, name, subject_kind=model._meta.label_lower,
        subject=public_id(model, key), meaning=meaning, sha256=digest(text), user=staff, staff=staff,
        printed_name=f"{plan.given} {plan.family}", credential=credential_of(staff),
        method="session", signed_at=at,
    )  # fmt: skip


@cache
def credential_of(staff: str) -> str:
    """As it is told under a signature; somebody without one signs with their title."""
    plan = clinic.staff(staff)
    return str(Credential.Kind(plan.credential).label) if plan.credential else plan.title


@lru_cache(maxsize=4096)
def _printed(paper: Paper, made_at: datetime) -> bytes:
    """Catching up lays the same days out twice."""
    return pdf(paper, made_at=made_at)


def keep_paper(
    ledger: Ledger,
    key: str,
    person: str,
    paper: Paper,
    title: str,
    name: str,
    by: str,
    at: datetime,
    kind: str = "summary",
) -> str:
    """A signed paper as the PDF that the service makes of it; returns the hash of its bytes."""
    content = _printed(paper, at)
    sha256 = hashlib.sha256(content).hexdigest()
    if sha256 not in ledger.rows(File):
        ledger.add(File, sha256, sha256=sha256, content=content, size=len(content))
    ledger.add(
        Document, key, file=sha256, person=person, kind=kind, title=title, file_name=name,
        media_type="application/pdf", received_at=at, received_by=user_id(by),
    )  # fmt: skip
    return sha256


def person_signs(
    ledger: Ledger, model: AnyModel, key: str, text: str, who: str, name: str, meaning: str, at: datetime
) -> str:
    """The person or a guardian signs on the clinic's tablet; returns the signature's key."""
    return ledger.add(
        Signature, f"{model._meta.label_lower}-{key}-{meaning}", subject_kind=model._meta.label_lower,
        subject=public_id(model, key), meaning=meaning, sha256=digest(text), user=own_user(ledger, who, at),
        person=who, printed_name=name, method="tablet", signed_at=at,
    )  # fmt: skip


def own_user(ledger: Ledger, who: str, at: datetime) -> str:
    """The account of a person in their own page, made when they first sign."""
    key = f"person-{who}"
    if key not in ledger.rows(User):
        ledger.add(User, key, person=who, password="", created_at=at)
    return key


def keep_form(
    ledger: Ledger, key: str, case: Case, kind: str, text: str, name: str, by: str, at: datetime,
    recipient: str = "",
) -> str:  # fmt: skip
    """The signed words as a document; returns its key. `by` is the signer, `recipient` whom the form names."""
    content = text.encode()
    sha256 = hashlib.sha256(content).hexdigest()
    if sha256 not in ledger.rows(File):
        ledger.add(File, sha256, sha256=sha256, content=content, size=len(content))
    title = f"{texts.title(text)}: {recipient}" if recipient else texts.title(text)
    return ledger.add(
        Document, key, file=sha256, person=case.key, kind=kind, title=title, file_name=name,
        media_type="text/plain", received_at=at, received_by=user_id(f"person-{by}"),
    )  # fmt: skip
