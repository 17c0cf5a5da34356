"""What kind of file is this? Opens it only as far as is safe, and says in words why it is refused."""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import dataclass
from typing import Any, NoReturn
from xml.parsers import expat

from lxml import etree

from dayward.care.referrals.outcome import (
    EMPTY,
    HOSTILE,
    NOT_WELL_FORMED,
    OTHER_KIND,
    TOO_LARGE,
    CannotRead,
)
from dayward.care.referrals.parsers.notes import Notes, shown

MAX_BYTES = 25 * 1024 * 1024  # as received: what `documents` keeps at most
MAX_UNPACKED = 50 * 1024 * 1024
_ASK = "Ask the sender for the referral as a C-CDA document (.xml) or a FHIR bundle (.json)."

_MAGIC = (
    (b"%PDF", "a PDF file"),
    (
        b"PK\x03\x04",
        "a ZIP archive or an Office document; if it is an archive, unpack it and send what is inside",
    ),
    (b"{\\rtf", "an RTF text document"),
    (b"\xd0\xcf\x11\xe0", "an older Office document"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x89PNG", "a picture"),
    (b"II*\x00", "a scanned picture"),
    (b"MM\x00*", "a scanned picture"),
    (b"MSH|", "an HL7 version 2 message"),
    (b"FHS|", "a file of HL7 version 2 messages"),
    (b"BHS|", "a batch of HL7 version 2 messages"),
    (b"ISA*", "an X12 insurance file"),
)
_XML_NAMES = {
    "ContinuityOfCareRecord": "a CCR document",
    "html": "a web page",
    "section": "one section of a C-CDA document, not the whole document",
    "component": "one part of a C-CDA document, not the whole document",
}


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that could be opened: an XML tree or JSON values."""

    xml: etree._Element | None = None
    json: Any = None


def open_document(data: bytes, notes: Notes) -> Opened:
    """The content of a file. Raises :class:`CannotRead` for anything that must be refused."""
    if len(data) > MAX_BYTES:
        raise CannotRead(TOO_LARGE, "This file is larger than 25 MB, the most a referral may have.")
    data = _unpacked(data) if data[:2] == b"\x1f\x8b" else data
    start = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n\x0b\x1c")
    if not data.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00"):
        raise CannotRead(EMPTY, "This file is empty.")
    for magic, kind in _MAGIC:
        if start.startswith(magic):
            raise CannotRead(OTHER_KIND, f"This is {kind}, which cannot be read as a referral. {_ASK}")
    first = start.replace(b"\x00", b"").lstrip(b"\xff\xfe\xef\xbb\xbf \t\r\n")[:1]
    if first == b"<":
        return Opened(xml=_xml(data))
    if first in (b"{", b"["):
        return Opened(json=_json(data, notes))
    raise CannotRead(
        OTHER_KIND, f"This file is neither XML nor JSON, so it cannot be read as a referral. {_ASK}"
    )


def _unpacked(data: bytes) -> bytes:
    """A gzipped file, opened no further than the size limit (so a small bomb stays small)."""
    out = bytearray()
    while data[:2] == b"\x1f\x8b":
        opener = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            out += opener.decompress(data, MAX_UNPACKED + 1 - len(out))
        except zlib.error as error:
            raise CannotRead(NOT_WELL_FORMED, "This compressed file is damaged; ask for it again.") from error
        if len(out) > MAX_UNPACKED:
            raise CannotRead(
                TOO_LARGE, "Unpacked, this file is larger than 50 MB, the most a referral may have."
            )
        if not opener.eof:
            raise CannotRead(NOT_WELL_FORMED, "This compressed file breaks off; ask for it again.")
        data = opener.unused_data
    return bytes(out)


# ---------------------------------------------------------------- JSON


def _json(data: bytes, notes: Notes) -> Any:
    text = _json_text(data, notes)
    try:
        return json.loads(text, parse_int=_whole_number, parse_float=str, parse_constant=_not_json)
    except RecursionError as error:
        raise CannotRead(HOSTILE, "This file is nested deeper than any real referral.") from error
    except ValueError as error:
        if _is_line_by_line(text):
            raise CannotRead(
                OTHER_KIND,
                "This file has one resource a line (NDJSON), not one bundle for one person. " + _ASK,
            ) from error
        raise CannotRead(NOT_WELL_FORMED, _where_json_broke(error)) from error


def _json_text(data: bytes, notes: Notes) -> str:
    try:
        return data.decode(json.detect_encoding(data)).removeprefix("\ufeff")
    except UnicodeDecodeError:
        notes.problem(
            "The letters are not written in UTF-8 as they must be; accents may have come out wrong."
        )
        return data.decode("cp1252", errors="replace")


def _whole_number(digits: str) -> int | str:
    return int(digits) if len(digits) <= 18 else digits


def _not_json(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a value")


def _where_json_broke(error: ValueError) -> str:
    place = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
    return f"This file is damaged: it stops being readable JSON part way{place}. Ask the sender to send it again."


def _is_line_by_line(text: str) -> bool:
    first, _end, rest = text.lstrip().partition("\n")
    if not rest.lstrip().startswith("{"):
        return False
    try:
        value = json.loads(first)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and "resourceType" in value


# ---------------------------------------------------------------- XML


class _PrologEnd(Exception):
    """The first element has begun: nothing more can be declared."""


def _xml(data: bytes) -> etree._Element:
    _refuse_declarations(data)
    try:
        root = etree.fromstring(data, _safe_parser())
    except etree.XMLSyntaxError as error:
        raise _xml_refusal(error, data) from error
    # Encodings the first look could not read come here unseen: look again.
    declared: Any = root.getroottree().docinfo
    if re.search(r"\s(SYSTEM|PUBLIC)\s", declared.doctype) or _declares_entities(declared.internalDTD):
        raise _hostile_declaration()
    return root


def _safe_parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _declares_entities(dtd: Any) -> bool:
    return dtd is not None and any(True for _ in dtd.iterentities())


def _refuse_declarations(data: bytes) -> None:
    """Stops at the first declaration of an entity or of an outside file, before anything can grow or be fetched."""
    look = expat.ParserCreate()

    def doctype(_name: str, system: str | None, public: str | None, _internal: bool) -> None:
        if system or public:
            raise _hostile_declaration()

    def entity(*_declared: Any) -> None:
        raise _hostile_declaration()

    def element(*_started: Any) -> None:
        raise _PrologEnd

    look.StartDoctypeDeclHandler = doctype
    look.EntityDeclHandler = entity
    look.StartElementHandler = element
    try:
        look.Parse(data, True)
    except (_PrologEnd, expat.ExpatError, ValueError, LookupError):
        return


def _hostile_declaration() -> CannotRead:
    return CannotRead(
        HOSTILE,
        "This file declares entities or points to outside files, which a referral never needs and attackers use. "
        "It was not opened.",
    )


def _xml_refusal(error: etree.XMLSyntaxError, data: bytes) -> CannotRead:
    message = str(error)
    if re.search(r"entity|amplification", message, re.IGNORECASE) and b"<!ENTITY" in data:
        return _hostile_declaration()
    if "depth" in message.lower():
        return CannotRead(HOSTILE, "This file is nested deeper than any real referral.")
    if "huge" in message.lower():
        return CannotRead(TOO_LARGE, "One part of this file is larger than a referral may have.")
    if re.match(rb"\s*<(!doctype\s+html|html)\b", data[:200], re.IGNORECASE):
        return CannotRead(OTHER_KIND, f"This is a web page, not a referral document. {_ASK}")
    line = error.lineno or 0
    place = f" at line {line}" if line else ""
    return CannotRead(
        NOT_WELL_FORMED,
        f"This file is damaged: it stops being readable XML{place} ({shown(error.msg or 'no reason given', 120)}). "
        "Ask the sender to send it again.",
    )


def other_xml(name: str) -> CannotRead:
    """The refusal of an XML file that is not a clinical document."""
    kind = _XML_NAMES.get(name, f"an XML file of another kind (“{shown(name)}”)")
    return CannotRead(OTHER_KIND, f"This is {kind}. {_ASK}")


def other_json(found: str) -> CannotRead:
    """The refusal of a JSON file that is not a bundle we take."""
    return CannotRead(OTHER_KIND, f"This is {found}. {_ASK}")
