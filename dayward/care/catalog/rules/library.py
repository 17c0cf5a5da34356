"""Reads one file of `library/service-kinds/`: strict, so that a malformed file is found at start-up."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from typing import Any

FORMS = frozenset(
    "group individual family medication assessment education case_management peer holistic outside".split()
)
COUNTING = frozenset(("yes", "no", "payer"))


class Malformed(ValueError):
    """A library file that cannot be used; the message says what is wrong."""


@dataclass(frozen=True)
class Example:
    """A worked example: that many minutes delivered are that many towards the weekly floor."""

    delivered_minutes: int
    toward_floor: int


@dataclass(frozen=True)
class Kind:
    """A kind of service (requirements 1.4)."""

    key: str
    requirement: str
    name: str
    patient_name: str
    patient_name_es: str
    form: str
    bookable: bool
    documentable: bool
    clinical: bool
    counting: str
    usual_minutes: int
    max_people: int
    examples: tuple[Example, ...] = ()

    def toward_floor(self, minutes: int) -> int:
        """Minutes that count while no payer has said otherwise (requirements 5.1)."""
        return minutes if self.counting == "yes" else 0


_TYPES: dict[str, type] = {
    **dict.fromkeys("key requirement name patient_name patient_name_es form counting".split(), str),
    **dict.fromkeys("bookable documentable clinical".split(), bool),
    **dict.fromkeys("usual_minutes max_people".split(), int),
}


def read_kind(text: str, *, stem: str) -> Kind:
    """The kind in a file called `<stem>.toml`; Malformed when anything is missing, unknown or untrue."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Malformed(f"not TOML: {error}") from None
    examples = tuple(_example(each) for each in data.pop("example", []))
    _check_keys(data)
    kind = Kind(**data, examples=examples)
    _check_values(kind, stem)
    return kind


def _example(data: Any) -> Example:
    wanted = {each.name for each in fields(Example)}
    if not isinstance(data, dict) or set(data) != wanted or not all(type(v) is int for v in data.values()):
        raise Malformed(f"an example has whole numbers for {', '.join(sorted(wanted))}")
    return Example(**data)


def _check_keys(data: dict[str, Any]) -> None:
    if missing := sorted(set(_TYPES) - set(data)):
        raise Malformed(f"missing: {', '.join(missing)}")
    if unknown := sorted(set(data) - set(_TYPES)):
        raise Malformed(f"unknown: {', '.join(unknown)}")
    for key, value in data.items():
        if type(value) is not _TYPES[key] or value == "":
            raise Malformed(f"{key} is not a {_TYPES[key].__name__}")


def _check_values(kind: Kind, stem: str) -> None:
    if kind.key != stem:
        raise Malformed(f"key {kind.key!r} differs from the file name")
    if kind.form not in FORMS:
        raise Malformed(f"form {kind.form!r} is none of {', '.join(sorted(FORMS))}")
    if kind.counting not in COUNTING:
        raise Malformed(f"counting {kind.counting!r} is none of {', '.join(sorted(COUNTING))}")
    if kind.usual_minutes <= 0 or kind.max_people <= 0:
        raise Malformed("usual_minutes and max_people are above zero")
    if not kind.examples:
        raise Malformed("no worked example")
    for example in kind.examples:
        if kind.toward_floor(example.delivered_minutes) != example.toward_floor:
            raise Malformed(f"the example of {example.delivered_minutes} minutes does not come out")
