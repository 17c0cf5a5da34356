"""What a file is, by its bytes. Its name and what the browser says of it are only claims.

What belongs in a chart: papers, pictures, and what other systems send. Programs, archives and pages with scripts
do not (OWASP ASVS 5.0, 5.2.2: the type expected, by extension and by content).
"""

from __future__ import annotations

import zipfile
from io import BytesIO

PLAIN = "text/plain"
# The first bytes that say it, and what it then is. A zip may be a document or anything: see `_zipped`.
MARKS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"{\\rtf", "application/rtf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword"),
)
# The ending under which it is handed out again, whatever it was called.
ENDINGS = {
    "application/pdf": "pdf",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/tiff": "tif",
    "image/heic": "heic",
    "application/rtf": "rtf",
    "application/msword": "doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/xml": "xml",
    "application/json": "json",
    "application/fhir+json": "json",
    "application/gzip": "gz",
    PLAIN: "txt",
}
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
SCRIPTS = (b"<!doctype html", b"<html", b"<script", b"<svg", b"#!")


def kind_of(content: bytes) -> str | None:
    """The media type of a file that belongs in a chart; None of any other."""
    for mark, media_type in MARKS:
        if content.startswith(mark):
            return media_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1"):
        return "image/heic"
    if content.startswith(b"PK\x03\x04"):
        return _zipped(content)
    return _written(content)


def _zipped(content: bytes) -> str | None:
    """A letter of a word processor without macros; nothing of it is unpacked but the list of its parts."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            names = set(parts.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if any(name.endswith("vbaProject.bin") for name in names):
        return None
    if "word/document.xml" in names:
        return DOCX
    return ODT if {"mimetype", "content.xml"} <= names else None


def _written(content: bytes) -> str | None:
    """Text of any kind, without control characters and without a page or program in it."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if any(ord(letter) < 32 and letter not in "\t\r\n\f" for letter in text):
        return None
    head = text.lstrip()[:512].lower().encode()
    if any(mark in head for mark in SCRIPTS):
        return None
    if head.startswith(b"<"):
        return "application/xml"
    return "application/json" if head[:1] in (b"{", b"[") else PLAIN


def ending_of(media_type: str) -> str:
    """Empty where it is unknown."""
    return ENDINGS.get(media_type.split(";", 1)[0].strip().lower(), "")
