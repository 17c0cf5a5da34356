"""Texts of forms: filled in, split into blocks for the screen, and measured for how hard they are to read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

_VOWELS = re.compile(r"[aeiouy]+")
_WORD = re.compile(r"[A-Za-zÁÉÍÓÚÜÑáéíóúüñ']+")


@dataclass(frozen=True)
class Block:
    """A piece of a text: "title", "heading", "paragraph" or "list" (whose `items` are its lines)."""

    kind: str
    text: str = ""
    items: tuple[str, ...] = ()


def placeholders(template: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name)


def fill(template: str, values: Mapping[str, str]) -> str:
    """The exact text; a placeholder without a value is a KeyError, never an empty place."""
    return template.format_map(values).strip() + "\n"


def blocks(text: str) -> tuple[Block, ...]:
    """Split at empty lines; `# ` title, `## ` heading, `- ` list."""
    found: list[Block] = []
    for part in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in part.splitlines()]
        if lines[0].startswith("# "):
            found.append(Block("title", lines[0][2:]))
            lines = lines[1:]
        elif lines[0].startswith("## "):
            found.append(Block("heading", lines[0][3:]))
            lines = lines[1:]
        if lines and all(line.startswith("- ") for line in lines):
            found.append(Block("list", items=tuple(line[2:] for line in lines)))
        elif lines:
            found.append(Block("paragraph", " ".join(lines)))
    return tuple(found)


def title(text: str) -> str:
    return next((block.text for block in blocks(text) if block.kind == "title"), "")


def english_grade(text: str) -> float:
    """School grade by Flesch and Kincaid: 0.39 words per sentence + 11.8 syllables per word - 15.59."""
    sentences, words, syllables = _counts(text)
    return 0.39 * words / sentences + 11.8 * syllables / words - 15.59


def spanish_ease(text: str) -> float:
    """Reading ease by Fernández Huerta: 206.84 - 60 syllables per word - 1.02 words per sentence; 70 is easy."""
    sentences, words, syllables = _counts(text)
    return 206.84 - 60 * syllables / words - 1.02 * words / sentences


def _counts(text: str) -> tuple[int, int, int]:
    plain = re.sub(r"\{[^}]*\}", "name", text)
    sentences = max(1, len([part for part in re.split(r"[.!?:]+\s|\n+", plain) if _WORD.search(part)]))
    words = _WORD.findall(plain)
    return sentences, max(1, len(words)), sum(_syllables(word) for word in words)


def _syllables(word: str) -> int:
    plain = word.lower().translate(str.maketrans("áéíóúüñ", "aeiouun"))
    count = len(_VOWELS.findall(plain))
    silent = plain.endswith("e") and not plain.endswith("le") and count > 1
    return max(1, count - silent)
