"""One line of `dayward hours`: a person-week as JSON, read strictly, and its verdict."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from dayward.care.attendance.rules.hours import Held, Presence
from dayward.care.attendance.rules.settings import Basis, LateRule, Minutes, Settings, begins_week
from dayward.kernel.errors import Refused
from dayward.kernel.spans import Span
from dayward.kernel.time import WeekDefinition, local_day

Json = Mapping[str, Any]
Name = str | int
Choice = TypeVar("Choice", bound=Enum)
HELD, CANCELLED = "held", "cancelled_by_program"
LARGEST, DIGITS = 10**9, 30  # of a number of minutes
YEARS = range(1900, 9000)


@dataclass(frozen=True, slots=True)
class PersonWeek:
    """What the engine needs, and the names by which the sessions were given."""

    id: Any
    zone: ZoneInfo
    start: date
    settings: Settings
    prescribed: Minutes
    sessions: tuple[Held, ...]
    intervals: tuple[Presence, ...]
    exemption: str | None
    names: tuple[Name, ...]  # by the session's number; the smaller name has the smaller number


def load(text: str) -> Any:
    """Numbers with a point stay exact; what JSON does not know (NaN) becomes a text, which is no number."""
    try:
        return json.loads(text, parse_float=_decimal, parse_int=_whole, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise Refused("This line is not JSON.") from error


def _decimal(text: str) -> Decimal | str:
    """A number whose exponent nothing can hold stays a text, so that the rest of the line is read."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def _whole(text: str) -> int | str:
    """Likewise one of thousands of digits."""
    try:
        return int(text)
    except ValueError:
        return text


def read(line: Json) -> PersonWeek:
    zone = _zone(_field(line, "timezone", str))
    start = _week_start(_field(line, "week", dict))
    given = _records(line, "sessions")
    numbers = _numbered([_name(session) for session in given])
    return PersonWeek(
        id=line.get("id"),
        zone=zone,
        start=start,
        settings=_settings(_field(line, "settings", dict)),
        prescribed=_minutes(line, "prescribed_minutes"),
        sessions=tuple(_session(each, numbers[_name(each)], zone) for each in given),
        intervals=tuple(_interval(each, numbers, zone) for each in _records(line, "intervals")),
        exemption=_exemption(line),
        names=tuple(numbers),
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise Refused(f"There is no time zone {name!r}.") from error


def _week_start(week: Json) -> date:
    definition = _choice(week, "definition", WeekDefinition)
    start = _date(_field(week, "start", str))
    if not begins_week(start, definition):
        raise Refused(f"{start} is a {start:%A}; this week starts on {definition.value.capitalize()}.")
    return start


def _settings(given: Json) -> Settings:
    share = _number(given, "minimum_presence")
    if not 0 <= share <= 1:
        raise Refused("minimum_presence is a share between 0 and 1.")
    return Settings(
        floor_minutes=_minutes(given, "floor_minutes"),
        test=_choice(given, "test", Basis),
        late_after_minutes=_minutes(given, "late_after_minutes"),
        late_rule=_choice(given, "late_rule", LateRule),
        minimum_presence=Fraction(share),
        breaks_count=_field(given, "breaks_count", bool),
        day_minimum_minutes=(
            _minutes(given, "day_minimum_minutes") if given.get("day_minimum_minutes") is not None else None
        ),
    )


def _name(session: Json) -> Name:
    name = _field(session, "id", (str, int))
    return name if isinstance(name, str) else int(name)


def _numbered(names: list[Name]) -> dict[Name, int]:
    """The smaller name has the smaller number: numbers before texts, each in their own order."""
    if len(set(map(str, names))) < len(names):
        twice = next(name for name in names if sum(str(name) == str(other) for other in names) > 1)
        raise Refused(f"There are two sessions {twice!r}.")
    ordered = sorted(names, key=lambda name: (1, 0, name) if isinstance(name, str) else (0, name, ""))
    return {name: number for number, name in enumerate(ordered)}


def _session(given: Json, number: int, zone: ZoneInfo) -> Held:
    name = _name(given)
    span = Span(_instant(given, "start", zone), _instant(given, "end", zone))
    if span.end < span.start:
        raise Refused(f"Session {name!r} ends before it starts.")
    status = given.get("status", HELD)
    if status not in (HELD, CANCELLED):
        raise Refused(f"The status of session {name!r} is neither {HELD} nor {CANCELLED}.")
    breaks = _field(given, "breaks", list) if given.get("breaks") is not None else []
    day = local_day(span.start, zone)
    return Held(
        number,
        span,
        tuple(_break(each, day, zone, name) for each in breaks),
        counts=_field(given, "counts", bool),
        cancelled=status == CANCELLED,
    )


def _break(pair: Any, day: date, zone: ZoneInfo, name: Name) -> Span:
    if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(each, str) for each in pair):
        raise Refused(f"A break of session {name!r} is not a pair of times.")
    start, end = (_resolved(datetime.combine(day, _time(each)), zone) for each in pair)
    return Span(start, end)  # both of the starting day: over midnight it is empty, and `because` says so


