from __future__ import annotations

from django.db.models import QuerySet

from dayward.foundation.signing.models import Signature
from dayward.foundation.signing.rules import digest


def signatures_of(subject_kind: str, subject: str) -> QuerySet[Signature]:
    """All signatures under one thing, first to last."""
    return Signature.objects.filter(subject_kind=subject_kind, subject=subject).order_by("signed_at", "id")


def is_of(signature: Signature, text: str) -> bool:
    """Whether the signature is under exactly this text."""
    return signature.sha256 == digest(text)
