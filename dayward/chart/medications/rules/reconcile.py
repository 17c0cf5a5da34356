"""Three lists beside each other: what others list, what the person says, what we have (requirements 3.4, job 4)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]{3,}")
_FORMS = frozenset(
    "tablet tablets tab capsule capsules cap oral daily extended release delayed solution injection film "
    "coated hour day mouth twice once each every morning evening bedtime needed with the and".split()
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A medication in one of the lists, with where it was read."""

    list: str  # outside, told, ours
    text: str
    key: str = ""  # of the row it stands for


@dataclass(frozen=True, slots=True)
class Line:
    """One medication across the lists; empty where a list does not have it."""

    name: str
    outside: str
    told: str
    ours: str

    @property
    def agrees(self) -> bool:
        return bool(self.ours) and bool(self.outside or self.told)


def substance(text: str) -> str:
    """The word that names the medicine: the first that is neither a form nor a way of taking it."""
    words = [word for word in _WORD.findall(text.casefold()) if word not in _FORMS]
    return words[0] if words else text.casefold().strip()


def side_by_side(entries: Iterable[Entry]) -> list[Line]:
    """One line for each substance, in the order of the names; several of one list are joined."""
    found: dict[str, dict[str, list[str]]] = {}
    for entry in entries:
        found.setdefault(substance(entry.text), {}).setdefault(entry.list, []).append(entry.text)
    return [
        Line(name, *("; ".join(dict.fromkeys(lists.get(each, []))) for each in ("outside", "told", "ours")))
        for name, lists in sorted(found.items())
    ]
