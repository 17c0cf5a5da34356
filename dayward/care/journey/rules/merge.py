"""Two people on one form: neither loses a text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that both changed: what stands now, and what the second writer wrote."""

    key: str
    stands: str
    typed: str


@dataclass(frozen=True, slots=True)
class Merged:
    values: Mapping[str, str]
    clashes: tuple[Clash, ...] = ()


def fingerprint(text: str) -> str:
    """Which text a field had when the form was opened."""
    return sha256(tidy(text).encode()).hexdigest()[:16]


def tidy(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def merge(stored: Mapping[str, str], typed: Mapping[str, str], base: Mapping[str, str]) -> Merged:
    """Field by field: a text that the writer left alone gives way to what stands; one that both changed is a clash.

    A field without a base (a form that does not say what it began with) counts as begun with what stands.
    """
    values, clashes = dict(stored), []
    for key, given in typed.items():
        before, mine = stored.get(key, ""), tidy(given)
        began = base.get(key, fingerprint(before))
        if mine == tidy(before) or fingerprint(mine) == began:
            continue
        if began == fingerprint(before):
            values[key] = mine
        else:
            clashes.append(Clash(key, before, mine))
    return Merged(values, tuple(clashes))
