"""How bytes that others wrote leave the server: as a file to keep, never shown in the browser, run or guessed."""

from __future__ import annotations

from django.http import HttpResponse

from dayward.foundation.documents import queries, rules
from dayward.foundation.documents.models import Document

# Named as what they are; anything that could hold a script (HTML, XML, SVG) is plain text or only bytes.
AS_THEY_ARE = {"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp"}
AS_TEXT = ("text/", "application/json", "application/fhir", "application/xml", "application/hl7")


def send(document: Document) -> HttpResponse:
    """The document's bytes, safe whoever wrote them."""
    response = HttpResponse(queries.content(document), content_type=_media_type(document.media_type))
    response.headers["Content-Disposition"] = _disposition(document)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "no-store, private"
    return response


def _media_type(media_type: str) -> str:
    plain = media_type.split(";", 1)[0].strip().lower()
    if plain in AS_THEY_ARE:
        return plain
    return "text/plain; charset=utf-8" if plain.startswith(AS_TEXT) else "application/octet-stream"


def _disposition(document: Document) -> str:
    """The public id, with the ending of what it is; what it was called is shown on the page only."""
    ending = rules.ending_of(document.media_type)
    name = f"{document.public_id}.{ending}" if ending else document.public_id
    return f'attachment; filename="{name}"'
