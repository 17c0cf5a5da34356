"""The sections of the biopsychosocial assessment, and what must be there before it is signed (S01, T7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dayward.chart.safety.rules.words import gettext_noop


@dataclass(frozen=True, slots=True)
class Section:
    """One text of the assessment, and where its first words may come from."""

    key: str
    group: str
    title: str
    help: str
    needed: bool = False
    told: tuple[str, ...] = ()  # answers and fields of the screening
    documents: tuple[str, ...] = ()  # LOINC codes of narrative sections of a referral
    stays: bool = False  # begins with the hospital stays of a referral
    team: bool = False  # begins with the care team of a referral


@dataclass(frozen=True, slots=True)
class Group:
    key: str
    title: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Lists:
    """What the rows beside the texts say."""

    diagnoses: int  # made here, with a code
    headings: tuple[str, ...] = ()  # codes among them that are headings and may not be billed
    medications: int = 0
    no_medications: bool = False
    not_asked: tuple[str, ...] = ()  # medications without word on whether the person takes them
    allergies: int = 0  # rows, "none known" counts as one


@dataclass(frozen=True, slots=True)
class Gap:
    """Something still missing: a sentence, what it is about, and the step where it is given."""

    sentence: str
    step: str  # "story" or "lists"
    what: str = ""
    key: str = ""


def gaps(sections: Iterable[Section], texts: Mapping[str, str], lists: Lists) -> tuple[Gap, ...]:
    """What an assessment still lacks; nothing when it can be signed."""
    found = [
        Gap(gettext_noop("Still to be written:"), "story", section.title, section.key)
        for section in sections
        if section.needed and not texts.get(section.key, "").strip()
    ]
    return (*found, *_list_gaps(lists))


def _list_gaps(lists: Lists) -> tuple[Gap, ...]:
    found = []
    if lists.diagnoses == 0:
        found.append(Gap(gettext_noop("Give at least one diagnosis with its ICD-10-CM code."), "lists"))
    found += [
        Gap(gettext_noop("This code is a heading; choose a code below it:"), "lists", code)
        for code in lists.headings
    ]
    if lists.medications == 0 and not lists.no_medications:
        found.append(Gap(gettext_noop("Ask for medications, or say that there are none."), "lists"))
    found += [
        Gap(gettext_noop("Does the person take it?"), "lists", medication) for medication in lists.not_asked
    ]
    if lists.allergies == 0:
        found.append(Gap(gettext_noop("Ask for allergies, or say that none are known."), "lists"))
    return tuple(found)
