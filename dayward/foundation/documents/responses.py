"""How bytes that others wrote leave the server: never run, never guessed, never kept by the browser."""

from __future__ import annotations

from django.http import HttpResponse

from dayward.foundation.documents import queries
from dayward.foundation.documents.models import Document

# These may be looked at in the browser. Anything that could hold a script (HTML, XML, SVG) is shown as plain text
# or downloaded.
SHOWN_AS_THEY_ARE = {"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp"}
SHOWN_AS_TEXT = ("text/", "application/json", "application/fhir", "application/xml", "application/hl7")


def send(document: Document, *, download: bool = False) -> HttpResponse:
    """The document's bytes, safe to open whoever wrote them."""
    media_type = _media_type(document.media_type)
    inline = not download and media_type != "application/octet-stream"
    response = HttpResponse(queries.content(document), content_type=media_type)
    response.headers["Content-Disposition"] = _disposition(document, inline=inline)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    response.headers["Cache-Control"] = "no-store, private"
    return response


def _media_type(media_type: str) -> str:
    plain = media_type.split(";", 1)[0].strip().lower()
    if plain in SHOWN_AS_THEY_ARE:
        return plain
    return "text/plain; charset=utf-8" if plain.startswith(SHOWN_AS_TEXT) else "application/octet-stream"


def _disposition(document: Document, *, inline: bool) -> str:
    """A name of plain letters: the public id, with the ending of the original."""
    ending = document.file_name.rpartition(".")[2].lower() if "." in document.file_name else ""
    safe = "".join(letter for letter in ending if letter.isascii() and letter.isalnum())[:8]
    name = f"{document.public_id}.{safe}" if safe else document.public_id
    return f'{"inline" if inline else "attachment"}; filename="{name}"'
