"""What a note is made of: parts with headings, as data (requirements 1.4, 3.3 (2)); clinics add their own folders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Objective(StrEnum):
    """Whether a note of this kind is tied to an objective of the plan (the golden thread)."""

    NEEDED = "needed"
    OFFERED = "offered"


@dataclass(frozen=True, slots=True)
class Part:
    """One heading. `own` words must be this person's: never a neighbor's, nor the last note's."""

    key: str
    title: str
    hint: str = ""
    needed: bool = False
    own: bool = False
    choices: tuple[tuple[str, str], ...] = ()  # (value, label)
    many: bool = False  # several choices at once


@dataclass(frozen=True, slots=True)
class Template:
    """How one kind of note looks, and who may sign it by kind of credential."""

    key: str
    title: str
    source: str
    forms: frozenset[str]  # of service kinds; empty: a contact without a service
    objective: Objective
    shared: tuple[Part, ...]  # one block for everybody of a session
    parts: tuple[Part, ...]
    signers: frozenset[str]  # kinds of credential
    cosigned: frozenset[str]  # of these, those whose signature a supervisor's follows
    family: bool = False  # relatives whom a consent names may be there
    guests: bool = False  # open to people from outside, who are counted

    @property
    def whole(self) -> tuple[Part, ...]:
        """All headings, for a session of one person."""
        return self.shared + self.parts


def missing(parts: Iterable[Part], texts: Mapping[str, str]) -> tuple[Part, ...]:
    """Headings that must still say something."""
    return tuple(part for part in parts if part.needed and not texts.get(part.key, "").strip())


def own_words(parts: Iterable[Part], texts: Mapping[str, str]) -> str:
    """What is told of this person alone."""
    told = (texts.get(part.key, "").strip() for part in parts if part.own)
    return "\n".join(text for text in told if text)


def in_words(part: Part, value: str) -> str:
    """What is stored for a heading, as people read it."""
    if not part.choices:
        return value
    labels = dict(part.choices)
    return ", ".join(labels[key] for key in value.split() if key in labels)


def tidy_choice(part: Part, values: Iterable[str]) -> str:
    """Chosen values as they are stored: known ones, in the order of the template."""
    chosen = set(values)
    kept = [key for key, _label in part.choices if key in chosen]
    return " ".join(kept if part.many else kept[:1])
