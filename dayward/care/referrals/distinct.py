"""When two entries are one: the same thing written twice with the same code and the same time.

Hospitals repeat themselves: a diagnosis stands in the problem list, as the admission diagnosis and at the visit.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from dayward.care.referrals.packet import (
    Allergy,
    Coding,
    Diagnosis,
    Encounter,
    Immunization,
    Medication,
    Packet,
    Procedure,
)
from dayward.care.referrals.parsers.notes import Notes
from dayward.care.referrals.parsers.values import day_of

Entry = TypeVar("Entry")
Keys = frozenset[Hashable]


def _keys(text: str, codings: tuple[Coding, ...], *time: str | None) -> Keys:
    """Every code of an entry with its time; an entry without codes has its words instead."""
    names = {f"{coding.system}|{coding.code}" for coding in codings} or {text.casefold()}
    return frozenset((name, *time) for name in names)


def diagnosis_keys(entry: Diagnosis) -> Keys:
    return _keys(entry.text, entry.codings, day_of(entry.onset))


def medication_keys(entry: Medication) -> Keys:
    return _keys(entry.text, entry.codings, day_of(entry.start), day_of(entry.end))


def _medication_and_dose_keys(entry: Medication) -> Keys:
    return _keys(entry.text, entry.codings, day_of(entry.start), day_of(entry.end), entry.dose)


def allergy_keys(entry: Allergy) -> Keys:
    return _keys(entry.text, entry.codings, day_of(entry.onset))


def encounter_keys(entry: Encounter) -> Keys:
    return _keys(entry.text, entry.codings, entry.start, entry.end)


def procedure_keys(entry: Procedure) -> Keys:
    return _keys(entry.text, entry.codings, entry.date)


def immunization_keys(entry: Immunization) -> Keys:
    return _keys(entry.text, entry.codings, day_of(entry.date))


def _firsts(entries: Iterable[Entry], keys: Callable[[Entry], Keys]) -> Iterator[Entry]:
    """Each entry that shares no key with one before it."""
    seen: set[Hashable] = set()
    for entry in entries:
        own = keys(entry)
        if not own & seen:
            yield entry
        seen |= own


def count(entries: Iterable[Entry], keys: Callable[[Entry], Keys]) -> int:
    """How many different things the entries name."""
    return sum(1 for _ in _firsts(entries, keys))


def _each_once(
    entries: tuple[Entry, ...], keys: Callable[[Entry], Keys], what: str, notes: Notes
) -> tuple[Entry, ...]:
    kept = tuple(_firsts(entries, keys))
    notes.left_out(what, "written more than once with the same code and time", len(entries) - len(kept))
    return kept


def once(packet: Packet, notes: Notes) -> Packet:
    """The packet with each thing once, and with what the notes have gathered.

    A medicine that stands twice with different doses is kept twice: somebody has to ask which one is right.
    """
    return replace(
        packet,
        diagnoses=_each_once(packet.diagnoses, diagnosis_keys, "Diagnosis", notes),
        medications=_each_once(packet.medications, _medication_and_dose_keys, "Medication", notes),
        allergies=_each_once(packet.allergies, allergy_keys, "Allergy", notes),
        encounters=_each_once(packet.encounters, encounter_keys, "Encounter", notes),
        procedures=_each_once(packet.procedures, procedure_keys, "Procedure", notes),
        immunizations=_each_once(packet.immunizations, immunization_keys, "Immunization", notes),
        labels=tuple(dict.fromkeys(packet.labels)),
        problems=notes.problems,
        left_out=notes.left_outs,
    )
