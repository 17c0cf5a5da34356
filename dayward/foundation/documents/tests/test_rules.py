"""What a file is, by its bytes."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dayward.foundation.documents.rules import DOCX, ENDINGS, ODT, ending_of, kind_of


def zipped(*names: str) -> bytes:
    place = BytesIO()
    with zipfile.ZipFile(place, "w") as parts:
        for name in names:
            parts.writestr(name, "x")
    return place.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 ...", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0....", "image/jpeg"),
        (b"GIF89a....", "image/gif"),
        (b"RIFF....WEBPVP8 ", "image/webp"),
        (b"II*\x00....", "image/tiff"),
        (b"\x00\x00\x00\x18ftypheic....", "image/heic"),
        (b"{\\rtf1 ...}", "application/rtf"),
        (zipped("word/document.xml", "[Content_Types].xml"), DOCX),
        (zipped("mimetype", "content.xml"), ODT),
        (b'<?xml version="1.0"?><ClinicalDocument/>', "application/xml"),
        (b'{"resourceType": "Bundle"}', "application/json"),
        ("Blutdruck 120/80, Größe 1,80".encode(), "text/plain"),
        (b"\xef\xbb\xbfHello", "text/plain"),
        # what does not belong in a chart
        (b"MZ\x90\x00", None),
        (b"\x7fELF\x02\x01\x01", None),
        (b"#!/bin/sh\nrm -rf /", None),
        (b"<!DOCTYPE html><html></html>", None),
        (b"  <html><script>alert(1)</script>", None),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', None),
        (zipped("setup.exe"), None),
        (zipped("word/document.xml", "word/vbaProject.bin"), None),
        (b"PK\x03\x04 not a zip", None),
        (b"text with a \x00 in it", None),
        (b"\xff\xfe\xfa\x01", None),
    ],
)
def test_what_a_file_is(content: bytes, kind: str | None) -> None:
    assert kind_of(content) == kind


@given(st.binary(max_size=300))
def test_any_bytes_have_an_answer(content: bytes) -> None:
    kind = kind_of(content)
    assert kind is None or ending_of(kind) == ENDINGS[kind]
