"""From what is in a pack's files to rules; strict, so that a slip of the pen is found before it is believed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from dayward.foundation.standards.rules.pack import (
    Authority,
    Confidence,
    Harm,
    HeldTo,
    Length,
    Pack,
    Pattern,
    Rule,
    Scope,
    Stretch,
    Unit,
)
from dayward.kernel.facts import Fact

CONFIDENCE = frozenset(each.value for each in Confidence)
_TEXTS = ("key", "title", "why", "role", "source", "citation", "confidence")
_FLAGS = ("by_ref", "latest", "outlives", "starter", "start_day")
_PATTERNS = ("after", "done", "unless", "given", "moot")
_LENGTHS = ("within", "at_most", "hard", "not_before")
_DATES = ("effective_from", "effective_to")
_KNOWN = {*_TEXTS, *_FLAGS, *_PATTERNS, *_LENGTHS, *_DATES, "during", "paused", "harm", "every"}
_HEAD = {"key", "title", "citation", "scope", "lacks", *_DATES}
_SCOPE = {"authority", "of", "streams", "ages", "payers"}
_HELD_TO = {"standard", "says", "rules", "source", "confidence"}
WHOLE = (Unit.DAYS, Unit.OPEN_DAYS, Unit.BUSINESS_DAYS)  # none of them is the same day


def read_pack(content: dict[str, Any]) -> Pack:
    """ValueError, KeyError or TypeError with the place when something is wrong."""
    head = content["pack"]
    _only({"pack", "rule", "held_to"}, content, "the file")
    _only(_HEAD, head, "[pack]")
    since, until = _dates(head, "[pack]", date.min, None)
    scope = _scope(head["scope"])
    lacks = tuple(_text(each, "lacks") for each in head.get("lacks", ()))
    if scope.authority is not Authority.POLICY and not lacks:
        raise ValueError("[pack]: says what it lacks")
    rules = tuple(_rule(row, head["key"], since, until) for row in content.get("rule", ()))
    held_to = tuple(_held_to(row) for row in content.get("held_to", ()))
    if not rules and not held_to:
        raise ValueError("no rule")
    keys = [rule.key for rule in rules]
    if len(set(keys)) != len(keys):
        raise ValueError("each key once")
    return Pack(head["key"], head["title"], head["citation"], scope, since, until, lacks, rules, held_to)


def _only(known: Collection[str], row: dict[str, Any], place: str) -> None:
    unknown = sorted(set(row) - set(known))
    if unknown:
        raise ValueError(f"{place}: unknown {', '.join(unknown)}")


def _dates(row: dict[str, Any], place: str, first: date, last: date | None) -> tuple[date, date | None]:
    """From a day on, to another (exclusive), within those of the pack."""
    since, until = row.get("effective_from", first), row.get("effective_to", last)
    if type(since) is not date or (until is not None and (type(until) is not date or until <= since)):
        raise ValueError(f"{place}: effective dates are days, in order")
    if since < first or (last is not None and (until is None or until > last)):
        raise ValueError(f"{place}: effective dates lie within those of the pack")
    return since, until


def _scope(row: dict[str, Any]) -> Scope:
    _only(_SCOPE, row, "scope")
    authority, of = Authority(row["authority"]), tuple(row.get("of", ()))
    if bool(of) == (authority is Authority.POLICY):
        raise ValueError("scope: says of which state, payers or accreditor; a policy of none")
    narrower = {name: frozenset(row.get(name, ())) for name in ("streams", "ages", "payers")}
    return Scope(authority, of, **narrower)


def _held_to(row: dict[str, Any]) -> HeldTo:
    place = str(row.get("standard", "held_to"))
    _only(_HELD_TO, row, place)
    texts = {name: _text(row[name], place) for name in ("standard", "says", "source", "confidence")}
    Confidence(texts["confidence"])
    if not row["rules"]:
        raise ValueError(f"{place}: says by which rules of the policy it is kept")
    return HeldTo(rules=tuple(row["rules"]), **texts)


def _text(value: object, place: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{place}: a text")
    return value


def _rule(row: dict[str, Any], pack: str, since: date, until: date | None) -> Rule:
    place = str(row.get("key", "a rule"))
    _only(_KNOWN, row, place)
    values: dict[str, Any] = {name: _text(row[name], f"{place}, {name}") for name in _TEXTS}
    values |= {name: tuple(Pattern.read(text) for text in row.get(name, ())) for name in _PATTERNS}
    values |= {name: _flag(row.get(name, False), place) for name in _FLAGS}
    values |= {name: _length(row[name], place) for name in _LENGTHS if name in row or name == "within"}
    since, until = _dates(row, place, since, until)
    rule = Rule(
        pack=pack,
        during=_stretch(row.get("during"), place),
        paused=_stretch(row.get("paused"), place),
        harm=Harm(row.get("harm", "care")),
        every=row.get("every", 1),
        effective_from=since,
        effective_to=until,
        **values,
    )
    return sensible(rule)


def sensible(rule: Rule) -> Rule:
    """The rule, where it can be worked out and may say what it says; ValueError where not."""
    if rule.confidence not in CONFIDENCE:
        raise ValueError(f"{rule.key}: confidence is one of {sorted(CONFIDENCE)}")
    if not rule.after or not (rule.done or rule.latest):
        raise ValueError(f"{rule.key}: says after what, and what must be done")
    if rule.by_ref and rule.latest:
        raise ValueError(f"{rule.key}: one for each thing, or the latest, not both")
    if type(rule.every) is not int or rule.every < 1:
        raise ValueError(f"{rule.key}: every first, second, third")
    if rule.hard and rule.only_warns:
        raise ValueError(f"{rule.key}: not read at the source, so it warns and has no hard line")
    if rule.at_most and (rule.at_most.unit is rule.within.unit or rule.at_most.unit.is_counted):
        raise ValueError(f"{rule.key}: at most is another clock, one that time moves")
    if any(each and each.unit.is_counted for each in (rule.hard, rule.not_before)):
        raise ValueError(f"{rule.key}: the hard line, and from when it counts, are clocks that time moves")
    if rule.not_before and (rule.latest or rule.by_ref):
        raise ValueError(f"{rule.key}: from when it counts is said of what is asked once")
    if rule.hard and rule.hard.unit is rule.within.unit and rule.hard.amount <= rule.within.amount:
        raise ValueError(f"{rule.key}: the hard line comes after the first")
    return rule


def _flag(value: object, place: str) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{place}: {value!r} is neither true nor false")
    return value


def _length(row: dict[str, Any], place: str) -> Length:
    ((name, amount),) = row.items()
    unit = Unit(name)
    if type(amount) is not int or amount < 0 or (amount == 0 and unit not in WHOLE):
        raise ValueError(f"{place}: {amount!r} {name} is no length of time")
    return Length(amount, unit)


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
    closed: frozenset[date] = frozenset()  # days on which the site is closed


def read_examples(content: dict[str, Any]) -> list[Example]:
    return [_example(row) for row in content.get("example", ())]


def _example(row: dict[str, Any]) -> Example:
    _only({"rule", "title", "zone", "facts", "dues", "closed"}, row, f"example of {row.get('rule')}")
    zone = ZoneInfo(row.get("zone", "America/Chicago"))
    facts = tuple(_fact(each, zone) for each in row["facts"])
    dues = tuple((each[0], each[1], each[2] if len(each) > 2 else "") for each in row["dues"])
    return Example(row["rule"], row["title"], zone, facts, dues, frozenset(row.get("closed", ())))


def _fact(row: list[str], zone: ZoneInfo) -> Fact:
    """`["call.made:day3", "2026-03-02 09:30"]`"""
    pattern = Pattern.read(row[0])
    when = datetime.fromisoformat(row[1]).replace(tzinfo=zone)
    return Fact(pattern.kind, when, episode=1, ref=pattern.ref or "")
