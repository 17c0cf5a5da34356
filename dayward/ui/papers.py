"""A signed paper on a page: every word as it was signed, drawn as headings, facts, lists and paragraphs.

A paper is plain text. Its first line is its title; parts are apart by an empty line; a part is facts ("Born: ..."),
or a heading with what stands below it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

FACT = re.compile(r"([^:.]{1,40}): (.*)")
LONGEST_HEADING = 90
ITEM = ("- ", "– ")


@dataclass(frozen=True)
class Lines:
    """Paragraphs, or the items of a list."""

    is_list: bool
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """Facts, or a heading with its lines."""

    heading: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    lines: tuple[Lines, ...] = ()


@dataclass(frozen=True)
class Paper:
    """The title, and the parts below it."""

    title: str
    parts: tuple[Part, ...]


def read(text: str) -> Paper:
    """The paper that a signed text is."""
    parts = [part.split("\n") for part in re.split(r"\n(?:[ \t]*\n)+", text.strip())]
    has_title = len(parts[0]) == 1 and len(parts) > 1
    title = parts.pop(0)[0] if has_title else ""
    return Paper(title, tuple(_part(lines) for lines in parts if lines != [""]))


def _part(lines: list[str]) -> Part:
    found = [FACT.fullmatch(line) for line in lines]
    facts = tuple((match[1], match[2]) for match in found if match)
    if len(lines) > 1 and len(facts) == len(lines):
        return Part(facts=facts)
    if len(lines) > 1 and _is_heading(lines[0]):
        return Part(heading=lines[0], lines=_grouped(lines[1:]))
    return Part(lines=_grouped(lines))


def _is_heading(line: str) -> bool:
    return (
        len(line) <= LONGEST_HEADING and not line.startswith(ITEM) and line[-1:] not in {".", ",", ";", "!"}
    )


def _grouped(lines: list[str]) -> tuple[Lines, ...]:
    """Items that follow each other are one list."""
    groups: list[Lines] = []
    for line in lines:
        is_item = line.startswith(ITEM)
        text = line[2:] if is_item else line
        if groups and groups[-1].is_list == is_item:
            groups[-1] = Lines(is_item, (*groups[-1].texts, text))
        else:
            groups.append(Lines(is_item, (text,)))
    return tuple(groups)
