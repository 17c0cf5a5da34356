"""Two people on one form lose neither text: what is typed is compared part by part with what the form was made from.

Each part of a form carries the fingerprint of the text it was shown with. A part is saved when only this person
changed it; when somebody else changed it too, both texts are handed back and nothing is written over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Clash:
    """One part that two people changed."""

    key: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Merged:
    """What to store, which parts of it are new, and what two people changed."""

    texts: dict[str, str]
    changed: tuple[str, ...]
    clashes: tuple[Clash, ...]


def fingerprint(text: str) -> str:
    """A short mark of a text; line ends and spaces at the end do not count."""
    return sha256(tidy(text).encode()).hexdigest()[:12]


def tidy(text: str) -> str:
    """The text with one kind of line end and none at the end: browsers send others than they were given."""
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip()


def merge(base: Mapping[str, str], mine: Mapping[str, str], stored: Mapping[str, str]) -> Merged:
    """Part by part. `base` has fingerprints, by key; a part without one counts as made from an empty text."""
    texts, changed, clashes = dict(stored), [], []
    for key, typed in mine.items():
        text, theirs = tidy(typed), stored.get(key, "")
        began = base.get(key) or fingerprint("")
        if text == tidy(theirs) or fingerprint(text) == began:
            continue  # the same already, or not touched here
        if fingerprint(theirs) == began:
            texts[key] = text
            changed.append(key)
        else:
            clashes.append(Clash(key, text, theirs))
    return Merged(texts, tuple(changed), tuple(clashes))
