"""Decisions about names, numbers and who might be the same person. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

LIKELY, POSSIBLE = 60, 35  # points from which two rows are probably, possibly one person
LICENSE_WARNING_DAYS = 60


def npi_is_valid(npi: str) -> bool:
    """Ten digits whose Luhn check, with the prefix 80840 of health identifiers, comes out (45 CFR 162.406)."""
    return bool(re.fullmatch(r"[12]\d{9}", npi)) and _luhn(f"80840{npi}") == 0


def _luhn(digits: str) -> int:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10


def normal_phone(text: str) -> str:
    """`+15125550147` for any way to write a US number; what is not one stays as it was typed."""
    number, _, extension = re.sub(r"\s+", " ", text.strip()).lower().partition("x")
    digits = re.sub(r"\D", "", number)
    if text.strip().startswith("+") and not digits.startswith("1") and 8 <= len(digits) <= 15:
        return f"+{digits}"
    digits = digits[1:] if len(digits) == 11 and digits.startswith("1") else digits
    if len(digits) != 10:
        return text.strip()
    tail = re.sub(r"\D", "", extension)
    return f"+1{digits}" + (f"x{tail}" if tail else "")


def shown_phone(value: str) -> str:
    """`(512) 555-0147` for a US number."""
    match = re.fullmatch(r"\+1(\d{3})(\d{3})(\d{4})(?:x(\d+))?", value)
    if not match:
        return value
    area, exchange, line, extension = match.groups()
    return f"({area}) {exchange}-{line}" + (f" ext. {extension}" if extension else "")


def plain(name: str) -> str:
    """Letters only, without case and accents: how two spellings of a name are compared."""
    spread = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in spread if letter.isalpha())


@dataclass(frozen=True)
class Sketch:
    """What is known of a person for telling them apart."""

    given: frozenset[str] = frozenset()  # legal and chosen
    family: str = ""
    birth_date: date | None = None
    phones: frozenset[str] = frozenset()
    identifiers: frozenset[tuple[str, str]] = frozenset()  # (system, value)


@dataclass(frozen=True)
class Likeness:
    """How alike two sketches are, in points, and what the points are for."""

    points: int
    reasons: tuple[str, ...]

    @property
    def likely(self) -> bool:
        return self.points >= LIKELY


def likeness(one: Sketch, other: Sketch) -> Likeness:
    """Points for each thing in common; a different birth date counts against.

    Reasons are keys: identifier, birth_date, day_month_swapped, family, given, phone, other_birth_date.
    """
    found = dict(_in_common(one, other))
    return Likeness(max(0, sum(found.values())), tuple(key for key, points in found.items() if points))


def _in_common(one: Sketch, other: Sketch) -> list[tuple[str, int]]:
    return [
        ("identifier", 60 if one.identifiers & other.identifiers else 0),
        *_birth_points(one.birth_date, other.birth_date),
        ("family", 20 if one.family and plain(one.family) == plain(other.family) else 0),
        ("given", 20 if {plain(g) for g in one.given} & {plain(g) for g in other.given} - {""} else 0),
        ("phone", 20 if one.phones & other.phones else 0),
    ]


def _birth_points(one: date | None, other: date | None) -> list[tuple[str, int]]:
    if one is None or other is None:
        return []
    if one == other:
        return [("birth_date", 30)]
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return [("day_month_swapped", 15)]
    return [("other_birth_date", -30)]


def would_circle(same_as: Mapping[int, int], child: int, parent: int) -> bool:
    """Whether saying that `child` is the same as `parent` would close a circle."""
    seen = {child}
    here: int | None = parent
    while here is not None:
        if here in seen:
            return True
        seen.add(here)
        here = same_as.get(here)
    return False


HELD_WITHOUT_LICENSE = frozenset({"peer", "trainee"})


def signs_with(kind: str, expires_on: date | None, today: date) -> bool:
    """Whether somebody may sign as this today: a license counts while its last day is on file and not past."""
    if expires_on is None:
        return kind in HELD_WITHOUT_LICENSE
    return expires_on >= today


def license_state(expires_on: date | None, today: date) -> str:
    """`expired`, `soon` (within 60 days), `valid`, or `none` when no last day is known."""
    if expires_on is None:
        return "none"
    if expires_on < today:
        return "expired"
    return "soon" if (expires_on - today).days <= LICENSE_WARNING_DAYS else "valid"


def age_on(birth_date: date, day: date) -> int:
    """Whole years; somebody born on February 29 has their birthday on March 1 in other years."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))
