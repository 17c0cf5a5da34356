from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from dayward.foundation.documents.models import Document, File
from dayward.foundation.people.models import Person
from dayward.kernel.errors import Misconfigured
from dayward.kernel.gathering import Reading, all_of, alone


@dataclass(frozen=True)
class Listed:
    """A document as a list shows it; its bytes stay where they are."""

    public_id: str
    kind: str
    title: str
    file_name: str
    media_type: str
    size: int
    received_at: datetime
    in_error: bool
    may_be_error: bool  # a signed form is not


def content(document: Document) -> bytes:
    """The bytes as they came."""
    found = File.objects.filter(pk=document.file_id).values_list("content", flat=True).first()
    if found is None:
        raise Misconfigured("A document has lost its file.")
    return bytes(found)


def documents_of(person: Person) -> QuerySet[Document]:
    """All documents of the person and of the rows said to be the same person, newest first."""
    return Document.objects.filter(person_id__in=person.all_ids)


def read_list(person: Person) -> Reading[list[Listed]]:
    """What the chart lists, without reading any bytes."""
    listed = documents_of(person).values_list(
        "public_id",
        "kind",
        "title",
        "file_name",
        "media_type",
        "file__size",
        "received_at",
        "entered_in_error_at",
    )
    found = yield from all_of(listed)
    kinds = dict(Document.Kind.choices)
    signed = {Document.Kind.CONSENT, Document.Kind.NOTICE}
    return [
        Listed(
            public_id,
            str(kinds.get(kind, kind)),
            title,
            name,
            media,
            size,
            received,
            error is not None,
            kind not in signed,
        )
        for public_id, kind, title, name, media, size, received, error in found
    ]


def list_of(person: Person) -> list[Listed]:
    return alone(read_list(person))