def _interval(given: Json, numbers: Mapping[Name, int], zone: ZoneInfo) -> Presence:
    session = _field(given, "session", (str, int))
    if session not in numbers:
        raise Refused(f"There is no session {session!r}.")
    span = Span(_instant(given, "in", zone), _instant(given, "out", zone))
    if span.end < span.start:
        raise Refused(f"Out comes before in: {given['in']} to {given['out']} in session {session!r}.")
    return Presence(numbers[session], span)


def _exemption(line: Json) -> str | None:
    return None if line.get("exemption") is None else _field(line, "exemption", str)


# -- times -------------------------------------------------------------------------------------------------------


def _instant(given: Json, key: str, zone: ZoneInfo) -> datetime:
    return _resolved(_datetime(_field(given, key, str)), zone)


def _resolved(moment: datetime, zone: ZoneInfo) -> datetime:
    """In UTC. A local time that exists twice is the first; one that the clock skips is refused."""
    if moment.tzinfo is not None:
        return _in_utc(moment)
    found = _in_utc(moment.replace(tzinfo=zone, fold=0))
    if found.astimezone(zone).replace(tzinfo=None, fold=0) != moment.replace(fold=0):
        raise Refused(f"{moment:%Y-%m-%d %H:%M} does not exist in {zone.key}: the clock skips it.")
    return found


def _in_utc(moment: datetime) -> datetime:
    if moment.year not in YEARS:
        raise Refused(f"{moment.isoformat()} is outside the calendar.")
    return moment.astimezone(UTC)


@lru_cache(maxsize=4096)
def _datetime(text: str) -> datetime:
    if len(text) > 10:
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    raise Refused(f"{text!r} is no date and time.")


@lru_cache(maxsize=4096)
def _time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError as error:
        raise Refused(f"{text!r} is no time of day.") from error


def _date(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise Refused(f"{text!r} is no date.") from error
    if found.year not in YEARS:
        raise Refused(f"{text} is outside the calendar.")
    return found


# -- fields ------------------------------------------------------------------------------------------------------

KINDS: dict[Any, str] = {
    str: "a text",
    bool: "true or false",
    dict: "an object",
    list: "a list",
    (str, int): "a text or a whole number",
    (int, Decimal): "a number",
}


def _field(given: Json, key: str, kind: Any) -> Any:
    if key not in given:
        raise Refused(f"{key} is missing.")
    value = given[key]
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise Refused(f"{key} is not {KINDS[kind]}.")
    return value


def _records(line: Json, key: str) -> list[Json]:
    found: list[Json] = _field(line, key, list)
    if not all(isinstance(each, dict) for each in found):
        raise Refused(f"{key} has something in it that is not an object.")
    return found


def _number(given: Json, key: str) -> Minutes:
    value = _field(given, key, (int, Decimal))
    if isinstance(value, Decimal) and (abs(value.adjusted()) > DIGITS or not value.is_finite()):
        raise Refused(f"{key} is out of range.")
    found: Minutes = value if isinstance(value, int) else Fraction(value)
    if not -LARGEST <= found <= LARGEST:
        raise Refused(f"{key} is out of range.")
    return found


def _minutes(given: Json, key: str) -> Minutes:
    found = _number(given, key)
    if found < 0:
        raise Refused(f"{key} is less than nothing.")
    return found


def _choice(given: Json, key: str, choices: Callable[[str], Choice]) -> Choice:
    text = _field(given, key, str)
    try:
        return choices(text)
    except ValueError as error:
        raise Refused(f"{key} cannot be {text!r}.") from error
