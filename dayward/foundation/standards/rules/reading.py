"""From what is in a pack's files to rules; strict, so that a slip of the pen is found before it is believed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from dayward.foundation.standards.rules.pack import Length, Pack, Pattern, Rule, Stretch, Unit
from dayward.kernel.facts import Fact

CONFIDENCE = frozenset({"verified", "policy", "proposed"})
_TEXTS = ("key", "title", "why", "role", "source", "citation", "confidence")
_FLAGS = ("by_ref", "latest", "outlives", "starter")
_PATTERNS = ("after", "done", "unless", "given", "moot")
_KNOWN = {*_TEXTS, *_FLAGS, *_PATTERNS, "within", "hard", "during", "paused"}


def read_pack(content: dict[str, Any]) -> Pack:
    """ValueError, KeyError or TypeError with the place when something is wrong."""
    head = content["pack"]
    _only({"pack", "rule"}, content, "the file")
    _only({"key", "title", "citation", "effective_from", "effective_to"}, head, "[pack]")
    since, until = head["effective_from"], head.get("effective_to")
    if type(since) is not date or (until is not None and (type(until) is not date or until <= since)):
        raise ValueError("effective dates are days, in order")
    rules = tuple(_rule(row, head["key"], since, until) for row in content["rule"])
    keys = [rule.key for rule in rules]
    if len(set(keys)) != len(keys):
        raise ValueError("each key once")
    return Pack(head["key"], head["title"], head["citation"], since, until, rules)


def _only(known: Collection[str], row: dict[str, Any], place: str) -> None:
    unknown = sorted(set(row) - set(known))
    if unknown:
        raise ValueError(f"{place}: unknown {', '.join(unknown)}")


def _rule(row: dict[str, Any], pack: str, since: date, until: date | None) -> Rule:
    place = str(row.get("key", "a rule"))
    _only(_KNOWN, row, place)
    texts = {name: row[name] for name in _TEXTS}
    if not all(isinstance(text, str) and text.strip() for text in texts.values()):
        raise ValueError(f"{place}: {', '.join(_TEXTS)} are texts")
    if texts["confidence"] not in CONFIDENCE:
        raise ValueError(f"{place}: confidence is one of {sorted(CONFIDENCE)}")
    values: dict[str, Any] = {
        name: tuple(Pattern.read(text) for text in row.get(name, ())) for name in _PATTERNS
    }
    values |= {name: _flag(row.get(name, False), place) for name in _FLAGS}
    rule = Rule(
        pack=pack,
        within=_length(row["within"], place),
        hard=_length(row["hard"], place) if "hard" in row else None,
        during=_stretch(row.get("during"), place),
        paused=_stretch(row.get("paused"), place),
        effective_from=since,
        effective_to=until,
        **texts,
        **values,
    )
    return _sensible(rule)


def _sensible(rule: Rule) -> Rule:
    if not rule.after or not (rule.done or rule.latest):
        raise ValueError(f"{rule.key}: says after what, and what must be done")
    if rule.by_ref and rule.latest:
        raise ValueError(f"{rule.key}: one for each thing, or the latest, not both")
    if rule.hard and rule.hard.unit is rule.within.unit and rule.hard.amount <= rule.within.amount:
        raise ValueError(f"{rule.key}: the hard line comes after the first")
    return rule


def _flag(value: object, place: str) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{place}: {value!r} is neither true nor false")
    return value


def _length(row: dict[str, Any], place: str) -> Length:
    ((unit, amount),) = row.items()
    if type(amount) is not int or amount < 0 or (amount == 0 and unit != "days"):
        raise ValueError(f"{place}: {amount!r} {unit} is no length of time")
    return Length(amount, Unit(unit))


def _stretch(row: dict[str, str] | None, place: str) -> Stretch | None:
    if row is None:
        return None
    _only({"from", "to"}, row, place)
    return Stretch(Pattern.read(row["from"]), Pattern.read(row["to"]))


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: these facts, and what the rule then says. Times are local to the zone."""

    rule: str
    title: str
    zone: ZoneInfo
    facts: tuple[Fact, ...]
    dues: tuple[tuple[str, str, str], ...]  # state, by, hard line ("" for none), as local times


def read_examples(content: dict[str, Any]) -> list[Example]:
    return [_example(row) for row in content["example"]]


def _example(row: dict[str, Any]) -> Example:
    _only({"rule", "title", "zone", "facts", "dues"}, row, f"example of {row.get('rule')}")
    zone = ZoneInfo(row.get("zone", "America/Chicago"))
    facts = tuple(_fact(each, zone) for each in row["facts"])
    dues = tuple((each[0], each[1], each[2] if len(each) > 2 else "") for each in row["dues"])
    return Example(row["rule"], row["title"], zone, facts, dues)


def _fact(row: list[str], zone: ZoneInfo) -> Fact:
    """`["call.made:day3", "2026-03-02 09:30"]`"""
    pattern = Pattern.read(row[0])
    when = datetime.fromisoformat(row[1]).replace(tzinfo=zone)
    return Fact(pattern.kind, when, episode=1, ref=pattern.ref or "")
