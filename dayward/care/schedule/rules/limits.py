"""Limits a schedule is held against: who says so, how sure we are, from when on (requirements 2.7, 2.10)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import Enum
from typing import Any


class Check(Enum):
    """What is looked at."""

    GROUP_MOST = "group_most"  # people in one session
    GROUP_LEAST = "group_least"
    PER_LEADER = "per_leader"  # people in one session for each who leads it
    CASELOAD = "caseload"  # people in the program for each counselor
    GAP = "gap"  # days without a service between two days with one
    SEPARATE_DAYS = "separate_days"  # in a week
    LEADS = "leads"  # which credentials may lead a kind of service
    SUPERVISED = "supervised"  # who needs somebody to countersign
    LICENSED = "licensed"  # no license has run out


class Confidence(Enum):
    """The marks of requirements.md."""

    VERIFIED = "verified"
    SECONDARY = "secondary"
    MEMORY = "memory"
    POLICY = "policy"

    @property
    def only_warns(self) -> bool:
        return self in (Confidence.SECONDARY, Confidence.MEMORY)


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit. The texts are shown to people."""

    key: str
    pack: str
    check: Check
    title: str
    source: str
    citation: str
    confidence: Confidence
    number: int = 0
    forms: frozenset[str] = frozenset()  # of service; empty: all
    ages: frozenset[str] = frozenset()  # of the program; empty: all
    streams: frozenset[str] = frozenset()
    payers: frozenset[str] = frozenset()  # only where one of these pays for somebody in it; empty: always
    credentials: frozenset[str] = frozenset()
    weeks: tuple[int, int] | None = None  # of treatment, both included
    minutes: int = 0  # a day with fewer is none
    hard: bool = False  # refused; otherwise it takes a reason
    unset: bool = False  # not looked at until the clinic says how many
    effective_from: date = date.min
    effective_to: date | None = None  # exclusive

    def holds_on(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_to is None or day < self.effective_to)

    def is_about(self, *, form: str = "", age: str = "", stream: str = "") -> bool:
        """Whether it looks at this kind of service in this kind of program; unknown is looked at."""
        asked = ((self.forms, form), (self.ages, age), (self.streams, stream))
        return all(not wanted or not given or given in wanted for wanted, given in asked)

    def is_of_payers(self, payers: Collection[str]) -> bool:
        """Whether it looks at people of whom these pay for some."""
        return not self.payers or not self.payers.isdisjoint(payers)


@dataclass(frozen=True, slots=True)
class LimitPack:
    """The limits of one authority; `states` empty: everywhere; `payers` empty: whoever pays."""

    key: str
    title: str
    citation: str
    states: frozenset[str]
    limits: tuple[Limit, ...]
    lacks: tuple[str, ...] = ()
    payers: frozenset[str] = frozenset()


class Malformed(ValueError):
    """A pack that cannot be read."""


_SETS = ("forms", "ages", "streams", "credentials")
_KNOWN = {field.name for field in fields(Limit)} - {"pack", "payers"}


def read_limits(given: Mapping[str, Any]) -> LimitPack:
    """A pack as TOML has it."""
    pack = given["pack"]
    payers = frozenset(pack.get("payers", ()))
    limits = tuple(_limit(row, pack["key"], payers) for row in given.get("limit", ()))
    keys = [limit.key for limit in limits]
    if len(set(keys)) < len(keys):
        raise Malformed("a key stands twice")
    return LimitPack(
        pack["key"],
        pack["title"],
        pack["citation"],
        frozenset(pack.get("states", ())),
        limits,
        tuple(pack.get("lacks", ())),
        payers,
    )


def _limit(row: Mapping[str, Any], pack: str, payers: frozenset[str]) -> Limit:
    if unknown := set(row) - _KNOWN:
        raise Malformed(f"{row.get('key')}: unknown {sorted(unknown)}")
    values: dict[str, Any] = {
        **row,
        "check": Check(row["check"]),
        "confidence": Confidence(row["confidence"]),
    }
    values |= {name: frozenset(row[name]) for name in _SETS if name in row}
    if "weeks" in row:
        values["weeks"] = tuple(row["weeks"])
    limit = Limit(pack=pack, payers=payers, **values)
    if limit.hard and limit.confidence.only_warns:
        raise Malformed(f"{limit.key}: what is not read at its source only warns")
    if limit.unset and (limit.number or limit.confidence is not Confidence.POLICY):
        raise Malformed(f"{limit.key}: only what the clinic sets itself waits for its number")
    return limit


def limits_for(
    packs: Iterable[LimitPack], *, state: str, day: date, own: Mapping[str, Any] | None = None
) -> tuple[Limit, ...]:
    """Those that hold at a site on a day. `own`: the clinic's number by key; 0: it does not look at it."""
    return tuple(
        changed
        for pack in packs
        if not pack.states or state in pack.states
        for limit in pack.limits
        if limit.holds_on(day) and (changed := _with_own(limit, own or {})) is not None
    )


def _with_own(limit: Limit, own: Mapping[str, Any]) -> Limit | None:
    """Only what is the program's own policy may be changed by the program."""
    if limit.key not in own or limit.confidence is not Confidence.POLICY:
        return None if limit.unset else limit
    number = own[limit.key]
    if not number:
        return None
    values = {field.name: getattr(limit, field.name) for field in fields(limit)}
    return Limit(**{**values, "number": int(number), "unset": False})
