"""Paper that leaves the building: plain values into one Typst template, out comes a tagged PDF (PDF/UA-1).

The words are the caller's and are shown as they stand: nothing in them is read as markup. Fonts are Typst's own,
so the same paper looks the same on every machine, and the same values give the same bytes.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import typst

TEMPLATE = Path(__file__).parent / "templates" / "ui" / "pdf" / "paper.typ"


@dataclass(frozen=True)
class Table:
    """A table with its head; each row has as many cells as the head."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Part:
    """A part under a heading: paragraphs, facts as label and words, then a table."""

    title: str = ""
    paragraphs: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    table: Table | None = None


@dataclass(frozen=True)
class Paper:
    """One paper. `letterhead` begins with the name; `foot` stands on every page; `notice` in a frame at the end."""

    title: str
    letterhead: tuple[str, ...]
    parts: tuple[Part, ...]
    day: str = ""
    recipient: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    gaps_title: str = ""
    signed: tuple[str, ...] = ()
    notice: tuple[str, ...] = ()
    foot: str = ""
    page_word: str = "Page"
    language: str = "en"


def pdf(paper: Paper, *, made_at: datetime) -> bytes:
    """The paper as PDF. `made_at` is the only time in it, so that the bytes depend on the values alone."""
    return typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"paper": json.dumps(asdict(paper))},
        ignore_system_fonts=True,
        pdf_standards="ua-1",
        timestamp=made_at.astimezone(UTC).replace(microsecond=0),  # Typst takes no parts of a second
    )
